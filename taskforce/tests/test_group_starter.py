"""The real working groups of the starting content."""

import pytest

from conftest import Browser
from hub.catalogue.models import Record
from taskforce.kinds import Stage
from taskforce.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]


def test_the_real_groups_are_there():
    groups = WorkingGroup.objects.public()

    assert groups.count() == 20
    assert Record.objects.public().filter(kind="working-group").count() == 20
    steel = groups.get(name="JTP Working Group on Steel")
    assert (steel.sector.slug, steel.stage) == ("steel", Stage.CONCLUDED)
    assert steel.lead_government.acronym == "DG REGIO"
    taskforce = groups.get(name="Under2 Just Transition Taskforce")
    assert taskforce.lead_government.name == "Scottish Government"
    assert (taskforce.lead_name, taskforce.stage) == ("Climate Group", Stage.CONCLUDED)
    engaged = groups.get(name__startswith="JTP Working Group on Stakeholder Engagement")
    assert engaged.applications_until.isoformat() == "2024-03-01"
    assert not engaged.takes_applications
    mayors = groups.get(name__startswith="Council of mayors")
    assert (mayors.lead_government, mayors.lead_name) == (None, "Municipality of Velenje")
    html = Browser().get("/taskforce/groups/").content.decode()
    assert html.count("grouprow__name") == 20
