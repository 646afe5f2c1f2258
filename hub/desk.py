"""The partner desk: Django's admin in our clothes, with the work that waits on its first page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from hub.registry import Registry


@dataclass(frozen=True)
class Task:
    """Work that waits for somebody: what, how much of it, and where it is done."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Panel:
    """Something to look at on the first page: its heading, and what its template shows."""

    title: str
    template: str
    shown: Any


# Each answers the tasks that wait for one person; those with a count of 0 are not shown.
inbox: Registry[Callable[[AbstractBaseUser], list[Task]]] = Registry("an inbox of the desk")
# Each answers what one person may look at, or ``None``.
panels: Registry[Callable[[AbstractBaseUser], Panel | None]] = Registry("a panel of the desk")
# Each answers where one of the staff has to go before the desk opens for them, or ``None``.
bars: Registry[Callable[[HttpRequest], str | None]] = Registry("a bar before the desk")

SHOWN = 50  # of the rows that a page asks about


class Confirming:
    """For admins whose actions ask once more, before they do what cannot be taken back or when they
    need to know more."""

    def confirm(
        self, request: HttpRequest, rows: QuerySet, action: str, question: str, answer: str
    ) -> HttpResponse | None:
        """A page that asks first; ``None`` once the person has answered it."""
        if request.POST.get("confirmed"):
            return None
        return self.ask(request, rows, action, question, answer)

    def ask(
        self,
        request: HttpRequest,
        rows: QuerySet,
        action: str,
        question: str,
        answer: str,
        form: Form | None = None,
    ) -> HttpResponse:
        """A page between choosing rows and acting on them, with a form if there is more to say."""
        context = {
            **self.admin_site.each_context(request),
            "title": question,
            "opts": self.model._meta,
            "count": rows.count(),
            "action": action,
            "answer": answer,
            "form": form,
            "shown": rows[:SHOWN],
            # All of a long list are chosen by a word, not by as many fields.
            "select_across": request.POST.get("select_across", "0"),
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        }
        return TemplateResponse(request, "admin/confirm.html", context)


class LookUp(AutocompleteJsonView):
    """Django's own; an admin may say how its rows are told apart by whoever chooses one."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        told_apart = getattr(self.model_admin, "told_apart", str)
        return {**super().serialize_result(obj, to_field_name), "text": told_apart(obj)}


class DeskSite(AdminSite):
    site_title = _("Partner desk")
    site_header = _("Partner desk")
    index_title = _("Your desk")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_staff and not barred(request)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the one page where people sign in, or on from there; nobody signs in here."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            wanted = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not request.user.is_staff:
            return render(request, "account/no_desk.html", status=403)
        return redirect(barred(request) or wanted)

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return redirect("account_signed_out")

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    password_change_done = password_change

    def get_urls(self) -> list:
        """Django's own, but the way from a row to its page asks first who may see the row."""
        shortcut = self.admin_view(self.page_of)
        return [
            path("r/<int:content_type_id>/<path:object_id>/", shortcut, name="view_on_site"),
            *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"),
        ]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return LookUp.as_view(admin_site=self)(request)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Django's own; but a model that the desk does not show somebody is shut to them at every
        address, those too that an admin of a third party forgot to guard."""
        model_admin = getattr(view, "__self__", None)
        if isinstance(model_admin, ModelAdmin):
            view = _for_whom_it_shows(model_admin, _with_a_column(model_admin, view))
        return super().admin_view(_without_nul(view), cacheable)

    def page_of(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """Lead to the page of a row that the desk shows this person; 404 for any other."""
        content_type = get_object_or_404(ContentType, pk=content_type_id)
        model_admin = self._registry.get(content_type.model_class())
        row = model_admin and model_admin.get_object(request, object_id)
        if not row or not model_admin.has_view_permission(request, row):
            raise Http404
        if not hasattr(row, "get_absolute_url"):
            raise Http404
        return redirect(row)

    def get_log_entries(self, request: HttpRequest) -> QuerySet:
        """What this person did to rows that the desk still shows them: whoever has left an
        organisation takes its titles with them no more than its rows. Every page of the desk asks
        for it and one shows it, so it is looked for only then."""
        return SimpleLazyObject(partial(self._log_entries, request))

    def _log_entries(self, request: HttpRequest) -> QuerySet:
        if not self.has_permission(request):
            return super().get_log_entries(request).none()
        shown = Q(pk__in=[])
        for model, model_admin in self._registry.items():
            if model_admin.has_view_permission(request):
                keys = (
                    model_admin.get_queryset(request)
                    .order_by()
                    .annotate(key=Cast("pk", CharField()))
                )
                shown |= Q(
                    content_type=ContentType.objects.get_for_model(model),
                    object_id__in=keys.values("key"),
                )
        return super().get_log_entries(request).filter(shown, user=request.user)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        tasks = [task for waiting in inbox for task in waiting(request.user) if task.count]
        shown = list(filter(None, (panel(request.user) for panel in panels)))
        context = {**(extra_context or {}), "inbox": tasks, "panels": shown}
        return super().index(request, context)


def barred(request: HttpRequest) -> str | None:
    """Where one of the staff has to go before they may use what the desk lets them do."""
    return next(filter(None, (bar(request) for bar in bars)), None)


def _without_nul(view: Callable) -> Callable:
    """No page of the desk is asked with the sign that PostgreSQL takes in no text; Django's would
    fail."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\x00" in value for _name, values in request.GET.lists() for value in values):
            raise BadRequest("An address with a NUL in it.")
        return view(request, *args, **kwargs)

    return guarded


def _with_a_column(model_admin: ModelAdmin, view: Callable) -> Callable:
    """What an address takes as the key of rows is a column of theirs. Django's pages would fail at
    the name of what points to them."""
    relations = {one.name for one in model_admin.opts.get_fields() if not one.concrete}

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = {*request.GET.getlist(TO_FIELD_VAR), *request.POST.getlist(TO_FIELD_VAR)}
        if asked & relations:
            raise BadRequest("A key that is no column.")
        return view(request, *args, **kwargs)

    return guarded


def _for_whom_it_shows(model_admin: ModelAdmin, view: Callable) -> Callable:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not model_admin.has_module_permission(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
