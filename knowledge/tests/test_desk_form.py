"""The form of a work as its curators go through it, and the pages of the steps behind it."""

import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor
from hub.tests.pages import form_of, links_of
from hub.vocabulary.tests.factories import make_term
from knowledge import drafting, services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource
from knowledge.tests.test_admin import ADD, errors_of, page_of, row
from tests.pages import Page

pytestmark = pytest.mark.django_db


def filled(editor, **changes) -> dict:
    """The empty form with what it needs, and these changes."""
    form = form_of(editor.get(ADD), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}
    return form | {
        "kind": "report",
        "original_language": "es",
        "editions-0-title": "Sobre las minas",
        "editions-0-summary": "De los mineros.",
        **changes,
    }


def test_the_way_through_the_form_names_its_parts_in_the_order_of_the_work(editor):
    page = editor.get(ADD).content.decode()

    anchors = [part.anchor for part in editor.get(ADD).context["parts"]]
    ids = [one["id"] for tag, one in Page(page).elements if "id" in one]

    assert [anchor.partition("-")[0] for anchor in anchors] == [
        *("fieldset", "editions", "files", "links"),
        *("fieldset", "credits", "identifiers"),
        *["fieldset"] * 4,
    ]
    assert [one for one in ids if one in anchors] == anchors
    assert [link[1:] for link in links_of(editor.get(ADD)) if link[1:] in anchors] == anchors


def test_the_original_is_in_the_language_of_the_work_unless_it_says_so(editor):
    editor.post(ADD, filled(editor))

    resource = Resource.objects.get()
    assert [one.language for one in resource.editions.all()] == ["es"]


def test_a_translation_says_its_language(editor):
    second = row("editions", 1, language="", title="On pits", summary="Of miners.", method="human")

    refused = editor.post(ADD, filled(editor, **second))

    assert errors_of(refused) == {"editions-1-language": ["Say in which language this is."]}
    fields = Page(refused.content.decode()).all("select")
    assert [one["name"] for one in fields if "autofocus" in one] == ["editions-1-language"]
    # What was typed is in sight, not folded away.
    assert [one for one in Page(refused.content.decode()).all("details") if "open" in one]


def test_one_language_is_not_told_twice(editor):
    second = row("editions", 1, language="es", title="Otra vez", method="human")

    refused = editor.post(ADD, filled(editor, **second))

    assert refused.status_code == 200
    assert not Resource.objects.exists()


def test_saving_leads_on_to_publishing(editor, own):
    first = editor.post(ADD, filled(editor, _publish="Save and publish …"))
    resource = Resource.objects.get()
    publish = page_of(resource, "publish")
    opened = editor.get(publish)
    editor.post(publish)
    form = form_of(editor.get(page_of(resource)), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}
    beside = editor.post(page_of(resource), form | {"licence": "CC BY", "_publish": "1"})

    assert (first.status_code, first["Location"]) == (302, publish)
    assert "It has no topic" in opened.content.decode()
    assert f"{page_of(resource)}#id_licence" in links_of(opened)
    assert (beside.status_code, beside["Location"]) == (302, publish)
    assert Resource.objects.get().licence == ""


def test_who_may_not_publish_is_not_led_there(client, own):
    client.force_login(make_editor(own, Membership.Role.AUTHOR))
    resource = make_draft(owner=own)

    assert b'name="_publish"' not in client.get(page_of(resource)).content
    assert client.get(page_of(resource, "publish")).status_code == 404


def test_without_a_script_all_terms_that_are_not_chosen_are_listed(editor, own):
    chosen, other = make_term("Chosen"), make_term("Other")
    resource = make_draft(owner=own, terms=(chosen,))

    page = editor.get(page_of(resource)).content.decode()
    _before, _mark, listed = page.partition("<noscript>")
    listed, _mark, _behind = listed.partition("</noscript>")

    assert f'<option value="{other.pk}">Other</option>' in listed
    assert f'value="{chosen.pk}"' not in listed
    assert editor.post(page_of(resource), {"terms": ["odd"]}).status_code == 200


