import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.urls import reverse

from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from knowledge import merging, services
from knowledge.models import Collection, CollectionItem
from knowledge.tests.factories import make_draft, make_list, make_list_draft, make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
ADD = "/admin/knowledge/collection/add/"


def change(collection):
    return reverse("admin:knowledge_collection_change", args=[collection.pk])


def form(client, address, **fields):
    return form_of(client.get(address), "collection_form", **fields)


def of_item(number, work, **fields):
    told = {"resource": work.pk, "position": number, "note": ""} | fields
    return {f"items-{number}-{name}": value for name, value in told.items()}


def look_up(client, words, model="collectionitem", field="resource"):
    asked = {"app_label": "knowledge", "model_name": model, "field_name": field, "term": words}
    answer = client.get(f"/admin/autocomplete/?{urlencode(asked)}")
    return [one["text"] for one in json.loads(answer.content)["results"]]


def test_an_editor_makes_a_list_by_hand_and_by_search(editor, own):
    first, second = make_resource("Pits"), make_resource("Mills", owner=own)
    sent = form(editor, ADD, query="https://hub.example.org/resources/?sort=oldest&page=3&q=kilns")
    sent |= {"texts-0-title": "Read these", "texts-0-intro": "For a start."}
    sent |= {"items-TOTAL_FORMS": "2"} | of_item(0, second) | of_item(1, first, note="Then this")

    answer = editor.post(ADD, sent)

    assert answer.status_code == 302
    collection = Collection.objects.get()
    assert (collection.slug, collection.query, collection.owner) == (
        "read-these",
        "q=kilns&sort=oldest",
        own,
    )
    picked = collection.items.values_list("resource__slug", "note")
    assert list(picked) == [(second.slug, ""), (first.slug, "Then this")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topic=dragons", "We left out “dragons”: there is no such topic here."),
        ("sort=oldest", "This is no search: it has neither words nor a filter."),
        ("https://hub.example.org/resources/", "This is no search"),
        ("\x01", "This is no search"),
    ],
)
def test_what_is_no_search_is_told_at_its_field(editor, query, said):
    sent = form(editor, ADD, query=query) | {"texts-0-title": "Read these"}

    answer = editor.post(ADD, sent)

    assert said in str(answer.context["adminform"].form.errors["query"])
    assert "Read these" in answer.content.decode()
    assert not Collection.objects.exists()


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"texts-0-is_original": ""}, "Tick “original” for one language"),
        ({"texts-0-title": ""}, "This field is required."),
    ],
)
def test_a_list_needs_one_original_title(editor, odd, said):
    sent = form(editor, ADD) | {"texts-0-title": "Read these"} | odd

    assert said in editor.post(ADD, sent).content.decode()


def test_a_work_stands_in_a_list_once(editor, own):
    work = make_resource()
    collection = make_list_draft("Read these", work, owner=own)
    sent = form(editor, change(collection)) | {"items-TOTAL_FORMS": "2"} | of_item(1, work)

    assert "duplicate" in editor.post(change(collection), sent).content.decode()
    assert collection.items.count() == 1


