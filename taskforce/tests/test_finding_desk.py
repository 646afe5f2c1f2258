"""Findings at the desk: the grid, one line, what is sent, and the way into the library."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Browser
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from knowledge.models import Resource
from taskforce import approving, to_library
from taskforce.models import Finding
from taskforce.tests.factories import (
    make_finding,
    make_government,
    make_participation,
    make_public_finding,
    make_round,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def desk() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_secretariat=True))
    return browser


def page(name: str, *keys: object) -> str:
    return reverse(f"admin:taskforce_finding_{name}", args=keys)


def grid_of(participation) -> str:
    return f"{page('add')}?participation={participation.pk}"


def filled(*findings: Finding, **new: str) -> dict[str, object]:
    lines = {f"line-{one.pk}": one.text for one in findings}
    versions = {f"version-{one.pk}": one.version for one in findings}
    return {**lines, **versions, **{name.replace("__", "-"): text for name, text in new.items()}}


def test_lines_are_written_in_the_cells_of_the_grid_and_sent(desk):
    participation = make_participation()
    assert str(participation) in desk.get(page("add")).content.decode()

    said = filled(new__jobs__barrier="Nobody pays.", new__justice_equity__need="A voice.")
    answer = desk.post(grid_of(participation), said | {"act": "send"})

    assert answer.status_code == 302
    lines = participation.findings.all()
    assert [(one.area, one.kind, one.text) for one in lines] == [
        ("jobs", "barrier", "Nobody pays."),
        ("justice_equity", "need", "A voice."),
    ]
    assert all(one.asked_at for one in lines)
    assert "Awaits the government" in desk.get(grid_of(participation)).content.decode()


def test_27_the_grid_shows_both_texts_of_two_who_write_at_once(desk):
    finding = make_finding(make_participation(), "First")
    stale = filled(finding)
    approving.rewrite(finding.pk, {"text": "Theirs"}, version=finding.version)

    said = stale | {f"line-{finding.pk}": "Mine", "new-jobs-need": "Another"}
    answer = desk.post(page("grid", finding.pk), said)

    html = answer.content.decode()
    assert "Theirs" in html
    assert "Mine" in html
    assert "Another" in html
    assert [one.text for one in Finding.objects.all()] == ["Theirs"]
    version = Finding.objects.get().version
    again = said | {f"version-{finding.pk}": version}
    assert desk.post(page("grid", finding.pk), again).status_code == 302
    assert [one.text for one in Finding.objects.all()] == ["Mine", "Another"]


def line(finding: Finding, **said: object) -> dict[str, object]:
    words = {"area": finding.area, "kind": finding.kind, "language": finding.language}
    return words | {"text": finding.text, "read_version": finding.version} | said


def test_other_words_on_the_page_of_a_line_end_its_approval(desk):
    finding = make_public_finding(make_participation(), "Agreed")

    answer = desk.post(page("change", finding.pk), line(finding, text="Other words"))

    assert answer.status_code == 302
    finding.refresh_from_db()
    assert (finding.text, finding.is_approved, finding.visibility) == (
        "Other words",
        False,
        "secretariat",
    )
    assert Browser().get(finding.get_absolute_url()).status_code == 410


def test_a_stale_line_is_not_saved_and_shows_what_stands_there(desk):
    finding = make_finding(make_participation(), "First")
    stale = line(finding, text="Mine")
    approving.rewrite(finding.pk, {"text": "Theirs"}, version=finding.version)

    html = desk.post(page("change", finding.pk), stale).content.decode()

    assert "Theirs" in html
    assert "Mine" in html
    assert Finding.objects.get().text == "Theirs"


def test_deleting_leaves_a_tombstone_of_what_was_public(desk):
    shown, hidden = make_public_finding(make_participation()), make_finding(make_participation())
    for one in (shown, hidden):
        assert desk.post(page("delete", one.pk), {"post": "yes"}).status_code == 302

    assert list(Finding.objects.all()) == [shown]
    assert Browser().get(shown.get_absolute_url()).status_code == 410


def test_the_secretariat_of_another_owner_sees_nothing():
    finding = make_finding(make_participation(make_round(owner=make_organisation())), "Hidden")
    browser = Browser()
    browser.force_login(make_editor(make_organisation()))

    for name in ("change", "grid", "send", "library"):
        assert browser.get(page(name, finding.pk)).status_code in (302, 404)
        assert "Hidden" not in browser.get(page(name, finding.pk), follow=True).content.decode()
    assert "Hidden" not in browser.get(page("changelist")).content.decode()
    assert str(finding.participation) not in browser.get(page("add")).content.decode()
    assert browser.get(grid_of(finding.participation)).status_code == 404


def test_an_author_of_the_secretariat_sees_none_of_it():
    owner = make_organisation()
    finding = make_finding(make_participation(make_round(owner=owner)), "Hidden")
    browser = Browser()
    browser.force_login(make_editor(owner, role="author"))

    for path in (page("changelist"), page("change", finding.pk), page("add")):
        assert "Hidden" not in browser.get(path, follow=True).content.decode()
    assert browser.get(page("changelist")).status_code == 403


def test_public_findings_become_a_draft_of_the_library_once(desk):
    round = make_round()
    quoted = make_participation(round, make_government("Region of Antofagasta"))
    other = make_participation(round, make_government("Region of Biobío"))
    finding = make_public_finding(quoted, "We retrain miners.", may_be_quoted=True)
    make_public_finding(other, "We close late.", kind="barrier")
    make_finding(other, "Hidden")
    said = {"kind": "report", "owner": round.owner_id}

    answer = desk.post(page("library", finding.pk), said)

    assert answer.status_code == 302
    resource = Resource.objects.get(source_url=to_library.url_of(round))
    edition = resource.editions.get()
    assert "We retrain miners. (Region of Antofagasta)" in edition.body
    assert "We close late." in edition.body
    assert "Biobío" not in edition.body
    assert "Hidden" not in edition.body
    credited = {credit.organisation.name for credit in resource.credits.filter(role="author")}
    assert credited == {"Region of Antofagasta"}
    assert not resource.is_public
    desk.post(page("library", finding.pk), said)
    assert Resource.objects.filter(source_url=to_library.url_of(round)).count() == 1


def test_29_the_desk_of_a_large_round_costs_few_queries(desk):
    round = make_round()
    for _number in range(60):
        make_finding(make_participation(round))
    for path in (page("changelist"), page("add")):
        desk.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        assert len(queries) <= 12, path
