"""What governments said, counted for everybody; and who of them stands before the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from conftest import Browser
from hub.vocabulary.tests.factories import make_term
from taskforce import own
from taskforce.kinds import Area, FindingKind
from taskforce.models import Participation
from taskforce.peers import peers_of
from taskforce.synthesis import grid_of, public_of
from taskforce.tests.factories import (
    make_finding,
    make_government,
    make_participation,
    make_public_finding,
    make_round,
)
from tests.pages import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def html_of(path: str, status: int = 200) -> str:
    answer = Browser().get(path)
    assert answer.status_code == status
    return answer.content.decode()


def page_of(round) -> str:
    return f"{round.get_absolute_url()}findings/"


def sector(name: str):
    return make_term(name, scheme="sector")


def asked(participation, text: str, **fields):
    return make_finding(participation, text, asked_at=now(), **fields)


def for_peers(participation, text: str, **fields):
    return asked(participation, text, visibility="peers", approved_by_government_at=now(), **fields)


def test_the_grid_counts_what_is_public():
    participation = make_participation()
    make_public_finding(participation)
    make_public_finding(participation)
    make_public_finding(participation, area=Area.JUSTICE, kind=FindingKind.NEED)
    make_finding(participation)

    grid = grid_of(public_of(participation.round))

    assert [[cell.count for cell in row.cells] for row in grid.rows] == [
        [2, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
    ]
    assert (grid.total, grid.totals) == (3, [2, 0, 0, 1])


def test_the_address_sifts_and_names_what_it_does_not_know():
    participation = make_participation()
    coal = sector("Coal")
    make_public_finding(participation, "About coal").sectors.add(coal)
    make_public_finding(participation, "About need", kind=FindingKind.NEED)
    path = page_of(participation.round)

    assert "About need" not in html_of(f"{path}?kind=approach")
    html = html_of(f"{path}?sector={coal.slug}")
    assert "About coal" in html
    assert "About need" not in html
    assert "We left out a filter that there is not." in html_of(f"{path}?area=moon&place=%00")
    assert "No finding fits all of this" in html_of(f"{path}?kind=need&sector={coal.slug}")


def test_a_government_is_named_and_located_only_where_it_may_be_quoted():
    chile = make_term("Chile", scheme="place", place_kind="country", code="CL")
    one, two = (
        make_participation(round, make_government(name, place=chile))
        for round in [make_round()]
        for name in ("Region of Antofagasta", "Region of Biobío")
    )
    make_public_finding(one, "Said by one", may_be_quoted=True)
    hidden = make_public_finding(two, "Said by two")

    html = html_of(page_of(one.round))

    assert "Region of Antofagasta" in html
    assert "Region of Biobío" not in html
    assert "Latin America: 1" in html
    assert "Not told: 1" in html
    assert "Said by two" not in html_of(f"{page_of(one.round)}?place={chile.slug}")
    assert "Region of Biobío" not in html_of(hidden.get_absolute_url())


def test_a_round_without_findings_says_so_and_a_draft_is_not_there():
    assert "No finding is public yet" in html_of(page_of(make_round()))
    html_of(page_of(make_round(published_at=None)), 404)


def test_29_many_findings_cost_few_queries():
    round = make_round()
    for _number in range(20):
        participation = make_participation(round)
        for kind in FindingKind:
            make_public_finding(participation, kind=kind, may_be_quoted=True)
    Browser().get(page_of(round))

    with CaptureQueriesContext(connection) as queries:
        assert Browser().get(page_of(round)).status_code == 200

    assert len(queries) <= 12


def test_peers_are_beside_a_barrier_for_a_reason_that_is_told():
    round = make_round()
    mine, near, far = (make_participation(round) for _n in range(3))
    coal = sector("Coal")
    asked(mine, "Nobody pays", kind="barrier").sectors.add(coal)
    for_peers(far, "A fund", kind="approach")
    for_peers(near, "Another fund", kind="approach").sectors.add(coal)
    for_peers(near, "Nobody pays here", kind="barrier")
    for_peers(near, "Elsewhere", kind="approach", area=Area.JUSTICE)
    asked(far, "Not approved", kind="approach")

    (beside,) = peers_of(mine, "en")

    assert [peer.finding.text for peer in beside.sharing] == ["Nobody pays here"]
    assert [peer.finding.text for peer in beside.answering] == ["Another fund", "A fund"]
    assert beside.answering[0].why == ("same area: Jobs", "same sector: Coal")
    html = html_of(own.path_of(mine.contact))
    assert "Another fund" in html
    assert "same sector: Coal" in html
    assert "Not approved" not in html


def test_peers_of_another_round_and_before_acceptance_are_not_shown():
    mine = make_participation(status=Participation.Status.REGISTERED, accepted_at=None)
    asked(mine, "Nobody pays", kind="barrier")
    for_peers(make_participation(mine.round), "A fund", kind="approach")
    assert peers_of(mine, "en") == []

    accepted = make_participation()
    asked(accepted, "Nobody pays", kind="barrier")
    assert peers_of(accepted, "en") == []


def test_everybody_sees_who_faces_the_same_and_names_only_of_those_that_may_be_quoted():
    round = make_round()
    one, two, three = (make_participation(round) for _n in range(3))
    barrier = make_public_finding(one, "Nobody pays", kind="barrier", may_be_quoted=True)
    make_public_finding(two, "Nobody pays here", kind="barrier")
    make_public_finding(three, "A fund", kind="approach", may_be_quoted=True)
    for_peers(three, "For peers alone", kind="approach")
    asked(three, "Not approved", kind="approach")
    path = f"{round.get_absolute_url()}peers/"

    html = html_of(path)

    assert path in html_of(round.get_absolute_url())
    assert barrier.get_absolute_url() in html
    assert "Nobody pays here" in html
    assert "A fund" in html
    assert one.government_name in html
    assert three.government_name in html
    assert two.government_name not in html
    assert "For peers alone" not in html
    assert "Not approved" not in html


def test_without_public_barriers_the_page_of_peers_says_so():
    round = make_round()

    assert "No barrier or need is public yet" in html_of(f"{round.get_absolute_url()}peers/")
    assert "/peers/" not in html_of(round.get_absolute_url())
    html_of(f"{make_round(published_at=None).get_absolute_url()}peers/", 404)


def test_the_page_of_peers_costs_few_queries():
    round = make_round()
    for _number in range(20):
        participation = make_participation(round)
        for kind in FindingKind:
            make_public_finding(participation, kind=kind, may_be_quoted=True)
    path = f"{round.get_absolute_url()}peers/"
    Browser().get(path)

    assert queries_of(Browser(), path) <= 12
