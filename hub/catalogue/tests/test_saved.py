"""Lists followed by mail: asking, confirming, what is told, stopping."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from conftest import Browser
from hub.accounts.tests.factories import make_member
from hub.bounded import bounded
from hub.catalogue import saved, saved_letters
from hub.catalogue.models import SavedSearch
from hub.catalogue.personal import _retain
from hub.notices.models import Message
from hub.partners.holdings import holdings
from hub.tests.stamps import stamped
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.tests.factories import make_draft

pytestmark = pytest.mark.django_db
ADDRESS = "/resources/?topic=finance"


@pytest.fixture
def finance():
    return make_term("Finance", slug="finance")


def new_path(of=ADDRESS) -> str:
    return f"/saved-searches/new/?{urlencode({'of': of})}"


def ask(client, email="ana@example.org", of=ADDRESS, cadence="daily", **extra):
    sent = {"email": email, "cadence": cadence, "shown": stamped("SavedSearchForm")}
    return client.post(new_path(of), sent, **extra)


def follow(email="ana@example.org", query=ADDRESS, cadence="daily", days=1, **fields):
    """A search that was confirmed, and looked after the day before."""
    ago = timezone.now() - timedelta(days=days)
    told = {"confirmed_at": ago, "told_until": ago, "looked_on": ago.date(), "asked_at": ago}
    return SavedSearch.objects.create(
        email=email, query=query, cadence=cadence, source="form", wording="x", **{**told, **fields}
    )


def publish(title, hours_ago=2, **fields):
    draft = make_draft(title, **fields)
    services.publish(draft.pk, at=timezone.now() - timedelta(hours=hours_ago))
    return draft


def news():
    return Message.objects.filter(template="saved/news").order_by("pk")


def links_in(message, part):
    return [
        urlsplit(word).path for word in re.findall(r"https?://\S+", message.text) if part in word
    ]


def test_a_list_is_asked_for_confirmed_and_told(client, finance):
    assert ask(client)["Location"] == "/saved-searches/asked/"
    assert client.get("/saved-searches/asked/").status_code == 200
    publish("Before anybody confirmed", terms=(finance,))
    (path,) = links_in(Message.objects.get(), "/saved-searches/")
    page = client.get(path)
    assert b"Library: Finance" in page.content
    assert SavedSearch.objects.get().confirmed_at is None, "opening the link is no consent"

    search = SavedSearch.objects.get()
    assert client.post(path, {"act": "confirm", "search": search.pk}).status_code == 302
    search.refresh_from_db()
    assert [search.source, search.wording] == ["form", saved.WORDING]
    assert search.asked_at < search.confirmed_at
    SavedSearch.objects.update(
        told_until=timezone.now() - timedelta(hours=1),
        looked_on=timezone.now().date() - timedelta(days=1),
    )
    publish("Money for miners", hours_ago=0.5, terms=(finance,), publishers=("ILO",))
    publish("Wind", hours_ago=0.5)
    saved_letters.tell_batch()

    letter = news().get()
    assert letter.to == "ana@example.org"
    assert letter.subject == "1 new entry in a list that you follow"
    for text in (letter.text, letter.html):
        assert "In the list that you follow: Library: Finance" in text
        assert "Money for miners" in text
        assert "ILO" in text
        assert "Wind" not in text
        assert "Before anybody" not in text
        assert f"You get this because on {timezone.now():%-d %B %Y}" in text
        assert "https://hub.example.org/resources/?topic=finance" in text
    (stop,) = links_in(letter, "/stop/")
    assert letter.stop_url == f"https://hub.example.org{stop}"
    assert client.get(links_in(letter, "/saved-searches/")[-1]).status_code == 200


def test_nothing_is_sent_when_nothing_is_new_and_nothing_is_told_twice(finance):
    follow()
    saved_letters.tell_batch()
    assert not Message.objects.exists()
    assert SavedSearch.objects.get().looked_on == timezone.now().date()

    publish("Coal", terms=(finance,), hours_ago=1)
    saved_letters.tell_batch()
    assert not Message.objects.exists(), "once a day"


def test_each_is_told_once_day_after_day(finance):
    search = follow()
    publish("First", terms=(finance,), hours_ago=3)
    saved_letters.tell(search.pk, timezone.now() - timedelta(hours=2), timezone.now().date())
    publish("Second", terms=(finance,), hours_ago=1)
    tomorrow = timezone.now().date() + timedelta(days=1)
    for _time in range(3):
        saved_letters.tell(search.pk, timezone.now(), tomorrow)

    first, second = news()
    assert "First" in first.text
    assert "Second" not in first.text
    assert "Second" in second.text
    assert "First" not in second.text


def test_a_scheduled_work_is_told_when_it_becomes_public(finance):
    search = follow(days=3)
    today = timezone.now().date()
    moment = timezone.now() + timedelta(seconds=2)
    services.publish(make_draft("Scheduled", terms=(finance,)).pk, at=moment)
    saved_letters.tell(search.pk, timezone.now(), today)
    assert not news().exists()

    time.sleep(max(0, (moment - timezone.now()).total_seconds()) + 0.1)
    for ahead in (1, 2):
        saved_letters.tell(search.pk, timezone.now(), today + timedelta(days=ahead))
    assert "Scheduled" in news().get().text


def test_weekly_is_once_in_seven_days(finance):
    follow(cadence="weekly", days=6)
    late = follow("bo@example.org", cadence="weekly", days=7)
    publish("Coal", terms=(finance,))

    saved_letters.tell_batch()

    assert [letter.to for letter in news()] == [late.email]


def test_a_worker_that_dies_leaves_nothing_half_done(finance, monkeypatch):
    search = follow()
    publish("Coal", terms=(finance,))
    whole = SavedSearch.save

    def dies(self, *args, **kwargs):
        whole(self, *args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(SavedSearch, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        saved_letters.tell_batch()
    assert not news().exists()
    monkeypatch.undo()

    saved_letters.tell_batch()
    saved_letters.tell_batch()
    assert news().get().to == search.email


def test_what_takes_too_long_is_told_on_another_day(finance, monkeypatch):
    follow()
    publish("Coal", terms=(finance,))
    monkeypatch.setattr(saved_letters, "came", stopped)
    saved_letters.tell_batch()
    monkeypatch.undo()
    search = SavedSearch.objects.get()
    assert search.looked_on == timezone.now().date()
    saved_letters.tell(search.pk, timezone.now(), timezone.now().date() + timedelta(days=1))
    assert news().count() == 1


def stopped(*_asked):
    """The database is told to stop at once, as it is when it took too long."""
    with bounded(1), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")


@pytest.mark.django_db(transaction=True)
def test_who_publishes_in_a_long_transaction_is_waited_for():
    def publishes():
        with transaction.atomic():
            began = timezone.now()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            ready.append(began)
            while not goes_on:
                pass
        connections.close_all()

    ready, goes_on = [], []
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(publishes)
        while not ready:
            pass
        held = saved_letters.settled_until()
        goes_on.append(True)
        running.result()
    assert held < ready[0]
    assert saved_letters.settled_until() > held


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter(finance):
    for number in range(10):
        follow(f"reader{number}@example.org")
    publish("Coal", terms=(finance,))

    def work(_number):
        saved_letters.tell_batch()
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    saved_letters.tell_batch()

    told = [letter.to for letter in news()]
    assert len(told) == len(set(told)) == 10


def test_drafts_and_what_was_withdrawn_are_never_told(finance):
    follow(query="/search/")
    make_draft("CANARY draft", terms=(finance,), summary="CANARY")
    gone = publish("CANARY gone", terms=(finance,))
    services.withdraw(gone.pk, reason="A mistake.")
    publish("Seen")

    saved_letters.tell_batch()

    assert "Seen" in news().get().text
    assert not any("CANARY" in m.text + m.html + m.subject for m in Message.objects.all())


def test_words_are_told_in_their_list_and_harmless(finance):
    follow(query="/search/?q=coal+evil.example")
    publish("Coal on evil.example <b>now</b>")
    saved_letters.tell_batch()

    letter = news().get()
    assert "evil.example" not in letter.text.replace("q=coal+evil.example", "")
    assert "<b>now" not in letter.html


def test_a_list_that_cannot_be_read_any_more_is_told_once(finance):
    search = follow()
    Term.objects.filter(slug="finance").delete()
    today = timezone.now().date()
    for ahead in range(3):
        saved_letters.tell(search.pk, timezone.now(), today + timedelta(days=ahead))

    letter = Message.objects.get(template="saved/unreadable")
    assert "there is no such topic here" in letter.text
    assert letter.stop_url
    make_term("Finance", slug="finance")
    saved_letters.tell(search.pk, timezone.now(), today + timedelta(days=4))
    assert SavedSearch.objects.get().unreadable_since is None


SPELLINGS = [
    *("ana@example.org", "Ana@example.org", "ANA@EXAMPLE.ORG", "a.na@example.org"),
    *("an.a@example.org", "a.n.a@example.org", "ana+1@example.org", "ana+2@example.org"),
    *("Ana+x@example.org", "a.n.a+y@Example.Org", "aNa@example.org", "anA@example.org"),
    *("A.NA@example.org", "AN.A@example.org", "ana+news@example.org", "ana+jobs@example.org"),
    *("ana+a.b@example.org", "ana+a+b@example.org", "Ana+a+b@example.org", "aNA@example.org"),
]


def test_one_address_is_written_to_once_a_day_however_it_is_spelt(client, finance):
    for number in range(100):
        of = f"/resources/?q=coal{number % 7}"
        email = SPELLINGS[number % len(SPELLINGS)]
        ask(client, email, of, REMOTE_ADDR=f"192.0.2.{number}")

    assert len(SPELLINGS) == 20
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_letter_of_many_who_ask_at_once(finance):
    def asks(number):
        of = f"/resources/?q=w{number}"
        answer = ask(Browser(), SPELLINGS[number], of, REMOTE_ADDR=f"192.0.2.{number}")
        connections.close_all()
        return answer.status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(asks, range(len(SPELLINGS))))

    assert set(answers) == {302}
    assert Message.objects.count() == 1


def test_one_link_confirms_all_that_was_asked_for(client, finance):
    for of in (ADDRESS, "/search/?q=coal", "/resources/?sort=title&topic=finance&page=3"):
        ask(client, of=of)
    (path,) = links_in(Message.objects.get(), "/saved-searches/")
    keys = list(SavedSearch.objects.values_list("pk", flat=True))
    assert len(keys) == 2, "another order of the same list is the same"

    client.post(path, {"act": "confirm", "search": keys})

    assert SavedSearch.objects.followed().count() == 2


def test_who_is_signed_in_need_not_confirm_their_address(client, finance):
    ana = make_member("Ana@example.org")
    client.force_login(ana)
    assert b'value="ana@example.org"' in client.get(new_path()).content.lower()

    response = ask(client, "ana@example.org")

    search = SavedSearch.objects.get()
    assert search.confirmed_at
    assert search.source == "account"
    assert not Message.objects.exists()
    assert b"Library: Finance" in client.get(response["Location"]).content
    assert b"Library: Finance" in client.get("/account/").content
    ask(client, "bo@example.org")
    assert SavedSearch.objects.get(email="bo@example.org").confirmed_at is None


def test_what_is_followed_cannot_be_changed_by_others(client, finance):
    follow(cadence="weekly")

    assert ask(client, cadence="daily")["Location"] == "/saved-searches/asked/"

    search = SavedSearch.objects.get()
    assert [search.cadence, Message.objects.count()] == ["weekly", 0]
    assert search.confirmed_at


def test_one_click_ends_it_without_cookie_form_or_body(finance):
    search = follow()
    other = follow(query="/search/?q=coal")
    publish("Coal", terms=(finance,))
    saved_letters.tell_batch()
    mine = Message.objects.get(dedup_key__startswith=f"saved-search:{search.pk}:")
    path = urlsplit(mine.stop_url).path
    strict = Browser(enforce_csrf_checks=True)

    shown = strict.get(path)
    assert shown.status_code == 200
    assert not shown.cookies
    assert SavedSearch.objects.get(pk=search.pk).stopped_at is None
    bodies = [
        {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"List-Unsubscribe": "One-Click"}},  # multipart/form-data
        {},
    ]
    for body in bodies:
        response = strict.post(path, **body)
        assert response.status_code == 200
        assert not response.cookies
        assert b"You get no more of these letters" in response.content

    mine.refresh_from_db()
    assert mine.state == Message.State.CANCELLED, "it waited to go out"
    assert SavedSearch.objects.get(pk=search.pk).stopped_at
    assert SavedSearch.objects.get(pk=other.pk).stopped_at is None
    saved_letters.tell(search.pk, timezone.now(), timezone.now().date() + timedelta(days=9))
    assert news().filter(dedup_key__startswith=f"saved-search:{search.pk}:").count() == 1


def test_the_links_have_one_purpose_each(client, finance):
    search = follow()
    manage = saved.path_of(search).split("/")[-2]
    stop = saved.stop_path_of(search).split("/")[-2]

    assert client.post(f"/saved-searches/stop/{manage}/").status_code == 404
    assert client.get(f"/saved-searches/{stop}/").status_code == 404


def test_the_page_of_an_address_changes_its_own_alone(client, finance):
    mine, theirs = follow(), follow("bo@example.org")
    path = saved.path_of(mine)
    keys = [mine.pk, theirs.pk]

    page = client.get(path)
    assert page["Cache-Control"]
    assert "no-store" in page["Cache-Control"]
    client.post(path, {"act": "change", "cadence": "weekly", "search": keys})
    client.post(path, {"act": "stop", "search": keys})

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert [mine.cadence, bool(mine.stopped_at)] == ["weekly", True]
    assert [theirs.cadence, theirs.stopped_at] == ["daily", None]
    assert b"You follow no list" in client.get(path).content


def test_followed_again_after_its_end_is_confirmed_again(client, finance):
    search = follow()
    saved.stop([search.pk])
    ask(client)
    search.refresh_from_db()
    assert search.stopped_at is search.confirmed_at is None
    assert Message.objects.filter(template="saved/confirm").count() == 1


def test_more_lists_than_one_can_read_are_refused_in_words(client, finance, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    for number in range(2):
        follow(query=f"/search/?q=w{number}")
    ask(client)
    search = SavedSearch.objects.unconfirmed().get()

    response = client.post(saved.path_of(search), {"act": "confirm", "search": search.pk})

    assert response.status_code == 422
    assert b"Stop one first" in response.content


@pytest.mark.parametrize(
    "of",
    [
        *("", "/", "/about/", "https://evil.example/resources/", "//resources/", "/resources"),
        *("\0", "/admin/?q=coal", "x" * 30_000),
    ],
)
def test_what_is_no_list_cannot_be_followed(client, of):
    assert client.get(new_path(of)).status_code == 404


@pytest.mark.parametrize(
    "of",
    [
        "/search/?q=%00",
        "/search/?topic=dragons&page=x",
        "/resources/?q=\u202e\ufffe",
        "/search/?&&==",
    ],
)
def test_odd_lists_are_followed_as_far_as_they_are_read(client, of):
    assert client.get(new_path(of)).status_code == 200
    assert ask(client, of=of).status_code == 302
    assert SavedSearch.objects.get().query in ("/search/", "/resources/", "/search/?q=%E2%80%AE")


@pytest.mark.parametrize(
    "sent",
    [
        *({}, {"email": "x"}, {"email": "a\0@b.org", "cadence": "daily"}),
        *(
            {"email": "a@b.org", "cadence": "hourly"},
            {"email": "a" * 1_000_000, "cadence": "daily"},
        ),
        {"email": "a@b.org", "cadence": "daily", "homepage": "http://evil.example"},
    ],
)
def test_odd_answers_are_refused_in_words(client, sent):
    response = client.post(new_path(), {"shown": stamped("SavedSearchForm"), **sent})
    assert response.status_code == 422
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"act": "evil"}, {"act": "stop", "search": ["x", "9" * 40, "-1", "\0"]}]
)
def test_odd_acts_do_nothing(client, finance, sent):
    search = follow()
    assert client.post(saved.path_of(search), sent).status_code in (302, 422)
    search.refresh_from_db()
    assert search.stopped_at is None


def test_a_list_with_too_many_choices_is_refused_in_words(client):
    of = "/search/?" + urlencode({"q": "ก" * 190})
    query = of + "&from=1990&to=2020&exact=1" + "&kind=report" * 9
    assert ask(client, of=query).status_code in (302, 422)
    kinds = [f"term-{number}-{'x' * 60}" for number in range(30)]
    for slug in kinds:
        make_term(slug, slug=slug)
    long = "/search/?" + urlencode({"topic": kinds}, doseq=True)
    response = ask(client, of=long)
    assert response.status_code == 422
    assert b"too many choices" in response.content


def test_lists_lead_to_being_followed(client, finance):
    publish("Coal", terms=(finance,))
    for path in ("/resources/?topic=finance&sort=title", "/search/?q=coal"):
        content = client.get(path).content.decode()
        assert "Get this list by mail" in content
        (href,) = re.findall(r'href="(/saved-searches/new/[^"]+)"', content)
        assert client.get(href.replace("&amp;", "&")).status_code == 200


def test_what_is_kept_of_followers_goes_in_time(finance):
    week, quarter = timedelta(days=8), timedelta(days=91)
    now = timezone.now()
    follow(query="/search/?q=a", confirmed_at=None, asked_at=now - week)
    follow(query="/search/?q=b", stopped_at=now - quarter)
    standing = follow(query="/search/?q=c", asked_at=now - quarter)
    fresh = follow(query="/search/?q=d", confirmed_at=None, asked_at=now)

    assert _retain(SavedSearch.objects.all()) == 2
    assert set(SavedSearch.objects.all()) == {standing, fresh}


def test_who_erases_themselves_follows_nothing(finance):
    follow("Ana@example.org".lower())
    other = follow("bo@example.org")
    publish("Coal", terms=(finance,))
    saved_letters.tell_batch()
    (holding,) = [one for one in holdings if one.model is SavedSearch]
    told = [holding.export(row) for row in holding.rows("ANA@example.org")]
    assert told[0]["e-mail address"] == "ana@example.org"

    holding.erase(holding.rows("ANA@example.org"))

    assert SavedSearch.objects.get() == other
    assert Message.objects.get(to="ana@example.org").state == Message.State.CANCELLED


def test_a_batch_has_the_next_one_gone_through(finance, monkeypatch):
    monkeypatch.setattr(saved_letters, "BATCH", 2)
    for number in range(5):
        follow(f"r{number}@example.org")
    publish("Coal", terms=(finance,))
    last, rounds = 0, 0
    while True:
        rounds += 1
        last = saved_letters.tell_batch(last)
        if not last:
            break
    assert [rounds, news().count()] == [3, 5]


def test_a_follower_costs_few_questions(finance, django_assert_max_num_queries):
    search = follow(query="/resources/?q=coal&topic=finance")
    for number in range(12):
        publish(f"Coal {number}", terms=(finance,))
    with django_assert_max_num_queries(30):
        saved_letters.tell(search.pk, timezone.now(), timezone.now().date())
    assert "And 2 more." in news().get().text
