"""The partner desk as a curator uses it: pages, forms, and what readers see afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.catalogue import reindexing as catalogue
from hub.catalogue.models import Record
from hub.catalogue.tests.finding import refs
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of, links_of
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.tests.factories import make_term
from knowledge import drafting, services
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db

LIST = "/admin/knowledge/resource/"
ADD = "/admin/knowledge/resource/add/"


@pytest.fixture
def secretariat(client) -> Client:
    client.force_login(make_user(is_secretariat=True))
    return client


def page_of(resource: Resource, page: str = "change", *more: int) -> str:
    return reverse(f"admin:knowledge_resource_{page}", args=[resource.pk, *more])


def row(prefix: str, number: int, **values: Any) -> dict[str, Any]:
    """One row of an inline, as a browser sends it."""
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def errors_of(response: Any) -> dict[str, list[str]]:
    """The sentences of a refused form and of its inlines, by field."""
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        for number, errors in enumerate(inline.formset.errors):
            found |= {f"{prefix}-{number}-{name}": texts for name, texts in errors.items()}
        if inline.formset.non_form_errors():
            found[prefix] = inline.formset.non_form_errors()
    return {name: list(texts) for name, texts in found.items()}


# Writing


def test_a_new_resource_from_the_empty_form_to_the_public_page(editor, own):
    term, other = make_term("Retraining"), make_term("Wind power")
    publisher = make_organisation("Wind Coast Union", is_partner=False)
    form = form_of(editor.get(ADD), "resource_form")
    form |= {
        "kind": "report",
        "original_language": "es",
        "further_languages": ["en"],
        "published_on": "2025-03-01",
        "terms": [term.pk, other.pk],
        "tags": "miners, second careers",
        "editions-TOTAL_FORMS": "2",
        "credits-TOTAL_FORMS": "2",
        "links-TOTAL_FORMS": "1",
        "identifiers-TOTAL_FORMS": "1",
        **row("editions", 0, language="es", title="Después del carbón", method="human"),
        **row("editions", 1, language="en", title="After coal", summary="What miners did next."),
        **row("editions", 1, method="human"),
        **row("credits", 0, role="publisher", organisation=publisher.pk, position=1),
        **row("credits", 1, role="author", name="Ana Pérez", position=0),
        **row("links", 0, url="https://example.org/carbon.pdf", kind="work", position=0),
        **row("identifiers", 0, scheme="doi", value="https://doi.org/10.1234/Carbon"),
    }

    added = editor.post(ADD, form)

    assert added.status_code == 302, errors_of(added)
    resource = Resource.objects.get()
    assert (resource.slug, resource.status, resource.owner) == ("despues-del-carbon", "draft", own)
    assert (resource.languages, resource.published_precision) == (["es", "en"], "day")
    assert [(e.language, e.is_original) for e in resource.editions.all()] == [
        ("es", True),
        ("en", False),
    ]
    assert [credit.shown_name for credit in resource.credits.all()] == [
        "Ana Pérez",
        "Wind Coast Union",
    ]
    assert [link.url for link in resource.links.all()] == ["https://example.org/carbon.pdf"]
    assert [str(i) for i in resource.identifiers.all()] == ["DOI 10.1234/carbon"]
    assert set(resource.terms.all()) == {term, other}
    assert set(resource.tags.names()) == {"miners", "second careers"}
    assert refs("miners") == []  # a draft

    editor.post(page_of(resource, "publish"), {"at_0": "", "at_1": ""})

    assert refs("miners") == [f"knowledge.resource:{resource.pk}"]
    assert editor.get("/resources/despues-del-carbon/").status_code == 200
    assert list(catalogue.differences()) == []


def test_an_edit_changes_the_public_page_and_the_search(editor, own):
    resource = make_resource("On pits", slug="on-pits", summary="About lamplighters.", owner=own)
    form = form_of(editor.get(page_of(resource)), "resource_form")

    saved = editor.post(
        page_of(resource), form | {"editions-0-summary": "About locksmiths & others."}
    )
    editor.post(page_of(resource, "publish"))

    assert saved.status_code == 302, errors_of(saved)
    page = editor.get("/resources/on-pits/").content.decode()
    assert page.count("About locksmiths &amp; others.") >= 1
    assert page.count("lamplighters") == 0
    assert refs("locksmiths") == [f"knowledge.resource:{resource.pk}"]
    assert refs("lamplighters") == []
    assert list(catalogue.differences()) == []


def test_an_edit_leaves_the_status_to_whoever_changed_it_meanwhile(editor, own, monkeypatch):
    resource = make_draft(owner=own)
    form = form_of(editor.get(page_of(resource)), "resource_form")
    stale = Resource.objects.get(pk=resource.pk)
    services.publish(resource.pk)
    admin_class = type(_admin())
    # A request that had read the row before the other one published it.
    monkeypatch.setattr(admin_class, "get_object", lambda *args, **kwargs: stale)

    editor.post(page_of(resource), form | {"licence": "CC BY"})

    resource.refresh_from_db()
    assert (resource.licence, resource.status) == ("", "published")
    assert resource.pending.snapshot["licence"] == "CC BY"


def _admin() -> Any:
    from django.contrib import admin

    return admin.site.get_model_admin(Resource)


def test_a_refused_form_keeps_what_was_typed(editor):
    form = form_of(editor.get(ADD), "resource_form")
    form |= {
        "kind": "",
        "original_language": "en",
        "tags": "typed tags",
        "licence": "typed licence",
        "editions-0-title": "Typed title",
        "editions-0-summary": "Typed\nsummary <b>",
        "links-TOTAL_FORMS": "1",
        **row("links", 0, url="not an address", kind="work", label="Typed label", position=0),
    }

    refused = editor.post(ADD, form)

    kept = form_of(refused, "resource_form")
    asked = [name for name in form if name.startswith(("tags", "licence", "editions-0", "links-0"))]
    typed = {name: form[name] for name in asked}
    assert {name: kept[name] for name in typed} == {
        name: value if isinstance(value, list) else [str(value)] for name, value in typed.items()
    }
    assert errors_of(refused) == {
        "kind": ["This field is required."],
        "links-0-url": ["Enter a valid URL."],
    }
    assert not Resource.objects.exists()


def test_the_empty_form_offers_what_is_likely(editor, own):
    form = form_of(editor.get(ADD), "resource_form")

    assert form["owner"] == [str(own.pk)]
    assert form["editions-0-is_original"] == ["on"]
    assert [form[f"{name}-TOTAL_FORMS"] for name in ("editions", "credits", "links")] == [
        ["2"],
        ["1"],
        ["1"],
    ]


@pytest.mark.parametrize(
    ("edition", "errors"),
    [
        ({"title": ""}, {"editions-0-title": ["The original needs the title of the work."]}),
        (
            {"is_original": []},
            {"editions": ["Tick “original” for one edition: the one in the language of the work."]},
        ),
        (
            {"language": "th"},
            {
                "editions-0-language": [
                    "The original language of the work is English, so this edition is in it too."
                ]
            },
        ),
    ],
)
def test_the_original_is_asked_for_in_words(editor, edition, errors):
    form = form_of(editor.get(ADD), "resource_form", kind="report", original_language="en")
    form |= row("editions", 0, **{"language": "en", "title": "A title", **edition})

    refused = editor.post(ADD, form)

    assert errors_of(refused) == errors


def test_the_mark_of_the_original_moves_to_another_edition(editor, own):
    resource = make_resource("On pits", summary="About pits.", owner=own)
    Edition.objects.create(resource=resource, language="es", title="Sobre minas")
    form = form_of(editor.get(page_of(resource)), "resource_form", original_language="es")
    del form["editions-0-is_original"]

    saved = editor.post(page_of(resource), form | {"editions-1-is_original": "on"})
    editor.post(page_of(resource, "publish"))

    assert saved.status_code == 302, errors_of(saved)
    assert list(resource.editions.values_list("language", "is_original")) == [
        ("es", True),
        ("en", False),
    ]
    assert list(catalogue.differences()) == []


def test_the_only_edition_cannot_be_deleted(editor, own):
    resource = make_resource(owner=own)
    form = form_of(editor.get(page_of(resource)), "resource_form")

    refused = editor.post(page_of(resource), form | {"editions-0-DELETE": "on"})

    assert list(errors_of(refused)) == ["editions"]
    assert resource.editions.count() == 1


@pytest.mark.parametrize(("given", "slug"), [("", "on-pits-2"), ("pits-again", "pits-again")])
def test_the_address_is_made_of_the_title_unless_given(editor, given, slug):
    make_draft(slug="on-pits")
    form = form_of(editor.get(ADD), "resource_form", kind="report", original_language="en")
    form |= {"slug": given, **row("editions", 0, language="en", title="On pits")}

    editor.post(ADD, form)

    assert Resource.objects.latest("id").slug == slug


def test_an_address_stays_once_it_was_public(editor, own):
    draft, public = make_draft(owner=own), make_resource(owner=own)
    restored = make_resource(owner=own)
    services.withdraw(restored.pk, reason="Old")
    services.restore(restored.pk)

    asked = [
        "slug" in form_of(editor.get(page_of(resource)), "resource_form")
        for resource in (draft, public, restored)
    ]

    assert asked == [True, False, False]


def test_rich_text_is_cleaned(editor, own):
    resource = make_draft(owner=own)
    form = form_of(editor.get(page_of(resource)), "resource_form")
    body = '<p onclick="x()">Text</p><script>alert(1)</script><style>p{}</style>'

    editor.post(page_of(resource), form | {"editions-0-body": body})

    assert resource.editions.get().body == "<p>Text</p>"


# Changes of status


def test_publish_now(editor, own):
    resource = make_draft("On pits", slug="on-pits", summary="About pits.", owner=own)

    answer = editor.post(page_of(resource, "publish"), {"at_0": "", "at_1": ""}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["On pits: Published."]
    assert editor.get("/resources/on-pits/").status_code == 200
    assert LogEntry.objects.get().get_change_message() == "Published."


def test_publish_later_is_public_from_that_moment_on(editor, own):
    resource = make_draft("On pits", slug="on-pits", summary="About pits.", owner=own)

    editor.post(page_of(resource, "publish"), {"at_0": "2199-05-01", "at_1": "12:30"})

    resource.refresh_from_db()
    assert resource.publish_at == datetime(2199, 5, 1, 12, 30, tzinfo=UTC)
    assert editor.get("/resources/on-pits/").status_code == 404
    assert refs("pits") == []
    assert _admin().state(resource) == "Public from 1 May 2199, 12:30 (UTC)"

    Resource.objects.update(publish_at=timezone.now())
    Record.objects.update(published_at=timezone.now())

    assert editor.get("/resources/on-pits/").status_code == 200


def test_publish_in_the_past_is_refused_and_keeps_the_moment(editor, own):
    resource = make_draft(owner=own)

    refused = editor.post(page_of(resource, "publish"), {"at_0": "2020-05-01", "at_1": "12:30"})

    assert refused.context["form"].errors == {
        "at": ["This moment has passed. Leave it empty to publish now."]
    }
    assert form_of(refused, "act_form")["at_0"] == ["2020-05-01"]


def test_withdraw_with_a_reason_and_a_replacement(editor, own):
    old = make_resource("Old pits", slug="old-pits", owner=own)
    new = make_resource("New pits", slug="new-pits", owner=own)

    editor.post(page_of(old, "withdraw"), {"reason": "Out of date.", "replaced_by": new.pk})

    gone = editor.get("/resources/old-pits/")
    assert (gone.status_code, gone.context["reason"]) == (410, "Out of date.")
    assert [link for link in links_of(gone) if link == "/resources/new-pits/"]
    assert refs("pits") == [f"knowledge.resource:{new.pk}"]
    assert list(catalogue.differences()) == []


def test_withdraw_without_a_reason_is_refused(editor, own):
    resource = make_resource(owner=own)

    refused = editor.post(page_of(resource, "withdraw"), {"reason": "  "})

    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    resource.refresh_from_db()
    assert resource.status == "published"


def test_restore_makes_a_draft_that_can_be_published_again(editor, own):
    resource = make_resource(slug="on-pits", summary="About pits.", owner=own)
    services.withdraw(resource.pk, reason="A mistake")

    editor.post(page_of(resource, "restore"))
    as_draft = editor.get("/resources/on-pits/").status_code
    editor.post(page_of(resource, "publish"), {"at_0": "", "at_1": ""})

    assert (as_draft, editor.get("/resources/on-pits/").status_code) == (410, 200)
    assert list(catalogue.differences()) == []


@pytest.mark.parametrize("page", ["publish", "restore", "drop", "take_back"])
def test_a_step_that_does_not_fit_the_state_is_refused_in_words(editor, own, page):
    resource = make_resource(owner=own)

    refused = editor.post(page_of(resource, page), {"at_0": "", "at_1": ""})

    sentence = "This cannot be done now: it is “Published”."
    assert refused.context["form"].non_field_errors() == [sentence]


def test_publish_in_bulk_says_what_could_not_be_published(editor, own):
    draft = make_draft("A draft", summary="It drafts.", owner=own)
    public = make_resource("Public", owner=own)
    data = {"action": "publish_now", "index": 0, "_selected_action": [draft.pk, public.pk]}

    answer = editor.post(LIST, data, follow=True)

    assert {str(message) for message in answer.context["messages"]} == {
        "Public: This cannot be done now: it is “Published”.",
        "1 resource is public now.",
    }


def listed(client):
    """The list of works as a browser sends it, none of them chosen."""
    form = form_of(client.get(LIST), "changelist-form")
    return {name: value for name, value in form.items() if name != "_selected_action"}


@pytest.mark.parametrize("action", ["publish_now", "approve"])
def test_what_was_changed_since_the_list_was_shown_is_left_out_of_an_action(editor, own, action):
    works = [make_draft(name, summary="It drafts.", owner=own) for name in ("Read", "Unread")]
    if action == "approve":
        [services.set_stage(work.pk, Resource.Stage.IN_REVIEW) for work in works]
    form = listed(editor) | {"action": action, "_selected_action": [work.pk for work in works]}
    drafting.change(works[1].pk, make_editor(own), lambda row: row.tags.add("wages"))

    answer = editor.post(LIST, form, follow=True)

    done = "1 resource is public now." if action == "publish_now" else "1 resource was approved."
    assert {str(message) for message in answer.context["messages"]} == {
        "Unread: It was changed since you opened this page. Please look at it once more.",
        done,
    }
    assert not Resource.objects.get(pk=works[1].pk).is_public


def test_of_all_of_a_long_list_what_was_changed_or_added_meanwhile_is_left_out(
    editor, own, monkeypatch
):
    monkeypatch.setattr(_admin(), "list_per_page", 1)
    works = [
        make_draft(name, summary="It drafts.", owner=own) for name in ("Here", "There", "Else")
    ]
    form = listed(editor) | {"action": "publish_now", "select_across": "1"}
    on_page = [work for work in works if f"version-{work.pk}" in form]
    unread, untouched = [work for work in works if work not in on_page]
    drafting.change(unread.pk, make_editor(own), lambda row: row.tags.add("wages"))
    make_draft("New", summary="It drafts.", owner=own)

    editor.post(LIST, form | {"_selected_action": [on_page[0].pk]})

    assert set(Resource.objects.public()) == {*on_page, untouched}


@pytest.mark.parametrize("shown_at", ["", "x", "2026-01-01", "²", "0" * 5000])
def test_an_odd_moment_of_the_list_is_no_error(editor, own, shown_at):
    draft = make_draft("A draft", summary="It drafts.", owner=own)
    data = {"action": "publish_now", "_selected_action": [draft.pk], "shown_at": shown_at}

    assert editor.post(LIST, data).status_code == 302


# Authors and co-owners


def test_an_author_writes_but_does_not_publish(client, own):
    draft, public, gone = (make(owner=own) for make in (make_draft, make_resource, make_resource))
    services.withdraw(gone.pk, reason="Out of date")
    client.force_login(make_editor(own, role=Membership.Role.AUTHOR))

    pages = {page: client.get(page_of(draft, page)).status_code for page in ("change", "publish")}
    listed = client.get(LIST)
    client.post(LIST, {"action": "publish_now", "index": 0, "_selected_action": [draft.pk]})
    form = form_of(client.get(page_of(public)), "resource_form")
    beside = client.post(page_of(public), form | {"licence": "Mine"})
    view_only = client.get(page_of(gone))
    refused = client.post(page_of(gone), {"licence": "Mine"})

    for resource in (draft, public):
        resource.refresh_from_db()
    assert pages == {"change": 200, "publish": 404}
    assert page_of(draft, "publish") not in links_of(client.get(page_of(draft)))
    assert [name for name, _ in listed.context["action_form"].fields["action"].choices] == [
        "",
        "delete_selected",
        "send_to_review",
        "take_out",
        "check_links",
        "look_for_duplicates",
    ]
    assert (draft.status, beside.status_code) == ("draft", 302)
    assert (public.licence, public.pending.snapshot["licence"]) == ("", "Mine")
    assert (view_only.status_code, refused.status_code) == (200, 403)
    asked = form_of(view_only, "resource_form")
    parts = ("_FORMS", "-id", "-resource")
    assert [name for name in asked if not name.endswith(parts)] == [
        "csrfmiddlewaretoken",
        "_version",
        "began",
    ]
    assert view_only.content.decode().count("English") >= 1  # the language, though it has no field


def test_a_co_owner_curates_but_does_not_take_over(editor, own):
    their = make_organisation("Wind Coast Union")
    resource = make_resource(owner=their)
    resource.co_owners.add(own)
    form = form_of(editor.get(page_of(resource)), "resource_form")

    editor.post(page_of(resource), form | {"licence": "CC BY", "owner": own.pk, "co_owners": []})

    resource.refresh_from_db()
    assert ("owner" in form, "co_owners" in form) == (False, False)
    assert (resource.pending.snapshot["licence"], resource.owner) == ("CC BY", their)
    assert list(resource.co_owners.all()) == [own]


def test_an_editor_elsewhere_does_not_take_what_they_only_write(client, own):
    person = make_editor(own)
    elsewhere = make_organisation()
    Membership.objects.create(user=person, organisation=elsewhere, role=Membership.Role.AUTHOR)
    draft = make_draft(owner=elsewhere)
    client.force_login(person)
    form = form_of(client.get(page_of(draft)), "resource_form")

    client.post(page_of(draft), form | {"owner": own.pk, "co_owners": [own.pk]})
    added = form_of(client.get(ADD), "resource_form")

    draft.refresh_from_db()
    assert (draft.owner, draft.co_owners.count()) == (elsewhere, 0)
    assert ("owner" in added, "co_owners" in added) == (True, False)


# Deleting


def test_a_draft_is_deleted_with_all_below_it(editor, own):
    draft = make_draft(owner=own, publishers=("Somebody",))
    draft.tags.add("tag")

    editor.post(page_of(draft, "delete"), {"post": "yes"})

    assert not Resource.objects.exists()
    assert not Record.objects.exists()
    assert list(catalogue.differences()) == []


def test_what_was_public_is_not_deleted(editor, own):
    public, restored = make_resource(owner=own), make_resource(owner=own)
    services.withdraw(restored.pk, reason="Old")
    services.restore(restored.pk)
    data = {"action": "delete_selected", "index": 0, "post": "yes"}

    answers = [
        editor.post(page_of(resource, "delete"), {"post": "yes"}).status_code
        for resource in (public, restored)
    ]
    editor.post(LIST, data | {"_selected_action": [public.pk, restored.pk]})

    assert answers == [403, 403]
    assert Resource.objects.count() == 2


def test_drafts_are_deleted_in_bulk(editor, own):
    drafts = [make_draft(owner=own), make_draft(owner=own)]
    data = {"action": "delete_selected", "index": 0, "post": "yes"}

    editor.post(LIST, data | {"_selected_action": [draft.pk for draft in drafts]})

    assert not Resource.objects.exists()


# Lists and look-ups


def test_the_list_asks_as_many_questions_for_many_rows_as_for_one(editor, own):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert editor.get(LIST).status_code == 200
        return len(captured)

    make_draft(owner=own)
    editor.get(LIST)
    few = queries()
    for _ in range(10):
        resource = make_resource(owner=own)
        resource.co_owners.add(make_organisation())
    many = queries()

    assert (many, many < 20) == (few, True)


def test_a_change_form_asks_few_questions(editor, own):
    resource = make_resource(owner=own, terms=tuple(make_term() for _ in range(8)))
    editor.get(page_of(resource))

    with CaptureQueriesContext(connection) as captured:
        editor.get(page_of(resource))

    assert len(captured) < 55


def test_the_form_of_withdrawal_looks_up_public_resources_only(editor, own):
    public = make_resource("Public pits", owner=own)
    make_draft("Draft pits", owner=own)
    names = {"app_label": "knowledge", "model_name": "resource", "field_name": "replaced_by"}

    answer = editor.get("/admin/autocomplete/", {**names, "term": "pits"})

    assert answer.json()["results"] == [{"id": str(public.pk), "text": "Public pits"}]


def test_view_on_site_leads_to_the_page_of_what_is_public(editor, own):
    public, draft = make_resource(owner=own), make_draft(owner=own)

    links = [links_of(editor.get(page_of(resource))) for resource in (public, draft)]

    assert [public.get_absolute_url() in links[0], draft.get_absolute_url() in links[1]] == [
        True,
        False,
    ]


# What changes under a resource


def test_a_renamed_term_finds_its_works_at_once(secretariat):
    term = make_term("Retraining")
    resource = make_resource(terms=(term,))
    make_resource()
    address = reverse("admin:vocabulary_term_change", args=[term.pk])
    form = form_of(secretariat.get(address), "term_form")

    saved = secretariat.post(address, form | {"labels-0-label": "Apprenticeships"})

    assert saved.status_code == 302
    assert refs("apprenticeships") == [f"knowledge.resource:{resource.pk}"]
    assert (list(catalogue.differences()), run_waiting_jobs()) == ([], [])


def test_moving_a_term_in_the_tree_renews_the_records_that_name_it(secretariat):
    term, above = make_term("Retraining"), make_term("Skills")
    resource = make_resource(terms=(term,))
    make_resource()
    address = reverse("admin:vocabulary_term_change", args=[term.pk])
    form = form_of(secretariat.get(address), "term_form")

    saved = secretariat.post(address, form | {"parent": above.pk})
    before = list(catalogue.differences())
    ran = run_waiting_jobs()

    assert saved.status_code == 302
    assert before == [f"knowledge.resource:{resource.pk}: term_ids, facet_ids differ"]
    assert ran == ["refresh_naming", "refresh_records"]
    assert list(catalogue.differences()) == []
    assert refs("skills") == [f"knowledge.resource:{resource.pk}"]


def test_renaming_an_organisation_renews_the_records_that_name_it(editor, own):
    resource = make_resource(owner=own)
    resource.credits.create(role="publisher", organisation=own)
    services.saved(resource)
    address = reverse("admin:partners_organisation_change", args=[own.pk])
    form = form_of(editor.get(address), "organisation_form")

    editor.post(address, form | {"name": "Mountain Institute"})
    ran = run_waiting_jobs()

    assert ran == ["refresh_naming", "refresh_records"]
    assert list(catalogue.differences()) == []
    assert Record.objects.get().publisher_names == ["Mountain Institute"]


def test_the_secretariat_decides_what_is_read_first(secretariat):
    resource = make_resource()
    form = form_of(secretariat.get(page_of(resource)), "resource_form")

    secretariat.post(page_of(resource), form | {"is_featured": "on"})

    assert Record.objects.get().is_featured
    assert list(catalogue.differences()) == []


def test_a_moment_of_publication_that_lies_ahead_shows_in_the_list(editor, own):
    make_resource("On pits", owner=own, at=timezone.now() + timedelta(days=1))

    listed = editor.get(LIST)

    assert listed.content.decode().count("Public from") == 1


def test_the_editor_of_rich_texts_is_all_that_the_policy_lets_in(editor):
    def policy_of(address: str) -> dict[str, list[str]]:
        directives = editor.get(address)["Content-Security-Policy"].split("; ")
        return {name: values for name, *values in (directive.split() for directive in directives)}

    listed, asked = policy_of(LIST), policy_of(ADD)

    more = {name: set(asked[name]) - set(listed[name]) for name in asked}
    changed = {name: values for name, values in more.items() if values}
    assert {name: len(values) for name, values in changed.items()} == {
        "script-src": 1,
        "style-src": 1,
    }
    assert changed["style-src"] == {"'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"}
    assert [listed["script-src"], listed["style-src"]] == [["'self'"], ["'self'"]]
    assert next(iter(changed["script-src"])).startswith("'sha256-")
