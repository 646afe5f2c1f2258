import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hub import versions
from hub.models import Change
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.models import TermLabel
from hub.vocabulary.snapshot import vocabulary
from hub.vocabulary.tests.factories import make_term
from knowledge.services import publish
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_resource("Another"),
        lambda: make_term("Another"),
        lambda: TermLabel.objects.update(label="Renamed"),
        lambda: TermLabel.objects.all().delete(),
    ],
    ids=["a work", "a term", "a name", "no name"],
)
def test_every_change_makes_another_version(change):
    make_term("Finance")
    seen = versions.versions()

    change()

    assert versions.versions() != seen


def test_what_is_not_public_changes_no_version():
    owner = make_organisation()
    seen = versions.versions()

    make_draft("Another", owner=owner)

    assert versions.version_of(versions.CONTENT) == seen[versions.CONTENT]


def test_a_change_by_hand_is_seen_too():
    make_resource()
    seen = versions.version_of(versions.CONTENT)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_record SET is_featured = true")

    assert versions.version_of(versions.CONTENT) != seen


def test_time_makes_a_version_when_a_scheduled_work_comes_out():
    draft = make_draft()
    publish(draft.pk, at=timezone.now() + timedelta(hours=1))
    seen = versions.versions()

    with connection.cursor() as cursor:  # an hour later, but for what the triggers note
        cursor.execute("ALTER TABLE catalogue_record DISABLE TRIGGER note_change")
        cursor.execute("UPDATE catalogue_record SET published_at = now() - interval '1 second'")

    assert versions.versions() != seen


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_makes_a_version_too():
    """A counter read before would have passed the later number by."""
    begun, may_end = threading.Event(), threading.Event()

    def change_slowly() -> None:
        try:
            with transaction.atomic():
                make_term("Slow")
                begun.set()
                may_end.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=change_slowly)
    slow.start()
    begun.wait(10)
    make_term("Quick")
    seen = versions.version_of(versions.VOCABULARY)
    may_end.set()
    slow.join(10)

    assert versions.version_of(versions.VOCABULARY) != seen
    assert {label.label for label in TermLabel.objects.all()} == {"Quick", "Slow"}


def test_what_is_rolled_back_leaves_neither_a_version_nor_a_name():
    make_term("Finance")
    seen = versions.versions()

    with transaction.atomic():
        make_term("Never")
        assert "never" in vocabulary().phrases
        transaction.set_rollback(True)

    assert versions.versions() == seen
    assert "never" not in vocabulary().phrases
    make_term("Instead")
    assert {"finance", "instead"} == set(vocabulary().phrases)


def test_old_notes_are_pruned(monkeypatch):
    monkeypatch.setattr(versions, "KEPT_NOTES", 3)
    Change.objects.bulk_create(Change(area="content", transaction=-n) for n in range(1, 10))
    seen = versions.version_of(versions.CONTENT)

    versions.prune()

    assert Change.objects.count() == 3
    assert versions.version_of(versions.CONTENT) != seen