def test_terms_that_are_called_so_come_first_and_say_what_they_are(editor):
    make_term("Brown coal", slug="a")
    pits = make_term("Lignite pits", slug="b")
    pits.labels.update(alternatives=["coal pits"])
    make_term("Coal mining", "sector", slug="c")
    asked = {"app_label": "knowledge", "model_name": "resource", "field_name": "terms"}

    found = editor.get("/admin/autocomplete/", {**asked, "term": "coal"}).json()["results"]

    assert [one["text"] for one in found] == [
        "Coal mining (Sector)",
        "Brown coal (Topic)",
        "Lignite pits (Topic)",
    ]


# Steps that are not open


def drafted(own) -> Resource:
    resource = make_resource(owner=own)
    by = make_editor(own)
    drafting.change(resource.pk, by, lambda one: Resource.objects.update(licence="CC BY"))
    return resource


@pytest.mark.parametrize(
    ("make", "step", "said"),
    [
        (
            lambda own: make_draft("On pits", owner=own),
            "withdraw",
            "“Withdraw” cannot be done now: it is “Draft”. What can be done: Send to review, "
            "Publish, Comment.",
        ),
        (
            lambda own: make_resource("On pits", owner=own),
            "publish",
            "“Publish” cannot be done now: it is “Published”. What can be done: Withdraw, Comment.",
        ),
        (
            lambda own: services.withdraw(make_resource(owner=own).pk, reason="Old"),
            "approve",
            "“Approve” cannot be done now: it is “Withdrawn”. What can be done: Restore as draft, "
            "Comment.",
        ),
    ],
)
def test_a_step_that_is_not_open_leads_to_the_work_and_says_what_is(editor, own, make, step, said):
    resource = make(own)

    answer = editor.get(page_of(resource, step))

    assert (answer.status_code, answer["Location"]) == (302, page_of(resource))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [said]


@pytest.mark.parametrize("step", ["publish", "withdraw", "submit"])
def test_steps_of_others_are_not_there_open_or_not(editor, step):
    theirs = make_draft()

    assert editor.get(page_of(theirs, step)).status_code == 404


def test_an_open_step_has_its_page(editor, own):
    resource = make_draft(owner=own)

    page = editor.get(reverse("admin:knowledge_resource_publish", args=[resource.pk]))

    assert page.status_code == 200
    focused = [
        one["name"] for one in Page(page.content.decode()).all("input") if "autofocus" in one
    ]
    assert focused == ["at_0"]


def test_what_was_saved_after_the_page_was_opened_is_not_published_unread(editor, own):
    draft = make_draft("On pits", owner=own, summary="About lamplighters.")
    page = reverse("admin:knowledge_resource_publish", args=[draft.pk])
    form = form_of(editor.get(page), "act_form")
    drafting.change(draft.pk, make_editor(own), lambda row: row.tags.add("wages"))

    refused = editor.post(page, form)

    assert "It was changed since you opened this page." in refused.content.decode()
    assert not Resource.objects.public().exists()
    assert editor.post(page, form_of(refused, "act_form")).status_code == 302
    assert Resource.objects.public().exists()


def test_what_adds_a_part_names_it_within_a_sentence(editor):
    page = Page(editor.get(ADD).content.decode())

    told = [
        json.loads(one["data-inline-formset"])
        for one in page.all("div")
        if "data-inline-formset" in one
    ]

    assert {one["options"]["addText"] for one in told} == {
        *("Add another language", "Add another author or publisher", "Add another PDF"),
        *("Add another link", "Add another identifier"),
    }


def test_the_row_of_actions_names_no_field_that_is_hidden(editor, own):
    make_draft(owner=own)

    page = editor.get("/admin/knowledge/resource/").content.decode()

    assert ('name="shown_at"' in page, "Shown at" in page) == (True, False)
