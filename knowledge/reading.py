"""What is read in the PDFs of a resource: how many pages, their text, and how the first one looks."""

from django.core.files.storage import default_storage

from hub import pdftext
from hub.catalogue.services import put, put_passages
from hub.catalogue.sources import PassageDraft
from knowledge import services, uploads
from knowledge.models import Cover, File, Resource, shelves_of, windows_of

STATUS_OF_FAULT = {
    "encrypted": File.TextStatus.ENCRYPTED,
    "damaged": File.TextStatus.DAMAGED,
    "slow": File.TextStatus.TOO_SLOW,
    "failed": File.TextStatus.FAILED,
}


def read(file_id: int) -> None:
    """Read the file and keep what is in it: its pages, its text as passages of the record, if there
    is one, and its first page as the cover of a resource that has none. What was read before a
    fault is kept. Nothing happens if the file is gone."""
    file = File.objects.select_related("resource").filter(pk=file_id).first()
    if file is None:
        return
    try:
        with default_storage.open(file.path) as stored:
            found = pdftext.read(stored)
    except FileNotFoundError:
        found = pdftext.Reading(fault="damaged")
    _keep(file, found)


@uploads.atomic()
def _keep(file: File, found: pdftext.Reading) -> None:
    # Reading took its time: the file, or all of the resource, may have been removed meanwhile.
    resource = Resource.objects.select_for_update(of=["self"]).filter(pk=file.resource_id).first()
    file = File.objects.select_related("resource").filter(pk=file.pk).first()
    if resource is None or file is None:
        return
    is_first_time = file.text_status == File.TextStatus.WAITING
    file.text_status = _status_of(found)
    file.pages = max(found.pages, len(found.texts)) or None
    file.pages_read = len(found.texts) if file.has_text else 0
    file.is_tagged = found.is_tagged
    file.save(update_fields=["text_status", "pages", "pages_read", "is_tagged"])
    put(resource)  # so that the record names the text, or no longer does
    if file.has_text:
        passages = [
            PassageDraft(number, text, file.url_of_page(number))
            for number, text in enumerate(found.texts, 1)
            if text
        ]
        window = windows_of(resource.files.all()).get(file)
        put_passages(resource, file.part, file.language, passages, window)
    # The first time alone: whoever takes this cover away does not want it back.
    if is_first_time and found.picture and _wants_cover(file):
        services.set_cover(resource.pk, found.picture, file=file)


def _status_of(found: pdftext.Reading) -> str:
    if found.has_text:
        is_whole = not found.fault and len(found.texts) >= found.pages
        return File.TextStatus.READ if is_whole else File.TextStatus.PARTLY
    return STATUS_OF_FAULT.get(found.fault, File.TextStatus.NO_TEXT)


def _wants_cover(file: File) -> bool:
    """Whether the work shows no picture yet, or the first page of the version before this one."""
    shelf = next((one for one in shelves_of(file.resource.files.all())), None)
    if shelf is None or shelf.versions[0] != file:
        return False
    cover = Cover.objects.filter(resource=file.resource_id).first()
    # Until a coming version is out, the first page of the one before stays where it is.
    return cover is None or (file.is_out and cover.file in shelf.versions)
