"""Merging two works at the partner desk: asked, shown, done, and by nobody else."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test import Client

from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from knowledge import merging
from knowledge.models import Edition, Merged, Resource
from knowledge.tests.factories import make_draft, make_resource
from knowledge.tests.test_admin import page_of

pytestmark = pytest.mark.django_db

MERGE = {"_merge": "Merge"}  # the button


@pytest.fixture
def pair(own) -> tuple[Resource, Resource]:
    return (
        make_resource("Coal and after", owner=own, licence="CC BY 4.0"),
        make_resource("Coal & after", owner=own, licence="All rights reserved"),
    )


def address_of(stays: Resource, goes: Resource) -> str:
    return f"{page_of(stays, 'merge')}?with={goes.pk}"


def send(client: Client, stays: Resource, goes: Resource, **answers: str) -> Any:
    """Open the page, answer as given, and press "Merge"."""
    form = form_of(client.get(address_of(stays, goes)), "merge_form") | MERGE
    return client.post(address_of(stays, goes), form | answers)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_merge_goes_from_the_question_to_the_one_work(editor, pair):
    stays, goes = pair

    shown = editor.get(address_of(stays, goes))
    response = send(editor, stays, goes)

    assert [field.label for field in shown.context["form"].asked] == ["Licence", "Title (English)"]
    assert response["Location"] == page_of(stays)
    assert list(Resource.objects.all()) == [stays]
    assert "became part of this entry" in LogEntry.objects.latest("pk").change_message


def test_other_answers_are_shown_before_they_are_taken(editor, pair):
    stays, goes = pair

    again = send(editor, stays, goes, licence="theirs")
    form = form_of(again, "merge_form") | MERGE
    editor.post(address_of(stays, goes), form)

    lines = {line.label: line.told[2] for line in again.context["tables"][0].lines}
    assert lines["Licence"] == ("All rights reserved",)
    assert "You have chosen otherwise" in again.content.decode()
    stays.refresh_from_db()
    assert stays.licence == "All rights reserved"


def test_an_answer_that_was_not_offered_is_refused_at_the_question(editor, pair):
    response = send(editor, *pair, licence="nonsense")

    assert list(response.context["form"].errors) == ["licence"]
    assert Resource.objects.count() == 2


def test_what_somebody_changes_meanwhile_is_shown_first(editor, pair):
    stays, goes = pair
    form = form_of(editor.get(address_of(stays, goes)), "merge_form") | MERGE
    Edition.objects.filter(resource=goes).update(summary="Added a moment ago.")

    response = editor.post(address_of(stays, goes), form)

    page = response.content.decode()
    assert "Somebody has changed one of them meanwhile" in page
    assert "Added a moment ago." in page
    assert Resource.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "x"])
def test_nothing_is_merged_that_was_not_shown(editor, pair, seen):
    editor.post(address_of(*pair), {"_merge": "1", "licence": "ours", "en-title": "ours"})
    send(editor, *pair, seen=seen)

    assert Resource.objects.count() == 2


def test_what_readers_would_lose_is_told_with_the_other_way(editor, own):
    stays, goes = make_draft(owner=own), make_resource(owner=own)

    page = editor.get(address_of(stays, goes)).content.decode()

    assert "Let the public one stay." in page
    assert address_of(goes, stays).replace("&", "&amp;") in page


def test_whoever_is_later_is_led_to_what_it_became(editor, pair):
    stays, goes = pair
    form = form_of(editor.get(address_of(goes, stays)), "merge_form") | MERGE
    merging.merge(stays.pk, goes.pk)

    response = editor.post(address_of(goes, stays), form, follow=True)

    assert response.redirect_chain[-1][0] == page_of(stays)
    assert messages_of(response) == [
        "“Coal & after” became part of this entry. What you sent was not saved."
    ]


def test_who_opens_what_went_is_led_on_if_they_may_see_it(editor, client, pair):
    stays, goes = pair
    merging.merge(stays.pk, goes.pk)

    led = editor.get(page_of(goes))
    client.force_login(make_editor(make_organisation()))
    foreign, missing = client.get(page_of(goes)), client.get("/admin/knowledge/resource/99999/")

    assert led["Location"] == page_of(stays)
    assert foreign["Location"] == "/admin/"
    assert missing["Location"] in (
        "/admin/",
        "99999/change/",
        "/admin/knowledge/resource/99999/change/",
    )


@pytest.mark.parametrize("who", ["author", "editor of one", "delegate"])
def test_who_may_not_publish_both_merges_nothing(client, own, pair, who):
    if who == "editor of one":
        Resource.objects.filter(pk=pair[1].pk).update(owner=make_organisation())
        client.force_login(make_editor(own))
    else:
        role = getattr(Membership.Role, who.upper())
        client.force_login(make_editor(own, role=role))

    answers = [client.get(address_of(*pair)), client.post(address_of(*pair), {"_merge": "1"})]

    assert {answer.status_code for answer in answers} <= {404, 302}
    assert Resource.objects.count() == 2


def test_the_secretariat_merges_what_two_partners_have_and_looks_it_up(client):
    stays, goes = make_resource("Coal and after"), make_resource("Coal & after", licence="CC0")
    client.force_login(make_user(is_secretariat=True))

    send(client, stays, goes)
    merged = Merged.objects.get()
    page = client.get(f"/admin/knowledge/merged/{merged.pk}/change/")

    assert stays.co_owners.get() == goes.owner
    assert "&quot;licence&quot;: &quot;CC0&quot;" in page.content.decode()


def test_an_entry_is_passed_on_by_those_alone_who_speak_for_both_owners(editor, own):
    other = make_organisation()
    stays, goes = make_draft("Coal", owner=own), make_draft("Coal!", owner=other)
    goes.co_owners.add(own)

    for one, another in ((stays, goes), (goes, stays)):
        assert editor.get(address_of(one, another)).status_code == 404
        assert editor.post(address_of(one, another), {"_merge": "1"}).status_code == 404

    assert Resource.objects.count() == 2
    assert set(goes.co_owners.all()) == {own}


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_a_merge_overtakes_is_told_so(client):
    own = make_organisation()
    client.force_login(make_editor(own))
    stays, goes = make_resource("Coal and after", owner=own), make_resource(owner=own)
    form = form_of(client.get(page_of(goes)), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith("cover_picture")}

    def edit():
        try:
            return client.post(page_of(goes), form | {"licence": "CC0"}, follow=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        merging.merge(stays.pk, goes.pk)
        answer = pool.submit(edit)
        time.sleep(1.5)  # it has read the work by now, and waits for its row

    response = answer.result()
    assert response.redirect_chain[-1][0] == page_of(stays)
    assert "What you sent was not saved." in messages_of(response)[0]
