"""Everything public as files: whole, checked, and with nothing in them that no page shows."""

import csv
import gc
import hashlib
import json
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from events.models import JoinAddress
from events.tests.factories import make_event
from hub import tables as sheets
from hub.catalogue import services
from hub.partners.tests.factories import make_organisation, make_person
from hub.portal import jobs
from hub.portal.dumps import contents, reading, writing
from hub.portal.dumps.contents import tables
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Credit, Identifier
from knowledge.tests.factories import make_draft, make_resource
from taskforce.tests.factories import make_finding, make_participation, make_public_finding

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "dumps"


def rows_of(version: str, name: str) -> list[dict]:
    lines = (reading.folder() / version / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_a_work_with_all_that_is_known_of_it():
    ilo = make_organisation("International Labour Organization")
    work = make_resource("Cerrar minas", languages=["es"], licence="CC BY 4.0", kind="report")
    work.terms.add(make_term("Retraining", slug="retraining"))
    Credit.objects.create(resource=work, role="author", name="Ana Ríos")
    Credit.objects.create(resource=work, role="publisher", organisation=ilo, position=1)
    Identifier.objects.create(resource=work, scheme="doi", value="10.1234/coal")
    services.put(work)

    [row] = rows_of(writing.write(NOW), "resources")

    assert row["url"] == f"https://hub.example.org/r/{work.public_id}/"
    assert (row["title"], row["languages"], row["people"]) == ("Cerrar minas", ["es"], ["Ana Ríos"])
    assert (row["licence"], row["identifiers"]) == ("CC BY 4.0", ["doi:10.1234/coal"])
    assert row["terms"] == ["topic:retraining"]
    assert ilo.slug in row["organisations"]
    assert row["publishers"] == ["International Labour Organization"]


def test_every_sort_has_its_file():
    make_term("Retraining")
    services.put(make_event())
    finding = make_public_finding(make_participation())
    services.put(finding)
    services.put(finding.participation.round)
    make_person("Ana Ríos", is_listed=True, bio="Knows miners")

    version = writing.write(NOW)

    names = [table.name for table in tables()]
    assert names == [
        *("resources", "events", "sessions", "taskforce-rounds", "working-groups", "findings"),
        *("organisations", "people", "terms"),
    ]
    full = {name for name in names if rows_of(version, name)}
    assert {"events", "findings", "taskforce-rounds", "organisations", "people", "terms"} <= full
    [person] = rows_of(version, "people")
    assert set(person) == {"id", "page", "name", "about", "organisation", "languages", "expertise"}
    assert (person["name"], person["about"]) == ("Ana Ríos", "Knows miners")


def test_manifest_and_checksums_are_true():
    make_resource("A work")
    version = writing.write(NOW)
    folder = reading.folder() / version

    manifest = json.loads((folder / "manifest.json").read_text())

    assert manifest["made_at"] == "2026-11-23T02:17:00+00:00"
    assert manifest["licence"]["url"].startswith("https://creativecommons.org/")
    for table in manifest["tables"]:
        assert table["rows"] == len(rows_of(version, table["name"]))
        with (folder / f"{table['name']}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.reader(file))) == table["rows"] + 1
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, known in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == known


def test_no_cell_is_a_formula():
    make_resource('=HYPERLINK("https://evil.example")')

    version = writing.write(NOW)

    text = (reading.folder() / version / "resources.csv").read_text()
    assert "'=HYPERLINK" in text
    [row] = rows_of(version, "resources")
    assert row["title"].startswith("=HYPERLINK")


def test_what_no_page_shows_is_in_no_file():
    """The canary: each has a word of its own that must be found nowhere."""
    make_draft("Canary draft", slug="canary-draft")
    make_resource("Canary coming", slug="canary-coming", at=datetime(2999, 1, 1, tzinfo=UTC))
    gone = make_resource("Canary gone", slug="canary-gone")
    gone.status, gone.unpublished_at, gone.reason = "withdrawn", gone.publish_at, "No longer"
    gone.save()
    services.put(gone)
    make_person(
        "Canary Unlisted", is_listed=False, consented_at=None, email="canary-unlisted@example.org"
    )
    make_person("Ana Ríos", is_listed=True, email="canary-private@example.org")
    services.put(make_event(title="Canary invited", audience="invited"))
    services.put(make_event(title="Canary draft", status="draft"))
    event = make_event(title="Public event")
    JoinAddress.objects.create(event=event, url="https://meet.example/canary-join")
    services.put(event)
    participation = make_participation()
    services.put(make_finding(participation, "Canary of the secretariat"))
    for_peers = {"visibility": "peers", "approved_by_government_at": NOW}
    services.put(make_finding(participation, "Canary of peers", **for_peers))

    version = writing.write(NOW)

    everything = "".join(path.read_text() for path in (reading.folder() / version).iterdir())
    assert "Public event" in everything
    assert "Ana Ríos" in everything
    assert "canary" not in everything.lower()
    assert "@example.org" not in everything


def test_few_are_kept_and_none_is_seen_half(folder, monkeypatch):
    for night in range(4):
        writing.write(NOW + timedelta(days=night))

    assert reading.versions() == ["2026-11-26T021700000000Z", "2026-11-25T021700000000Z"]

    def break_down(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(writing, "_describe", break_down)
    with pytest.raises(OSError, match="disk full"):
        writing.write(NOW + timedelta(days=9))

    assert sorted(path.name for path in folder.iterdir()) == [
        "2026-11-25T021700000000Z",
        "2026-11-26T021700000000Z",
    ]


def test_the_command_and_the_job_write_one(capsys):
    make_resource("A work")

    call_command("write_dump")
    jobs.write_dump()

    assert "rows: " in capsys.readouterr().out
    assert reading.versions()


# The page and the files


def test_the_page_says_so_before_there_is_a_dump(client):
    page = client.get("/data/")

    assert page.status_code == 200
    assert "come back tomorrow" in page.content.decode()


def test_the_page_leads_to_every_file(client):
    make_resource("A work")
    version = writing.write(NOW)

    page = client.get("/data/").content.decode()

    for path in (reading.folder() / version).iterdir():
        address = f"/data/dumps/{version}/{path.name}"
        assert f'href="{address}"' in page
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == path.read_bytes()
    assert "/oai" in page
    assert "csrftoken" not in client.cookies


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        ("resources.jsonl", "application/jsonl; charset=utf-8"),
        ("resources.csv", "text/csv; charset=utf-8"),
        ("manifest.json", "application/json"),
        ("SHA256SUMS", "text/plain; charset=us-ascii"),
    ],
)
def test_files_are_sent_as_what_they_are(client, name, mime_type):
    make_resource("A work")
    version = writing.write(NOW)
    address = f"/data/dumps/{version}/{name}"
    content = (reading.folder() / version / name).read_bytes()

    whole = client.get(address)
    piece = client.get(address, HTTP_RANGE="bytes=5-9")
    known = client.get(address, HTTP_IF_NONE_MATCH=whole["ETag"])

    assert whole["Content-Type"] == mime_type
    assert (piece.status_code, b"".join(piece.streaming_content)) == (206, content[5:10])
    assert known.status_code == 304
    assert client.get(f"/data/dumps/latest/{name}")["Location"] == address


@pytest.mark.parametrize(
    "path",
    [
        "latest/resources.csv",
        "2026-11-23T021700000000Z/none.csv",
        "2026-11-23T021700000000Z/..%2f..%2fsettings.py",
        "2026-11-23T021700000000Z/.",
        "../manifest.json",
        "%00/manifest.json",
        "2026-11-23T021700000000Z/%00",
        "2026-11-23T021700000000Z/" + "a" * 4000,
        "٢٠٢٦-11-23T021700000000Z/manifest.json",
    ],
)
def test_what_is_no_file_is_not_there(client, path):
    assert client.get(f"/data/dumps/{path}").status_code in (400, 404)


def test_a_dump_of_many_rows_takes_no_more_memory(monkeypatch):
    monkeypatch.setattr(contents, "CHUNK", 20)
    monkeypatch.setattr(sheets, "IN_MEMORY", 1000)  # of a table, before it goes to the disk
    peaks = []
    for upto in (40, 160):
        for number in range(upto - len(peaks) * 40):
            make_resource(f"Work {upto} {number}")
        gc.collect()
        tracemalloc.start()
        writing.write(NOW + timedelta(days=upto))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5
