"""The real round of the starting content, and the one that is open to try things out."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from conftest import Browser
from hub.catalogue.models import Record
from taskforce.models import Finding, InterviewSlot, Meeting, Participation, Round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content", "published_files")]


def test_the_round_of_2022_is_told_as_its_source_has_it():
    round = Round.objects.get(is_example=False)

    assert (round.starts_on, round.ends_on) == (date(2022, 4, 1), date(2022, 6, 30))
    assert round.timezone == "Europe/London"
    assert {one.name for one in round.convenors.all()} == {"Scottish Government", "Climate Group"}
    assert len(round.activities) == 3
    assert {one.activity for one in round.milestones.all()} == set(round.activities)
    assert round.contact_name.startswith("Climate Group")
    assert round.contact_email == ""  # the one in the source is a person's
    assert not Participation.objects.filter(round=round).exists()
    assert Record.objects.public().filter(kind="taskforce-round").count() == 2


def test_the_example_is_open_and_says_that_it_is_one():
    round = Round.objects.get(is_example=True)

    assert round.is_open()
    assert round.starts_on < localdate() < round.ends_on
    assert round.milestones.count() == 4
    page = Browser().get(round.get_absolute_url()).content.decode()
    assert "nothing of it takes place" in page
    assert Browser().get(f"{round.get_absolute_url()}register/").status_code == 200


def test_the_example_has_what_there_is_to_try():
    round = Round.objects.get(is_example=True)

    free = list(round.slots.free())
    assert len(free) == round.slots.count() == 24
    assert {one.starts_local.weekday() for one in free} == {0, 1, 3}
    assert all(round.starts_on < one.starts_local.date() <= round.ends_on for one in free)
    assert not free[0].interviewer.is_active  # so that nobody is written to

    meeting = Meeting.objects.get(round=round)
    assert meeting.event.is_example
    assert meeting.event.is_open()
    assert Browser().get(meeting.get_absolute_url()).status_code == 200

    findings = Finding.objects.filter(participation__round=round)
    assert all(one.text.startswith("Example: ") for one in findings)
    readers = ["peers", "public", "public", "secretariat"]
    assert sorted(findings.values_list("visibility", flat=True)) == readers
    assert findings.get(approved_by_government_at=None).asked_at is not None
    page = Browser().get(f"{round.get_absolute_url()}findings/").content.decode()
    for one in findings:
        assert (one.text in page) == (one.visibility == "public")
        one.full_clean()
    assert not round.participations.named().exists()  # no government is said to take part


def test_nothing_is_loaded_twice():
    made = (Round, InterviewSlot, Meeting, Finding)
    before = [model.objects.count() for model in made]

    call_command("load_starter", verbosity=0)

    assert [model.objects.count() for model in made] == before
