"""What the taskforce has on the other pages of the hub: search finds it, and it pushes no work down."""

import pytest
from django.utils import translation

from events.tests.factories import make_event
from hub.catalogue.services import put
from knowledge.tests.factories import make_resource
from taskforce.tests.factories import (
    make_finding,
    make_group,
    make_participation,
    make_public_finding,
    make_round,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def findings():
    """One that everybody may read, and one that nobody may."""
    participation = make_participation(make_round(title="Zymurgy round"))
    public = make_public_finding(participation, "Zymurgy takes on those who dug coal.")
    hidden = make_finding(participation, "Zymurgy behind closed doors.")
    for row in (participation.round, public, hidden):
        put(row)
    put(make_group(name="Zymurgy group"))
    return public, hidden


def test_search_finds_rounds_groups_and_findings_apart_from_works(client, findings):
    make_resource("Zymurgy for beginners")
    put(make_event(title="Zymurgy of tomorrow"))

    page = client.get("/search/?q=zymurgy")

    assert [card.title for card in page.context["cards"]] == ["Zymurgy for beginners"]
    assert [one.title for one in page.context["events"]] == ["Zymurgy of tomorrow"]
    found = {one.kind.value for one in page.context["others"]}
    assert found == {"taskforce-round", "working-group", "finding"}
    assert "Zymurgy takes on those who dug coal." in page.content.decode()
    assert "closed doors" not in page.content.decode()


def test_of_many_that_are_no_works_search_shows_three(client, findings):
    public, _hidden = findings
    for number in range(4):
        put(make_public_finding(public.participation, f"Zymurgy no. {number}"))

    assert len(client.get("/search/?q=zymurgy").context["others"]) == 3


def test_what_a_government_takes_back_is_found_no_more(client, findings):
    public, _hidden = findings
    public.visibility = public.Visibility.SECRETARIAT
    public.save()
    put(public)

    kinds = {one.kind.value for one in client.get("/search/?q=zymurgy").context["others"]}

    assert kinds == {"taskforce-round", "working-group"}


def test_a_finding_is_called_in_its_own_language(client, findings):
    public, _hidden = findings
    public.language = "es"
    with translation.override("mn"):
        spanish = public.to_record().texts["es"].title
    with translation.override("es"):
        assert spanish == f"{public.get_area_display()}: {public.get_kind_display()}"
