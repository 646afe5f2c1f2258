"""The rules of taking part, and who is told what."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hub.accounts.tests.factories import verified
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_user
from taskforce import letters, own, participating, publishing, registering, speaking
from taskforce.models import Participation, ParticipationContact
from taskforce.tests.acting import last_letter, letters_to, register, submit, wish
from taskforce.tests.factories import (
    make_contact,
    make_government,
    make_interview,
    make_participation,
    make_round,
    make_slot,
)

pytestmark = pytest.mark.django_db
Status = Participation.Status


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_nothing_is_registered_before_the_address_is_confirmed():
    round, government = make_round(), make_government("Cesar")

    contact = submit(round, "ana@gov.example", government=government)

    assert contact.participation.status == Status.SUBMITTED
    assert not round.participations.active().exists()
    (letter,) = letters_to("ana@gov.example")
    assert own.path_of(contact).split(":")[0] in letter.text

    confirmed = registering.confirm(contact.pk)

    assert confirmed.participation.status == Status.REGISTERED
    assert confirmed.may_speak
    assert confirmed.is_first
    assert "registered" in last_letter("ana@gov.example").subject


def test_confirming_twice_is_confirming_once():
    contact = register(make_round(), "ana@gov.example")
    count = len(letters_to("ana@gov.example"))

    registering.confirm(contact.pk)

    assert len(letters_to("ana@gov.example")) == count


def test_the_letter_before_the_confirmation_repeats_no_name_that_a_visitor_typed():
    submit(make_round(), "ana@gov.example", proposed_name="Cheap pills", name="Buy now")

    (letter,) = letters_to("ana@gov.example")

    assert "pills" not in letter.text + letter.html + letter.subject
    assert "Buy now" not in letter.text + letter.html + letter.subject


def test_scenario_9_the_same_form_twice_is_one_row_and_one_letter():
    round = make_round()

    rows = {submit(round, "ana@gov.example").pk for _time in range(2)}

    assert len(rows) == 1
    assert round.participations.count() == 1
    assert len(letters_to("ana@gov.example")) == 1


def test_scenario_10_one_address_is_one_row_however_it_is_written_and_can_come_back():
    round = make_round()
    first = submit(round, "A@x.org")
    second = submit(round, "a@X.ORG", priorities="Other words")

    assert first.pk == second.pk
    assert round.participations.get().priorities == "Other words"  # nobody had confirmed it
    registering.confirm(first.pk)
    participating.withdraw(first.participation_id)

    third = register(round, "a@x.org")

    assert third.pk != first.pk
    assert round.participations.active().count() == 1


def test_what_is_confirmed_is_not_rewritten_by_who_knows_the_address():
    round = make_round()
    register(round, "ana@gov.example", priorities="Mine")

    submit(round, "ana@gov.example", priorities="Theirs", proposed_name="Other")

    assert round.participations.get().priorities == "Mine"
    assert "already" in last_letter("ana@gov.example").subject


def test_a_registration_needs_an_activity_and_a_government():
    round = make_round(offers_working_group=False)

    for said in ({"activities": ()}, {"activities": ("working_group",)}, {"activities": ("x",)}):
        with pytest.raises(ValidationError, match="Choose at least one activity") as refused:
            submit(round, "ana@gov.example", **said)
        assert "activities" in refused.value.error_dict
    with pytest.raises(ValidationError, match="which government"):
        submit(round, "ana@gov.example", proposed_name="")
    assert not Message.objects.exists()


def test_scenario_28_raw_sql_cannot_leave_a_participation_without_an_activity():
    contact = register(make_round(), "ana@gov.example")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE taskforce_participation SET interview = false WHERE id = %s",
            [contact.participation_id],
        )


def test_a_draft_needs_little_and_is_gone_on_with_by_the_link():
    round = make_round()
    contact = submit(round, "ana@gov.example", is_draft=True, activities=(), name="")

    assert contact.participation.status == Status.DRAFT
    assert "saved" in last_letter("ana@gov.example").subject

    with pytest.raises(ValidationError, match="at least one activity"):
        registering.go_on(contact.pk, wish("ana@gov.example", activities=()))
    done = registering.go_on(contact.pk, wish("ana@gov.example", activities=("interview",)))

    assert done.participation.status == Status.REGISTERED
    assert round.participations.count() == 1


def test_a_draft_that_was_confirmed_is_not_rewritten_from_outside():
    round = make_round()
    contact = submit(round, "ana@gov.example", is_draft=True, activities=())
    registering.go_on(contact.pk, wish("ana@gov.example", priorities="Mine"), is_draft=True)

    submit(round, "ana@gov.example", priorities="Theirs")

    row = round.participations.get()
    assert (row.status, row.priorities) == (Status.DRAFT, "Mine")


def test_a_round_that_is_over_withdrawn_or_a_draft_takes_nobody():
    over = make_round(period=DateRange(date(2022, 4, 1), date(2022, 7, 1)))
    withdrawn, draft = make_round(), make_round(published_at=None)
    publishing.withdraw(withdrawn.pk, "A mistake.")

    for round in (over, withdrawn, draft):
        with pytest.raises(ValidationError):
            submit(round, "ana@gov.example")


def test_who_confirms_after_the_last_day_is_told_so():
    round = make_round()
    contact = submit(round, "ana@gov.example")
    type(round).objects.filter(pk=round.pk).update(
        period=DateRange(date(2022, 4, 1), date(2022, 7, 1))
    )

    with pytest.raises(ValidationError, match="over"):
        registering.confirm(contact.pk)

    assert again(contact).confirmed_at is None


def test_the_second_of_a_government_waits_for_the_first():
    round, government = make_round(), make_government("Cesar")
    ana = register(round, "ana@gov.example", government=government)

    ben = register(round, "ben@gov.example", government=government, position="Adviser")

    assert round.participations.count() == 1
    assert ben.participation_id == ana.participation_id
    assert not ben.may_speak
    asked = last_letter("ana@gov.example")
    assert "ben[at]gov[.]example" in asked.text
    assert asked.tells_of == "ben@gov.example"
    assert "takes part in this round already" in last_letter("ben@gov.example").text

    speaking.agree(ben.pk, ana)

    assert again(ben).may_speak
    assert "agreed" in last_letter("ben@gov.example").text


def test_the_second_of_a_government_that_the_hub_does_not_know_waits_too():
    round = make_round()
    ana = register(round, "ana@gov.example", proposed_name="Province of Elsewhere")

    ben = register(round, "ben@gov.example", proposed_name="province of ELSEWHERE")

    assert ben.participation_id == ana.participation_id


def test_who_is_refused_is_told_and_their_link_ends():
    round = make_round()
    ana, ben = register(round, "ana@gov.example"), register(round, "ben@gov.example")
    link = own.token_of(ben)

    speaking.refuse(ben.pk, ana)

    assert own.contact_of(link) is None
    assert "did not agree" in last_letter("ben@gov.example").text
    with pytest.raises(ValidationError):
        speaking.agree(ben.pk, ana)


def test_only_who_speaks_agrees():
    round = make_round()
    register(round, "ana@gov.example")
    ben, eve = register(round, "ben@gov.example"), register(round, "eve@gov.example")

    for act in (speaking.agree, speaking.refuse):
        with pytest.raises(ValidationError, match="do not speak"):
            act(ben.pk, eve)
    stranger = make_participation(round).contact
    with pytest.raises(ValidationError, match="do not speak"):
        speaking.agree(ben.pk, stranger)


def test_an_invited_colleague_speaks_once_the_address_is_confirmed():
    ana = register(make_round(), "ana@gov.example")

    ben = speaking.join(ana.participation, "ben@gov.example", name="Ben")

    assert not ben.may_speak
    assert "invites you" in last_letter("ben@gov.example").text
    registering.confirm(ben.pk)
    assert again(ben).may_speak
    # Who is invited twice gets the same row, and their link.
    assert speaking.join(ana.participation, "BEN@gov.example").pk == ben.pk


def test_inviting_who_asks_is_agreeing():
    round = make_round()
    ana, ben = register(round, "ana@gov.example"), register(round, "ben@gov.example")

    speaking.join(ana.participation, "ben@gov.example")

    assert again(ben).may_speak


def test_the_last_who_speaks_cannot_leave_and_another_becomes_the_first():
    ana = register(make_round(), "ana@gov.example")
    with pytest.raises(ValidationError, match="the last one"):
        speaking.leave(ana.pk)
    ben = registering.confirm(speaking.join(ana.participation, "ben@gov.example").pk)

    speaking.leave(ana.pk)

    assert again(ben).is_first
    assert again(ana).left_at is not None


def test_whose_account_has_a_role_in_the_government_is_accepted_at_once():
    round, government = make_round(), make_government("Cesar")
    user = verified(make_user(email="ana@gov.example"))
    Membership.objects.create(user=user, organisation=government, role="delegate")

    known = register(round, "ana@gov.example", government=government)

    assert known.participation.status == Status.ACCEPTED
    other = make_government("La Guajira")
    Membership.objects.create(user=user, organisation=other, role="delegate")
    stranger = register(round, "eve@gov.example", government=other)
    assert stranger.participation.status == Status.REGISTERED


def test_who_is_signed_in_with_the_address_has_confirmed_it():
    round, user = make_round(), verified(make_user(email="ana@gov.example"))

    contact = submit(round, "ana@gov.example", by=user)
    other = submit(make_round(), "eve@gov.example", by=user)

    assert contact.participation.status == Status.REGISTERED
    assert list(own.contacts_of(user)) == [contact]
    assert other.participation.status == Status.SUBMITTED


def test_the_secretariat_accepts_once_it_knows_the_organisation():
    round, boss = make_round(), make_user(is_secretariat=True)
    contact = register(round, "ana@gov.example", proposed_name="Elsewhere")
    with pytest.raises(ValidationError, match="which organisation"):
        participating.accept(contact.participation_id, by=boss)

    government = make_government("Province of Elsewhere")
    accepted = participating.accept(contact.participation_id, by=boss, government=government)

    assert accepted.status == Status.ACCEPTED
    assert again(accepted).government == government
    assert "takes part" in last_letter("ana@gov.example").text
    with pytest.raises(ValidationError, match="Only what is registered"):
        participating.accept(contact.participation_id, by=boss)


def test_a_new_name_cannot_be_accepted_as_a_government_that_takes_part():
    round, boss = make_round(), make_user(is_secretariat=True)
    there = make_participation(round)
    contact = register(round, "ana@gov.example", proposed_name="The same in other words")

    with pytest.raises(ValidationError, match="takes part in the round already"):
        participating.accept(contact.participation_id, by=boss, government=there.government)


def test_a_declined_government_reads_why_and_can_register_again():
    round, boss = make_round(), make_user(is_secretariat=True)
    contact = register(round, "ana@gov.example")
    with pytest.raises(ValidationError, match="Say why"):
        participating.decline(contact.participation_id, "", by=boss)

    participating.decline(contact.participation_id, "It is a company.", by=boss)

    assert "It is a company." in last_letter("ana@gov.example").text
    assert register(round, "ana@gov.example").participation.status == Status.REGISTERED


def test_what_hears_of_an_end_hears_of_withdrawals_and_of_what_is_declined(monkeypatch):
    heard = []
    monkeypatch.setattr(participating, "ended", [heard.append])
    first, second = make_participation(), make_participation()

    participating.withdraw(first.pk)
    participating.withdraw(first.pk)
    participating.decline(second.pk, "No.", by=make_user(is_secretariat=True))

    assert heard == [first, second]


def test_activities_are_chosen_and_dropped_but_for_the_last():
    participation = make_participation()

    both = participating.change(participation.pk, {"activities": ["interview", "working_group"]})
    assert [one.value for one in both.activities] == ["interview", "working_group"]
    one = participating.change(participation.pk, {"activities": ["working_group"]})
    assert [activity.value for activity in one.activities] == ["working_group"]

    with pytest.raises(ValidationError, match="withdraw instead"):
        participating.change(participation.pk, {"activities": []})
    assert again(participation).working_group


def test_an_interview_that_is_booked_is_not_dropped_by_a_tick():
    participation = make_participation(working_group=True)
    slot = make_slot(participation.round, make_user())
    make_interview(participation, slot)

    with pytest.raises(ValidationError, match="Cancel it first"):
        participating.change(participation.pk, {"activities": ["working_group"]})


def test_two_colleagues_who_change_it_at_once_lose_nothing():
    participation = make_participation()
    read = participation.version

    participating.change(participation.pk, {"priorities": "First"}, version=read)
    with pytest.raises(ValidationError, match="A colleague has changed") as refused:
        participating.change(participation.pk, {"priorities": "Second"}, version=read)

    assert refused.value.code == "stale"
    assert again(participation).priorities == "First"


def test_who_has_ended_changes_nothing():
    participation = make_participation()
    asking = make_contact(participation, agreed_at=None)
    participating.withdraw(participation.pk)

    for act in (
        lambda: participating.change(participation.pk, {"priorities": "x"}),
        lambda: speaking.agree(asking.pk, participation.contact),
        lambda: speaking.join(participation, "new@gov.example"),
        lambda: registering.confirm(asking.pk),
    ):
        with pytest.raises(ValidationError):
            act()


def test_scenario_24_what_fails_leaves_no_row_and_no_letter(monkeypatch):
    round = make_round()

    def fail(contact: ParticipationContact) -> None:
        raise RuntimeError

    monkeypatch.setattr(letters, "submitted", fail)
    with pytest.raises(RuntimeError):
        submit(round, "ana@gov.example")

    assert not round.participations.exists()
    assert not Message.objects.exists()

    contact = make_participation(round, status=Status.SUBMITTED).contact
    monkeypatch.setattr(letters, "registered", fail)
    ParticipationContact.objects.update(confirmed_at=None, agreed_at=None)
    with pytest.raises(RuntimeError):
        registering.confirm(contact.pk)
    assert again(contact).confirmed_at is None
    assert again(contact).participation.status == Status.SUBMITTED
    assert not Message.objects.exists()


def test_letters_are_in_the_language_that_the_government_prefers():
    contact = submit(make_round(), "ana@gov.example", language="es")

    assert contact.participation.language == "es"
    assert last_letter("ana@gov.example").language in ("es", "en")
