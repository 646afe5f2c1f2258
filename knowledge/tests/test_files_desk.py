"""PDFs at the partner desk: uploaded, described and removed by those who curate the work."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import Browser
from hub.partners.models import Membership, Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests import pdfs
from hub.tests.pages import form_of, links_of
from hub.tests.pdfs import make_pdf
from hub.tests.queue import run_waiting_jobs
from knowledge import inbox, uploads
from knowledge.models import File, Resource
from knowledge.tests.factories import make_draft, make_file, make_older, make_resource, pending_of
from knowledge.tests.test_admin import ADD, errors_of, page_of, row

pytestmark = pytest.mark.django_db

CONTENT = pdfs.make_pdf("Words of the report")


def upload(content: bytes = CONTENT, name: str = "../Work (1).pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def form_for(client: Client, resource: Resource) -> dict[str, Any]:
    """What the form of the resource would send; empty file inputs send no file."""
    form = form_of(client.get(page_of(resource)), "resource_form")
    return {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}


def new(number: int = 0, content: bytes = CONTENT, **values: Any) -> dict[str, Any]:
    """A new file in the form, beside so many that are there."""
    known = {"language": "", "title": "", "position": "0", **values}
    counts = {"files-TOTAL_FORMS": number + 1, "files-INITIAL_FORMS": number}
    return counts | row("files", number, upload=upload(content), **known)


def send(client: Client, resource: Resource, **changes: Any) -> Any:
    return client.post(page_of(resource), form_for(client, resource) | changes)


def file_errors(response: Any) -> list[Any]:
    for inline in response.context["inline_admin_formsets"]:
        if inline.formset.prefix == "files":
            return [form.errors for form in inline.formset.forms]
    return []


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.pdf") if path.is_file()]


def test_what_readers_do_not_get_yet_is_opened_at_the_desk(editor, own, client):
    resource = make_resource(owner=own)
    later = make_file(resource, content=CONTENT, embargo_until=timezone.now() + timedelta(days=1))
    now = make_file(resource, "Out")

    links = {link for link in links_of(editor.get(page_of(resource))) if later.name in link}

    assert links == {f"/admin/knowledge/resource/{resource.pk}/file/?file={later.name}"}
    opened = editor.get(*links)
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, CONTENT)
    assert "no-store" in opened["Cache-Control"]
    assert now.get_absolute_url() in links_of(editor.get(page_of(resource)))
    client.force_login(make_editor(make_organisation()))
    assert client.get(*links).status_code == 404


def test_a_file_goes_from_the_form_to_the_public_page(editor, own, folder):
    resource = make_resource("On pits", slug="on-pits", summary="About pits.", owner=own)

    saved = send(editor, resource, **new(title="The report", language="es"))
    message = LogEntry.objects.first().get_change_message()
    before = File.objects.count(), run_waiting_jobs()
    editor.post(page_of(resource, "publish"))
    done = run_waiting_jobs()

    assert saved.status_code == 302, errors_of(saved)
    assert before == (0, [])
    file = File.objects.get()
    assert (file.title, file.language, file.text_status) == ("The report", "es", "read")
    assert done == ["read_file"]
    assert file.get_absolute_url() in links_of(editor.get("/resources/on-pits/"))
    assert [path.name for path in stored(folder)] == [f"{file.name}.pdf"]
    assert "The report" in message


def test_a_large_file_is_moved_to_its_place(editor, own, folder):
    """Django keeps what it holds in memory and what it does not in two sorts of files."""
    large = pdfs.make_pdf("Words", catalogue=f"/Much ({'x' * 3_000_000})")

    saved = send(editor, make_draft(owner=own), **new(0, large))

    assert saved.status_code == 302, file_errors(saved)
    assert [path.read_bytes() for path in stored(folder)] == [large]
    assert File.objects.get().size == len(large)


def test_a_new_resource_comes_with_its_file(editor):
    form = form_of(editor.get(ADD), "resource_form")
    form.pop("cover_picture")
    form |= {
        "kind": "report",
        "original_language": "vi",
        **row("editions", 0, language="vi", title="After coal", method="human"),
        **new(),
    }

    added = editor.post(ADD, form)

    assert added.status_code == 302, errors_of(added)
    file = File.objects.get()
    assert (file.language, file.resource.slug) == ("vi", "after-coal")
    assert file.get_absolute_url().startswith("/resources/after-coal/files/")


def test_a_form_sent_as_it_is_leaves_files_alone(editor, own):
    resource = make_draft(owner=own)
    make_file(resource, language="es", title="Report")
    run_waiting_jobs()
    before = File.objects.values().get()

    saved = send(editor, resource, licence="CC BY")

    assert saved.status_code == 302, errors_of(saved)
    assert File.objects.values().get() == before
    assert Resource.objects.get().licence == "CC BY"


def test_a_file_is_described_anew_and_removed(
    editor, own, folder, django_capture_on_commit_callbacks
):
    resource = make_draft(owner=own)
    file = make_file(resource)

    send(editor, resource, **{"files-0-title": "Report", "files-0-position": "4"})
    described = File.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, resource, **{"files-0-DELETE": "on"})

    assert (described.pk, described.title, described.position) == (file.pk, "Report", 4)
    assert (File.objects.count(), len(stored(folder))) == (0, 1)  # it may be taken up again
    make_older(resource, uploads.KEPT)
    assert (uploads.sweep_outdated(), stored(folder)) == (1, [])


def test_the_content_of_a_file_cannot_be_changed(editor, own):
    resource = make_draft(owner=own)
    file = make_file(resource)

    send(editor, resource, **{"files-0-upload": upload(), "files-0-title": "Report"})

    assert (File.objects.get().sha256, File.objects.get().title) == (file.sha256, "Report")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"<script>alert(1)</script>", "This is no PDF. Choose a file that a PDF reader can open."),
        (
            b"GIF89a" + b" " * 2000 + CONTENT,
            "This is a picture, and here goes a PDF. The cover of the work has its own field.",
        ),
        (CONTENT[:600], "This PDF is damaged: it cannot be opened. Choose another copy."),
        (
            pdfs.encrypted("secret"),
            "This PDF asks for a password. Choose a copy that everybody can open.",
        ),
        (
            pdfs.bomb(),
            "This PDF takes too much time or memory to be opened. Choose a simpler copy.",
        ),
        (b"%PDF-" + b" " * (50 * 1024 * 1024), "The file has more than 50 MB."),
    ],
    ids=["empty", "script", "late", "damaged", "password", "bomb", "long"],
)
def test_an_unfit_file_is_refused_in_words_and_nothing_is_lost(editor, own, folder, content, words):
    resource = make_draft(owner=own)
    make_file(resource)
    before = File.objects.values().get()

    refused = send(editor, resource, licence="CC BY", **new(1, content, title="Typed"))

    assert refused.status_code == 200
    assert file_errors(refused) == [{}, {"upload": [words]}]
    form = form_of(refused, "resource_form")
    assert (form["licence"], form["files-1-title"]) == (["CC BY"], ["Typed"])
    assert (File.objects.values().get(), len(stored(folder))) == (before, 1)


def test_a_file_twice_is_refused_in_words(editor, own):
    resource = make_draft(owner=own)
    make_file(resource, content=CONTENT)

    again = send(editor, resource, **new(1))
    twice = send(editor, make_draft(owner=own), **new(0) | new(1) | {"files-INITIAL_FORMS": 0})

    wanted = {"upload": ["This file is here already."]}
    assert file_errors(again) == file_errors(twice) == [{}, wanted]
    assert File.objects.count() == 1


def test_a_file_can_take_its_own_place(editor, own, folder, django_capture_on_commit_callbacks):
    resource = make_draft(owner=own)
    make_file(resource, content=CONTENT)

    with django_capture_on_commit_callbacks(execute=True):
        saved = send(editor, resource, **{"files-0-DELETE": "on"}, **new(1, title="Anew"))

    assert saved.status_code == 302, file_errors(saved)
    assert (File.objects.get().title, len(stored(folder))) == ("Anew", 1)


def test_a_new_row_without_a_file_is_refused_in_words(editor, own):
    values = {name: value for name, value in new(title="Report").items() if "upload" not in name}

    refused = send(editor, make_draft(owner=own), **values)

    assert file_errors(refused) == [{"upload": ["This field is required."]}]


def test_an_edit_that_fails_leaves_no_file(editor, own, folder):
    resource = make_draft(owner=own)
    with connection.cursor() as cursor:  # the last that is written
        cursor.execute("ALTER TABLE django_admin_log ADD CHECK (false) NOT VALID")
    editor.raise_request_exception = False

    failed = send(editor, resource, **new())

    assert failed.status_code == 500
    assert (File.objects.count(), stored(folder)) == (0, [])


# Who may


def file_page(resource: Resource, file: File) -> str:
    return f"{page_of(resource, 'file')}?file={file.name}"


def test_the_desk_opens_the_files_of_drafts(editor, own):
    resource = make_draft(owner=own)
    file = make_file(resource, content=CONTENT)

    assert file_page(resource, file) in links_of(editor.get(page_of(resource)))
    seen = editor.get(file_page(resource, file), headers={"Range": "bytes=0-9"})

    assert (seen.status_code, b"".join(seen.streaming_content)) == (206, CONTENT[:10])
    assert {"private", "no-store"} <= {*seen["Cache-Control"].split(", ")}
    for wrong in ("", "?file=", "?file=0000000000000000"):
        assert editor.get(page_of(resource, "file") + wrong).status_code == 404


def test_an_author_s_file_of_a_public_work_waits(client, own, folder):
    client.force_login(make_editor(own, role=Membership.Role.AUTHOR))
    draft, public = make_draft(owner=own), make_resource(owner=own)
    file = make_file(public)

    page = client.get(page_of(public))
    beside = send(client, public, **new(1, make_pdf("Another")))
    saved = send(client, draft, **new())

    assert (page.status_code, file_page(public, file) in links_of(page)) == (200, True)
    assert (beside.status_code, saved.status_code) == (302, 302)
    assert list(public.files.all()) == [file]
    waiting = [row for row in pending_of(public)["files"] if row["pk"] != file.pk]
    name = waiting[0]["sha256"][:16]
    assert client.get(f"{page_of(public, 'file')}?file={name}").status_code == 200
    assert client.get(f"{public.get_absolute_url()}files/{name}.pdf").status_code == 404
    assert draft.files.count() == 1


@pytest.mark.parametrize("who", ["visitor", "foreign editor", "foreign author"])
def test_files_of_others_are_not_there(client, own, folder, who):
    theirs = make_draft(owner=own)
    file = make_file(theirs, content=CONTENT, title="canary")
    form = form_for(_signed_in(own), theirs)
    if who != "visitor":
        role = Membership.Role.AUTHOR if who.endswith("author") else Membership.Role.EDITOR
        client.force_login(make_editor(make_organisation("Wind Coast Union"), role=role))
    before = File.objects.values().get()

    seen = client.get(file_page(theirs, file))
    added = client.post(page_of(theirs), form | new(1, pdfs.make_pdf("Smuggled")))
    removed = client.post(page_of(theirs), form | {"files-0-DELETE": "on"})

    assert seen.status_code == (302 if who == "visitor" else 404)
    assert seen.get("Location", "/admin/login/").startswith("/admin/login/")
    assert (added.status_code, removed.status_code) == (302, 302)
    assert b"canary" not in seen.content + added.content + removed.content
    assert (File.objects.values().get(), len(stored(folder))) == (before, 1)


def _signed_in(organisation: Organisation) -> Client:
    browser = Browser()
    browser.force_login(make_editor(organisation))
    return browser


@pytest.mark.parametrize("act", [{"files-0-title": "Mine"}, {"files-0-DELETE": "on"}])
def test_a_file_of_others_cannot_be_smuggled_into_a_form(editor, own, folder, act):
    mine, theirs = make_draft(owner=own), make_draft()
    make_file(mine, title="Own")
    file = make_file(theirs, content=CONTENT, title="canary")
    before = File.objects.filter(pk=file.pk).values().get()

    answers = [
        send(editor, mine, **{"files-0-id": file.pk, "files-0-resource": whole.pk}, **act)
        for whole in (mine, theirs)
    ]

    assert not any(b"canary" in answer.content for answer in answers)
    assert File.objects.filter(pk=file.pk).values().get() == before
    assert len(stored(folder)) == 2


# What waits


def test_pdfs_without_text_wait_for_those_who_curate_them(editor, own):
    other = make_organisation()
    for owner in (own, other):
        make_file(make_draft("Scanned", owner=owner), "")
    make_file(make_draft("Scanned twice", owner=own), "", content=pdfs.make_pdf("", ""))
    make_file(make_draft("Good", owner=own), "Words")
    run_waiting_jobs()

    tasks = {task.label: task for task in inbox.tasks(make_editor(own))}
    shown = editor.get(tasks["PDFs without text"].url).context["cl"]

    assert tasks["PDFs without text"].count == shown.result_count == 2
    assert {str(resource) for resource in shown.result_list} == {"Scanned", "Scanned twice"}
    everybody = {task.label: task.count for task in inbox.tasks(make_user(is_secretariat=True))}
    assert everybody["PDFs without text"] == 3
