"""Findings: written by the secretariat, agreed to by the government, read by those whom it says."""

import pytest
from django.core.exceptions import ValidationError

from conftest import Browser
from hub.catalogue.models import Record
from hub.notices.models import Message
from taskforce import approving, own, participating
from taskforce.approving import Line, Stale
from taskforce.models import Finding, Participation
from taskforce.tests.factories import make_contact, make_finding, make_participation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
CANARY = "quokkazephyr"
PUBLIC, PEERS, SECRETARIAT = "public", "peers", "secretariat"


def asked(text: str = "We retrain miners.", **fields) -> Finding:
    finding = make_finding(make_participation(), text, **fields)
    approving.ask(finding.participation_id)
    return fresh(finding)


def fresh(finding: Finding) -> Finding:
    return Finding.objects.select_related("participation__round").get(pk=finding.pk)


def contact_of(finding: Finding):
    return finding.participation.contacts.get(is_first=True)


def approved(finding: Finding, visibility: str = PUBLIC, **said) -> Finding:
    defaults = {"version": finding.version, "text": finding.text, "visibility": visibility}
    approving.approve(finding.pk, by=contact_of(finding), **defaults | said)
    return fresh(finding)


def letters_about_findings() -> list[Message]:
    return list(Message.objects.filter(dedup_key__startswith="findings:"))


def words_of(letter: Message) -> str:
    return f"{letter.subject}{letter.text}{letter.html}"


def path_of(finding: Finding, rest: str = "") -> str:
    return f"{own.path_of(contact_of(finding))}findings/{finding.pk}/{rest}"


def test_the_grid_adds_changes_and_drops_lines_and_leaves_empty_cells_alone():
    participation = make_participation()
    there, goes = make_finding(participation, "Old"), make_finding(participation, "Goes")

    count = approving.keep_grid(
        participation.pk,
        [
            Line("jobs", "approach", "New", there.pk, there.version),
            Line("jobs", "barrier", "", goes.pk, goes.version),
            Line("justice_equity", "need", "Added"),
            Line("justice_equity", "barrier", ""),
        ],
    )

    assert count == 3
    assert [one.text for one in participation.findings.all()] == ["New", "Added"]


def test_the_grid_of_two_at_the_desk_loses_no_word():
    finding = make_finding(make_participation(), "First")
    line = Line("jobs", "approach", "Theirs", finding.pk, finding.version)
    approving.keep_grid(finding.participation_id, [line])

    mine = Line("jobs", "approach", "Mine", finding.pk, finding.version)
    with pytest.raises(Stale) as caught:
        approving.keep_grid(finding.participation_id, [mine, Line("jobs", "need", "Another")])

    assert (caught.value.finding.text, caught.value.text) == ("Theirs", "Mine")
    assert [one.text for one in Finding.objects.all()] == ["Theirs"]


def test_the_government_is_asked_once_and_by_a_letter_without_the_words():
    finding = make_finding(make_participation(), CANARY)
    make_contact(finding.participation, agreed_at=None)

    assert approving.ask(finding.participation_id) == 1
    with pytest.raises(ValidationError, match="sent already"):
        approving.ask(finding.participation_id)

    (letter,) = letters_about_findings()
    assert letter.to == contact_of(finding).email
    assert CANARY not in words_of(letter)


def test_only_an_accepted_government_is_asked():
    finding = make_finding(
        make_participation(status=Participation.Status.REGISTERED, accepted_at=None)
    )

    with pytest.raises(ValidationError, match="Accept the registration first"):
        approving.ask(finding.participation_id)


def test_the_government_amends_agrees_and_says_who_may_read_it():
    finding = approved(asked(), PUBLIC, text="We retrain all miners.", may_be_quoted=True)

    assert (finding.text, finding.visibility) == ("We retrain all miners.", PUBLIC)
    assert finding.may_be_quoted
    assert finding.published_at
    assert list(Finding.objects.public()) == [finding]
    record = Record.objects.shown().get(ref=f"taskforce.finding:{finding.pk}")
    assert record.path == finding.get_absolute_url()


def test_quoted_by_name_is_only_what_everybody_may_read():
    with pytest.raises(ValidationError, match="Only what everybody may read"):
        approved(asked(), PEERS, may_be_quoted=True)


def test_nobody_agrees_to_other_words_than_they_have_read():
    finding = asked("First")
    approving.rewrite(finding.pk, {"text": "Second"}, version=finding.version)

    with pytest.raises(Stale):
        approved(finding)
    assert not fresh(finding).is_approved


def test_other_words_of_the_secretariat_end_the_approval_and_ask_again():
    finding = approved(asked())
    Message.objects.all().delete()

    approving.rewrite(finding.pk, {"text": "Other words"}, version=finding.version)

    finding = fresh(finding)
    assert not finding.is_approved
    assert (finding.visibility, bool(finding.withdrawn_at)) == (SECRETARIAT, True)
    assert len(letters_about_findings()) == 1
    assert Browser().get(finding.get_absolute_url()).status_code == 410


def test_what_is_beside_the_words_is_put_right_without_asking_again():
    finding = approved(asked())
    Message.objects.all().delete()

    approving.rewrite(finding.pk, {"position": 7}, version=finding.version)

    assert fresh(finding).is_approved
    assert letters_about_findings() == []


