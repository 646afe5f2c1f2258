"""Covers at the partner desk: uploaded, seen, changed and removed by those who curate the work."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of
from knowledge import uploads
from knowledge.models import Cover, Resource
from knowledge.tests.factories import (
    make_cover,
    make_draft,
    make_older,
    make_picture,
    make_resource,
)
from knowledge.tests.test_admin import ADD, errors_of, page_of, row
from tests.pages import Page

pytestmark = pytest.mark.django_db


def upload(content: bytes | None = None, name: str = "Cover (1).png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_picture() if content is None else content, "image/png")


def send(client: Client, resource: Resource, **changes: Any) -> Any:
    """Open the form of the resource and send it with these changes."""
    form = form_of(client.get(page_of(resource)), "resource_form")
    form.pop("cover_picture")  # an empty file input sends no file
    return client.post(page_of(resource), form | changes)


def previews(response: Any) -> list[dict[str, str]]:
    """The covers on a page of the desk, among the icons of Django's."""
    images = Page(response.content.decode()).all("img")
    return [image for image in images if image["src"].startswith("/admin/")]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_cover_goes_from_the_form_to_the_public_page(editor, own):
    resource = make_resource("On pits", slug="on-pits", summary="About pits.", owner=own)

    saved = send(editor, resource, cover_picture=upload(), cover_alt="Two miners")
    message = LogEntry.objects.first().get_change_message()
    before = Page(editor.get("/resources/on-pits/").content.decode()).all("img")
    editor.post(page_of(resource, "publish"))

    assert saved.status_code == 302, errors_of(saved)
    assert before == []
    image = Page(editor.get("/resources/on-pits/").content.decode()).all("img")[0]
    assert (image["alt"], image["width"]) == ("Two miners", "640")
    assert Image.open(BytesIO(editor.get(image["src"]).content)).size == (640, 905)
    assert "Cover" in message


def test_a_new_resource_comes_with_its_cover(editor):
    form = form_of(editor.get(ADD), "resource_form")
    form |= {
        "kind": "report",
        "original_language": "en",
        "cover_picture": upload(),
        **row("editions", 0, language="en", title="After coal", method="human"),
    }

    added = editor.post(ADD, form)

    assert added.status_code == 302, errors_of(added)
    cover = Cover.objects.select_related("resource").get()
    assert cover.as_picture().sizes[0].url.startswith("/resources/after-coal/cover-")


def test_the_form_shows_the_present_cover(editor, own):
    resource = make_draft(owner=own)
    make_cover(resource, alt="Two miners")

    page = editor.get(page_of(resource))

    (image,) = previews(page)
    assert (image["src"], image["width"]) == (page_of(resource, "cover"), "640")
    form = form_of(page, "resource_form")
    assert form["cover_alt"] == ["Two miners"]
    seen = editor.get(image["src"])
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/webp")
    assert {"private", "no-store"} <= {*seen["Cache-Control"].split(", ")}


def test_a_form_sent_as_it_is_leaves_the_cover_alone(editor, own):
    resource = make_draft(owner=own)
    cover = make_cover(resource, alt="Two miners")

    send(editor, resource, licence="CC BY")

    assert Cover.objects.values().get() == Cover.objects.filter(pk=cover.pk).values().get()
    assert Resource.objects.get().licence == "CC BY"


