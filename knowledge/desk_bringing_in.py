"""Imports at the partner desk: a file or a text is taken in, looked at row by row, and brought in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from hub import jobs as queue
from hub import sheets, tables, uploading
from hub.audit import access as audit
from hub.languages import work_language_choices
from hub.partners.models import Organisation, User
from hub.texts import is_key
from knowledge import jobs
from knowledge.bringing_in import course, formats, refused
from knowledge.kinds import KIND_CHOICES
from knowledge.models import Import, ImportRow
from knowledge.owning import possible_owners

ROWS_ON_PAGE = 100
SECONDS_TO_LOOK_AGAIN = 2
MAX_PASTED = 500_000  # characters; Django takes no longer fields than 2.5 MB


class ImportForm(forms.Form):
    """What is brought in, and what holds where the file says nothing."""

    required_css_class = "required"

    upload = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(formats.ENDINGS)}),
        help_text=_(
            "A table (CSV, XLSX) with the columns that “Take out as a file” writes, or references "
            "(RIS, BibTeX, CSL-JSON); at most 10 MB and 20,000 works. If the form comes back with "
            "something to correct, choose the file again: browsers do not keep it."
        ),
    )
    pasted = forms.CharField(
        label=_("Or paste the text here"),
        required=False,
        strip=False,
        max_length=MAX_PASTED,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80, "spellcheck": "false"}),
        help_text=_("References or a table as text, instead of a file."),
    )
    form = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[
            ("", _("Let the hub find out")),
            *((name, form.label) for name, form in formats.FORMATS.items()),
        ],
    )
    owner = forms.ModelChoiceField(
        label=_("Owner of new works"),
        queryset=Organisation.objects.none(),
        help_text=_("Where the table names no owner."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KIND_CHOICES, initial="report", help_text=_("Where none is named.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=work_language_choices,
        initial="en",
        help_text=_("Where none is named."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = possible_owners(user)
        self.fields["owner"].queryset = owners
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if isinstance(upload, uploading.Unkept):
            raise uploading.no_room()
        if upload and upload.size > formats.MAX_BYTES:
            raise ValidationError(_("The file has more than 10 MB. Bring it in in parts."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload, pasted = cleaned.get("upload"), cleaned.get("pasted", "")
        if {"upload", "pasted"} & {*self.errors}:
            return cleaned
        if upload and pasted.strip():
            self.add_error("pasted", _("Choose a file or paste a text, not both."))
        elif not upload and not pasted.strip():
            self.add_error("upload", _("Choose a file, or paste a text below."))
        else:
            self._judge(cleaned, upload, pasted)
        return cleaned

    def _judge(self, cleaned: dict[str, Any], upload: Any, pasted: str) -> None:
        field = "upload" if upload else "pasted"
        content = upload.read() if upload else pasted.encode("utf-8", "replace")
        if not content.strip():
            self.add_error(field, _("The file is empty."))
            return
        name = upload.name if upload else gettext("Pasted text")
        cleaned["file_name"] = _tidy_name(name)
        cleaned["content"] = content
        cleaned["form"] = cleaned.get("form") or formats.guessed(name if upload else "", content)
        if cleaned["form"] == "xlsx":
            try:
                sheets.judge(content)
            except sheets.BadSheet as error:
                self.add_error(field, str(error))


def _tidy_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:120] or gettext("File")


class ImportAdmin(admin.ModelAdmin):
    """Each sees their own imports; those who oversee the hub see all."""

    list_display = ["file_name", "state", "owner", "rows_in_all", "made_at"]
    list_display_links = ["file_name"]
    list_select_related = ["owner"]
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).of(request.user).defer("content")

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        if not request.user.is_staff:
            return False
        return obj is None or Import.objects.of(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False  # it is cancelled, or goes by itself

    # Pages

    def get_urls(self) -> list:
        views = {
            "agree": require_POST(self.agree_view),
            "choose": require_POST(self.choose_view),
            "cancel": require_POST(self.cancel_view),
            "refused": require_safe(self.refused_view),
        }
        acts = [
            path(
                f"<path:object_id>/{act}/",
                self.admin_site.admin_view(view),
                name=f"knowledge_import_{act}",
            )
            for act, view in views.items()
        ]
        return [*acts, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        is_sent = request.method == "POST"
        posted = (request.POST, request.FILES) if is_sent else ()
        form = ImportForm(*posted, user=request.user)
        if is_sent and form.is_valid() and (batch := self._begin(request, form)):
            return redirect("admin:knowledge_import_change", batch.pk)
        context = self._context(request, gettext("Bring in works"), form=form)
        return TemplateResponse(request, "admin/knowledge/import/form.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = self._context(request, str(batch), **_shown(batch, request))
        response = TemplateResponse(request, "admin/knowledge/import/page.html", context)
        if batch.is_running:
            response["Refresh"] = str(SECONDS_TO_LOOK_AGAIN)
        return response

    def agree_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch = self._own(request, object_id)
        try:
            with transaction.atomic():
                self._choose(request, batch)
                course.agree(batch.pk)
                queue.enqueue(jobs.apply_import, import_id=batch.pk)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return redirect("admin:knowledge_import_change", batch.pk)

    def choose_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Remember which of the rows on a page are other works than those that are there."""
        batch = self._own(request, object_id)
        try:
            self._choose(request, batch)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        address = reverse("admin:knowledge_import_change", args=[batch.pk])
        where = {name: request.POST[name] for name in ("outcome", "page") if name in request.POST}
        return redirect(f"{address}?{urlencode(where)}" if where else address)

    def _choose(self, request: HttpRequest, batch: Import) -> None:
        shown, chosen = (
            {int(number) for number in request.POST.getlist(name) if is_key(number)}
            for name in ("shown", "chosen")
        )
        if shown:
            course.choose(batch.pk, shown, chosen)

    def refused_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The rows with errors as a table, to be corrected and brought in."""
        batch = self._own(request, object_id)
        rows = batch.rows.refused()
        if batch.is_running or not rows.exists():
            raise Http404
        detail = {"model": "knowledge.importrow", "rows": rows.count(), "format": "csv"}
        audit.note(request, audit.EXPORTED, detail=detail)
        return FileResponse(
            refused.as_table(rows),
            as_attachment=True,
            filename=f"refused-{timezone.now():%Y-%m-%d}.csv",
            content_type=tables.CSV,
        )

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch = self._own(request, object_id)
        try:
            course.cancel(batch.pk)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:knowledge_import_change", batch.pk)
        text = gettext("%(file)s was cancelled. Nothing of it is kept.") % {"file": batch}
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:knowledge_import_changelist")

    def _own(self, request: HttpRequest, object_id: str) -> Import:
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        return batch

    def _begin(self, request: HttpRequest, form: ImportForm) -> Import | None:
        names = ("owner", "file_name", "form", "kind", "language", "content")
        asked = {name: form.cleaned_data[name] for name in names}
        try:
            with transaction.atomic():
                batch = course.begin(request.user, **asked)
                queue.enqueue(jobs.read_import, import_id=batch.pk)
        except ValidationError as error:
            form.add_error(None, error)
            return None
        return batch

    def _context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            **more,
        }


def _shown(batch: Import, request: HttpRequest) -> dict[str, Any]:
    """What the page of an import shows: how far it is, or a part of its rows."""
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(models.Count("pk")))
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in ImportRow.Outcome.values else ""
    rows = batch.rows.filter(outcome=outcome) if outcome else batch.rows.all()
    page = Paginator(rows.select_related("resource"), ROWS_ON_PAGE).get_page(
        request.GET.get("page")
    )
    writing = batch.rows.to_write().order_by().values_list("outcome")
    to_write = dict(writing.annotate(models.Count("pk")))
    return {
        "batch": batch,
        "outcomes": [
            (name, label, counts.get(name, 0)) for name, label in ImportRow.Outcome.choices
        ],
        "outcome": outcome,
        "all_rows": sum(counts.values()),
        "rows": page.object_list,
        "page": page,
        "to_write": sum(to_write.values()),
        "agreeing": _agreeing(to_write),
        "held": batch.rows.filter(is_held=True).count(),
        "errors": counts.get(ImportRow.Outcome.ERROR, 0),
        "like": batch.rows.filter(outcome=ImportRow.Outcome.LIKE, is_chosen=False).count(),
        "can_choose": batch.state == Import.State.READY
        and any(row.outcome == ImportRow.Outcome.LIKE for row in page.object_list),
    }


def _agreeing(to_write: dict[str, int]) -> str:
    """What the button says: how many works it writes."""
    new = to_write.get("new", 0) + to_write.get("like", 0)
    changed = to_write.get("changed", 0)
    parts = []
    if new:
        parts.append(ngettext("add %d draft", "add %d drafts", new) % new)
    if changed:
        parts.append(ngettext("change %d work", "change %d works", changed) % changed)
    text = gettext(" and ").join(parts)
    return text[:1].upper() + text[1:]