def test_a_public_finding_that_is_taken_back_becomes_a_tombstone_and_can_come_again():
    finding = approved(asked(CANARY))
    address = finding.get_absolute_url()
    assert Browser().get(address).status_code == 200

    approving.take_back(finding.pk, by=contact_of(finding))

    answer = Browser().get(address)
    assert answer.status_code == 410
    assert CANARY not in answer.content.decode()
    assert not Record.objects.shown().filter(path=address, withdrawn_at=None).exists()
    approved(fresh(finding))
    assert Browser().get(address).status_code == 200


def test_what_a_government_said_in_public_ends_with_its_participation():
    finding = approved(asked(CANARY))

    participating.withdraw(finding.participation_id)

    assert fresh(finding).visibility == SECRETARIAT
    assert Browser().get(finding.get_absolute_url()).status_code == 410


def test_somebody_elses_contact_opens_and_changes_nothing():
    finding, other = asked(), make_participation()
    stranger = f"{own.path_of(other.contact)}findings/{finding.pk}/"

    assert Browser().get(stranger).status_code == 404
    assert Browser().post(stranger, {"act": "approve"}).status_code == 404
    with pytest.raises(ValidationError, match="do not speak"):
        approving.approve(
            finding.pk, by=other.contact, version=finding.version, text="x", visibility=PUBLIC
        )


def test_a_line_that_was_not_sent_is_not_shown_to_its_government():
    finding = make_finding(make_participation(), CANARY)

    assert Browser().get(path_of(finding)).status_code == 404
    assert CANARY not in Browser().get(own.path_of(contact_of(finding))).content.decode()


def test_22_reading_a_page_changes_nothing_and_a_button_does():
    finding = asked()
    for rest in ("", "take-back/"):
        Browser().get(path_of(finding, rest))
        Browser().head(path_of(finding, rest))
    assert fresh(finding).version == finding.version

    sent = {
        "act": "approve",
        "text": finding.text,
        "version": finding.version,
        "visibility": PEERS,
    }
    answer = Browser().post(path_of(finding), sent)

    assert answer.status_code == 302
    assert fresh(finding).visibility == PEERS


def test_a_form_that_came_too_late_shows_both_texts():
    finding = asked("First")
    approving.rewrite(finding.pk, {"text": "Words of the desk"}, version=finding.version)

    sent = {
        "act": "approve",
        "text": "Words of ours",
        "version": finding.version,
        "visibility": PUBLIC,
    }
    answer = Browser().post(path_of(finding), sent)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Words of the desk" in html
    assert "Words of ours" in html
    assert not fresh(finding).is_approved
    sent["version"] = fresh(finding).version
    assert Browser().post(path_of(finding), sent).status_code == 302
    assert fresh(finding).text == "Words of ours"


@pytest.mark.parametrize(
    "odd", [{}, {"act": "approve"}, {"act": "x", "text": "a", "version": "1"}, {"version": "²"}]
)
def test_odd_forms_are_answered_in_words(odd):
    finding = asked()

    assert Browser().post(path_of(finding), odd).status_code == 422
    assert not fresh(finding).is_approved


def test_the_page_leads_from_line_to_line_and_home():
    participation = make_participation()
    first, second = make_finding(participation), make_finding(participation)
    approving.ask(participation.pk)

    def approve(finding):
        said = {"act": "approve", "visibility": PEERS, "text": "x"}
        said["version"] = fresh(finding).version
        return Browser().post(path_of(finding), said)["Location"]

    assert approve(first).endswith(f"/findings/{second.pk}/")
    assert approve(second).endswith("#findings")


def test_21_nothing_unapproved_leaves_the_secretariat():
    finding = approved(asked("Approved"), PUBLIC)
    participation = finding.participation
    make_finding(participation, f"{CANARY} quagga, unsent")
    for text in ("asked", "kept"):
        kept = make_finding(participation, f"{CANARY} quagga, {text}")
    approving.ask(participation.pk)
    kept = approved(fresh(kept), SECRETARIAT)
    peer = make_participation(participation.round)
    make_finding(peer, "Ours", kind="barrier")
    approving.ask(peer.pk)
    base = participation.round.get_absolute_url()
    public = (base, f"{base}findings/", "/taskforce/", f"/search/?q={CANARY}", "/", "/sitemap.xml")

    def hits(paths) -> list[str]:
        return [
            path for path in paths if "quagga" in Browser().get(path, follow=True).content.decode()
        ]

    assert hits([*public, own.path_of(peer.contact)]) == []
    for line in Finding.objects.filter(text__startswith=CANARY):
        assert Browser().get(line.get_absolute_url()).status_code == 404
        assert not Record.objects.filter(ref=f"taskforce.finding:{line.pk}").exists()
    assert not any("quagga" in words_of(one) for one in Message.objects.all())
    # What is looked for is found as soon as it is public.
    approved(kept, PUBLIC)
    assert f"{base}findings/" in hits(public)
    assert Record.objects.filter(ref=f"taskforce.finding:{kept.pk}").exists()
