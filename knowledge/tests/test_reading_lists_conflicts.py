"""Two who have the same reading list open: neither loses anything."""

import pytest

from conftest import Browser
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of
from knowledge import reading_lists
from knowledge.models import Collection
from knowledge.tests.factories import make_draft, make_list, make_list_draft, make_resource
from knowledge.tests.test_reading_lists_desk import change, form, of_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def colleague(own):
    client = Browser()
    client.force_login(make_editor(own, name="Ana"))
    return client


def save(client, collection, **fields):
    answer = client.post(change(collection), form(client, change(collection)) | fields)
    assert answer.status_code == 302
    return answer


def shown(answer):
    return answer.content.decode()


def test_of_two_who_save_the_second_sees_both_texts_and_decides(editor, own, colleague):
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    opened = form(editor, change(collection))
    save(colleague, collection, **{"texts-0-intro": "About lamplighters."})

    answer = editor.post(change(collection), opened | {"texts-0-intro": "About locksmiths."})

    page = shown(answer)
    assert (answer.status_code, collection.texts.get().intro) == (200, "About lamplighters.")
    assert "Somebody else has saved this list since you opened it." in page
    assert ("<del>" in page, "lamplighters" in page, "<ins>" in page) == (True, True, True)
    again = form_of(answer, "collection_form")
    assert again["texts-0-intro"] == ["About locksmiths."]
    assert editor.post(change(collection), again).status_code == 302
    assert collection.texts.get().intro == "About locksmiths."


def test_one_who_saves_what_is_there_already_is_not_asked(editor, own, colleague):
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    opened = form(editor, change(collection))
    save(colleague, collection, query="q=kilns")

    answer = editor.post(change(collection), opened | {"query": "q=kilns"})

    assert answer.status_code == 302
    assert Collection.objects.get().query == "q=kilns"


def test_a_change_of_status_alone_is_no_conflict(editor, own):
    collection = make_list("Read these", make_resource(), owner=own)
    opened = form(editor, change(collection))
    reading_lists.withdraw(collection.pk, reason="Said twice")

    answer = editor.post(change(collection), opened, follow=True)

    assert answer.redirect_chain
    assert Collection.objects.get().status == Collection.Status.WITHDRAWN


def test_rows_that_the_other_removed_or_added_are_lost_in_neither_way(editor, own, colleague):
    first, second, third = (make_resource(title) for title in ("Pits", "Mills", "Kilns"))
    collection = make_list_draft("Read these", first, second, owner=own)
    opened = form(editor, change(collection))
    theirs = {"items-0-DELETE": "on", "items-TOTAL_FORMS": "3"} | of_item(2, third, note="New")
    save(colleague, collection, **theirs)

    answer = editor.post(change(collection), opened | {"items-0-note": "The best of all"})

    page = shown(answer)
    assert answer.status_code == 200
    assert "It stays when you save:" in page
    assert "<li>Kilns: New</li>" in page
    again = form_of(answer, "collection_form")
    assert ["The best of all"] in again.values()
    assert editor.post(change(collection), again).status_code == 302
    kept = collection.items.values_list("resource__slug", "note")
    assert set(kept) == {
        (first.slug, "The best of all"),
        (second.slug, ""),
        (third.slug, "New"),
    }


def test_what_is_wrong_is_told_first_and_the_conflict_once_it_is_mended(editor, own, colleague):
    collection = make_list_draft("Read these", owner=own, query="q=pits")
    opened = form(editor, change(collection))
    save(colleague, collection, query="q=kilns")

    wrong = editor.post(change(collection), opened | {"texts-0-title": ""})
    right = form_of(wrong, "collection_form") | {"texts-0-title": "Mine"}
    answer = editor.post(change(collection), right)

    assert "This field is required." in shown(wrong)
    assert "Somebody else has saved this list" in shown(answer)
    assert Collection.objects.get().query == "q=kilns"


def test_titles_that_are_not_for_this_person_are_not_told(editor, own, colleague):
    hidden = make_draft("A secret of others", owner=make_organisation())
    collection = make_list_draft("Read these", hidden, make_resource("Pits"), owner=own)
    opened = form(editor, change(collection))
    save(colleague, collection, **{"items-0-note": "Read it first"})

    answer = editor.post(change(collection), opened | {"items-0-note": "Leave it out"})

    assert "A work that is not on the site now" in shown(answer)
    assert "Read it first" in shown(answer)
    assert "A secret of others" not in shown(answer)
