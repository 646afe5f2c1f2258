import json
from datetime import timedelta

import pgtrigger
import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from hub.audit import acting, erasure, note
from hub.audit.models import Access
from hub.audit.recording import recording_of, recordings
from hub.partners.models import Organisation, Person, User
from hub.partners.tests.factories import make_organisation, make_person, make_user
from knowledge.models import Resource
from knowledge.tests.factories import make_draft

pytestmark = pytest.mark.django_db
CANARY = "quokkazephyr"


def events_of(row):
    return recording_of(type(row)).of(row.pk).order_by("pgh_id")


def rows_with_canary():
    """The tables of events that still have the word in any column."""
    found = set()
    with connection.cursor() as cursor:
        for recording in recordings():
            table = recording.events._meta.db_table
            cursor.execute(f'SELECT 1 FROM "{table}" e WHERE e::text ILIKE %s', [f"%{CANARY}%"])
            if cursor.fetchone():
                found.add(table)
    return found


def test_erase_account_leaves_nothing_of_the_person_and_notes_itself():
    user = make_user(f"{CANARY}@example.org", name=CANARY)
    note(user, "exported")
    User.objects.filter(pk=user.pk).update(email="erased-1@invalid", name="")
    User.objects.filter(pk=user.pk).update(is_active=False)

    with acting(account=7) as act:
        erased = erasure.erase_account(user.pk)

    noted = Access.objects.get(act="erased")
    assert rows_with_canary() == set()
    assert erased == 3
    assert (noted.account, noted.request_id) == (7, act.id)
    assert (noted.model, noted.object_id) == ("partners.user", user.pk)
    assert noted.detail == {"columns": ["email", "name"], "events": 3}
    assert [event.is_active for event in events_of(user)] == [True, True, False]


def test_erase_values_takes_what_is_declared_personal_and_of_one_row_alone():
    person, other = make_person(CANARY, bio=CANARY), make_person("Somebody else")
    pk = person.pk
    person.delete()

    erasure.erase_values(Person, pk)

    assert rows_with_canary() == set()
    assert [one.pgh_label for one in recording_of(Person).of(pk)] == ["insert", "delete"]
    assert [event.name for event in events_of(other)] == ["Somebody else"]


def test_who_is_deleted_leaves_nothing_in_events_and_log_and_is_noted_once():
    people = [make_person(f"{CANARY} {number}") for number in (1, 2)]
    make_person("Somebody else")
    log(people[0])

    gone = erasure.delete(Person.objects.filter(name__startswith=CANARY))

    assert gone == 2
    assert rows_with_canary() == set()
    assert [one.object_repr for one in LogEntry.objects.all()] == [erasure.NAMELESS]
    noted = Access.objects.get()
    assert (noted.act, noted.object_id, noted.detail) == ("erased", None, {"rows": 2, "events": 4})


def test_nothing_to_delete_is_nothing_to_note():
    assert erasure.delete(Person.objects.none()) == 0
    assert not Access.objects.exists()


def test_traces_of_an_address_go_and_of_a_row_that_stands_only_those():
    person, gone = make_person(CANARY, email=f"{CANARY}@example.org"), make_person(CANARY)
    Person.objects.filter(pk=gone.pk).update(email=f"{CANARY.upper()}@example.org")
    gone.delete()
    Person.objects.filter(pk=person.pk).update(name="Zora", email="zora@example.org")

    erasure.erase_traces(0, {f"{CANARY}@example.org"})

    assert rows_with_canary() == set()
    assert [event.name for event in events_of(person)] == ["", "Zora"]


def test_a_name_in_the_log_is_found_whole_and_in_any_script():
    log(make_organisation(), object_repr="Ana Ríos, Author, Union")
    log(make_organisation(), change_message=json.dumps([{"added": {"object": "Ana Ríos, Author"}}]))
    log(make_organisation(), object_repr="Ana Ríos Institute")
    log(make_organisation(), change_message="Block ANA@example.org")

    assert erasure.erase_from_log({"ana@example.org"}, {"Ana Ríos", ""}) == 3

    left = LogEntry.objects.exclude(object_repr=erasure.NAMELESS)
    assert [one.object_repr for one in left] == ["Ana Ríos Institute"]


def log(row, **fields):
    """As Django's admin does when somebody has changed a row."""
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        action_flag=CHANGE,
        **{"object_repr": str(row), **fields},
    )


def test_erase_values_refuses_what_cannot_be_blank_and_what_is_not_recorded():
    organisation = make_organisation()

    with pytest.raises(ValueError, match="is_partner cannot be blank"):
        erasure.erase_values(Organisation, organisation.pk, ["is_partner"])
    with pytest.raises(LookupError):
        erasure.erase_values(Access, 1, ["act"])

    assert Access.objects.count() == 0


def test_events_are_shut_again_after_an_erasure():
    organisation = make_organisation("Union")
    erasure.erase_values(Organisation, organisation.pk, ["name"])

    with pytest.raises(ProgrammingError), transaction.atomic():
        events_of(organisation).update(name="Forged")

    assert events_of(organisation).get().name == ""


def test_an_erasure_that_is_rolled_back_has_erased_nothing():
    organisation = make_organisation("Union")

    with transaction.atomic():
        erasure.erase_values(Organisation, organisation.pk, ["name"])
        transaction.set_rollback(True)

    assert events_of(organisation).get().name == "Union"
    assert Access.objects.count() == 0


def make_old(days):
    """As if all that is recorded had happened this many days ago."""
    when = timezone.now() - timedelta(days=days)
    for recording in recordings():
        with pgtrigger.ignore(recording.append_only):
            recording.events._default_manager.update(pgh_created_at=when)
    with pgtrigger.ignore(erasure.ACCESS_APPEND_ONLY):
        Access.objects.update(at=when)


def test_forget_old_keeps_the_newest_event_of_what_still_stands():
    organisation, resource = make_organisation("First"), make_draft()
    Organisation.objects.filter(pk=organisation.pk).update(name="Second")
    gone = resource.pk
    resource.delete()
    note(7, "exported")
    make_old(days=2)

    counts = erasure.forget_old(timezone.now() - timedelta(days=1))

    assert [event.name for event in events_of(organisation)] == ["Second"]
    assert recording_of(Resource).of(gone).count() == 0
    assert counts["partners.OrganisationEvent"] == 1
    assert [one.act for one in Access.objects.all()] == ["forgotten"]


def test_what_is_due_differs_for_changes_and_for_looks():
    organisation = make_organisation("First")
    Organisation.objects.filter(pk=organisation.pk).update(name="Second")
    note(7, "exported")
    make_old(days=500)

    counts = erasure.forget_what_is_due()

    assert counts == {"audit.Access": 1}
    assert events_of(organisation).count() == 2
    assert erasure.forget_what_is_due() == {}
