"""PDFs at the partner desk: what the form of a resource asks for each, and who opens a draft's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub import pdfsafety, pdftext, sending, uploading
from hub.languages import work_language_choices
from hub.partners.desk import PartInline
from hub.partners.forms import PartFormSet
from hub.zones import told, zone_name
from knowledge import drafting, services
from knowledge.forms import MomentWidget
from knowledge.models import File

# What a form says of a file, by the names of its columns.
TOLD = ("title", "note", "language", "position", "embargo_until", "is_put_away")
WAS_DELETED = "was_deleted"  # the field of a row whose file somebody else has deleted meanwhile


class PdfField(forms.FileField):
    """Answers the uploaded PDF made ``Safe``, or refuses in words what readers could not open."""

    widget = forms.FileInput(attrs={"accept": f".pdf,{pdftext.MIME_TYPE}"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        content = super().clean(data, initial)
        if isinstance(content, uploading.Unkept):
            raise uploading.no_room()
        if not isinstance(content, UploadedFile):
            return content
        try:
            return pdfsafety.made_safe(content)
        except OSError as error:
            raise uploading.no_room() from error


class FileForm(forms.ModelForm):
    """A file of a resource. Its content is given once; another content is another file."""

    upload = PdfField(
        label=_("PDF"),
        help_text=_(
            "A PDF of at most 50 MB that opens without a password. Scripts, attached files and "
            "whatever else could run in it are taken out. If the form comes back with something "
            "to correct, choose the file again: browsers do not keep it."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("As the work")), *work_language_choices()],
    )

    replaces = forms.ModelChoiceField(
        label=_("Newer version of"),
        queryset=File.objects.none(),
        required=False,
        empty_label=_("None: a further file"),
        help_text=_("Readers then get this one; the earlier one is listed below it."),
    )
    was_deleted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = File
        fields = ["upload", WAS_DELETED, "replaces", *TOLD]
        field_classes = {"embargo_until": forms.SplitDateTimeField}
        widgets = {"embargo_until": MomentWidget}
        help_texts = {
            "title": _("What its button says, if it is more than the work itself."),
            "embargo_until": format_lazy(
                _(
                    "Until then readers get neither the file nor its text nor its first page; the "
                    "page of the work says when it comes. The time zone is {zone}."
                ),
                zone=zone_name,
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("upload", "replaces"):
                self.fields[name].required = False
                self.fields[name].disabled = True
                self.fields[name].widget = forms.HiddenInput()
            return
        self.fields["is_put_away"].widget = forms.HiddenInput()
        self.fields["is_put_away"].disabled = True
        self.fields["upload"].required = not self.can_be_left_out
        if self.instance.resource_id:
            newest = File.objects.filter(resource=self.instance.resource_id)
            self.fields["replaces"].queryset = newest.filter(succeeded_by__isnull=True)

    @property
    def can_be_left_out(self) -> bool:
        """Whether there was a file in this row, that somebody else has deleted."""
        return self.is_bound and bool(self[WAS_DELETED].data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get(WAS_DELETED) and not (cleaned.get("upload") or "upload" in self.errors):
            text = _(
                "Somebody else has deleted this PDF since you opened the form. What you wrote of it "
                "stands here: choose the file again to bring it back, or tick “Delete” to leave it out."
            )
            self.add_error("upload", ValidationError(text, code="deleted"))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What the form says of the file besides its content."""
        return {name: self.cleaned_data[name] for name in TOLD}


