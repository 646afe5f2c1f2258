"""Events at the partner desk. Statuses change on pages of their own, through ``publishing``."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import publishing, seats
from events.desk_adding import WithAdding
from events.desk_after import WithAfter
from events.desk_clone import WithClone
from events.desk_conflict import conflict_of, parts_meanwhile
from events.desk_door import WithDoor
from events.desk_form import FIELDSETS, FOR_EDITORS, EventForm
from events.desk_letters import WithLetters
from events.desk_pages import EventPages
from events.desk_registrations import WithRegistrations
from events.desk_seats import WithSeats
from events.desk_standing import WithStanding
from events.desk_telling import told_of
from events.desk_timetable import WithTimetable
from events.models import Event, Organiser, Registration
from hub.partners.desk import OwnedAdmin, PartInline
from hub.vocabulary.models import Scheme
from knowledge.desk_form import TermsSelect
from knowledge.owning import WithOwners

VERSION = "_version"


# What those see who may not change it, as authors with what is announced.
VIEWED = [
    (
        None,
        {
            "fields": [
                *("title", "kind", "summary", "body", "begins", "finishes", "mode", "venue"),
                *("city", "country", "website", "stream_url", "terms", "audience", "registration"),
                *("owner", "co_owners"),
            ]
        },
    )
]


class OrganiserInline(PartInline, admin.TabularInline):
    model = Organiser
    extra = 1
    fields = ["organisation", "name", "position"]
    autocomplete_fields = ["organisation"]


@admin.register(Event)
class EventAdmin(
    WithAfter,
    WithStanding,
    WithTimetable,
    WithAdding,
    WithSeats,
    WithRegistrations,
    WithLetters,
    WithDoor,
    WithClone,
    EventPages,
    WithOwners,
    OwnedAdmin,
):
    form = EventForm
    fieldsets = FIELDSETS
    inlines = [OrganiserInline]
    change_form_template = "admin/events/event/change_form.html"
    list_display = ["title", "kind", "begins", "state", "owner", "registered"]
    list_filter = [
        "status",
        "kind",
        "mode",
        "audience",
        ("owner", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["title", "summary", "slug", "city"]
    autocomplete_fields = ["terms"]
    date_hierarchy = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        seated = Registration.objects.confirmed().filter(event=models.OuterRef("pk")).order_by()
        # Counted aside: joined and grouped, the rows would lose the order of their own.
        counted = seated.values("event").annotate(count=models.Count("pk")).values("count")
        return super().get_queryset(request).annotate(coming_count=models.Subquery(counted))

    # What is shown

    @admin.display(description=_("begins"), ordering="starts_at")
    def begins(self, event: Event) -> str:
        return told(event, event.starts_local)

    @admin.display(description=_("ends"))
    def finishes(self, event: Event) -> str:
        return told(event, event.ends_local)

    @admin.display(description=_("status"), ordering="status")
    def state(self, event: Event) -> str:
        return event.get_status_display()

    @admin.display(description=_("have a seat"))
    def registered(self, event: Event) -> str:
        return str(event.coming_count or "") if event.takes_registrations else ""

    def view_on_site(self, event: Event) -> str | None:
        return event.get_absolute_url() if event.is_public else None

    # Who may do what

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Only what nobody has seen can be deleted; the rest is cancelled or withdrawn."""
        if obj is not None and obj.published_at is not None:
            return False
        return super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and obj.published_at is not None:
            fields.append("slug")
        return fields

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> list:
        if obj is not None and not self.has_change_permission(request, obj):
            return VIEWED
        fieldsets = deepcopy(FIELDSETS)
        if self.has_publish_permission(request, obj):
            return fieldsets
        return [one for one in fieldsets if FOR_EDITORS not in one[1]["fields"]]

    # The form

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "terms":
            kwargs["widget"] = TermsSelect(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "country":
            places = db_field.remote_field.model.objects.filter(scheme=Scheme.PLACE)
            kwargs["queryset"] = places.filter(place_kind="country").prefetch_related("labels")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "country":
            field.widget = field.widget.widget  # countries are kept by the secretariat
        return field

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What two have opened is saved by one of them; the other is shown what was changed."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, *args, **kwargs)
        with transaction.atomic():
            event = self.get_object(request, unquote(object_id))
            if event is not None:
                request.before = publishing.locked(event.pk)
                request.is_stale = _is_other(request.POST.get(VERSION, ""), request.before)
            response = super().changeform_view(request, object_id, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    def get_form(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> Any:
        kind = super().get_form(request, obj, **kwargs)
        if not self.has_publish_permission(request, obj):
            kind = type(kind.__name__, (kind,), dict.fromkeys(FOR_EDITORS))
        if not getattr(request, "is_stale", False):
            return kind
        return type(kind.__name__, (conflict_of(request.before), kind), {})

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (event := kwargs.get("obj")) is not None:
            # Whoever has read what the other wrote sends the form once more, and then it holds.
            context["version"] = Event.objects.values_list("version", flat=True).get(pk=event.pk)
            context["pages"] = self._pages_for(request, event)
            if getattr(request, "is_stale", False):
                inlines = context["inline_admin_formsets"]
                context["meanwhile"] = [
                    part for inline in inlines for part in parts_meanwhile(inline.formset)
                ]
        return super().render_change_form(request, context, *args, **kwargs)

    def _pages_for(self, request: HttpRequest, event: Event) -> list[tuple[str, str]]:
        """The other pages of the desk about this event, for who may open them."""
        found = (
            [("timetable", _("Programme"))] if self.has_change_permission(request, event) else []
        )
        if self.has_publish_permission(request, event) and event.takes_registrations:
            found.append(("registrations", _("Registrations")))
        return [*found, ("clone", _("Make one like it")), *self.pages_after(request, event)]

    # Saving

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        event = form.instance
        form.save_joining()
        form.save_sessions()
        before = getattr(request, "before", None)
        has_moved = publishing.saved(event, before)
        told = told_of("change", before, event) if has_moved else 0
        if told:
            text = ngettext(
                "%d person is told of the change in about ten minutes.",
                "%d people are told of the change in about ten minutes.",
                told,
            )
            self.message_user(request, text % told, messages.INFO)
        if has_moved and (lost := self._lost(event)):
            text = ngettext(
                "%d of them cannot take part as they registered, and is asked to switch or to cancel.",
                "%d of them cannot take part as they registered, and are asked to switch or to cancel.",
                lost,
            )
            self.message_user(request, text % lost, messages.WARNING)
        if before is not None and event.takes_registrations:
            # There may be more of them now.
            seats.settle(event)

    def _lost(self, event: Event) -> int:
        active = event.registrations.active() if event.seat_modes else event.registrations.none()
        return active.exclude(mode__in=event.seat_modes).count()

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        publishing.discard(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pk in queryset.values_list("pk", flat=True):
            if not publishing.discard(pk):
                text = gettext("What was announced is not deleted: cancel or withdraw it.")
                self.message_user(request, text, messages.WARNING)


def told(event: Event, local: datetime | None) -> str:
    """A wall time of the event with its zone, as the desk writes it; a day by itself."""
    if local is None:
        return ""
    return f"{local:%Y-%m-%d %H:%M} {event.timezone}" if event.has_hours else f"{local:%Y-%m-%d}"


def _is_other(told: str, event: Event) -> bool:
    return told not in ("", str(event.version))
