"""What the database itself refuses, however it is asked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from hub.accounts.tests.factories import make_member
from taskforce.kinds import Activity
from taskforce.models import Finding, Interview, Participation, Round
from taskforce.tests.factories import (
    local,
    make_agenda_item,
    make_finding,
    make_government,
    make_group,
    make_group_membership,
    make_interview,
    make_meeting,
    make_participation,
    make_public_finding,
    make_round,
    make_slot,
)

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> str:
    """The name of the constraint that the database refuses a statement by."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as raw:
        raw.execute(sql, values)
    return caught.value.__cause__.diag.constraint_name


def test_28_a_participation_without_an_activity_is_refused_in_raw_sql():
    taking_part = make_participation()
    taken_back = make_participation(status=Participation.Status.WITHDRAWN, ended_at=now())
    nothing = "interview = false, working_group = false, taskforce_meeting = false"
    sql = f"UPDATE taskforce_participation SET {nothing} WHERE id = %s"

    assert refused(sql, taking_part.pk) == "participation_has_an_activity"
    with connection.cursor() as raw:
        raw.execute(sql, [taken_back.pk])
    taken_back.refresh_from_db()
    assert taken_back.activities == ()


def test_a_government_takes_part_once_in_a_round_and_again_after_it_withdrew():
    first = make_participation()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_participation(first.round, first.government)

    first.status, first.ended_at = Participation.Status.WITHDRAWN, now()
    first.save()

    make_participation(first.round, first.government)
    make_participation(make_round(), first.government)


def test_somebody_who_has_not_shown_who_they_are_keeps_no_government_out():
    submitted = make_participation(
        status=Participation.Status.SUBMITTED, registered_at=None, accepted_at=None
    )

    make_participation(submitted.round, submitted.government)


def test_a_round_has_its_days_and_an_activity():
    round = make_round(period=DateRange(date(2022, 4, 1), date(2022, 7, 1)))

    assert (round.starts_on, round.ends_on) == (date(2022, 4, 1), date(2022, 6, 30))
    assert round.activities == tuple(Activity)
    assert (
        refused("UPDATE taskforce_round SET period = 'empty' WHERE id = %s", round.pk)
        == "round_has_first_and_last_day"
    )
    with pytest.raises(ValidationError, match="at least one activity"):
        Round(
            offers_interview=False, offers_working_group=False, offers_taskforce_meeting=False
        ).validate_constraints()


def test_a_round_is_open_until_its_last_day_is_over_where_it_is_held():
    round = make_round(
        period=DateRange(date(2022, 4, 1), date(2022, 7, 1)), timezone="Pacific/Honolulu"
    )
    last_hour = local("2022-06-30 23:59").replace(tzinfo=round.zone)

    assert round.is_open(last_hour)
    assert not round.is_open(last_hour + timedelta(minutes=1))
    assert not make_round(published_at=None).is_open()


def test_13_one_interviewer_has_one_interview_at_a_time_with_a_breath_between():
    round, anna, ben = make_round(), make_member(), make_member()
    make_slot(round, anna, "2030-05-02 10:00", buffer=15)

    make_slot(round, ben, "2030-05-02 10:00")
    make_slot(round, anna, "2030-05-02 11:00")
    with pytest.raises(ValidationError, match="another interview at this time"):
        make_slot(round, anna, "2030-05-02 10:45")
    with pytest.raises(ValidationError, match="another interview at this time"):
        make_slot(round, anna, "2030-05-02 09:30")
    taken_back = make_slot(round, anna, "2030-05-02 14:00")
    taken_back.is_withdrawn = True
    taken_back.save()
    make_slot(round, anna, "2030-05-02 14:10")


@pytest.mark.parametrize("status", [Interview.Status.REQUESTED, Interview.Status.BOOKED])
def test_13_what_is_asked_for_or_booked_keeps_its_time(status):
    round = make_round()
    slot = make_slot(round, make_member())
    make_interview(make_participation(round), slot, status=status)

    with pytest.raises(IntegrityError, match="interview_slot_once"), transaction.atomic():
        make_interview(make_participation(round), slot)
    assert list(round.slots.free()) == []

    round.slots.get().interviews.update(status=Interview.Status.CANCELLED, ended_at=now())
    make_interview(make_participation(round), slot)


def test_a_finding_is_secret_until_its_government_has_approved_it():
    finding = make_finding(make_participation())

    for seen in ("peers", "public"):
        sql = "UPDATE taskforce_finding SET visibility = %s, published_at = now() WHERE id = %s"
        assert refused(sql, seen, finding.pk) == "finding_is_secret_until_approved"
    assert list(Finding.objects.for_peers()) == list(Finding.objects.public()) == []


def test_public_findings_end_with_the_participation_and_the_round():
    shown = make_public_finding(make_participation())
    assert list(Finding.objects.public()) == [shown]

    Participation.objects.update(status=Participation.Status.WITHDRAWN, ended_at=now())

    assert list(Finding.objects.public()) == []


def test_terms_in_a_group_do_not_overlap_and_one_leads():
    group, scotland = make_group(), make_government()
    today = localdate()
    make_group_membership(group, scotland, role="lead", email="a@gov.example")

    with pytest.raises(IntegrityError, match="terms_do_not_overlap"), transaction.atomic():
        make_group_membership(group, scotland, email="A@gov.example", since=today)
    make_group_membership(group, scotland, email="b@gov.example")
    with pytest.raises(IntegrityError, match="group_one_sitting_lead"), transaction.atomic():
        make_group_membership(group, role="lead")


def test_the_agenda_is_put_in_another_order_in_one_transaction():
    meeting = make_meeting()
    first, second = make_agenda_item(meeting), make_agenda_item(meeting)

    with transaction.atomic():
        first.position, second.position = 2, 1
        first.save()
        second.save()

    assert list(meeting.agenda.all()) == [second, first]
