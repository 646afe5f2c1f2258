"""What is not public is nowhere: not in a page, a count, a suggestion or an address."""

import time
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone

from conftest import Browser
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_organisation, make_person
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_term
from knowledge import reading, services
from knowledge.models import Credit, Edition, Identifier, Link, Resource
from knowledge.tests.factories import make_cover, make_draft, make_file, make_resource
from tests.pages import addresses, is_form

pytestmark = pytest.mark.django_db

# Every text that a resource has; its canary is the word of the resource with the field's behind it.
FIELDS = [
    *("title", "subtitle", "summary", "body", "foreign", "author", "publisher", "tag", "licence"),
    *("address", "label", "doi", "source", "note", "cover", "file"),
]


@pytest.fixture
def terms() -> list[Term]:
    country = make_term("Spain", Scheme.PLACE, slug="spain", is_focus=True)
    region = make_term("Asturias", Scheme.PLACE, slug="asturias", parent=country)
    return [
        make_term("Finance", slug="finance"),
        make_term("Steel", "sector", slug="steel"),
        region,
    ]


@pytest.fixture
def owner() -> Organisation:
    return make_organisation("Partner of all", slug="partner")


def make_full(word: str, terms: Iterable[Term], owner: Organisation) -> Resource:
    """A draft that has its canary in every text field, and in its address."""
    draft = make_draft(
        f"{word}title words",
        slug=word,
        summary=f"{word}summary",
        owner=owner,
        terms=terms,
        publishers=[f"{word}publisher"],
        licence=f"{word}licence",
        source_url=f"https://{word}source.example/",
        curator_note=f"{word}note",
        published_on=date(2019, 5, 4),
        published_precision="day",
    )
    draft.editions.update(subtitle=f"{word}subtitle", body=f"<p>{word}body</p>")
    Edition.objects.create(resource=draft, language="es", title=f"{word}foreign")
    Credit.objects.create(resource=draft, role=Credit.Role.AUTHOR, name=f"{word}author")
    Link.objects.create(resource=draft, url=f"https://{word}address.example/", label=f"{word}label")
    Identifier.objects.create(resource=draft, scheme="doi", value=f"10.1/{word}doi")
    Credit.objects.create(resource=draft, role=Credit.Role.PUBLISHER, organisation=owner)
    draft.tags.add(f"{word}tag")
    make_cover(draft, alt=f"{word}cover")
    file = make_file(draft, f"{word}file words")
    reading.read(file.pk)
    return draft


def past() -> timezone.datetime:
    return timezone.now() - timedelta(hours=1)


def future() -> timezone.datetime:
    return timezone.now() + timedelta(hours=1)


def lists() -> list[str]:
    """Lists in every order and by every facet."""
    choices = [
        *("", "sort=title", "sort=oldest", "q=words", "kind=report", "language=en", "language=es"),
        *("topic=finance", "sector=steel", "place=spain", "place=asturias", "from=2019"),
        *("topic=finance&place=spain&kind=report&from=2019&to=2019", "publisher=partner"),
    ]
    paths = ("/resources/", "/search/", "/resources.atom", "/search.atom")
    found = [f"{path}?{choice}" for path in paths for choice in choices]
    begun = ("words", "canary", "canaryti", "canaryfor", "sp", "par")
    return [*found, *(f"/search/suggestions/?q={words}" for words in begun)]


def everything(browser: Browser) -> dict[str, HttpResponse]:
    run_waiting_jobs()
    return {path: browser.get(path) for path in [*addresses(), *lists()]}


def canaries_in(response: HttpResponse, word: str) -> set[str]:
    text = response.getvalue().decode(errors="replace") + str(response.headers)
    return {field for field in FIELDS if f"{word}{field}" in text}


def test_what_is_public_shows_all_but_the_note(client, terms, owner):
    """That the canaries of these tests are seen where they may be."""
    services.publish(make_full("canary", terms, owner).pk, at=past())

    answers = everything(client)

    assert canaries_in(answers["/resources/canary/"], "canary") == {*FIELDS} - {"note", "file"}
    for path in ("/resources/canary/text/", "/search/?q=words"):
        assert "file" in canaries_in(answers[path], "canary")
    showing = {path for path, answer in answers.items() if canaries_in(answer, "canary")}
    assert {"/", "/resources/?topic=finance", "/search/?q=words", "/places/spain/"} <= showing
    assert {"/topics/finance/", "/sectors/steel/", "/partners/partner/"} <= showing


