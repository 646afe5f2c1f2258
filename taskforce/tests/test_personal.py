"""What is kept about who speaks for a government, and how it ends."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from hub.audit.recording import recording_of
from hub.partners.holdings import holdings
from taskforce import own, participating
from taskforce.models import Participation, ParticipationContact, Round, RoundInvitation
from taskforce.tests.acting import register, submit
from taskforce.tests.factories import make_contact, make_participation, make_round

pytestmark = pytest.mark.django_db


def holding(model):
    return next(one for one in holdings if one.model is model)


def erase(email: str) -> None:
    for model in (ParticipationContact, Participation, RoundInvitation):
        holding(model).erase(holding(model).rows(email))


def recorded(row) -> str:
    """All that is recorded of a row, as one text."""
    return str(list(recording_of(type(row)).of(row.pk).values()))


def ended_ago(round: Round, days: int) -> None:
    last = localdate() - timedelta(days=days)
    Round.objects.filter(pk=round.pk).update(period=DateRange(last - timedelta(days=60), last))


def test_somebody_sees_and_takes_along_what_is_kept_of_them():
    participation = make_participation(email="Ana@gov.example", priorities="Jobs first")

    rows = holding(ParticipationContact).rows("ana@GOV.example")

    [(label, path)] = holding(ParticipationContact).panel(rows)
    assert participation.government.name in label
    assert own.contact_of(path.split("/")[3]) == participation.contact
    assert "Ana@gov.example" in holding(ParticipationContact).export(rows.get()).values()
    said = holding(Participation)
    assert "Jobs first" in said.export(said.rows("ana@gov.example").get()).values()


def test_who_has_left_or_withdrawn_has_no_page_any_more():
    for email, fields in (("a@x.org", {"left_at": now()}), ("b@x.org", {})):
        participation = make_participation(email=email)
        ParticipationContact.objects.filter(participation=participation).update(**fields)
        if not fields:
            participating.withdraw(participation.pk)
        rows = holding(ParticipationContact).rows(email)
        assert list(holding(ParticipationContact).panel(rows)) == []


def test_erasing_leaves_the_government_and_hands_on_to_a_colleague():
    participation = make_participation(email="ana@gov.example")
    ana, ben = participation.contact, make_contact(participation, name="Ben")
    ParticipationContact.objects.filter(pk=ana.pk).update(name="Ana Ruiz", position="Head of Ana")
    link = own.token_of(ana)

    erase("ana@gov.example")

    ana.refresh_from_db()
    ben.refresh_from_db()
    told = f"{ana.name}{ana.email}{ana.position}{ana.user}{recorded(ana)}".lower()
    assert "ana@" not in told
    assert "ruiz" not in told
    assert own.contact_of(link) is None
    assert (ana.is_first, ben.is_first) == (False, True)
    assert Participation.objects.get().is_accepted


def test_erasing_what_was_never_registered_takes_all_of_it():
    round = make_round()
    draft = submit(round, "ana@gov.example", is_draft=True, priorities="Words of Ana")
    participation = draft.participation

    erase("ana@gov.example")

    assert not round.participations.exists()
    assert "Words of Ana" not in recorded(participation)
    assert "ana@gov.example" not in recorded(draft)


def test_24_months_after_a_round_its_contacts_are_numbers():
    old, recent, open_round = make_round(), make_round(), make_round()
    rows = [make_participation(one, priorities="Jobs of Ana") for one in (old, recent, open_round)]
    RoundInvitation.objects.create(
        round=old, government_name="Cesar", name="Ana", email="ana@gov.example"
    )
    ended_ago(old, 731)
    ended_ago(recent, 729)

    for model, count in ((ParticipationContact, 1), (Participation, 1), (RoundInvitation, 1)):
        assert holding(model).retain(model.objects.all()) == count
        assert holding(model).retain(model.objects.all()) == 0

    contacts = [one.contacts.get() for one in rows]
    assert [one.email.endswith("@erased.invalid") for one in contacts] == [True, False, False]
    assert [Participation.objects.get(pk=one.pk).priorities for one in rows] == [
        "",
        "Jobs of Ana",
        "Jobs of Ana",
    ]
    assert "Jobs of Ana" not in recorded(rows[0])
    assert old.participations.accepted().count() == 1
    invitation = RoundInvitation.objects.get()
    assert (invitation.government_name, invitation.name) == ("Cesar", "")
    assert "ana@" not in recorded(invitation)


def test_what_nobody_confirmed_and_what_was_left_is_let_go_of():
    round = make_round()
    waits = submit(round, "waits@gov.example")
    unconfirmed = submit(round, "never@gov.example")
    begun = submit(round, "begun@gov.example", is_draft=True)
    left = submit(round, "left@gov.example", is_draft=True)
    done = register(round, "done@gov.example")
    for contact, days in ((waits, 29), (unconfirmed, 31), (begun, 89), (left, 91), (done, 400)):
        Participation.objects.filter(pk=contact.participation_id).update(
            updated_at=now() - timedelta(days=days)
        )

    assert holding(ParticipationContact).retain(ParticipationContact.objects.all()) == 2

    kept = set(ParticipationContact.objects.values_list("email", flat=True))
    assert kept == {"waits@gov.example", "begun@gov.example", "done@gov.example"}


def test_a_round_that_is_long_over_names_nobody_even_who_left():
    participation = make_participation(
        make_round(period=DateRange(date(2019, 1, 1), date(2019, 4, 1)))
    )
    make_contact(participation, email="gone@gov.example", left_at=now())

    holding(ParticipationContact).retain(ParticipationContact.objects.all())

    assert not ParticipationContact.objects.exclude(email__endswith="@erased.invalid").exists()
