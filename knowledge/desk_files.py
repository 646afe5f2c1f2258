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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub import pdftext
from hub.languages import work_language_choices
from hub.partners.desk import PartInline
from hub.partners.forms import PartFormSet
from knowledge import downloads, drafting, services
from knowledge.models import File


class PdfField(forms.FileField):
    """Answers the uploaded PDF, or refuses in words what readers could not open."""

    widget = forms.FileInput(attrs={"accept": f".pdf,{pdftext.MIME_TYPE}"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        content = super().clean(data, initial)
        if isinstance(content, UploadedFile):
            pdftext.pages_in(content)
        return content


class FileForm(forms.ModelForm):
    """A file of a resource. Its content is given once; another content is another file."""

    upload = PdfField(
        label=_("PDF"),
        help_text=_(
            "A PDF of at most 50 MB that opens without a password. If the form comes back with "
            "something to correct, choose the file again: browsers do not keep it."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("As the work")), *work_language_choices()],
    )

    class Meta:
        model = File
        fields = ["upload", "title", "language", "position"]
        help_texts = {"title": _("What its button says, if it is more than the work itself.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["upload"].required = False
            self.fields["upload"].disabled = True
            self.fields["upload"].widget = forms.HiddenInput()


class FileFormSet(PartFormSet):
    """The files of a resource, each there once. ``services`` does what it asks for."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        known = {form.instance.sha256 for form in kept}
        for form in kept:
            content = form.cleaned_data.get("upload") if form.is_valid() else None
            if content is None:
                continue
            digest = services.sha256_of(content)
            if digest in known:
                form.add_error("upload", ValidationError(_("This file is here already.")))
            known.add(digest)

    def save_new(self, form: FileForm, commit: bool = True) -> File:
        asked = form.cleaned_data
        return services.add_file(
            self.instance.pk,
            asked["upload"],
            title=asked["title"],
            language=asked["language"],
            position=asked["position"],
        )

    def save_existing(self, form: FileForm, obj: File, commit: bool = True) -> File:
        asked = form.cleaned_data
        return services.describe_file(
            obj.pk, title=asked["title"], language=asked["language"], position=asked["position"]
        )

    def delete_existing(self, obj: File, commit: bool = True) -> None:
        services.remove_file(obj.pk)


class FileInline(PartInline, admin.StackedInline):
    model = File
    form = FileForm
    formset = FileFormSet
    verbose_name = _("PDF")
    verbose_name_plural = _("PDFs of the work")
    extra = 0
    fields = ["kept", "upload", "title", ("language", "position")]
    readonly_fields = ["kept"]

    @admin.display(description=_("The file"))
    def kept(self, file: File) -> SafeString | str:
        """What there is, with a way to open it and what became of its text."""
        if file.pk is None:
            return "–"
        address = reverse("admin:knowledge_resource_file", args=[file.resource_id])
        facts = [filesizeformat(file.size)]
        if file.pages:
            facts.append(gettext("pages: %(count)s") % {"count": file.pages})
        facts.append(gettext("text: %(status)s") % {"status": file.get_text_status_display()})
        link = format_html('<a href="{}?file={}">{}</a>', address, file.name, gettext("Open"))
        return format_html("{} ({}). {}", link, ", ".join(facts), file.text_note)

    @admin.display(description=_("PDF"))
    def upload(self, file: File) -> str:
        """For those who may only look."""
        return file.name


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
            return downloads.answer(request, file, private=True, no_store=True)
