"""Broken links as readers and curators see them."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hub.partners.tests.factories import make_organisation
from hub.tests.pages import form_of
from knowledge import inbox, jobs, link_check
from knowledge.desk_links import LinkFormSet
from knowledge.models import Link
from knowledge.tests.factories import make_broken_link, make_draft, make_link, make_resource
from knowledge.tests.test_admin import LIST, errors_of, page_of

pytestmark = pytest.mark.django_db

FAULT = "This link did not answer when we last looked on 3 March 2026."
WORK = "https://works.example/report"
COPY = "https://archive.example/web/2025/https://works.example/report"


def text_and_buttons(client, resource):
    """What the page says of where the work is, and where its buttons lead."""
    html = client.get(resource.get_absolute_url()).content.decode()
    part = html.partition('id="work"')[2].partition("</section>")[0]
    buttons = [piece.partition('href="')[2].partition('"')[0] for piece in part.split("<a ")[1:]]
    return " ".join(part.split()), buttons


def test_readers_are_told_and_offered_the_archived_copy_first(client):
    link = make_broken_link(make_resource(), url=WORK, archived_url=COPY)

    text, buttons = text_and_buttons(client, link.resource)

    assert f"{FAULT} There is an archived copy at archive.example." in text
    assert buttons == [COPY, WORK]


def test_readers_are_told_where_there_is_no_copy_and_keep_the_link(client):
    link = make_broken_link(make_resource(), url=WORK)

    text, buttons = text_and_buttons(client, link.resource)

    assert f"{FAULT} The hub knows no archived copy of it." in text
    assert buttons == [WORK]


def test_two_failures_and_a_copy_for_later_are_no_readers_business(client):
    link = make_broken_link(make_resource(), url=WORK, archived_url=COPY)
    Link.objects.filter(pk=link.pk).update(fails=2)

    text, buttons = text_and_buttons(client, link.resource)

    assert "did not answer" not in text
    assert buttons == [WORK]


def test_the_day_is_that_of_the_failure_though_robots_were_turned_away_since(client):
    link = make_broken_link(make_resource(), url=WORK)
    untold = link_check.Finding(link_check.Verdict.UNTOLD, 403)
    link_check.note(link.pk, WORK, untold, link.checked_at + timedelta(days=4))

    text, _buttons = text_and_buttons(client, link.resource)

    assert FAULT in text


def test_programs_and_citations_keep_the_address_of_the_work(client):
    link = make_broken_link(make_resource(), url=WORK, archived_url=COPY)

    page = client.get(link.resource.get_absolute_url())

    linked_data = (
        page.content.decode().partition("application/ld+json")[2].partition("</script>")[0]
    )
    assert page.context["citation"].endswith(WORK)
    assert (WORK in linked_data, COPY in linked_data) == (True, False)


def send(client, resource, **changes):
    form = form_of(client.get(page_of(resource)), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}
    return client.post(page_of(resource), form | changes)


def test_a_check_while_the_form_is_open_is_not_undone(editor, own, monkeypatch):
    link = make_broken_link(make_draft(owner=own), url=WORK)

    def answers_meanwhile(self, form, obj, commit=True):
        whole = link_check.Finding(link_check.Verdict.WHOLE, 200)
        link_check.note(link.pk, WORK, whole, link.checked_at)
        return save(self, form, obj, commit)

    save = LinkFormSet.save_existing
    monkeypatch.setattr(LinkFormSet, "save_existing", answers_meanwhile)
    send(editor, link.resource, **{"links-0-label": "The report"})

    link.refresh_from_db()
    assert (link.label, link.fails, link.last_status) == ("The report", 0, 200)


def test_a_curator_gives_the_archived_copy_and_what_was_found_stays(editor, own):
    link = make_broken_link(make_draft(owner=own), url=WORK)

    send(editor, link.resource, **{"links-0-archived_url": COPY})

    link.refresh_from_db()
    assert (link.archived_url, link.fails, link.last_status) == (COPY, 3, 404)


def test_another_address_begins_anew(editor, own):
    link = make_broken_link(make_draft(owner=own), url=WORK)

    send(editor, link.resource, **{"links-0-url": f"{WORK}-2"})

    link.refresh_from_db()
    assert (link.url, link.fails, link.checked_at) == (f"{WORK}-2", 0, None)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://archive.example/"])
def test_an_archived_copy_is_a_page(url, editor, own):
    link = make_link(make_draft(owner=own))

    response = send(editor, link.resource, **{"links-0-archived_url": url})

    assert errors_of(response) == {"links-0-archived_url": ["Enter a valid URL."]}


def test_the_desk_says_what_was_found(editor, own):
    resource = make_draft(owner=own)
    make_broken_link(resource)
    make_link(resource)

    page = editor.get(page_of(resource)).content.decode()

    assert "Broken: did not answer on 3 March 2026" in page
    assert "Not looked at yet" in page


def test_broken_links_wait_for_those_who_curate_the_work(editor, own):
    broken = make_broken_link(make_resource(owner=own))
    make_broken_link(make_resource(owner=own), archived_url=COPY)  # dealt with
    make_broken_link(make_resource(owner=make_organisation()))
    make_link(make_resource(owner=own))

    response = editor.get(LIST, {"waiting": "broken"})

    assert list(response.context["cl"].result_list) == [broken.resource]
    user = response.wsgi_request.user
    assert {task.label: task.count for task in inbox.tasks(user)}["Broken links"] == 1


def test_chosen_rows_are_checked_soon_as_far_as_one_may_change_them(editor, own):
    link = make_link(make_resource(owner=own))
    other = make_link(make_resource(owner=make_organisation()))
    chosen = [link.resource_id, other.resource_id]

    editor.post(LIST, {"action": "check_links", "_selected_action": chosen})

    asked = ProcrastinateJob.objects.filter(task_name=jobs.look_at_links.name)
    assert [job.args["link_ids"] for job in asked] == [[link.pk]]