def hide(state: str, resource: Resource) -> None:
    if state == "scheduled":
        services.publish(resource.pk, at=future())
    if state == "withdrawn":
        services.publish(resource.pk, at=past())
        services.withdraw(resource.pk, reason="A newer one is out.")
    if state == "withdrawn before its day":
        services.publish(resource.pk, at=future())
        services.withdraw(resource.pk, reason="A mistake.")
    if state == "restored":
        hide("withdrawn", resource)
        services.restore(resource.pk)


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        ("draft", 404, set()),
        ("scheduled", 404, set()),
        ("withdrawn", 410, {"title"}),
        ("withdrawn before its day", 404, set()),
        ("restored", 410, set()),
    ],
)
def test_what_is_not_public_is_nowhere(client, terms, owner, state, status, told):
    make_resource("Words that may be read", terms=terms, owner=owner, at=past())
    hidden = make_full("canary", terms, owner)
    hide(state, hidden)

    answers = everything(client)
    own = client.get("/resources/canary/")
    short = client.get(f"/r/{hidden.public_id}/")

    leaks = {path for path, answer in answers.items() if b"canary" in answer.content.lower()}
    assert leaks == set()
    assert (own.status_code, canaries_in(own, "canary")) == (status, told)
    assert short.status_code == (302 if status == 410 else 404)
    assert b"canary" not in short.content


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_a_search_does_not_confirm_what_is_not_public(client, terms, owner, state):
    """It answers to a hidden word just as to one of the same length that nobody ever wrote."""
    hide(state, make_full("canary", terms, owner))

    differing = []
    for field in FIELDS:
        hidden, nothing = f"canary{field}", f"nobody{field}"
        for address in (f"/search/?q={hidden}", f"/resources/?publisher={hidden}&q=-{hidden}"):
            found = client.get(address).content.decode()
            wanted = client.get(address.replace(hidden, nothing)).content.decode()
            if found.replace(hidden, nothing) != wanted:
                differing.append(address)

    assert differing == []


def read_only() -> list[str]:
    """But for the harvest, which says when it was asked and has tests of its own."""
    return [path for path in addresses() if not is_form(path) and path != "/oai"]


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn before its day"])
def test_counts_do_not_know_what_is_not_public(client, terms, owner, state):
    own_topic = make_term("Own topic", slug="own")
    for number in range(3):
        make_resource(f"Words {number}", terms=terms[number:], owner=owner, at=past())
    paths = [*read_only(), *lists(), "/resources/?topic=own", "/search/?q=own+topic"]
    before = {path: client.get(path).content for path in paths}

    for number in range(5):
        hide(state, make_full(f"canary{number}", [*terms, own_topic], owner))

    assert [path for path in paths if client.get(path).content != before[path]] == []


def test_coming_works_do_not_shift_what_is_related(client):
    finance, youth = make_term("Finance"), make_term("Youth")
    read = make_resource("Read", terms=[finance, youth], at=past())
    make_resource("On finance", terms=[finance], at=past())
    make_resource("On youth", terms=[youth], at=past())
    before = client.get(read.get_absolute_url()).content

    for _ in range(5):
        make_resource(terms=[finance], at=future())

    assert client.get(read.get_absolute_url()).content == before


def test_who_is_not_listed_is_nowhere(client, terms, owner):
    """However much of the person is known: no page, list or choice is other than before."""
    own_topic = make_term("Own topic", slug="own")
    make_person("Ana", expertise=terms, organisation=owner, languages=["es"])
    make_resource("Words", terms=terms, owner=owner, at=past())
    before = {path: client.get(path).content for path in [*read_only(), *lists()]}

    make_person(
        "Canary Person",
        slug="canary",
        bio="canary",
        email="canary@example.org",
        expertise=[*terms, own_topic],
        languages=["es", "th"],
        organisation=owner,
        is_listed=False,
    )

    assert [path for path in before if client.get(path).content != before[path]] == []
    assert client.get("/people/canary/").status_code == 404
    choices = ["topic=own", "language=th", "organisation=canary", "topic=finance"]
    answers = [client.get(f"/people/?{choice}").content.lower() for choice in choices]
    assert [b"canary person" in answer for answer in answers] == [False] * 4


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_the_page_of_an_author_shows_no_hidden_work(client, terms, owner, state):
    author = make_person("canaryauthor", slug="author")
    before = client.get(author.get_absolute_url()).content

    hide(state, make_full("canary", terms, owner))

    assert client.get(author.get_absolute_url()).content == before


def test_a_coming_work_is_public_from_its_second_on(client, terms, owner):
    paths = ["/", "/resources/", "/search/?q=words", "/topics/finance/", "/resources/canary/"]
    work = make_full("canary", terms, owner)
    begun = timezone.now()
    for path in paths:
        client.get(path)
    # On a busy machine asking for them once more takes as long again.
    asking = timezone.now() - begun
    moment = timezone.now() + max(3 * asking, timedelta(seconds=1))
    services.publish(work.pk, at=moment)

    before = [b"canarytitle" in client.get(path).content for path in paths]
    time.sleep((moment - timezone.now()).total_seconds() + 0.01)
    after = [b"canarytitle" in client.get(path).content for path in paths]

    assert (before, after) == ([False] * 5, [True] * 5)