def in_turn_with_a_merge(client, collection, sent, stays, goes):
    """The answer to a form that is sent while the two works are being merged."""

    def send():
        try:
            return client.post(change(collection), sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        merging.merge(stays.pk, goes.pk)
        answer = pool.submit(send)
        time.sleep(1.5)  # it waits for the database
    return answer.result()


@pytest.mark.django_db(transaction=True)
def test_a_work_that_is_being_merged_is_told_by_what_it_becomes(client):
    own = make_organisation()
    client.force_login(make_editor(own))
    stays, goes = make_resource("Stays", owner=own), make_resource("Goes", owner=own)
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    sent = form(client, change(collection)) | {"items-TOTAL_FORMS": "1"} | of_item(0, goes)

    answer = in_turn_with_a_merge(client, collection, sent, stays, goes)

    assert answer.status_code == 200
    assert "“Goes” became part of “Stays”. Choose that" in answer.content.decode()
    assert not collection.items.exists()


@pytest.mark.django_db(transaction=True)
def test_a_work_that_a_merge_puts_into_the_list_is_not_there_twice(client):
    own = make_organisation()
    client.force_login(make_editor(own))
    stays, goes = make_resource("Stays", owner=own), make_resource("Goes", owner=own)
    collection = make_list_draft("Read these", goes, owner=own)
    sent = form(client, change(collection)) | {"items-TOTAL_FORMS": "2"} | of_item(1, stays)

    answer = in_turn_with_a_merge(client, collection, sent, stays, goes)

    assert answer.status_code == 200
    assert "became part of" in answer.content.decode()
    assert [item.resource for item in collection.items.all()] == [stays]


@pytest.mark.parametrize("odd", ["-1", "0", "9" * 18, "9" * 400])
def test_an_odd_key_of_a_work_is_an_error_in_words(editor, own, odd):
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    sent = form(editor, change(collection)) | {"items-TOTAL_FORMS": "1"}

    page = editor.post(
        change(collection), sent | {"items-0-resource": odd, "items-0-position": "0"}
    )

    assert "Select a valid choice" in page.content.decode()


# What may be named


def test_works_of_others_are_found_while_they_are_public(editor, own):
    make_resource("Lignite out there")
    make_draft("Lignite in the drawer of others")
    make_draft("Lignite of our own", owner=own)

    assert look_up(editor, "lignite") == ["Lignite out there", "Lignite of our own"] or set(
        look_up(editor, "lignite")
    ) == {"Lignite out there", "Lignite of our own"}


def test_elsewhere_only_own_works_are_found(editor, own):
    make_resource("Lignite out there")
    make_resource("Lignite of our own", owner=own)

    assert look_up(editor, "lignite", "resource", "replaced_by") == ["Lignite of our own"]


def test_the_key_of_anothers_draft_is_an_error(editor, own):
    foreign = make_draft("Quokkazephyr")
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    sent = form(editor, change(collection)) | {"items-TOTAL_FORMS": "1"} | of_item(0, foreign)

    page = editor.post(change(collection), sent).content.decode()

    assert "Select a valid choice" in page
    assert "Quokkazephyr" not in page
    assert not CollectionItem.objects.exists()


@pytest.mark.parametrize("role", [Membership.Role.EDITOR, Membership.Role.AUTHOR])
def test_what_others_withdrew_is_told_without_its_new_title_and_stays(client, own, role):
    work = make_resource("Known")
    collection = make_list("Read these", work, make_resource("Pits"), owner=own)
    services.withdraw(work.pk, reason="Wrong")
    services.restore(work.pk)
    work.editions.update(title="Quokkazephyr")
    client.force_login(make_editor(own, role))

    page = client.get(change(collection)).content.decode()

    assert "A work that is not on the site now" in page
    assert "left out: not on the site" in page
    assert "Quokkazephyr" not in page
    if role == Membership.Role.EDITOR:
        assert client.post(change(collection), form(client, change(collection))).status_code == 302
        assert collection.items.count() == 2


# States


def test_an_editor_publishes_withdraws_and_restores(editor, own):
    collection = make_list_draft("Read these", make_resource(), owner=own)

    def act(name, **sent):
        return editor.post(
            reverse(f"admin:knowledge_collection_{name}", args=[collection.pk]), sent
        )

    assert act("publish").status_code == 302
    assert Collection.objects.public().exists()
    assert act("withdraw").status_code == 200  # without a reason
    assert act("withdraw", reason="Old").status_code == 302
    assert act("restore").status_code == 302
    assert Collection.objects.get().status == Collection.Status.DRAFT
    assert "reason" in editor.get(change(collection)).content.decode()


def test_an_author_writes_drafts_and_publishes_none(client, own):
    client.force_login(make_editor(own, Membership.Role.AUTHOR))
    collection = make_list_draft("Read these", make_resource(), owner=own)

    assert client.post(f"{change(collection)}../publish/").status_code == 404
    sent = form(client, change(collection)) | {"texts-0-title": "Read those"}
    assert client.post(change(collection), sent).status_code == 302
    assert str(Collection.objects.get()) == "Read those"


def test_who_writes_for_one_owner_shares_no_list_of_theirs_with_another(client, own):
    author = make_editor(make_organisation(name="Elsewhere"), Membership.Role.AUTHOR)
    Membership.objects.create(user=author, organisation=own, role=Membership.Role.EDITOR)
    client.force_login(author)

    assert 'name="co_owners"' not in client.get(ADD).content.decode()


def test_lists_of_others_are_not_there(editor):
    collection = make_list("Quokkazephyr", make_resource(), owner=make_organisation())

    for act in ("publish", "withdraw", "restore"):
        path = reverse(f"admin:knowledge_collection_{act}", args=[collection.pk])
        assert editor.post(path, {"reason": "Mine"}).status_code == 404
    assert "Quokkazephyr" not in editor.get("/admin/knowledge/collection/").content.decode()


def test_the_desk_shows_what_the_search_finds_now(client):
    make_resource("Lignite")
    client.force_login(make_user(is_secretariat=True))
    collection = make_list_draft("Read these", query="q=lignite")

    assert "<li>Lignite</li>" in client.get(change(collection)).content.decode()


def test_a_published_list_cannot_be_deleted(editor, own):
    collection = make_list("Read these", make_resource(), owner=own)

    editor.post(f"/admin/knowledge/collection/{collection.pk}/delete/", {"post": "yes"})

    assert Collection.objects.exists()
