"""What a search field suggests while one types."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from conftest import Browser
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_organisation, make_person
from hub.portal import suggestions
from hub.vocabulary.models import Scheme, TermLabel
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Edition
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db

PATH = "/search/suggestions/"


def ask(client: Browser, words: str, **headers: str) -> HttpResponse:
    return client.get(f"{PATH}?q={quote(words)}", headers=headers)


def suggested(client: Browser, words: str) -> list[str]:
    """What is suggested, without the search itself, which comes last."""
    context = ask(client, words).context
    return [one.text for one in context["suggestions"].found] if context else []


def dated(title: str, year: int, **fields) -> None:
    make_resource(title, published_on=date(year, 5, 4), published_precision="day", **fields)


def test_pages_of_the_hub_come_before_works_and_the_search_last(client):
    make_term("Coal mining", Scheme.SECTOR, slug="coal-mining")
    make_organisation("Coal Alliance", slug="coal-alliance")
    make_resource("After coal", slug="after-coal")

    page = Page(ask(client, "coal").content.decode())

    options = [link for link in page.all("a") if link["role"] == "option"]
    wanted = ["/sectors/coal-mining/", "/partners/coal-alliance/", "/resources/after-coal/"]
    assert [option["href"] for option in options] == [*wanted, "/search/?q=coal"]
    assert [option["id"] for option in options] == [f"suggestion-{n}" for n in (1, 2, 3, 4)]
    assert {option["aria-selected"] for option in options} == {"false"}
    [listbox] = page.all("ul")
    assert (listbox["role"], listbox["data-said"]) == ("listbox", "4 suggestions")
    assert page.inline_code == []


def test_each_suggestion_says_in_words_what_it_is(client):
    make_term("Coal mining", Scheme.SECTOR)
    make_term("Coal Valley", Scheme.PLACE)
    make_organisation("Coal Alliance")
    make_resource("After coal", kind="op-ed")

    text = ask(client, "coal").content.decode()

    assert [word in text for word in ("Sector", "Place", "Organisation", "Op-ed")] == [True] * 4
    assert "Search for “coal” in everything" in " ".join(text.split())


def test_works_stand_featured_first_then_by_date(client):
    dated("Coal of old", 2010)
    dated("Coal of late", 2024)
    dated("Coal chosen", 2015, is_featured=True)

    assert suggested(client, "coal") == ["Coal chosen", "Coal of late", "Coal of old"]


def test_of_a_word_in_very_many_titles_the_newest_are_found(client, monkeypatch):
    monkeypatch.setattr(suggestions, "FEW", 2)
    for year in range(2001, 2021):
        dated(f"Coal in {year}", year)

    assert suggested(client, "coal") == [f"Coal in {year}" for year in range(2020, 2013, -1)]


def test_there_are_eight_options_at_most_and_works_among_them(client):
    for number in range(9):
        make_term(f"Coal topic {number}")
        make_organisation(f"Coal union {number}")
        make_resource(f"Coal work {number}")

    found = suggested(client, "coal")

    kinds = [text.split()[1] for text in found]
    assert kinds == ["topic", "topic", "topic", "union", "work", "work", "work"]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        *[("tr", True), ("just tr", True), ("just transition", True), ("transition jus", True)],
        *[("jus transition", False), ("ransition", False), ("JUST Trans", True), ("just  ", True)],
        *[('"just tran', True), ('"transition ju', False), ("just -transition", False)],
    ],
)
def test_the_last_word_is_begun_and_the_others_are_whole(client, words, is_found):
    make_resource("Just transition", language="vi")

    assert suggested(client, words) == (["Just transition"] if is_found else [])


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("es", "Transición energética en Asturias", ["transicion ene", "TRANSICIÓN", "ener"]),
        ("de", "Grüne Kohle für die Lausitz", ["grune", "Grü", "kohle fur", "laus"]),
        ("th", "แม่เมาะแห่งความท้าทาย", ["แม่", "แม่เมาะ", "ความ"]),
        ("bg", "Перник може да получи средства", ["перн", "перник мо"]),
        ("vi", "Giúp lao động ngành than", ["giup lao", "ngành th"]),
        ("ko", "정의로운 전환", ["정의"]),
    ],
)
def test_titles_are_found_in_their_language(client, language, title, words):
    make_resource(title, language=language)
    make_resource("Something else")

    assert {one: suggested(client, one) for one in words} == {one: [title] for one in words}
    assert f'lang="{language}"' in ask(client, words[0]).content.decode()


def test_the_title_that_has_the_words_is_shown(client):
    draft = make_draft("After coal")
    Edition.objects.create(resource=draft, language="es", title="Después del carbón")
    services.publish(draft.pk)

    assert (suggested(client, "after"), suggested(client, "carbon")) == (
        ["After coal"],
        ["Después del carbón"],
    )


def test_terms_are_found_by_any_name_and_say_by_which(client):
    term = make_term("Coal mining", Scheme.SECTOR)
    TermLabel.objects.create(term=term, language="es", label="Minería", alternatives=["hulla"])
    TermLabel.objects.create(term=term, language="th", label="เหมืองถ่านหิน")

    [by_own] = ask(client, "min").context["suggestions"].found
    [by_other] = ask(client, "mineria").context["suggestions"].found
    [in_thai] = ask(client, "ถ่าน").context["suggestions"].found

    assert {one.text for one in (by_own, by_other, in_thai)} == {"Coal mining"}
    assert (by_own.also, by_other.also, in_thai.also) == ("", "Minería", "เหมืองถ่านหิน")
    assert (by_own.also_lang, by_other.also_lang, in_thai.also_lang) == ("", "es", "th")
    assert suggested(client, "ining") == []


@pytest.mark.parametrize(
    "words", ["ig", "IG BCE", "gewerkschaft berg", "bergb", "energie ta", "tarn", "bceee"]
)
def test_organisations_are_found_by_name_and_short_name(client, words):
    make_organisation("Gewerkschaft Bergbau, Énergie (Tarnów)", acronym="IG BCE")
    Organisation.objects.desk()

    wanted = [] if words == "bceee" else ["Gewerkschaft Bergbau, Énergie (Tarnów)"]
    assert suggested(client, words) == wanted
    assert suggested(client, "editorial") == []


@pytest.mark.parametrize(
    "words", ["", " ", "c", "c ", "แ", "-", "--", '"', "%", "-coal", "c%", "<>", "nothing at all"]
)
def test_what_nothing_begins_with_is_answered_with_nothing(client, words):
    make_resource("Coal")

    response = ask(client, words)

    assert (response.status_code, response.content.strip()) == (200, b"")


@pytest.mark.parametrize(
    "sent",
    [
        *("%00", "co%00al", "%FF%FE", "%ED%A0%80", "%F0%9F%8F%AD", "co:*", "co%20%26%20!", "a'b"),
        *("%5C%5C", "%25%25", "or+or", "co+or+", "-a+-b", "%22co", "co%22", "(co", "%EF%BC%88co"),
        *(
            "x" * 10_000,
            "co+" * 5_000,
            "%3Cscript%3Ecoal",
            "co_",
            *map(quote, ("ﬁ", "ß", "ａｂ", "½½", "²²")),
        ),
    ],
)
def test_odd_input_is_answered(client, sent):
    make_resource("Coal")
    make_organisation("Coal (alliance")

    response = client.generic("GET", PATH, QUERY_STRING=f"q={sent}")

    assert response.status_code == 200
    assert Page(response.content.decode()).inline_code == []


def test_what_is_not_public_is_not_suggested(client):
    make_draft("Canary draft")
    make_resource("Canary scheduled", at=timezone.now() + timedelta(hours=1))
    withdrawn = make_resource("Canary withdrawn")
    services.withdraw(withdrawn.pk, reason="A newer one is out.")
    make_person("Canary person", is_listed=False)

    assert ask(client, "canary").content.strip() == b""


def test_answers_are_kept_until_the_content_changes(client):
    make_resource("After coal")
    first = ask(client, "coal")
    unchanged = ask(client, "coal", **{"If-None-Match": first["ETag"]})

    make_resource("Before coal")
    later = ask(client, "coal", **{"If-None-Match": first["ETag"]})

    assert (first.status_code, unchanged.status_code, later.status_code) == (200, 304, 200)
    assert b"Before coal" in later.content


def test_answers_are_for_shared_caches_and_for_no_index(client):
    make_resource("After coal")

    for words in ("coal", "c"):
        response = ask(client, words)
        head = client.head(f"{PATH}?q={words}")
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
        assert response["X-Robots-Tag"] == "noindex"
        assert (dict(response.cookies), "ETag" in response) == ({}, words == "coal")
        assert (head.status_code, head.headers, head.content) == (200, response.headers, b"")


def test_a_question_that_takes_too_long_is_answered_with_nothing(client, monkeypatch):
    def slow(*_arguments: object) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    make_resource("After coal")
    make_term("Coal")
    monkeypatch.setattr(suggestions, "MILLISECONDS", 20)
    monkeypatch.setattr(suggestions, "_titled", slow)

    response = ask(client, "coal")

    assert (response.status_code, response.content) == (200, b"")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("count", [1, 6])
def test_queries_do_not_grow(client, django_assert_num_queries, count):
    for number in range(count):
        make_term(f"Coal topic {number}")
        make_organisation(f"Coal union {number}")
        make_resource(f"Coal work {number}")
    ask(client, "something")

    # The version, what is kept, the organisations; a transaction of six, in which the words are
    # read and titles found; the works; and what is kept from now on.
    with django_assert_num_queries(12):
        first = ask(client, "coal")
    with django_assert_num_queries(2):
        again = ask(client, "coal")
    assert again.content == first.content


def test_no_suggestions_for_readers_who_save_data(client):
    full, lean = client.get("/"), client.get("/", headers={"Save-Data": "on"})

    assert [script["type"] for script in Page(full.content.decode()).all("script")][-1] == "module"
    assert b"suggest" not in lean.content
