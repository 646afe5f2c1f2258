"""The public pages of rounds."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from conftest import Browser
from hub.catalogue.models import Record
from hub.vocabulary.tests.factories import make_term
from taskforce import publishing
from taskforce.models import Milestone, Participation, Round
from taskforce.tests.factories import make_government, make_participation, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def html_of(path: str, status: int = 200) -> str:
    answer = Browser().get(path)
    assert answer.status_code == status
    return answer.content.decode()


def make_old_round(**fields) -> Round:
    return make_round(period=DateRange(date(2022, 4, 1), date(2022, 7, 1)), **fields)


def country(name: str, code: str):
    return make_term(name, scheme="place", place_kind="country", code=code)


def test_the_list_tells_open_rounds_from_those_that_are_over():
    make_round(title="A round that is on")
    make_old_round(title="A round that was")
    make_round(title="A draft", published_at=None)

    html = html_of("/taskforce/")

    open_ones, over = html.split("Rounds that are over")
    assert "A round that is on" in open_ones
    assert "Register a government" in open_ones
    assert "A round that was" in over
    assert "Register a government" not in over
    assert "A draft" not in html


def test_the_list_without_rounds_says_so():
    assert "No round is open at the moment" in html_of("/taskforce/")


def test_a_round_says_what_one_can_choose_and_leads_to_the_form():
    round = make_round(call="First.\n\nSecond.", offers_working_group=False)

    html = html_of(f"/taskforce/{round.slug}/")

    assert f"/taskforce/{round.slug}/register/" in html
    assert "An interview" in html
    assert "A working group meeting" not in html
    assert "<p>First.</p>" in html
    assert "No steps are announced yet" in html
    assert "No government is named yet" in html


def test_a_round_that_is_over_cannot_be_registered_for():
    round = make_old_round()

    html = html_of(f"/taskforce/{round.slug}/")

    assert "This round is over" in html
    assert f"/taskforce/{round.slug}/register/" not in html


def test_the_timeline_is_a_picture_and_a_list_with_the_same_numbers():
    round = make_old_round()
    steps = [(date(2022, 4, 1), date(2022, 6, 30)), (date(2022, 5, 16), None)]
    for number, (starts, ends) in enumerate(steps, 1):
        Milestone.objects.create(
            round=round,
            title=f"Step {number}",
            starts_on=starts,
            ends_on=ends,
            activity="interview",
        )

    html = html_of(f"/taskforce/{round.slug}/")

    assert 'aria-label="Timeline with 2 steps' in html
    assert html.count("timeline__bar--interview") == 2
    assert 'x="0.00%"' in html
    assert 'width="100.00%"' in html  # the first lasts as long as the round
    assert 'x="49.45%"' in html  # the 46th of 91 days
    assert '<time datetime="2022-05-16">' in html


def test_only_accepted_governments_that_agreed_are_named_by_continent_and_on_the_map():
    round = make_round()
    kenya, chile = country("Kenya", "KE"), country("Chile", "CL")
    make_participation(round, make_government("Turkana County", place=kenya), may_be_named=True)
    make_participation(round, make_government("Biobío", place=chile), may_be_named=True)
    make_participation(round, make_government("Nowhere Land"), may_be_named=True)
    make_participation(round, make_government("Shy Land", place=chile))
    make_participation(
        round,
        make_government("Unknown Land", place=chile),
        may_be_named=True,
        status=Participation.Status.REGISTERED,
        accepted_at=None,
    )

    html = html_of(f"/taskforce/{round.slug}/")

    order = ["Africa", "Turkana County", "Latin America", "Biobío", "Elsewhere", "Nowhere Land"]
    places = [html.index(words, html.index("continents")) for words in order]
    assert places == sorted(places)
    assert "where the governments are that take part" in html
    assert "Shy Land" not in html
    assert "Unknown Land" not in html
    assert "1 more government takes part and is not named" in html


def test_a_withdrawn_round_is_gone_with_its_reason_everywhere():
    round = make_round(title="A mistake")
    publishing.saved(round)
    assert Record.objects.public().filter(kind="taskforce-round").exists()

    publishing.withdraw(round.pk, "It was announced by mistake.")

    for path in ("", "register/", "register/sent/"):
        html = html_of(f"/taskforce/{round.slug}/{path}", 410)
        assert "It was announced by mistake." in html
    assert not Record.objects.public().filter(kind="taskforce-round").exists()
    assert "A mistake" not in html_of("/taskforce/")


def test_a_withdrawn_round_can_come_back_and_a_reason_is_needed():
    round = make_round()

    with pytest.raises(ValidationError, match="Say why"):
        publishing.withdraw(round.pk, " ")
    publishing.withdraw(round.pk, "A mistake.")
    publishing.publish(round.pk)

    html_of(f"/taskforce/{round.slug}/")
    with pytest.raises(ValidationError, match="on the site already"):
        publishing.publish(round.pk)


def test_a_draft_is_published_and_one_with_nobody_in_it_is_thrown_away():
    draft, other = make_round(published_at=None), make_round(published_at=None)
    make_participation(other)
    html_of(f"/taskforce/{draft.slug}/", 404)

    assert not publishing.discard(other.pk)
    publishing.publish(draft.pk)

    html_of(f"/taskforce/{draft.slug}/")
    assert not publishing.discard(draft.pk)


def test_what_is_not_public_is_not_there():
    round = make_round(published_at=None)
    for path in ("", "register/", "register/sent/"):
        html_of(f"/taskforce/{round.slug}/{path}", 404)
    html_of("/taskforce/nothing-of-this-name/", 404)


def test_sixty_governments_cost_no_more_queries_than_few():
    round = make_round()
    places = [country(f"Country {code}", code) for code in ("KE", "CL", "PL")]
    for number in range(60):
        government = make_government(f"Government of {number:02}", place=places[number % 3])
        make_participation(round, government, may_be_named=True)
    for days in range(30):
        day = localdate() + timedelta(days=days)
        Milestone.objects.create(round=round, title=f"Step {days}", starts_on=day)

    for path in (f"/taskforce/{round.slug}/", "/taskforce/", f"/taskforce/{round.slug}/register/"):
        html_of(path)  # what is read once and kept
        with CaptureQueriesContext(
            connection,
        ) as asked:
            html_of(path)
        assert len(asked) <= 12, [one["sql"] for one in asked]


def test_the_way_there_is_in_the_main_navigation():
    assert 'href="/taskforce/"' in html_of("/")
