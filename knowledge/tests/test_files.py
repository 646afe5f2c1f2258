"""PDFs of works: kept, read, and gone with all that came of them."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import picturechild
from hub.catalogue.models import Passage, Record
from hub.catalogue.services import put
from hub.catalogue.sources import ref_of
from hub.tests import pdfs
from hub.tests.queue import run_waiting_jobs
from knowledge import checks, jobs, reading, services, uploads
from knowledge.models import Cover, File, Resource
from knowledge.tests.factories import make_cover, make_draft, make_file, make_resource

pytestmark = pytest.mark.django_db

Status = File.TextStatus
SCRIPTS = {
    "fr": "Évolution énergétique",
    "vi": "Chuyển dịch năng lượng",
    "mn": "Нүүрсний бүс нутаг",
    "th": "การเปลี่ยนผ่าน ถ่านหิน",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where the files of this test are."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def texts_of(resource: Resource) -> list[tuple[int, str, str]]:
    rows = Passage.objects.filter(record__ref=ref_of(resource)).order_by("part", "position")
    return list(rows.values_list("position", "language", "text"))


def was_read(file: File) -> File:
    reading.read(file.pk)
    file.refresh_from_db()
    return file


# Kept


def test_a_file_is_kept_under_a_name_of_ours_and_read_after_the_commit(folder):
    resource = make_draft(languages=["vi", "en"], language="vi")
    content = pdfs.make_pdf("Words")

    file = make_file(resource, content=content, title=" Two\u202e words ")

    assert (file.language, file.title, file.size) == ("vi", "Two words", len(content))
    assert (file.text_status, file.pages) == (Status.WAITING, None)
    stored = folder / "files" / resource.public_id / f"{file.name}.pdf"
    assert (stored.read_bytes(), files_in(folder)) == (content, [stored.name])
    assert [job.task_name for job in ProcrastinateJob.objects.all()] == ["knowledge.jobs.read_file"]


def test_the_same_file_is_refused_in_words_and_its_content_left_alone(folder):
    resource = make_draft()
    file = make_file(resource, "Words")
    before = files_in(folder)

    with pytest.raises(ValidationError) as refused:
        make_file(resource, "Words")
    other = make_file(make_draft(), "Words")

    assert refused.value.messages == ["This file is here already."]
    assert (other.sha256, File.objects.filter(resource=resource).get()) == (file.sha256, file)
    assert files_in(folder) == before * 2


@pytest.mark.parametrize(
    "columns",
    [
        {"sha256": "../../up"},
        {"size": 0},
        {"text_status": "read"},
        {"text_status": "read", "pages": 2, "pages_read": 3},
        {"pages": 3, "pages_read": 3},
    ],
)
def test_rows_that_cannot_be_are_refused(columns):
    file = make_file(make_draft())

    with pytest.raises(IntegrityError), transaction.atomic():
        File.objects.filter(pk=file.pk).update(**columns)


def test_a_rolled_back_act_leaves_no_file_and_no_job(folder):
    resource = make_draft()
    old = make_file(resource, "Old")
    ProcrastinateJob.objects.all().delete()

    @uploads.atomic()
    def act() -> None:
        make_file(resource, "New")
        make_cover(resource)
        make_draft(slug=resource.slug)

    with pytest.raises(IntegrityError):
        act()

    assert files_in(folder) == [f"{old.name}.pdf"]
    assert list(File.objects.all()) == [old]
    assert ProcrastinateJob.objects.count() == 0


def test_a_cover_does_not_sweep_files_away_nor_a_file_covers(
    folder, django_capture_on_commit_callbacks
):
    resource = make_draft()
    with django_capture_on_commit_callbacks(execute=True):
        file, cover = make_file(resource, "One"), make_cover(resource)
        services.remove_file(make_file(resource, "Two").pk)

    covers = [f"{size.name}.webp" for size in cover.sizes]
    assert files_in(folder) == sorted([f"{file.name}.pdf", *covers])


def test_a_removed_file_goes_with_its_text_its_cover_and_its_content(
    folder, django_capture_on_commit_callbacks
):
    resource = make_resource()
    file, other = make_file(resource, "Gone"), make_file(resource, "Stays")
    run_waiting_jobs()

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(file.pk)

    assert texts_of(resource) == [(1, "en", "Stays")]
    assert Record.objects.get().parts == [other.part]
    assert Record.objects.get().picture == {}
    assert (Cover.objects.count(), files_in(folder)) == (0, [f"{other.name}.pdf"])


def test_a_deleted_draft_takes_its_files_along(folder, django_capture_on_commit_callbacks):
    resource = make_draft()
    was_read(make_file(resource))

    with django_capture_on_commit_callbacks(execute=True):
        services.discard(resource.pk)

    assert (File.objects.count(), files_in(folder)) == (0, [])
    assert list((folder / "files").iterdir()) == []


# Read


def test_text_in_several_scripts_comes_into_the_catalogue():
    resource = make_resource(slug="pits", languages=["fr", "vi", "mn", "th"], language="fr")
    files = {
        language: make_file(resource, text, "", f"{text} 3", language=language)
        for language, text in SCRIPTS.items()
    }

    run_waiting_jobs()

    assert sorted(texts_of(resource)) == sorted(
        (position, language, text + end)
        for language, text in SCRIPTS.items()
        for position, end in ((1, ""), (3, " 3"))
    )
    assert Record.objects.get().parts == [file.part for file in files.values()]
    passage = Passage.objects.get(part=files["th"].part, position=3)
    assert passage.path == f"/resources/pits/files/{files['th'].name}.pdf#page=3"
    file = File.objects.get(language="th")
    assert (file.text_status, file.pages, file.pages_read) == (Status.READ, 3, 3)


def test_reading_twice_changes_nothing():
    resource = make_resource()
    file = was_read(make_file(resource, "One", "Two"))
    before = texts_of(resource), File.objects.values().get(), Cover.objects.values().get()

    reading.read(file.pk)

    after = texts_of(resource), File.objects.values().get(), Cover.objects.values().get()
    assert after == before


def test_a_file_that_is_gone_is_not_read():
    file = make_file(make_resource())
    services.remove_file(file.pk)

    assert run_waiting_jobs() == ["read_file"]
    assert Passage.objects.count() == 0


BOMB_BEHIND = pdfs.with_bomb_behind("First page", megabytes=2000)


@pytest.mark.parametrize(
    ("content", "status", "pages", "note"),
    [
        (pdfs.make_pdf("One", ""), Status.READ, (2, 2), ""),
        (
            pdfs.make_pdf("", "12"),
            Status.NO_TEXT,
            (2, 0),
            "Its pages are pictures, so there is no text to read or search.",
        ),
        (
            pdfs.encrypted("secret"),
            Status.ENCRYPTED,
            (None, 0),
            "It asks for a password, so its text could not be read.",
        ),
        (
            b"%PDF-1.7 half",
            Status.DAMAGED,
            (None, 0),
            "The file is damaged, so its text could not be read.",
        ),
        (
            pdfs.looping_tree(),
            Status.DAMAGED,
            (9, 0),
            "The file is damaged, so its text could not be read.",
        ),
        (pdfs.bomb(), Status.FAILED, (None, 0), "Its text could not be read."),
        (BOMB_BEHIND, Status.PARTLY, (2, 1), "The text is that of its first page alone."),
        (
            pdfs.many_pages(2001),
            Status.PARTLY,
            (2001, 2000),
            "The text is that of its first 2000 pages alone.",
        ),
    ],
    ids=["whole", "scanned", "password", "damaged", "loop", "bomb", "bomb behind", "long"],
)
def test_what_became_of_the_text_is_told(content, status, pages, note):
    resource = make_resource()
    file = was_read(make_file(resource, content=content))
    other = was_read(make_file(resource, "The worker goes on"))

    assert (file.text_status, (file.pages, file.pages_read), file.text_note) == (
        status,
        pages,
        note,
    )
    assert file.has_text == Passage.objects.filter(part=file.part).exists()
    assert other.text_status == Status.READ


@pytest.mark.parametrize(
    ("marked", "rooted", "is_tagged"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_a_pdf_is_read_with_or_without_its_tags(marked, rooted, is_tagged):
    resource = make_resource(licence="CC BY")
    file = make_file(resource, content=pdfs.with_tags(marked=marked, rooted=rooted))
    unread = [finding.text for finding in checks.findings(resource)]

    was_read(file)

    found = {finding.url for finding in checks.findings(resource) if "tags" in finding.text}
    assert (file.is_tagged, found) == (is_tagged, set() if is_tagged else {"#id_files-0-title"})
    assert not any("tags" in text for text in unread)


def test_tags_of_scanned_pages_are_no_matter():
    resource = make_resource()
    file = was_read(make_file(resource, content=pdfs.make_pdf("")))

    texts = [finding.text for finding in checks.findings(resource)]

    assert file.is_tagged is False
    assert any("no text" in text for text in texts)
    assert not any("no tags" in text for text in texts)


def test_what_was_read_before_tags_were_looked_for_is_read_once_more():
    resource = make_resource()
    file = was_read(make_file(resource, content=pdfs.with_tags()))
    locked = was_read(make_file(resource, content=pdfs.encrypted("secret")))
    File.objects.update(is_tagged=None)

    jobs.look_for_tags()
    run_waiting_jobs()

    file.refresh_from_db()
    locked.refresh_from_db()
    assert (file.is_tagged, locked.is_tagged) == (True, None)
    assert list(File.objects.with_tags_unknown()) == []


def test_what_takes_too_long_is_told(monkeypatch):
    limits = reading.pdftext.Limits(cpu_seconds=1, megabytes=2048)
    content = pdfs.with_bomb_behind("", megabytes=60)
    file = make_file(make_resource(), content=content)

    monkeypatch.setattr(reading.pdftext, "Limits", lambda: limits)

    assert was_read(file).text_status == Status.TOO_SLOW


def test_a_lost_file_is_told(folder):
    file = make_file(make_resource())
    next(folder.rglob("*.pdf")).unlink()

    assert was_read(file).text_status == Status.DAMAGED


def test_a_file_that_was_damaged_since_loses_its_text(folder):
    resource = make_resource()
    file = was_read(make_file(resource, "Words"))
    next(folder.rglob("*.pdf")).write_bytes(b"%PDF-")

    was_read(file)

    assert (texts_of(resource), Record.objects.get().parts) == ([], [])


@pytest.mark.parametrize("sign", ["ก", "ő", "語", "a b ", "\U0001f5ff"])
def test_the_fullest_page_there_can_be_is_kept(sign):
    resource = make_resource(language="th")
    file = File.objects.get(pk=make_file(resource).pk)
    text = "".join(f"{sign}{chr(0xE01 + number % 46)}" for number in range(20_000))

    reading._keep(file, reading.pdftext.Reading(1, [text]))

    assert len(texts_of(resource)) == 1


def test_a_catalogue_that_has_lost_its_text_gets_it_back():
    resource = make_resource()
    was_read(make_file(resource, "Words"))
    ProcrastinateJob.objects.all().delete()
    Record.objects.all().delete()
    put(resource)

    call_command("read_files", stdout=StringIO())
    run_waiting_jobs()

    assert texts_of(resource) == [(1, "en", "Words")]


# Text and the state of the resource


def test_the_text_of_a_draft_comes_with_its_publication():
    resource = make_draft()
    file = was_read(make_file(resource, "Words"))
    before = (file.text_status, file.pages, texts_of(resource), Record.objects.count())

    services.publish(resource.pk)
    run_waiting_jobs()

    assert before == (Status.READ, 1, [], 0)
    assert texts_of(resource) == [(1, "en", "Words")]


def test_a_scheduled_resource_has_its_text_already():
    resource = make_resource(at=timezone.now() + timedelta(hours=1))
    was_read(make_file(resource, "Words"))

    assert texts_of(resource) == [(1, "en", "Words")]


def test_withdrawal_takes_the_text_away_and_a_new_publication_brings_it_back():
    resource = make_resource()
    file = was_read(make_file(resource, "Words"))

    services.withdraw(resource.pk, reason="Outdated.")
    withdrawn = texts_of(resource)
    was_read(file)
    read_meanwhile = texts_of(resource)
    services.restore(resource.pk)
    services.publish(resource.pk)
    run_waiting_jobs()

    assert (withdrawn, read_meanwhile) == ([], [])
    assert texts_of(resource) == [(1, "en", "Words")]


def test_another_language_has_the_text_read_anew():
    resource = make_resource()
    file = was_read(make_file(resource, "Words"))
    ProcrastinateJob.objects.all().delete()

    services.describe_file(file.pk, title="Title", language="en", position=3)
    unread = ProcrastinateJob.objects.count()
    services.describe_file(file.pk, title="Title", language="vi", position=3)
    run_waiting_jobs()

    assert unread == 0
    assert texts_of(resource) == [(1, "vi", "Words")]


# The first page as a cover


def test_the_first_page_is_the_cover_of_a_work_that_has_none(folder):
    resource = make_resource()
    was_read(make_file(resource, "After coal\nWhat miners did next"))

    cover = Cover.objects.get()
    assert Record.objects.get().picture == cover.as_picture().to_json()
    assert (cover.small_width, cover.large_width) == picturechild.WIDTHS
    small, large = (folder / size.file for size in cover.sizes)
    assert (small.stat().st_size <= 12_000, large.stat().st_size <= 30_000) == (True, True)


def test_a_cover_of_its_own_stays():
    resource = make_resource()
    own = make_cover(resource)

    was_read(make_file(resource))

    assert Cover.objects.get() == own


def test_a_cover_that_was_taken_away_does_not_come_back():
    resource = make_resource()
    file = was_read(make_file(resource))
    services.remove_cover(resource.pk)

    was_read(file)

    assert Cover.objects.count() == 0


def test_the_first_of_several_files_gives_the_cover():
    resource = make_resource()
    second, first = make_file(resource, position=2), make_file(resource, position=1)

    was_read(second)
    was_read(first)

    assert Cover.objects.get().file == first


def test_content_comes_from_wherever_it_was_uploaded_to(tmp_path):
    content = ContentFile(pdfs.make_pdf("Words"), "x" * 300 + ".pdf")

    file = services.add_file(make_draft().pk, content)

    assert was_read(file).text_status == Status.READ