def test_a_cover_is_described_anew_replaced_and_removed(
    editor, own, folder, django_capture_on_commit_callbacks
):
    resource = make_draft(owner=own)
    old = make_cover(resource)

    send(editor, resource, cover_alt="Two miners")
    described = Cover.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, resource, cover_picture=upload(make_picture("navy")))
    replaced, files = Cover.objects.get(), files_in(folder)
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, resource, **{"cover_picture-clear": "on"})

    assert (described.alt, described.digest) == ("Two miners", old.digest)
    assert (replaced.alt, replaced.digest != old.digest, len(files)) == ("Two miners", True, 4)
    assert (Cover.objects.count(), len(files_in(folder))) == (0, 4)  # it may be taken up again
    make_older(resource, uploads.KEPT)
    assert (uploads.sweep_outdated(), files_in(folder)) == (1, [])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"cover_picture": upload(b"<svg/>", "cover.svg")},
            {
                "cover_picture": [
                    "This is no picture that the hub can read. Choose a JPEG, PNG or WebP file."
                ]
            },
        ),
        (
            {"cover_picture": upload(make_picture(kind="GIF"))},
            {
                "cover_picture": [
                    "This is no picture that the hub can read. Choose a JPEG, PNG or WebP file."
                ]
            },
        ),
        ({"cover_picture": upload(b"")}, {"cover_picture": ["The submitted file is empty."]}),
        ({"cover_alt": "Two miners"}, {"cover_alt": ["There is no cover to be described."]}),
    ],
)
def test_an_unfit_cover_is_refused_in_words(editor, own, folder, changes, errors):
    resource = make_draft(owner=own)

    refused = send(editor, resource, licence="CC BY", **changes)

    assert errors_of(refused) == errors
    assert (Cover.objects.count(), files_in(folder)) == (0, [])
    assert Resource.objects.get().licence == ""


def test_a_refused_form_goes_on_showing_the_present_cover(editor, own):
    resource = make_draft(owner=own)
    make_cover(resource)

    refused = send(editor, resource, kind="", cover_picture=upload(make_picture("navy")))

    assert [image["src"] for image in previews(refused)] == [page_of(resource, "cover")]


def test_an_edit_that_fails_leaves_no_file(editor, own, folder):
    resource = make_draft(owner=own)
    with connection.cursor() as cursor:  # the last that is written
        cursor.execute("ALTER TABLE django_admin_log ADD CHECK (false) NOT VALID")
    editor.raise_request_exception = False

    failed = send(editor, resource, cover_picture=upload())

    assert failed.status_code == 500
    assert (Cover.objects.count(), files_in(folder)) == (0, [])


def test_an_author_s_cover_of_a_public_work_waits(client, own, folder):
    client.force_login(make_editor(own, role=Membership.Role.AUTHOR))
    draft, public = make_draft(owner=own), make_resource(owner=own)
    cover = make_cover(public, alt="Two miners")

    page = client.get(page_of(public))
    beside = send(client, public, cover_picture=upload(make_picture("navy")))
    saved = send(client, draft, cover_picture=upload())

    assert [image["src"] for image in previews(page)] == [page_of(public, "cover")]
    assert (beside.status_code, saved.status_code) == (302, 302)
    assert Cover.objects.get(resource=public) == cover
    (drafted,) = Resource.objects.get(pk=public.pk).pending.snapshot["cover"]
    assert drafted["digest"] != cover.digest
    shown = client.get(page_of(public, "cover"))
    assert Image.open(BytesIO(shown.content)).convert("RGB").getpixel((9, 9))[2] > 100  # navy
    assert Cover.objects.filter(resource=draft).exists()


@pytest.mark.parametrize("who", ["visitor", "foreign editor"])
def test_the_cover_of_a_draft_is_for_its_curators(client, own, who):
    resource, bare = make_draft(owner=own), make_draft(owner=own)
    make_cover(resource)
    if who == "foreign editor":
        client.force_login(make_editor(make_organisation("Wind Coast Union")))

    answers = [client.get(page_of(one, "cover")) for one in (resource, bare)]
    sent = client.post(page_of(resource), {"cover_picture-clear": "on"})

    statuses = [answer.status_code for answer in answers]
    assert statuses == ([302, 302] if who == "visitor" else [404, 404])
    assert [answer.get("Location", "").partition("?")[0] for answer in answers] == (
        ["/admin/login/"] * 2 if who == "visitor" else ["", ""]
    )
    assert sent.status_code == 302
    assert Cover.objects.count() == 1
