"""Forms that were opened before somebody withdrew what they are about: who sends one is told."""

from collections.abc import Iterator

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from hub.languages import language_name
from knowledge.models import Edition, Resource

STATUS = "_status"  # what the row was when the form was opened
TEXTS = ("title", "subtitle", "summary", "body")


class TellsWithdrawal(admin.ModelAdmin):
    """Mix it into the admin of works and of reading lists, before what saves them. The template of
    the form has a hidden field for ``opened_status``."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        opened = request.POST.get(STATUS) or (row.status if row else "")
        context = {**(extra_context or {}), "opened_status": opened}
        is_gone = row is not None and opened != row.status == Resource.Status.WITHDRAWN
        if is_gone and not self.has_change_permission(request, row):
            return self._not_saved(request, row)  # they see it, or it was not found
        response = super().changeform_view(request, object_id, form_url, context)
        if is_gone and response.status_code == 302:
            text = _(
                "It was withdrawn while you had the form open: “%(reason)s” What you changed is kept, "
                "and no reader sees it unless it is restored."
            )
            self.message_user(request, text % {"reason": row.reason}, messages.WARNING)
        return response

    def _not_saved(self, request: HttpRequest, row: Model) -> HttpResponse:
        """Who may not change what is withdrawn gets their words back."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not saved: withdrawn meanwhile"),
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "typed": list(_typed(request)),
        }
        template = "admin/knowledge/resource/withdrawn_meanwhile.html"
        return TemplateResponse(request, template, context, status=403)


def _typed(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    """The texts of a form: what each is called, its language, and what it says."""
    for number in range(20):
        language = request.POST.get(f"editions-{number}-language", "")
        for name in TEXTS:
            if text := request.POST.get(f"editions-{number}-{name}", "").strip():
                label = str(Edition._meta.get_field(name).verbose_name).capitalize()
                named = f"{label} ({language_name(language, 'en')})" if language else label
                yield named, language, text
    for name in ("tags", "curator_note"):
        if text := request.POST.get(name, "").strip():
            yield str(Resource._meta.get_field(name).verbose_name).capitalize(), "", text
