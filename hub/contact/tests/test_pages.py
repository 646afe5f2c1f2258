import pytest

from conftest import Browser
from hub import links
from hub.accounts.tests.factories import make_member
from hub.contact import services
from hub.contact.models import Letter
from hub.notices.models import Message
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from hub.tests.stamps import stamped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
PAGE = "/people/ana/write/"


@pytest.fixture
def ana():
    return make_person("Ana Ríos", slug="ana", email="ana@example.org")


def send(client, path=PAGE, **fields):
    told = {"name": "Ben", "email": "ben@example.org", "words": "How did you do it?"}
    return client.post(path, {**told, "shown": stamped("LetterForm"), **fields})


def test_a_visitor_writes_and_is_asked_to_look_into_their_mail(client, ana):
    assert "Write to Ana Ríos" in client.get("/people/ana/").content.decode()
    assert "ana@example.org" not in client.get(PAGE).content.decode()

    answer = send(client)

    assert answer["Location"] == "/letters/written/"
    assert Letter.objects.get().state == Letter.State.UNCONFIRMED
    assert [message.to for message in Message.objects.all()] == ["ben@example.org"]


def test_the_link_shows_on_get_and_sends_on_post(client, ana):
    send(client)
    path = f"/letters/{links.sign(services.PURPOSE, Letter.objects.get())}/"

    page = client.get(path).content.decode()
    assert "How did you do it?" in page
    assert Letter.objects.get().state == Letter.State.UNCONFIRMED
    assert client.post(path)["Location"] == "/letters/sent/"

    assert Letter.objects.get().state == Letter.State.PASSED
    assert client.get(path).status_code == 404


def test_a_member_needs_no_link(ana):
    browser = Browser()
    browser.force_login(make_member("ben@example.org", name="Ben"))
    assert 'value="Ben"' in browser.get(PAGE).content.decode()

    assert send(browser)["Location"] == "/letters/sent/"

    assert Message.objects.filter(to="ana@example.org").exists()


@pytest.mark.parametrize(
    "odd", [{"homepage": "https://x.example"}, {"shown": ""}, {"words": "www.x.example " * 4}]
)
def test_what_looks_like_a_robot_is_held_and_told_nothing(ana, odd):
    browser = Browser()
    browser.force_login(make_member("ben@example.org"))

    assert send(browser, **odd)["Location"] == "/letters/sent/"

    assert Letter.objects.get().state == Letter.State.HELD
    assert not Message.objects.filter(to="ana@example.org").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "https://win.example"}, "Give your name, without an address."),
        ({"name": ""}, "Enter your name."),
        ({"email": "ben@example.org\nBcc: all@example.org"}, "Enter an e-mail address with a name"),
        ({"words": " "}, "Write your letter."),
        ({"words": "x" * 5001}, "at most 5000 characters"),
    ],
)
def test_what_is_wrong_is_told_and_the_letter_is_not_lost(client, ana, wrong, said):
    answer = send(client, **wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert wrong.get("words") or "How did you do it?" in page
    assert not Letter.objects.exists()


def test_nobody_writes_to_who_is_not_listed_or_has_no_address(client):
    make_person("Eva", slug="eva", is_listed=False, email="eva@example.org")
    make_person("Tom", slug="tom", email="")

    for slug in ("eva", "tom", "nobody"):
        assert client.get(f"/people/{slug}/write/").status_code == 404
        assert send(client, f"/people/{slug}/write/").status_code == 404
    assert not Letter.objects.exists()


def test_many_letters_are_too_many(client, ana):
    answers = [send(client, email=f"person{number}@example.org") for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Retry-After" in answers[-1].headers


def test_the_secretariat_looks_at_odd_letters_and_decides(client, ana):
    letter = services.confirm(
        services.write(
            ana, name="Ben", email="ben@example.org", words="Hi", language="en", suspicions=["odd"]
        )
    )
    client.force_login(make_user(is_secretariat=True))
    assert "Letters to look at" in client.get("/admin/").content.decode()
    act = {"action": "pass_on", "_selected_action": letter.pk}

    asked = client.post("/admin/contact/letter/", act).content.decode()
    before = Letter.objects.get().state
    client.post("/admin/contact/letter/", act | {"confirmed": "1"})

    assert "Pass these letters on?" in asked
    assert (before, Letter.objects.get().state) == (Letter.State.HELD, Letter.State.PASSED)


def test_the_desk_reads_what_is_held_and_not_what_was_passed_on(client, ana):
    held = services.write(
        ana, name="Ben", email="ben@example.org", words="Hidden", language="en", suspicions=["odd"]
    )
    services.confirm(held)
    client.force_login(make_user(is_secretariat=True))
    path = f"/admin/contact/letter/{held.pk}/change/"

    assert "Hidden" in client.get(path).content.decode()
    services.decide(make_user(is_secretariat=True), held, is_good=True)

    page = client.get(path).content.decode()
    assert "Hidden" not in page
    assert "ben@example.org" not in page


def test_partners_see_no_letters(client, ana):
    letter = services.write(ana, name="Ben", email="ben@example.org", words="Hi", language="en")
    client.force_login(make_editor(make_organisation()))

    assert client.get("/admin/contact/letter/").status_code == 403
    assert client.get(f"/admin/contact/letter/{letter.pk}/change/").status_code in (302, 403)
