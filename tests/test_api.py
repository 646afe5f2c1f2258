"""The API: what is public, in pages that stand still while others publish, with faults in words."""

import json
from datetime import timedelta

import pytest
from django.conf import settings as hub_settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from conftest import Browser
from events.tests.factories import make_event
from hub.catalogue.api import page as api_page
from hub.catalogue.api import schema
from hub.catalogue.api.router import viewsets
from hub.catalogue.services import put
from hub.partners.tests.factories import make_organisation, make_person
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_resource
from taskforce.tests.factories import make_group, make_public_finding
from tests.api import NAMES, ROOT, Public, ask, make_public, told, walked
from tests.pages import Page

pytestmark = pytest.mark.django_db

ODD = [
    *("%00", "%FF%FE", "%ED%A0%80", "%F0%9F%8F%AD", "%27%3B--", "-1", "99999999999999999999"),
    *("%D9%A2", "x" * 10_000, "", "%E2%80%AE", "%0D%0ASet-Cookie:a", "NaN", "[]", "1%00"),
]


@pytest.fixture
def public() -> Public:
    return make_public()


def test_all_collections_are_there():
    assert sorted(one.slug for one in viewsets()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_tells_what_is_public_and_each_by_itself(client, public, name):
    rows = told(ask(client, f"{name}/"))["results"]

    [row] = [one for one in rows if one["id"] == public.ids[name]]
    assert row["api_url"] == f"{hub_settings.BASE_URL}{ROOT}{name}/{row['id']}/"
    whole = told(ask(client, row["api_url"]))
    assert row.items() <= whole.items()
    assert client.get(row["url"].removeprefix(hub_settings.BASE_URL)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_for_everybody_and_without_cookies(client, public, name):
    for address in (f"{name}/", f"{name}/{public.ids[name]}/"):
        answer = ask(client, address)

        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60"


@pytest.mark.parametrize("name", NAMES)
def test_what_one_has_already_is_not_sent_again(client, public, name):
    for address in (f"{name}/?limit=5", f"{name}/{public.ids[name]}/"):
        first = ask(client, address)
        again = ask(client, address, if_none_match=first["ETag"])

        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"].removeprefix("W/") == first["ETag"].removeprefix("W/")
        assert again["Access-Control-Allow-Origin"] == "*"


def test_a_change_of_the_content_is_another_etag(client, public):
    before = ask(client, "resources/")
    make_resource("One more", at=now() - timedelta(hours=1))
    after = ask(client, "resources/", if_none_match=before["ETag"])

    assert after.status_code == 200
    assert len(told(after)["results"]) == 2


# Pages


def make_many(name: str, public: Public, count: int = 5) -> None:
    for number in range(count):
        if name == "resources":
            make_resource(f"Work {number}", at=now() - timedelta(hours=number + 2))
        elif name == "events":
            put(make_event(title=f"Event of many {number}"))
        elif name == "organisations":
            make_organisation(f"House {number}")
        elif name == "people":
            make_person(f"Somebody {number}")
        elif name == "terms":
            make_term(f"Topic {number}")
        elif name == "groups":
            put(make_group())
        elif name == "findings":
            put(make_public_finding(public.finding.participation))


PAGED = ["resources", "events", "organisations", "people", "terms", "groups", "findings"]


@pytest.mark.parametrize("name", PAGED)
def test_pages_hold_each_row_once(client, public, name):
    make_many(name, public)
    everything = [row["id"] for row in told(ask(client, f"{name}/?limit=100"))["results"]]

    rows = walked(client, f"{name}/?limit=2")

    assert [row["id"] for row in rows] == everything
    assert len(everything) >= 6
    first = ask(client, f"{name}/?limit=2")
    assert first["Link"] == f'<{told(first)["next"]}>; rel="next"'
    assert "Link" in ask(client, f"{name}/?limit=2"), "when it was kept too"
    assert "Link" not in ask(client, f"{name}/?limit=100")


@pytest.mark.parametrize("sort", ["", "added", "newest", "oldest", "title"])
def test_pages_of_works_stand_still_while_works_come_and_go(client, sort):
    days = [None, "2024-05-01", "2024-05-01", "2019-01-01", None, "2022-03-04"]
    for number, day in enumerate(days):
        dated = {"published_on": day, "published_precision": "day"} if day else {}
        make_resource(f"Work {number}", at=now() - timedelta(hours=number + 1), **dated)
    asked = f"resources/?limit=2{f'&sort={sort}' if sort else ''}"
    everything = [row["id"] for row in walked(client, asked)]
    assert len(set(everything)) == len(everything) == 6

    first = told(ask(client, asked))
    gone = Resource.objects.get(public_id=everything[1])  # where the next page would begin
    services.withdraw(gone.pk, reason="A newer one is out.")
    make_resource("New", at=now(), published_on="2030-01-01", published_precision="day")
    rest = [row["id"] for row in walked(client, first["next"])]

    stayed = [one for one in rest if one in everything]
    assert stayed == everything[2:]


def test_pages_of_a_search_go_by_relevance_and_stand_still(client):
    for number in range(5):
        make_resource(f"Lignite {number}", at=now() - timedelta(hours=number + 1))
    everything = [row["id"] for row in walked(client, "resources/?q=lignite&limit=2")]
    assert len(set(everything)) == 5

    first = told(ask(client, "resources/?q=lignite&limit=2"))
    gone = Resource.objects.get(public_id=everything[0])
    services.withdraw(gone.pk, reason="A newer one is out.")

    assert [row["id"] for row in walked(client, first["next"])] == everything[2:]


def test_a_search_tells_only_what_has_the_words(client, public):
    assert [row["id"] for row in walked(client, "resources/?q=asturias")] == [
        public.resource.public_id
    ]
    assert walked(client, "resources/?q=asturiaz") == []
    assert walked(client, "resources/?q=asturias&sort=title") != []
    assert walked(client, "resources/?q=%22after+coal%22&topic=finance") != []
    assert walked(client, "events/?q=coal") != []


@pytest.mark.parametrize(
    ("address", "is_found"),
    [
        ("resources/?topic=finance&place=spain&kind=report&language=en", True),
        ("resources/?kind=news", False),
        ("resources/?kind=news&kind=report", True),
        ("resources/?publisher=desk", True),
        ("resources/?from=2000", False),
        ("events/?topic=finance&place=spain&mode=online&kind=webinar", True),
        ("events/?mode=in_person", False),
        ("sessions/?event={event}", True),
        ("organisations/?kind=union", False),
        ("people/?topic=finance&language=es&organisation=partner&based=spain", True),
        ("terms/?scheme=topic", True),
        ("terms/?scheme=audience", False),
        ("places/?place_kind=country", True),
        ("groups/?sector=steel", True),
        ("groups/?stage=concluded", False),
        ("findings/?round=autumn&area=jobs&kind=approach&sector=steel&place=spain", True),
        ("findings/?kind=barrier", False),
    ],
)
def test_lists_are_asked_as_the_pages_are(client, public, address, is_found):
    name = address.partition("/")[0]
    rows = walked(client, address.format(event=public.event.slug))

    assert (public.ids[name] in [row["id"] for row in rows]) == is_found


def test_what_there_is_but_nobody_has_finds_nothing(client, public):
    make_term("Youth", slug="youth")
    make_organisation("Alone", slug="alone")

    for address in ("people/?topic=youth", "people/?language=th", "people/?organisation=alone"):
        assert walked(client, address) == []
    assert walked(client, "people/?topic=youth&topic=finance") != []
    for address in ("resources/?topic=youth", "findings/?kind=need&place=spain"):
        assert walked(client, address) == []


# Faults


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("resources/?colour=red", "There is no parameter “colour”"),
        ("resources/?<script>=1", "There is no parameter “…”"),
        ("resources/?kind=novel", "There is no “novel” for “kind”."),
        ("resources/?topic=nowhere", "There is no “nowhere” for “topic”."),
        ("resources/?topic=", "“topic” has no value."),
        ("resources/?from=20x0", "There is no “20x0” for “from”."),
        ("resources/?q=a&q=b", "“q” can be given once."),
        ("resources/?q=" + "x" * 300, "We searched for the first 200 characters"),
        ("resources/?limit=101", "“limit” is a whole number from 1 to 100."),
        ("resources/?limit=0", "“limit” is a whole number from 1 to 100."),
        ("resources/?limit=٣", "“limit” is a whole number from 1 to 100."),
        ("resources/?page=2", "There is no parameter “page”"),
        ("resources/?sort=relevance", "needs words"),
        ("resources/?cursor=WzFd", "This cursor is not one of this list."),
        ("resources/?cursor=!", "There is no “…” for “cursor”."),
        ("events/?mode=remote", "There is no “remote” for “mode”."),
        ("sessions/?event=none", "There is no “none” for “event”."),
        ("people/?topic=none", "There is no “none” for “topic”."),
        ("places/?within=none", "There is no “none” for “within”."),
        ("groups/?sector=none", "There is no “none” for “sector”."),
        ("findings/?round=none", "There is no “none” for “round”."),
        ("findings/?sector=none", "There is no “none” for “sector”."),
        ("terms/1/?limit=1", "One object has no parameters"),
    ],
)
def test_what_is_not_understood_is_400_in_words(client, public, address, words):
    answer = ask(client, address)

    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert words in problem["detail"]
    assert problem["status"] == 400
    assert any(words in one for one in problem["errors"])
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_cursor_of_another_list_is_refused(client, public):
    make_many("events", public)
    following = told(ask(client, "events/?limit=2"))["next"]
    cursor = following.partition("cursor=")[2]

    assert ask(client, f"terms/?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("name", NAMES)
def test_odd_values_never_fail(client, public, name):
    [viewset] = [one for one in viewsets() if one.slug == name]
    parameters = [*(one.name for one in viewset.parameters), "limit", "cursor", "%00", "x[]"]
    faults = []
    for parameter in parameters:
        for odd in ODD:
            answer = ask(client, f"{name}/?{parameter}={odd}")
            if answer.status_code not in (200, 400) or "json" not in answer["Content-Type"]:
                faults.append((parameter, odd[:20], answer.status_code))
    for odd in (*ODD, "9" * 5000, "..%2F..%2F"):
        answer = ask(client, f"{name}/{odd}/")
        if answer.status_code not in (200, 404) or "json" not in answer["Content-Type"]:
            faults.append((odd[:20], answer.status_code))
    many = "&".join(f"a{number}=1" for number in range(1200))
    assert ask(client, f"{name}/?{many}").status_code == 400
    assert ask(client, f"{name}/?q={'x' * 1_000_000}").status_code == 400

    assert faults == []


@pytest.mark.parametrize(
    "path", ["nothing/", "nothing", "resources", "resources/zzzzzzz/", "x/y/z"]
)
def test_what_is_not_there_is_404_in_words(client, path):
    answer = ask(client, path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_one_can_only_read(client, public, method):
    for path in ("resources/", f"resources/{public.resource.public_id}/", "openapi.json", "no/"):
        answer = getattr(client, method)(f"{ROOT}{path}")

        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer["Content-Type"] == "application/problem+json"
        assert not answer.cookies


def test_browsers_of_other_sites_may_ask(client, public):
    answer = client.options(f"{ROOT}resources/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Origin"] == "*"
    head = client.head(f"{ROOT}resources/")
    assert (head.status_code, head.content) == (200, b"")


def test_who_asks_too_often_is_told_when_to_come_again(client, public, settings):
    settings.API_IN_TEN_MINUTES = 5

    answers = [ask(client, "terms/") for _time in range(7)]

    assert [one.status_code for one in answers] == [*[200] * 5, 429, 429]
    assert answers[-1]["Retry-After"] == "120"
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert "Ask again in 120 seconds" in json.loads(answers[-1].content)["detail"]
    elsewhere = Browser(REMOTE_ADDR="198.51.100.7")
    assert ask(elsewhere, "terms/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_takes_too_long_is_503(client, settings):
    make_resource("Lignite")
    settings.SEARCH_MILLISECONDS = 100
    with connections["default"].copy().cursor() as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE catalogue_passage IN ACCESS EXCLUSIVE MODE")
        answer = ask(client, "resources/?q=lignite")
        other.execute("ROLLBACK")
        other.connection.close()

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert ask(client, "resources/?q=lignite").status_code == 200


# What was public


def test_a_withdrawn_work_is_gone_with_its_reason(client, public):
    newer = make_resource("Newer", at=now())
    services.withdraw(public.resource.pk, reason="Out of date.", replaced_by=newer)

    answer = ask(client, f"resources/{public.resource.public_id}/")

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["detail"]) == (410, "Out of date.")
    assert problem["replaced_by"].endswith(f"/resources/{newer.public_id}/")


# Costs

QUERIES = {
    "resources": 14,
    "events": 11,
    "sessions": 6,
    "organisations": 6,
    "people": 9,
    "terms": 8,
    "places": 8,
    "groups": 7,
    "findings": 9,
}


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        told(ask(client, address))
    return len(captured)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_costs_the_same_however_long_it_is(client, public, name):
    ask(client, f"{name}/?limit=99")
    few = queries(client, f"{name}/")
    if name in PAGED:
        make_many(name, public)
        ask(client, f"{name}/?limit=99")  # reads anew what it knows of the vocabulary
    many = queries(client, f"{name}/?limit=50")
    kept = queries(client, f"{name}/?limit=50")

    assert few == many == QUERIES[name]
    assert kept == 3  # who asks how often, the version of the content, and what was kept


# Its description


def test_the_description_is_current():
    assert api_page.DESCRIPTION.read_text() == schema.as_text(), "run manage.py write_openapi"


def test_the_description_is_served(client):
    answer = ask(client, "openapi.json")

    described = told(answer)
    assert described["openapi"].startswith("3.1")
    assert len(described["paths"]) == 2 * len(NAMES)


def test_the_page_explains_all_by_addresses_that_there_are(client, public):
    answer = client.get(ROOT)
    page = Page(answer.content.decode())

    assert answer.status_code == 200
    assert page.inline_code == []
    assert page.foreign == set()
    examples = [link["href"] for link in page.all("a") if link["href"].startswith(f"{ROOT}")]
    shown = [path for path in examples if path != ROOT]
    assert len(shown) == 3 * len(NAMES) + 1
    assert {client.get(path).status_code for path in shown} == {200}
    for viewset in viewsets():
        for parameter in viewset.parameters:
            assert f"<code>{parameter.name}</code>" in answer.content.decode()


def test_nothing_of_the_description_is_loaded_by_a_web_server():
    import subprocess
    import sys

    code = "import hub.wsgi, hub.urls, sys; print('drf_spectacular' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
