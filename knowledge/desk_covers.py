"""Covers at the partner desk: what the form of a resource asks, and who sees a draft's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub import pictures, uploading
from knowledge import drafting, services, uploads
from knowledge.models import Cover, CoverSize, Resource


class Preview:
    """The present cover, as the field of the form shows it."""

    def __init__(self, cover: Cover) -> None:
        self.size: CoverSize = cover.sizes[-1]
        self.url = reverse("admin:knowledge_resource_cover", args=[cover.resource_id])
        self.words = str(cover)

    def __str__(self) -> str:
        return self.words

    def image(self) -> SafeString:
        size = self.size
        text = '<img class="cover-preview" src="{}" width="{}" height="{}" alt="{}">'
        return format_html(text, self.url, size.width, size.height, _("The cover as it is now"))


class PictureInput(AdminFileWidget):
    """Asks for a file, under the picture that there is."""

    clear_checkbox_label = _("Remove")

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ",".join(pictures.MIME_TYPES)})

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        image = value.image() if isinstance(value, Preview) else ""
        return format_html("<div>{}{}</div>", image, super().render(name, value, *args, **kwargs))


class PictureField(forms.FileField):
    """Answers the new picture, made ready by ``hub.pictures``, ``False`` to remove the one there
    is, or that one."""

    widget = PictureInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        if isinstance(cleaned, uploading.Unkept):
            raise uploading.no_room()
        return pictures.prepared(cleaned) if isinstance(cleaned, UploadedFile) else cleaned

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial  # a refused form goes on showing what there is


class CoverForm(forms.ModelForm):
    """The part of a resource's form that is about its cover. Mix it in; ``save_cover`` afterwards."""

    cover_picture = PictureField(
        label=_("Cover"),
        required=False,
        help_text=_(
            "The front of the work itself: a JPEG, PNG or WebP file of at most 8 MB. "
            "Without one the hub draws a cover from kind and topics."
        ),
    )
    cover_alt = forms.CharField(
        label=_("What it shows"),
        required=False,
        max_length=Cover._meta.get_field("alt").max_length,
        widget=forms.TextInput(attrs={"size": 90}),
        help_text=_(
            "Only if the cover says more than title and publisher do: for those who do not see it."
        ),
    )

    has_no_room = False  # which shows only when the files are written

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cover = getattr(self.instance, "cover", None) if self.instance.pk else None
        if cover:
            self.initial |= {"cover_picture": Preview(cover), "cover_alt": cover.alt}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_no_room:
            self.add_error(None, uploading.no_room())
        asked = "cover_picture" in cleaned and cleaned.get("cover_alt")
        if asked and cleaned["cover_picture"] is None:
            self.add_error("cover_alt", _("There is no cover to be described."))
        return cleaned

    def save_cover(self) -> None:
        """Make the cover what was asked for, inside ``uploads.atomic``."""
        if not {"cover_picture", "cover_alt"} & {*self.changed_data}:
            return
        picture, alt = self.cleaned_data["cover_picture"], self.cleaned_data["cover_alt"]
        if picture is False:
            services.remove_cover(self.instance.pk)
        elif isinstance(picture, pictures.Prepared):
            services.set_cover(self.instance.pk, picture, alt=alt)
        else:
            services.describe_cover(self.instance.pk, alt)


class WithCover(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    @admin.display(description=_("cover"))
    def cover_picture(self, resource: Resource) -> SafeString | str:
        cover = getattr(resource, "cover", None)
        return Preview(cover).image() if cover else ""

    @admin.display(description=_("what it shows"))
    def cover_alt(self, resource: Resource) -> str:
        cover = getattr(resource, "cover", None)
        return cover.alt if cover else ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.save_cover()

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(request, *args, **kwargs)  # a class of this request's own
        form.has_no_room = getattr(request, "has_no_room", False)
        return form

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(require_safe(self.cover_view))
        own = path("<path:object_id>/cover/", view, name="knowledge_resource_cover")
        return [own, *super().get_urls()]

    def cover_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The cover, large, for those who see the resource at the desk; kept by no cache."""
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_view_permission(request, resource):
            raise Http404
        with drafting.in_place(resource) as drafted:
            cover = getattr(drafted, "cover", None)
            if cover is None:
                raise Http404
            return uploads.answer(cover, cover.sizes[-1].name)