class FileFormSet(PartFormSet):
    """The files of a resource, each there once. ``services`` does what it asks for."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        known = {form.instance.sha256 for form in kept}
        for form in kept:
            safe = form.cleaned_data.get("upload") if form.is_valid() else None
            if safe is None:
                continue
            digest = services.sha256_of(safe.content)
            if digest in known:
                form.add_error("upload", ValidationError(_("This file is here already.")))
            known.add(digest)
        self._clean_versions(kept)

    def _clean_versions(self, kept: list[FileForm]) -> None:
        """A version has one successor, and none that goes in the same moment."""
        staying = {form.instance.pk for form in kept}
        for form in kept:
            replaced = form.cleaned_data.get("replaces") if form.is_valid() else None
            if replaced is None:
                continue
            if replaced.pk not in staying:
                text = _("This file has a newer version already, or is to be deleted.")
                form.add_error("replaces", ValidationError(text))
            staying.discard(replaced.pk)

    def save_new(self, form: FileForm, commit: bool = True) -> File:
        asked, safe = form.cleaned_data, form.cleaned_data["upload"]
        replaced = asked["replaces"]
        return services.add_file(
            self.instance.pk,
            safe.content,
            replaces=replaced.pk if replaced else None,
            taken_out=list(safe.taken_out),
            **form.told,
        )

    def save_existing(self, form: FileForm, obj: File, commit: bool = True) -> File:
        return services.describe_file(obj.pk, **form.told)

    def delete_existing(self, obj: File, commit: bool = True) -> None:
        services.remove_file(obj.pk)


class FileInline(PartInline, admin.StackedInline):
    model = File
    form = FileForm
    formset = FileFormSet
    verbose_name = _("PDF")
    verbose_name_plural = _("PDFs of the work")
    one_more = _("Add a PDF")
    extra = 1
    fieldsets = [
        (None, {"fields": ["kept", "upload", WAS_DELETED, "is_put_away"]}),
        (
            _("More about this PDF: title, language, version, embargo"),
            {
                "fields": [
                    *("title", "language", "replaces", "note", "embargo_until", "position"),
                ],
                "classes": ["collapse"],
            },
        ),
    ]
    readonly_fields = ["kept"]

    def view_on_site(self, file: File) -> str | None:
        """Only what readers get is on the site; all else is opened where it lies, at the desk."""
        return file.get_absolute_url() if file.resource.is_public and file.is_out else None

    @admin.display(description=_("The file"))
    def kept(self, file: File) -> SafeString | str:
        """What there is, with a way to open it and what became of its text."""
        if file.pk is None:
            return "–"
        facts = [filesizeformat(file.size)]
        if file.pages:
            facts.append(gettext("pages: %(count)s") % {"count": file.pages})
        facts.append(gettext("text: %(status)s") % {"status": file.get_text_status_display()})
        facts += filter(None, [file.tags_note])
        link = format_html('<a href="{}">{}</a>', _at_the_desk(file), gettext("Open"))
        notes = " ".join(filter(None, [file.text_note, file.taken_out_note, _place_of(file)]))
        return format_html("{} ({}). {}", link, ", ".join(facts), notes)

    @admin.display(description=_("PDF"))
    def upload(self, file: File) -> str:
        """For those who may only look."""
        return file.name


def _at_the_desk(file: File) -> str:
    address = reverse("admin:knowledge_resource_file", args=[file.resource_id])
    return f"{address}?file={file.name}"


def _place_of(file: File) -> str:
    """Which version it is, and whether readers get it."""
    is_waiting = file.embargo_until and not file.is_out and not file.is_put_away
    words = [
        gettext("Version %(number)s of %(moment)s.")
        % {"number": file.number, "moment": told(file.added_at)},
        gettext("There is a newer version.") if file.succeeded_by_id else "",
        gettext("Readers do not get it.") if file.is_put_away else "",
        gettext("Readers get it from %(moment)s.") % {"moment": told(file.embargo_until)}
        if is_waiting
        else "",
    ]
    return " ".join(filter(None, words))


class WithFiles(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(require_safe(self.file_view))
        own = path("<path:object_id>/file/", view, name="knowledge_resource_file")
        return [own, *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """A file of the resource for those who see it at the desk; kept by no cache."""
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_view_permission(request, resource):
            raise Http404
        name = request.GET.get("file", "")
        with drafting.in_place(resource) as drafted:
            file = next((file for file in drafted.files.all() if file.name == name), None)
            if file is None:
                raise Http404
            return sending.answer(request, file, private=True, no_store=True)
