"""An import on its way: how far it is can be seen, and cancelled nothing of it is left."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.partners.holdings import holdings
from hub.partners.tests.factories import make_editor
from knowledge import jobs
from knowledge.bringing_in import course
from knowledge.bringing_in.entries import Entry
from knowledge.bringing_in.planning import Planner
from knowledge.models import Edition, Import, ImportRow, Resource
from knowledge.tests.factories import make_draft

PATIENCE = 30


def begun(user, content, **asked):
    owner = user.memberships.first().organisation
    asked = {"file_name": "works.csv", "form": "csv", "kind": "report", "language": "en", **asked}
    return course.begin(user, owner=owner, content=content.encode(), **asked)


def many(count):
    return "title,authors\n" + "".join(f"Work {number},Ana; Ben\n" for number in range(count))


class Watch(Thread):
    """Does something from a connection of its own as soon as an import has come so far."""

    def __init__(self, pk: int, state: str, act: Callable[[int], None]) -> None:
        super().__init__()
        self.pk, self.state, self.act, self.seen = pk, state, act, 0

    def run(self) -> None:
        rows, until = (
            Import.objects.filter(pk=self.pk, state=self.state),
            time.monotonic() + PATIENCE,
        )
        try:
            while time.monotonic() < until:
                self.seen = rows.values_list("rows_done", flat=True).first() or 0
                if self.seen:
                    return self.act(self.pk)
                time.sleep(0.01)
        finally:
            connections.close_all()


def nothing_is_left():
    left = [model.objects.count() for model in (Import, ImportRow, Resource, Edition)]
    return left == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["reading", "applying"])
def test_cancelled_halfway_nothing_of_it_is_left(own, state):
    batch = begun(make_editor(own), many(1000))
    if state == "applying":
        course.read(batch.pk)
        course.agree(batch.pk)
    watch = Watch(batch.pk, state, course.cancel)

    watch.start()
    (course.read if state == "reading" else course.apply)(batch.pk)
    watch.join()

    assert 0 < watch.seen < 1000
    assert nothing_is_left()


@pytest.mark.django_db(transaction=True)
def test_a_work_that_takes_the_same_doi_meanwhile_is_no_error_of_ours(own):
    batch = begun(make_editor(own), "title,identifiers\nA,doi:10.1/x\n" + many(300)[14:])
    course.read(batch.pk)
    course.agree(batch.pk)
    other = make_draft("Quicker", owner=own)

    other.identifiers.create(scheme="doi", value="10.1/x")
    course.apply(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.rows.first().outcome) == ("ready", "error")
    assert Resource.objects.count() == 1


@pytest.mark.django_db
def test_what_is_written_cannot_be_cancelled(own):
    batch = begun(make_editor(own), many(1))
    course.read(batch.pk)
    course.agree(batch.pk)
    course.apply(batch.pk)

    with pytest.raises(ValidationError, match="brought in already"):
        course.cancel(batch.pk)

    assert Resource.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("times", [1, 2])
def test_a_reading_that_was_cut_off_begins_anew(own, times):
    batch = begun(make_editor(own), many(300))
    for _time in range(times):
        attempt = course._take(batch.pk)
        ImportRow.objects.create(batch=batch, number=1, line=2, outcome="new", title="Half")

    jobs.read_import(import_id=batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.attempt, batch.rows.count()) == ("ready", attempt + 1, 300)
    assert not batch.rows.filter(title="Half").exists()


@pytest.mark.django_db
def test_one_who_was_taken_for_dead_stops(own):
    batch = begun(make_editor(own), many(3))
    first = course._take(batch.pk)
    course._take(batch.pk)

    with pytest.raises(course._Over):
        course._read(batch.pk, first)

    assert batch.rows.count() == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_says_why_and_is_gone(own):
    batch = begun(make_editor(own), "words\nand nothing else\n")

    course.read(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.content) == ("failed", None)
    assert "title" in batch.problem


@pytest.mark.django_db
def test_nobody_has_many_open_at_once(own):
    user = make_editor(own)
    for _number in range(course.MOST_OPEN):
        begun(user, many(1))

    with pytest.raises(ValidationError, match="5 open imports"):
        begun(user, many(1))


@pytest.mark.django_db
def test_after_a_week_nothing_is_kept(own):
    user = make_editor(own)
    old, new = begun(user, many(1)), begun(user, many(1))
    Import.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    [holding] = [one for one in holdings if one.model is Import]

    assert holding.retain(Import.objects.all()) >= 1
    assert list(Import.objects.all()) == [new]


@pytest.mark.django_db
def test_more_rows_ask_no_more_of_the_database(own):
    user = make_editor(own)
    works = [make_draft(f"There {number}", owner=own) for number in range(20)]
    planner = Planner(Import(user=user, owner=own, kind="report", language="en"))

    def questions(count):
        entries = [
            *(Entry(n, {"title": f"New {n}", "url": f"https://e.org/{n}"}) for n in range(count)),
            *(Entry(n, {"public_id": works[n].public_id, "title": f"X {n}"}) for n in range(count)),
        ]
        planner.works.clear()
        planner.lines.clear()
        with CaptureQueriesContext(connection) as asked:
            planner.plans(entries)
        return len(asked)

    questions(1)  # what is remembered of the person
    assert questions(2) == questions(20)
