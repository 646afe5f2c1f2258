"""Registering a government on the site, and what people do by their link."""

import re

import pytest

from conftest import Browser
from hub.accounts.tests.factories import verified
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_organisation, make_user
from hub.tests.stamps import stamped
from hub.vocabulary.tests.factories import make_term
from taskforce import own, participating, registering, speaking
from taskforce.models import Participation, ParticipationContact, Round
from taskforce.tests.acting import last_letter, letters_to, register
from taskforce.tests.factories import (
    make_contact,
    make_government,
    make_participation,
    make_round,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
Status = Participation.Status
FIELD = re.compile(r"<(?:input|select|textarea)\b(?![^>]*type=\"hidden\")[^>]*name=\"(\w+)\"")


def send(round: Round, browser: Browser | None = None, **said: object):
    answers = {
        "shown": stamped("ParticipationForm"),
        "government": "Cesar",
        "name": "Ana Ruiz",
        "email": "ana@gov.example",
        "activities": ["interview"],
        "language": "en",
        "timezone": "America/Bogota",
    }
    return (browser or Browser()).post(f"/taskforce/{round.slug}/register/", answers | said)


def link_in(letter: Message) -> str:
    return re.search(r"/taskforce/participation/[^\s]+", letter.text)[0]


def html(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def test_the_form_asks_at_most_eleven_things_and_ticks_nothing_beforehand():
    make_government("Cesar")
    answer = Browser().get(f"/taskforce/{make_round().slug}/register/")

    page = html(answer)
    names = set(FIELD.findall(page)) - {"homepage"}
    assert len(names) <= 11, names  # with the choice of a time it is twelve at most
    assert "checked" not in page
    assert '<option value="Cesar">' in page
    assert answer.headers.get("Set-Cookie") is None or "sessionid" not in answer.cookies


def test_from_the_form_to_a_registered_government():
    round, government = make_round(), make_government("Cesar")

    answer = send(round, government="  cesar ", priorities="Jobs", may_be_named="on")

    assert answer.status_code == 302
    assert answer["Location"] == f"/taskforce/{round.slug}/register/sent/"
    assert "Look into your mail" in html(Browser().get(answer["Location"]))
    participation = round.participations.get()
    assert (participation.government, participation.status) == (government, Status.SUBMITTED)
    assert (participation.timezone, participation.may_be_named) == ("America/Bogota", True)

    link = link_in(last_letter("ana@gov.example"))
    page = html(Browser().get(link))
    assert "Confirm the registration" in page
    assert "Jobs" in page
    assert Participation.objects.get().status == Status.SUBMITTED  # looking changes nothing

    assert Browser().post(link, {"act": "confirm"}).status_code == 302
    assert Participation.objects.get().status == Status.REGISTERED
    assert "Your government is registered" in html(Browser().get(link))


def test_a_government_that_the_hub_does_not_know_is_proposed_with_its_country():
    round, chile = make_round(), make_term("Chile", scheme="place", code="CL")

    send(round, government="Region of  Biobío", proposed_country=str(chile.pk))

    participation = round.participations.get()
    assert participation.government is None
    assert participation.proposed_name == "Region of Biobío"
    assert participation.proposed_country == chile


def test_a_company_is_no_government_even_if_the_hub_knows_it():
    round = make_round()
    make_organisation("Cesar", kind="business")

    send(round)

    assert round.participations.get().government is None


@pytest.mark.parametrize(
    ("said", "words", "field"),
    [
        ({"activities": []}, "Choose at least one activity.", "activities"),
        ({"activities": ["dance"]}, "not one of the available choices", "activities"),
        ({"government": ""}, "Say which government", "government"),
        ({"government": "See https://x.org"}, "without an address", "government"),
        ({"name": ""}, "Enter your name", "name"),
        ({"name": "Buy at www.x.org"}, "without an address", "name"),
        ({"email": "ana"}, "an @ and a domain", "email"),
        ({"timezone": "Mars/Base"}, "not one of the available choices", "timezone"),
        ({"language": "xx"}, "not one of the available choices", "language"),
        ({"proposed_country": "x"}, "not one of the available choices", "proposed_country"),
        ({"homepage": "https://x.org"}, "robots", ""),
        ({"shown": ""}, "quicker than", ""),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(said, words, field):
    page = html(send(make_round(), priorities="Keep me", **said), 422)

    assert words in page
    assert "Keep me" in page
    if field:
        assert re.search(rf'id="id_{field}_error".*?{re.escape(words)}', page, re.DOTALL)
    assert not Participation.objects.exists()
    assert not Message.objects.exists()


def test_a_draft_needs_the_government_and_an_address_alone():
    round = make_round()
    needs = {"act": "later", "name": "", "activities": [], "language": "", "timezone": ""}

    assert "Say which government" in html(send(round, **needs | {"government": ""}), 422)
    assert "Enter your e-mail" in html(send(round, **needs | {"email": ""}), 422)
    assert send(round, **needs).status_code == 302

    assert round.participations.get().status == Status.DRAFT
    link = link_in(last_letter("ana@gov.example"))
    page = html(Browser().get(link, follow=True))
    assert 'value="Cesar"' in page

    edit = f"{link}edit/"
    said = {"government": "Cesar", "name": "Ana", "language": "en", "timezone": "UTC"}
    assert "Choose at least one activity" in html(Browser().post(edit, said), 422)
    kept = Browser().post(edit, said | {"act": "later", "priorities": "Jobs"})
    assert kept.status_code == 302
    assert round.participations.get().priorities == "Jobs"
    assert Browser().post(edit, said | {"activities": ["interview"]}).status_code == 302
    assert round.participations.get().status == Status.REGISTERED


def test_answers_do_not_tell_who_takes_part():
    round, cesar = make_round(), make_government("Cesar")
    make_government("La Guajira")
    register(round, "ana@gov.example", government=cesar)

    answers = [
        send(round, government="Cesar", email="ana@gov.example"),
        send(round, government="Cesar", email="new@gov.example"),
        send(round, government="La Guajira", email="other@gov.example"),
        send(round, government="La Guajira", email="ana@gov.example", name="Eve"),
    ]

    assert {(one.status_code, one["Location"], one.content) for one in answers} == {
        (302, f"/taskforce/{round.slug}/register/sent/", b"")
    }
    # Nor does the page behind the link of who has not confirmed.
    page = html(Browser().get(link_in(last_letter("new@gov.example"))))
    assert "takes part" not in page.partition("<main")[2].partition("<footer")[0]


def test_who_is_signed_in_is_led_to_the_page_of_their_government():
    user, government = verified(make_user(email="ana@gov.example", name="Ana")), make_government()
    Membership.objects.create(user=user, organisation=government, role="delegate")
    round, browser = make_round(), Browser()
    browser.force_login(user)

    form = html(browser.get(f"/taskforce/{round.slug}/register/"))
    assert f'value="{government.name}"' in form

    answer = send(round, browser, government=government.name)

    contact = ParticipationContact.objects.get()
    assert answer["Location"] == own.path_of(contact)
    assert contact.participation.status == Status.ACCEPTED
    assert contact.user == user


def test_a_round_that_is_over_shows_no_form(monkeypatch):
    round = make_round()
    monkeypatch.setattr(participating, "refusal", lambda _round: "This round is over.")

    page = html(Browser().get(f"/taskforce/{round.slug}/register/"))

    assert "This round is over." in page
    assert "<form" not in page.partition("<main")[2]


# By the link


def test_scenario_22_looking_changes_nothing_and_tokens_open_their_own_page_alone():
    round = make_round()
    contact = register(round, "ana@gov.example")
    asking = register(round, "ben@gov.example")
    page = own.path_of(contact)
    before = list(Participation.objects.values()), list(ParticipationContact.objects.values())
    letters = Message.objects.count()

    for path in ("", "edit/", "invite/", "withdraw/", "leave/", f"colleague/{asking.pk}/"):
        for _time in range(3):
            assert Browser().get(page + path).status_code == 200
            assert Browser().head(page + path).status_code == 200

    after = list(Participation.objects.values()), list(ParticipationContact.objects.values())
    assert (before, letters) == (after, Message.objects.count())
    for token in ("x", f"{contact.pk}:1:x:y", own.token_of(contact)[:-1] + "_"):
        assert Browser().get(f"/taskforce/participation/{token}/").status_code == 404


def test_pages_behind_the_link_are_private():
    answer = Browser().get(own.path_of(make_participation().contact))

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_colleague_is_let_in_by_a_button():
    round = make_round()
    ana, ben = register(round, "ana@gov.example"), register(round, "ben@gov.example")
    decide = f"{own.path_of(ana)}colleague/{ben.pk}/"

    assert "ben@gov.example" in html(Browser().get(own.path_of(ana)))
    assert "ben@gov.example" in html(Browser().get(decide))
    assert Browser().post(decide, {"act": "agree"}).status_code == 302

    assert ParticipationContact.objects.get(pk=ben.pk).may_speak
    assert Browser().get(decide).status_code == 302  # it is decided


def test_who_waits_sees_nothing_of_the_participation_and_does_nothing():
    round = make_round()
    ana = register(round, "ana@gov.example", priorities="Ours alone", name="Ana Ruiz")
    ben = register(round, "ben@gov.example")
    page = own.path_of(ben)

    text = html(Browser().get(page))
    assert "Ours alone" not in text
    assert "Ana Ruiz" not in text
    for path in ("edit/", "invite/", "withdraw/", f"colleague/{ben.pk}/"):
        for ask in (Browser().get, Browser().post):
            assert ask(page + path)["Location"] == page
    assert Participation.objects.get().status == Status.REGISTERED
    assert ana.participation.contacts.count() == 2


def test_another_government_has_no_say_about_a_colleague():
    ben = make_contact(make_participation(), agreed_at=None)
    stranger = make_participation().contact
    decide = f"{own.path_of(stranger)}colleague/{ben.pk}/"

    assert Browser().get(decide).status_code == 404
    assert Browser().post(decide, {"act": "agree"}).status_code == 404


def test_what_was_said_is_put_right_and_the_last_activity_stays():
    contact = make_participation().contact
    edit = f"{own.path_of(contact)}edit/"
    version = contact.participation.version
    said = {"version": version, "name": "Ana", "language": "es", "timezone": "America/Santiago"}

    refused = html(Browser().post(edit, said), 422)
    assert "withdraw instead" in refused
    answer = Browser().post(edit, said | {"activities": ["working_group"], "position": "Head"})

    assert answer.status_code == 302
    participation = Participation.objects.get()
    assert [one.value for one in participation.activities] == ["working_group"]
    assert (participation.language, participation.timezone) == ("es", "America/Santiago")
    assert participation.contacts.get().position == "Head"
    stale = html(Browser().post(edit, said | {"activities": ["interview"]}), 422)
    assert "A colleague has changed" in stale


def test_withdrawing_asks_once_more_and_leaves_a_way_back():
    contact = make_participation().contact
    page = own.path_of(contact)
    assert "taken back" in html(Browser().get(f"{page}withdraw/"))
    assert Participation.objects.get().is_active

    Browser().post(f"{page}withdraw/")

    assert Participation.objects.get().status == Status.WITHDRAWN
    assert "Register once more" in html(Browser().get(page))
    assert "withdrawn" in last_letter(contact.email).subject


def test_inviting_a_colleague_and_leaving():
    contact = make_participation().contact
    page = own.path_of(contact)

    assert Browser().post(f"{page}invite/", {"email": "ben@gov.example"}).status_code == 302
    assert "the last one" in html(Browser().post(f"{page}leave/"), 422)

    link = link_in(last_letter("ben@gov.example"))
    assert "A colleague invites you" in html(Browser().get(link))
    Browser().post(link, {"act": "confirm"})
    assert "Who speaks for your government" in html(Browser().get(link))

    assert "your link has ended" in html(Browser().post(f"{page}leave/"))
    assert Browser().get(page).status_code == 404


def test_an_invitation_can_be_declined():
    contact = make_participation().contact
    ben = speaking.join(contact.participation, "ben@gov.example")

    Browser().post(f"{own.path_of(ben)}leave/")

    assert ParticipationContact.objects.get(pk=ben.pk).left_at is not None


def test_only_so_many_colleagues_are_invited_a_day():
    page = own.path_of(make_participation().contact)
    answers = [
        Browser().post(f"{page}invite/", {"email": f"b{number}@gov.example"}).status_code
        for number in range(speaking.INVITED.number + 1)
    ]

    assert answers == [302] * speaking.INVITED.number + [429]


def test_only_so_many_are_registered_from_one_address():
    answers = [
        send(make_round(), name=f"Ana {number}").status_code
        for number in range(registering.BY_ADDRESS.number + 1)
    ]

    assert answers == [302] * registering.BY_ADDRESS.number + [429]
    assert len(letters_to("ana@gov.example")) == registering.BY_ADDRESS.number


def test_zones_are_those_of_today_and_an_old_name_that_is_stored_stays():
    page = html(Browser().get(f"/taskforce/{make_round().slug}/register/"))
    assert 'value="Asia/Kolkata"' in page
    assert "Calcutta" not in page
    assert send(make_round(), timezone="Asia/Calcutta").status_code == 422

    one = make_participation(timezone="Asia/Calcutta")
    path = f"{own.path_of(one.contact)}edit/"
    assert '<option value="Asia/Calcutta" selected>' in html(Browser().get(path))
    said = {"activities": ["interview"], "language": "en", "timezone": "Asia/Calcutta"}
    answer = Browser().post(path, said | {"name": "Ana", "version": one.version})

    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.timezone == "Asia/Calcutta"


def test_crumbs_lead_from_the_taskforce_to_the_page_of_the_government():
    one = make_participation()
    home = own.path_of(one.contact)

    above = [crumb.url for crumb in Browser().get(home).context["meta"].crumbs]
    assert above == ["/taskforce/", one.round.get_absolute_url()]
    for page in ("edit/", "invite/", "withdraw/", "leave/"):
        crumbs = Browser().get(f"{home}{page}").context["meta"].crumbs
        assert [crumb.url for crumb in crumbs] == [*above, home]
