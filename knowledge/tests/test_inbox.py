from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.partners.tests.factories import make_editor, make_organisation, make_user
from knowledge import checks, services
from knowledge.inbox import tasks
from knowledge.models import Edition, File
from knowledge.tests.factories import make_draft, make_file, make_resource

pytestmark = pytest.mark.django_db


def test_tasks_count_what_waits_for_this_organisation_alone():
    own, other = make_organisation(), make_organisation()
    make_draft(owner=own)
    make_resource(owner=own, at=timezone.now() + timedelta(days=1))
    make_resource(owner=own, curator_note="Look for its own page.")
    make_resource(owner=own, review_by=date(2020, 1, 1))
    for _ in range(3):
        make_draft(owner=other)

    found = tasks(make_editor(own))

    assert {task.label: task.count for task in found if task.count} == {
        "Drafts to finish": 1,
        "To be published later": 1,
        "Notes for curators to follow": 1,
        "Due for review": 1,
    }


def test_tasks_lead_to_lists_of_as_many_rows(client):
    make_draft()
    make_resource(curator_note="Look for its own page.")
    make_resource()
    user = make_user(is_superuser=True)
    client.force_login(user)

    counted = [
        (task.count, client.get(task.url).context["cl"].result_count) for task in tasks(user)
    ]

    assert sorted(counted, reverse=True)[:3] == [(1, 1), (1, 1), (0, 0)]
    assert {count for count, listed in counted if count != listed} == set()


def test_desk_shows_the_tasks_that_have_something(client):
    make_editor(make_draft().owner)
    client.force_login(make_user(is_superuser=True))

    response = client.get(reverse("admin:index"))

    assert [task.label for task in response.context["inbox"]] == ["Drafts to finish"]


@pytest.mark.usefixtures("published_files")
def test_nobody_is_asked_for_the_text_of_an_earlier_version(own):
    resource = make_resource(owner=own)
    earlier = make_file(resource)
    make_file(resource, replaces=earlier.pk)
    File.objects.filter(pk=earlier.pk).update(text_status="no_text")

    assert counts(own) == {}
    assert [one.text for one in checks.findings(resource) if "no text" in one.text] == []


@pytest.mark.usefixtures("published_files")
def test_nobody_is_asked_to_mend_what_is_withdrawn(own):
    resource = make_resource(owner=own)
    make_file(resource)
    File.objects.update(text_status="no_text")
    Edition.objects.create(resource=resource, language="es", title="Sobre minas", source_digest="x")
    before = counts(own)

    services.withdraw(resource.pk, reason="It was wrong.")

    assert before == {"PDFs without text": 1, "Translations out of date": 1}
    assert counts(own) == {}


def counts(own) -> dict[str, int]:
    return {task.label: task.count for task in tasks(make_editor(own)) if task.count}
