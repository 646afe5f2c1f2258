"""Working groups: their list and pages, who sits in them, and how they come and go."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from conftest import Browser
from hub.catalogue.models import Record
from hub.vocabulary.tests.factories import make_term
from taskforce import group_publishing
from taskforce.kinds import Circle, Stage
from taskforce.models import WorkingGroup
from taskforce.tests.factories import (
    make_action,
    make_government,
    make_group,
    make_group_membership,
    make_meeting,
)
from tests.pages import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def html_of(path: str, status: int = 200) -> str:
    answer = Browser().get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_list_is_sifted_by_sector_and_stage():
    steel = make_term("Steel", "sector", slug="steel")
    make_group(name="Furnaces", sector=steel)
    make_group(name="Everything", stage=Stage.CONCLUDED)
    make_group(name="Hidden", published_at=None)

    everything = html_of("/taskforce/groups/")
    assert "Furnaces" in everything
    assert "Everything" in everything
    assert "Hidden" not in everything
    assert "Everything" not in html_of("/taskforce/groups/?sector=steel")
    assert "Furnaces" not in html_of("/taskforce/groups/?stage=concluded")
    nothing = html_of("/taskforce/groups/?sector=steel&stage=concluded")
    assert "No group fits all of this." in nothing
    assert "We left out a filter" in html_of("/taskforce/groups/?stage=<b>&sector=steel")
    assert queries_of(Browser(), "/taskforce/groups/") <= 12


def test_a_site_without_groups_says_so():
    assert "No working group is published yet." in html_of("/taskforce/groups/")


def test_the_page_tells_of_mandate_stage_members_and_the_voice_that_is_missing():
    group = make_group(mandate="To find work for all.", stage=Stage.FORMING)
    for name, kind in (
        ("Union of Miners", "workers"),
        ("Steel AG", "employers"),
        ("A state", "government"),
    ):
        make_group_membership(group, make_government(name, stakeholder_group=kind), name="Ana Ruiz")
    make_group_membership(group, make_government("Watchers"), circle=Circle.OBSERVER)
    make_group_membership(
        group, make_government("Former"), since=localdate().replace(year=2020), until=localdate()
    )

    html = html_of(group.get_absolute_url())

    assert "To find work for all." in html
    assert 'aria-current="step">Gathers members' in html.replace("\n", "").replace("  ", "")
    for shown in ("Union of Miners", "Steel AG", "A state", "Watchers", "balance__bar"):
        assert shown in html
    assert "Nobody in this group speaks for: civil society, research." in html
    assert "Former" not in html
    assert "Ana Ruiz" not in html


def test_how_much_was_agreed_and_done_is_told_unless_members_decided_otherwise():
    group = make_group()
    meeting = make_meeting(group=group)
    make_action(meeting, "Secret plan")
    make_action(meeting).__class__.objects.exclude(text="Secret plan").update(
        status="done", closed_at="2026-01-01T00:00Z"
    )

    html = html_of(group.get_absolute_url())
    assert "<b>2</b> actions agreed, <b>1</b> done" in html
    assert "Secret plan" not in html

    WorkingGroup.objects.update(tells_actions=False)
    assert "actions agreed" not in html_of(group.get_absolute_url())


def test_what_was_withdrawn_answers_410_with_the_reason_and_leaves_the_catalogue():
    group = make_group(published_at=None)
    html_of(group.get_absolute_url(), 404)
    group_publishing.publish(group.pk)
    assert Record.objects.public().filter(kind="working-group").count() == 1

    with pytest.raises(ValidationError, match="Say why"):
        group_publishing.withdraw(group.pk, " ")
    group_publishing.withdraw(group.pk, "It was a double.")

    assert "It was a double." in html_of(group.get_absolute_url(), 410)
    assert group.name not in html_of("/taskforce/groups/")
    assert not Record.objects.public().filter(kind="working-group").exists()
    group_publishing.publish(group.pk)
    html_of(group.get_absolute_url())


def test_a_group_of_many_costs_no_more_questions():
    group = make_group()
    for number in range(30):
        make_group_membership(group, make_government(f"Government of {number}"))
        meeting = make_meeting(group=group, number=number + 1)
        meeting.event.audience = "public"
        meeting.event.save()
        make_action(meeting)

    assert queries_of(Browser(), group.get_absolute_url()) <= 12
