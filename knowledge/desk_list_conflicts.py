"""Two who have the same reading list open: the second to save is shown both, and decides."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from hub.languages import language_name
from hub.partners.models import User
from knowledge import comparing, gone_rows, reading_lists
from knowledge.collection_forms import hold_sent, nameable, nameless
from knowledge.comparing import Told
from knowledge.drafting import undone
from knowledge.models import Collection, CollectionItem

VERSION = "_version"
PARTS = ("texts", "items")


class WithConflicts(admin.ModelAdmin):
    """Mix it into the admin of reading lists. A form that was opened before somebody else saved is
    tried and undone; where it says something else than the list does now, it comes back with both."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            found = self.get_object(request, unquote(object_id))
            if found is None:
                return super().changeform_view(request, object_id, form_url, extra_context)
            hold_sent(request.POST)  # before the list, as whoever merges works does
            stored = reading_lists.locked(found.pk)
            sent = request.POST.get(VERSION, "")
            given = (request, object_id, form_url, {**(extra_context or {}), "version": sent})
            if sent in ("", str(stored.version)):
                return _rendered(super().changeform_view(*given))
            return self._save_stale(stored, *given)

    def _save_stale(
        self, stored: Collection, request: HttpRequest, object_id: str, form_url: str, context: dict
    ) -> HttpResponse:
        added = _added_meanwhile(stored, request.POST, request.user)
        for part in PARTS:
            request.POST = gone_rows.as_new(request.POST, part, getattr(stored, part).model)
        request.trial = []
        theirs = list(told(stored, request.user))
        with undone():
            response = _rendered(super().changeform_view(request, object_id, form_url, context))
        mine, request.trial = request.trial, None
        if not mine:  # there is something else to correct first
            return response
        differences = comparing.between(theirs, mine)
        request.has_conflict = bool(differences)
        context |= {"conflict": differences, "added_meanwhile": added, "version": stored.version}
        return _rendered(super().changeform_view(request, object_id, form_url, context))

    def get_form(self, request: HttpRequest, obj: Collection | None = None, **kwargs: Any) -> Any:
        kind = super().get_form(request, obj, **kwargs)
        if not getattr(request, "has_conflict", False):
            return kind
        return type(kind.__name__, (Conflict, kind), {})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if getattr(request, "trial", None) is not None:
            request.trial = list(told(Collection.objects.get(pk=form.instance.pk), request.user))

    def response_change(self, request: HttpRequest, obj: Collection) -> HttpResponse:
        if getattr(request, "trial", None) is not None:
            return HttpResponse()  # of what is undone nobody is told
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (obj := kwargs.get("obj")) is not None and not context.get("version"):
            context["version"] = obj.version
        return super().render_change_form(request, context, *args, **kwargs)


class Conflict(forms.Form):
    """What a form inherits from that is to be sent once more."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = _("Somebody else has saved this list since you opened it. Look at both, then save.")
        self.add_error(None, forms.ValidationError(text, code="version"))
        return cleaned


def told(collection: Collection, user: User) -> Iterator[Told]:
    """A reading list in words, in the order of its form, as this person may read it."""
    for text in collection.texts.order_by("-is_original", "language"):
        name = language_name(text.language, "en")
        yield Told(f"{_('Title')} ({name})", text.title, text.language)
        yield Told(f"{_('Introduction')} ({name})", text.intro, text.language)
    original = collection.texts.filter(is_original=True).first()
    yield Told(_("Original"), language_name(original.language, "en") if original else "")
    yield Told(_("Works"), list(_works(collection.items.all(), user)))
    yield Told(_("Search"), collection.query)
    yield Told(_("Works from the search"), str(collection.query_size))
    terms = sorted(collection.terms.values_list("pk", flat=True))
    name_term = comparing.names_of_terms({"terms": terms})
    yield Told(_("Topics, sectors and places"), sorted(map(name_term, terms)))
    yield Told(_("Owner"), collection.owner.name)
    yield Told(_("Co-owners"), sorted(owner.name for owner in collection.co_owners.all()))
    yield Told(_("Address"), collection.slug)


def _works(items: Any, user: User) -> Iterator[str]:
    """Each work with its note, in their order; titles only of those that this person may name."""
    items = list(items.select_related("resource").prefetch_related("resource__editions"))
    keys = [item.resource_id for item in items]
    named = set(nameable(user).filter(pk__in=keys).values_list("pk", flat=True))
    for item in items:
        title = str(item.resource) if item.resource_id in named else nameless()
        yield f"{title}: {item.note}" if item.note else title


def _added_meanwhile(collection: Collection, data: QueryDict, user: User) -> list[str]:
    """What the list has and this form has not, as it was added since: sending the form leaves it."""
    sent = {
        part: {value for name, value in data.items() if _is_key_of(part, name)} for part in PARTS
    }
    rows = CollectionItem.objects.filter(collection=collection)
    added = [item.pk for item in rows if str(item.pk) not in sent["items"]]
    texts = [str(text) for text in collection.texts.all() if str(text.pk) not in sent["texts"]]
    return [*texts, *_works(rows.filter(pk__in=added), user)]


def _is_key_of(part: str, name: str) -> bool:
    return name.startswith(f"{part}-") and name.endswith("-id")


def _rendered(response: HttpResponse) -> HttpResponse:
    return response.render() if hasattr(response, "render") else response
