"""What is kept about who sits in groups or asks to, and what they have of it."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from conftest import Browser
from events.tests.factories import make_registration
from hub.accounts.tests.factories import make_member
from hub.desk import inbox
from hub.members import calendar
from hub.partners.holdings import holdings
from hub.partners.tests.factories import make_user
from taskforce import applying, group_inbox
from taskforce.models import GroupApplication, GroupMembership
from taskforce.tests.factories import make_group, make_group_membership, make_meeting
from taskforce.tests.test_applying import received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def holding(model):
    return next(one for one in holdings if one.model is model)


def test_somebody_finds_their_groups_takes_them_along_and_has_them_erased():
    seat = make_group_membership(make_group(), email="Ana@x.org", name="Ana", may_be_named=True)
    held = holding(GroupMembership)
    rows = held.rows("ana@x.ORG")
    [(label, link)] = held.panel(rows)
    assert label == seat.group.name
    assert Browser().get(link).status_code == 200
    assert "Ana@x.org" in held.export(seat).values()

    held.erase(rows)

    seat.refresh_from_db()
    assert (seat.name, seat.user, seat.may_be_named) == ("", None, False)
    assert "ana" not in seat.email.lower()
    assert seat.is_sitting  # the organisation's term goes on
    assert Browser().get(link).status_code == 404
    assert not seat.group.memberships.reachable().exists()


def test_members_are_let_go_of_two_years_after_their_term_and_their_organisation_stays():
    today = localdate()
    group = make_group()
    ended = {"since": today - timedelta(days=1000)}
    old = make_group_membership(group, until=today - timedelta(days=740), name="Old", **ended)
    late = make_group_membership(group, until=today - timedelta(days=700), name="Late", **ended)
    sitting = make_group_membership(group, name="Sitting")

    assert holding(GroupMembership).retain(GroupMembership.objects.all()) == 1
    assert holding(GroupMembership).retain(GroupMembership.objects.all()) == 0

    names = dict(GroupMembership.objects.values_list("pk", "name"))
    assert names == {old.pk: "", late.pk: "Late", sitting.pk: "Sitting"}


def test_applications_go_two_years_after_the_decision_and_unconfirmed_ones_in_a_week():
    group = make_group(is_open_to_applications=True)
    decided = applying.decline(received(group).pk, make_user(), "Full.")
    waiting = received(group, "ben@x.org")
    GroupApplication.objects.filter(pk=decided.pk).update(decided_at=now() - timedelta(days=740))
    GroupApplication.objects.filter(pk=waiting.pk).update(created_at=now() - timedelta(days=900))
    wish = applying.Wish("eve@x.org", "Eve", "Moors", "core", "Why not.")
    unconfirmed = applying.apply(group, wish)
    GroupApplication.objects.filter(pk=unconfirmed.pk).update(created_at=now() - timedelta(days=8))

    assert holding(GroupApplication).panel(holding(GroupApplication).rows("ben@x.org"))
    assert holding(GroupApplication).retain(GroupApplication.objects.all()) == 1
    assert applying.forget_unconfirmed() == 1
    assert list(GroupApplication.objects.all()) == [waiting]


def test_meetings_stand_in_a_members_own_calendar_once():
    user = make_member("ana@x.org")
    meeting = make_meeting()
    make_meeting()
    make_group_membership(meeting.group, email=user.email, circle="observer")

    def uids() -> list:
        return [entry.uid for entry in calendar.entries_of(user)]

    assert uids() == [meeting.event.uid]
    make_registration(meeting.event, user.email)
    assert uids() == [meeting.event.uid]
    GroupMembership.objects.all().delete()
    meeting.event.registrations.all().delete()
    assert uids() == []


def test_applications_that_wait_are_told_at_the_desk():
    group = make_group(is_open_to_applications=True)
    received(group)
    received(group, "ben@x.org")

    [task] = group_inbox.tasks(make_user(is_secretariat=True))

    assert task.count == 2
    assert group_inbox.tasks in list(inbox)
    assert group_inbox.tasks(make_member()) == []
