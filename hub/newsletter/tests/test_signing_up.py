"""Who gets the newsletter has agreed to it, and whoever ends it gets nothing more."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conftest import Browser
from hub import links
from hub.accounts.tests.factories import verified
from hub.members import data
from hub.newsletter import signing_up
from hub.newsletter.models import Group, Subscription
from hub.newsletter.signing_up import CONFIRM, PREFERENCES, UNSUBSCRIBE, Consent, Wishes
from hub.newsletter.tests.factories import CONSENT, make_reader
from hub.notices.models import Message
from hub.partners.tests.factories import make_user
from hub.tests.stamps import stamped
from hub.vocabulary.tests.factories import make_term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
ONE_CLICK = "List-Unsubscribe=One-Click"


def send(email: str = "ana@example.org", browser: Browser | None = None, **said: object):
    told = {
        "shown": stamped("SignUpForm"),
        "email": email,
        "languages": ["en"],
        "cadence": "every",
    }
    return (browser or Browser()).post("/newsletter/", told | said)


def subscription_of(email: str = "ana@example.org") -> Subscription:
    return Subscription.objects.get(email=email)


def letters_to(email: str) -> list[Message]:
    return list(Message.objects.filter(to=email).order_by("pk"))


def path_in(letter: Message) -> str:
    return urlsplit(re.search(r"https://\S+/newsletter/\S+", letter.text)[0]).path


def path_of(purpose: str, subscription: Subscription) -> str:
    return signing_up.path_of(purpose, subscription)


def test_a_reader_signs_up_confirms_and_every_part_of_the_evidence_is_there():
    coal, silesia = make_term("Coal"), make_term("Silesia", scheme="place")

    answer = send(
        languages=["es", "en"],
        groups=["news", "events"],
        topics=[coal.pk],
        places=[silesia.pk],
        cadence="monthly",
    )

    assert answer["Location"] == "/newsletter/written/"
    [letter] = letters_to("ana@example.org")
    assert not subscription_of().is_receiving
    path = path_in(letter)
    assert Browser().get(path).status_code == 200
    assert not subscription_of().is_receiving  # looking is not agreeing
    assert Browser().post(path).status_code == 302

    told = subscription_of()
    assert told.is_receiving
    assert told.asked_at < told.confirmed_at
    assert told.wording == signing_up.wording()
    assert told.wording_version == Consent(told.wording, "/").version
    assert told.source_path == "/newsletter/"
    assert (told.languages, told.groups) == (["es", "en"], ["news", "events"])
    assert (told.cadence, set(told.terms.all())) == ("monthly", {coal, silesia})
    assert list(Subscription.objects.receiving()) == [told]


def test_another_sentence_is_another_version():
    assert Consent("Yes.", "/").version != CONSENT.version
    assert Consent(CONSENT.wording, "/elsewhere/").version == CONSENT.version


def test_answers_are_the_same_whether_an_address_is_known():
    reader = make_reader("known@example.org", groups=["news"])

    known, new = send("known@example.org", groups=["events"]), send("new@example.org")

    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert known.content == new.content
    reader.refresh_from_db()
    assert reader.groups == ["news"]  # who asked may have been anybody


def test_who_gets_it_already_is_led_to_what_they_chose():
    make_reader()
    Message.objects.all().delete()

    send()

    [letter] = letters_to("ana@example.org")
    assert letter.subject == "You get the newsletter already"
    assert "It goes to ana@example.org" in Browser().get(path_in(letter)).content.decode()


def test_five_hundred_who_spell_one_address_in_twenty_ways_cause_one_letter(transactional_db):
    """From a hundred clients, many at once."""
    spellings = [
        f"{name}+{tag}@{host}"
        for name in ("ana", "A.na", "an.A", "a.n.a")
        for tag, host in (
            ("", "example.org"),
            ("news", "Example.org"),
            ("x", "EXAMPLE.ORG"),
            ("y", "example.org"),
        )
    ]
    spellings += ["ana@example.org", "ANA@EXAMPLE.ORG", "a.na@example.org", "an.a@example.org"]
    assert len(set(spellings)) == 20

    def one(number: int) -> int:
        try:
            browser = Browser(REMOTE_ADDR=f"10.1.0.{number % 100}")
            return send(spellings[number % 20], browser).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(one, range(500)))

    assert answers == {302}
    assert Message.objects.count() == 1
    assert Subscription.objects.count() == 1


def test_a_client_that_signs_up_many_others_is_stopped_in_words():
    browser = Browser(REMOTE_ADDR="10.9.9.9")

    answers = [send(f"guest{number}@example.org", browser) for number in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]


def test_who_is_signed_in_with_the_address_needs_no_letter():
    user = verified(make_user("ana@example.org"))
    browser = Browser()
    browser.force_login(user)

    send("ana@example.org", browser)

    assert subscription_of().is_receiving
    assert letters_to("ana@example.org") == []
    assert "Your newsletter" in browser.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "a@b\nBcc: c@d.org"}, "Enter an e-mail address"),
        ({"languages": []}, "Choose at least one language."),
        ({"languages": ["xx"]}, "Select a valid choice"),
        ({"groups": ["secret"]}, "Select a valid choice"),
        ({"topics": ["9999999999999999999999"]}, "Select a valid choice"),
        ({"places": ["\0"]}, "Select a valid choice"),
        ({"cadence": ""}, "Choose how often."),
        ({"homepage": "https://x.org"}, "Leave the field for robots empty"),
        ({"shown": None}, "quicker than we expect"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(said, words):
    if "shown" in said:
        said = {"shown": stamped("SignUpForm", seconds=0)}
    answer = send(**({"email": "ana@example.org", "groups": ["news"]} | said))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    if "groups" not in said:
        assert re.search(r'value="news"[^>]*checked', page)
    assert not Subscription.objects.exists()


def test_a_link_is_over_after_a_week_and_after_its_use():
    send()
    path = path_in(letters_to("ana@example.org")[0])
    Browser().post(path)
    assert Browser().get(path).status_code == 404

    Subscription.objects.update(confirmed_at=None, asked_at=timezone.now() - timedelta(days=8))
    assert Browser().get(path).status_code == 404


def test_what_a_reader_chose_is_changed_by_their_link():
    reader = make_reader()
    path = path_of(PREFERENCES, reader)

    answer = Browser().post(
        path, {"languages": ["th"], "groups": ["research"], "cadence": "monthly"}
    )
    page = Browser().get(answer["Location"]).content.decode()
    wrong = Browser().post(path, {"cadence": "monthly"})

    reader.refresh_from_db()
    assert (reader.languages, reader.groups, reader.cadence) == (["th"], ["research"], "monthly")
    assert "Your choice is kept." in page
    assert wrong.status_code == 422


def test_a_reader_ends_it_and_comes_back():
    reader = make_reader()
    path = path_of(PREFERENCES, reader)

    ended = Browser().post(path, {"act": "end"})
    assert not subscription_of().is_receiving
    assert "You get the newsletter no more." in Browser().get(ended["Location"]).content.decode()

    Browser().post(path, {"act": "back"})
    reader = subscription_of()
    assert (reader.is_receiving, reader.ending) == (True, "")


@pytest.mark.parametrize("body", ["urlencoded", "multipart", "empty"])
def test_one_click_ends_it_without_cookie_page_or_second_step(body):
    path = path_of(UNSUBSCRIBE, make_reader())
    browser = Browser(enforce_csrf_checks=True)
    sent = {
        "urlencoded": lambda: browser.post(path, ONE_CLICK, "application/x-www-form-urlencoded"),
        "multipart": lambda: browser.post(path, {"List-Unsubscribe": "One-Click"}),
        "empty": lambda: browser.generic("POST", path),
    }[body]

    assert browser.get(path).status_code == 200
    assert subscription_of().is_receiving  # mail programs look at links by themselves
    first, moment = sent(), subscription_of().ended_at
    again = sent()

    for answer in (first, again):
        assert (answer.status_code, answer.has_header("Location")) == (200, False)
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    assert subscription_of().ended_at == moment is not None


def test_a_token_serves_its_own_purpose_alone():
    reader = make_reader()
    tokens = {purpose: links.sign(purpose, reader) for purpose in (PREFERENCES, UNSUBSCRIBE)}
    pages = {PREFERENCES: "preferences", UNSUBSCRIBE: "unsubscribe", CONFIRM: "confirm"}

    for purpose, token in tokens.items():
        for page in pages.values():
            answer = Browser().post(
                f"/newsletter/{page}/{token}/", {"languages": ["en"], "cadence": "every"}
            )
            is_own = page == pages[purpose]
            assert (answer.status_code in (200, 302)) == is_own
        forged = f"{token[:-2]}{'xy' if not token.endswith('xy') else 'yx'}"
        assert Browser().post(f"/newsletter/{pages[purpose]}/{forged}/").status_code == 404


def test_pages_of_readers_are_kept_and_told_nowhere():
    reader = make_reader()
    for purpose in (PREFERENCES, UNSUBSCRIBE):
        answer = Browser().get(path_of(purpose, reader))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex"


def test_other_pages_lead_to_it_and_set_no_cookie(client):
    answer = client.get("/about/")

    assert 'href="/newsletter/"' in answer.content.decode()
    assert not answer.cookies


def test_a_fault_leaves_the_mailbox_free_for_another_try(monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(signing_up.notices, "send", fail)
        with pytest.raises(RuntimeError):
            signing_up.sign_up("ana@example.org", Wishes(), CONSENT, "en")
    assert not Subscription.objects.exists()

    signing_up.sign_up("ana@example.org", Wishes(), CONSENT, "en")
    assert len(letters_to("ana@example.org")) == 1


def test_who_ended_it_can_sign_up_anew_and_agrees_anew():
    reader = make_reader()
    signing_up.end(reader.pk)

    send(groups=["research"])
    reader.refresh_from_db()
    assert not reader.is_receiving
    Browser().post(path_in(letters_to("ana@example.org")[-1]))

    reader.refresh_from_db()
    assert (reader.is_receiving, reader.groups) == (True, ["research"])
    assert reader.wording == signing_up.wording()


def test_what_is_too_old_is_let_go_of_and_nothing_else():
    moment = timezone.now()
    make_reader("stays@example.org")
    for email, fields in {
        "never@example.org": {"confirmed_at": None, "asked_at": moment - timedelta(days=8)},
        "waits@example.org": {"confirmed_at": None, "asked_at": moment - timedelta(days=6)},
        "ended@example.org": {"ended_at": moment - timedelta(days=366), "ending": "asked"},
        "lately@example.org": {"ended_at": moment - timedelta(days=364), "ending": "asked"},
    }.items():
        Subscription.objects.filter(pk=make_reader(email).pk).update(**fields)

    call_command("retain", verbosity=0)

    kept = set(Subscription.objects.values_list("email", flat=True))
    assert kept == {"stays@example.org", "waits@example.org", "lately@example.org"}


def test_a_person_takes_it_along_and_erases_it():
    user = verified(make_user("ana@example.org"))
    make_reader("ANA@example.org", groups=["news"])

    assert "You may write to me." in str(list(data.told_of(user)))
    data.erase(user)

    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE newsletter_subscription SET wording = ''",
        "UPDATE newsletter_subscription SET ended_at = now()",
        "UPDATE newsletter_subscription SET ending = 'asked'",
        "UPDATE newsletter_subscription SET confirmed_at = NULL, ended_at = now(), ending = 'asked'",
    ],
)
def test_the_database_keeps_consents_whole(change):
    make_reader()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_an_address_is_there_once_however_large_its_letters_are():
    make_reader()

    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(email="ANA@example.org", **CONSENT.columns)


def test_the_secretariat_looks_at_readers_and_changes_none():
    reader = make_reader(groups=[Group.NEWS])
    desk = Browser()
    desk.force_login(make_user("desk@example.org", is_secretariat=True))
    path = f"/admin/newsletter/subscription/{reader.pk}/change/"

    listed = desk.get("/admin/newsletter/subscription/?standing=receiving&group=news")
    shown = desk.get(path)

    assert "ana@example.org" in listed.content.decode()
    assert "You may write to me." in shown.content.decode()
    assert desk.post(path, {"email": "x@example.org"}).status_code == 403
    assert desk.get("/admin/newsletter/subscription/?standing=over").content.count(b"ana@") == 0
    editor = Browser()
    editor.force_login(make_user("editor@example.org"))
    assert editor.get(path).status_code in (302, 403)
