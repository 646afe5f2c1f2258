"""Files that mean harm, sent to a real server: each is refused in words or made harmless, the server
keeps its memory, and the next reader is answered. So is one for whose file there is no room."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests import pdfs
from hub.tests.pages import form_of
from hub.tests.stamps import stamped
from hub.uploading import INERT
from knowledge import services
from knowledge.models import Contribution, Cover, File, Resource
from knowledge.tests.factories import make_draft, make_picture, make_resource
from tests import hostile
from tests.servers import BOUNDARY, Answer, Server, gunicorn, multipart

pytestmark = pytest.mark.django_db(transaction=True)

MOST_MEGABYTES = 100
ERROR = re.compile(r'id="id_files-(\d+)-upload_error"')
NO_ROOM = "The hub has no room for the file now. Nothing was saved: try again later."
Sent = tuple[bytes, str, str]  # content, name and type


@pytest.fixture
def server(published_files: Path, folder: Path, tmp_path: Path) -> Iterator[Server]:
    own = {"STATIC_ROOT": str(published_files), "MEDIA_ROOT": str(folder)}
    with gunicorn("tests.hostile_settings", tmp_path / "log", **own) as server:
        yield server


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def work(server: Server) -> Resource:
    """A public work, whose editor has signed in."""
    own = make_organisation()
    visitor = Client()
    visitor.force_login(make_editor(own))
    server.cookies["session"] = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    return make_resource("On pits", slug="pits", owner=own)


def send(
    server: Server,
    resource: Resource,
    files: list[Sent],
    cover: bytes | None = None,
    **headers: str,
) -> Answer:
    """Send the form of the resource with these new files, as a browser would but for their names."""
    address = f"/admin/knowledge/resource/{resource.pk}/change/"
    page = server.ask("GET", address)
    assert page.status_code == 200
    form = form_of(SimpleNamespace(content=page.content), "resource_form")
    known = int(form["files-INITIAL_FORMS"][0])
    form["files-TOTAL_FORMS"] = [str(known + len(files))]
    fields = [
        (name, value.encode(), None, "")
        for name, values in form.items()
        for value in values
        if not name.endswith(("upload", "picture"))
    ]
    for number, (content, name, kind) in enumerate(files, known):
        fields.append((f"files-{number}-upload", content, name, kind))
        fields.append((f"files-{number}-position", b"0", None, ""))
    if cover is not None:
        fields.append(("cover_picture", cover, "cover.png", "image/png"))
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers |= {"Content_Type": kind, "Referer": "https://hub.example.org/"}
    return server.ask("POST", address, multipart(fields), **headers)


def pdf(content: bytes, name: str = "work.pdf", kind: str = "application/pdf") -> Sent:
    return content, name, kind


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_that_mean_harm_do_none(server, work, folder):
    draft = make_draft("Try me", owner=work.owner)
    send(server, work, [pdf(pdfs.make_pdf("Welcome"))], make_picture())  # what is loaded once
    services.publish(work.pk)
    known = stored(folder)
    before = server.megabytes()

    # Refused: each in words at its own field, and nothing is kept.
    rows = [pdf(make()) for make in hostile.REFUSED.values()]
    answer = send(server, draft, rows)
    refused = {int(number) for number in ERROR.findall(answer.content.decode())}
    assert answer.status_code == 200
    assert [name for row, name in enumerate(hostile.REFUSED) if row not in refused] == []
    for name, make in hostile.REFUSED_COVERS.items():
        answer = send(server, draft, [], make())
        assert b'id="id_cover_picture_error"' in answer.content, name
    for name, make in hostile.EITHER.items():
        assert send(server, draft, [pdf(make())]).status_code in (200, 302), name
    File.objects.filter(resource=draft).delete()
    assert not Cover.objects.filter(resource=draft).exists()

    # Kept, and harmless.
    rows = [pdf(make(), kind="text/html") for make in hostile.KEPT.values()]
    rows += [pdf(pdfs.make_pdf(f"Named {name}"), name) for name in hostile.NAMES]
    assert send(server, work, rows).status_code == 302
    services.publish(work.pk)
    for name, make in hostile.KEPT_COVERS.items():
        assert send(server, work, [], make()).status_code == 302, name
        services.publish(work.pk)
        assert_harmless(server, Cover.objects.get(resource=work).as_picture().sizes[-1].url)
    assert work.files.count() == 1 + len(hostile.KEPT) + len(hostile.NAMES)
    for file in work.files.all():
        assert_harmless(server, file.get_absolute_url())
    names = {Path(path).name for path in stored(folder)} - {Path(path).name for path in known}
    assert all(re.fullmatch(r"[0-9a-f]{16}\.pdf|[0-9a-f]{20}-\d+\.webp", name) for name in names)

    grown = server.megabytes() - before
    assert grown < MOST_MEGABYTES
    assert server.ask("GET", "/resources/").status_code == 200


def assert_harmless(server: Server, address: str) -> None:
    """What goes out is what its type says, and no browser takes it for anything that runs."""
    answer = server.ask("GET", address)
    kind = "image/webp" if address.endswith(".webp") else "application/pdf"
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind), address
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == INERT
    assert answer.content.startswith(b"%PDF-" if kind == "application/pdf" else b"RIFF")
    for sign in (b"<script", b"<html", b"/JavaScript", b"/Launch", b"PK\x03\x04", b"canary"):
        assert sign not in answer.content, (address, sign)
    if kind == "application/pdf":
        assert re.fullmatch(
            r'inline; filename="pits-en\.pdf"', answer.headers["Content-Disposition"]
        )


def test_what_is_too_long_is_refused_and_not_held(server, work, folder):
    send(server, work, [pdf(pdfs.make_pdf("Welcome"))])
    before, known = server.megabytes(), stored(folder)

    long = send(server, work, [pdf(b"%PDF-1.7\n" + bytes(60_000_000))])
    endless = server.ask(
        "POST",
        "/admin/",
        None,
        Content_Length=str(2**31),
        Content_Type="multipart/form-data; boundary=x",
    )

    assert b"The file has more than 50 MB." in long.content
    assert 400 <= endless.status_code < 500
    assert server.megabytes() - before < MOST_MEGABYTES
    assert stored(folder) == known


@pytest.mark.parametrize("bytes_over", [1_000_000, 3_000_000], ids=["in memory", "on disk"])
def test_a_full_disk_is_an_error_at_the_form_and_leaves_nothing(server, work, folder, bytes_over):
    """Django holds short files in memory and writes longer ones down at once: neither fits."""
    rest = "x" * (1_000_000 + bytes_over)
    long = pdfs.make_pdf("Words", catalogue=f"/Much ({rest})")

    full = send(server, work, [pdf(pdfs.make_pdf("Short")), pdf(long)], X_Full_Disk="yes")
    left = stored(folder), File.objects.count()
    again = send(server, work, [pdf(long)])
    services.publish(work.pk)

    assert full.status_code == 200
    assert NO_ROOM in full.content.decode()
    assert left == ([], 0)
    assert (again.status_code, File.objects.count(), len(stored(folder))) == (302, 1, 1)


def test_a_full_disk_takes_no_cover_and_leaves_nothing(server, work, folder):
    """The picture was read and written; the file that comes with it was not."""
    long = pdfs.make_pdf("Words", catalogue=f"/Much ({'x' * 1_500_000})")

    full = send(server, work, [pdf(long)], make_picture(), X_Full_Disk="yes")

    assert (full.status_code, NO_ROOM in full.content.decode()) == (200, True)
    assert (stored(folder), Cover.objects.count(), File.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize("bytes_over", [500_000, 2_500_000], ids=["in memory", "on disk"])
def test_a_full_disk_is_an_error_at_the_form_of_visitors_too(server, folder, bytes_over):
    long = pdfs.make_pdf("Words", catalogue=f"/Much ({'x' * (1_000_000 + bytes_over)})")

    full = propose(server, long, X_Full_Disk="yes")
    left = stored(folder), Contribution.objects.count()
    again = propose(server, long)

    assert (full.status_code, NO_ROOM in full.content.decode()) == (422, True)
    assert left == ([], 0)
    assert (again.status_code, Contribution.objects.count(), len(stored(folder))) == (302, 1, 1)


def propose(server: Server, content: bytes, **headers: str) -> Answer:
    """Send the form of visitors with this file."""
    page = server.ask("GET", "/contribute/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    told = {"sort": "product", "title": "On pits", "words": "It matters.", "language": "en"}
    told |= {"name": "Ben", "email": "ben@example.org", "shown": stamped("ContributionForm")}
    told |= {"is_named": "no", "csrfmiddlewaretoken": token}
    fields = [(name, value.encode(), None, "") for name, value in told.items()]
    fields.append(("upload", content, "work.pdf", "application/pdf"))
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers |= {"Content_Type": kind, "Referer": "https://hub.example.org/"}
    return server.ask("POST", "/contribute/", multipart(fields), **headers)
