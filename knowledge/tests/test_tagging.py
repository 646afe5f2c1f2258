"""Free tags: their care at the desk, and how they become words of the vocabulary."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from hub.catalogue import reindexing
from hub.catalogue.sources import ref_of
from hub.catalogue.tests.finding import asked, refs
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of, links_of
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge import drafting, revisions, services, tagging
from knowledge.models import Resource, Revision
from knowledge.services import saved
from knowledge.tests.factories import make_draft, make_resource
from knowledge.tests.test_admin import page_of
from knowledge.tests.test_drafts import send

pytestmark = pytest.mark.django_db
LIST = "/admin/taggit/tag/"


@pytest.fixture
def secretariat(client) -> Client:
    client.force_login(make_user(is_secretariat=True))
    return client


@pytest.fixture
def term() -> Term:
    return make_term("Retraining")


def tagged(title: str, *tags: str) -> Resource:
    resource = make_resource(title)
    resource.tags.add(*tags)
    saved(resource)
    return resource


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def names() -> list[str]:
    return list(Tag.objects.order_by("name").values_list("name", flat=True))


# What becomes of a tag


def test_a_promoted_tag_is_found_by_search_as_a_word_for_its_term(term):
    with_tag, with_term = tagged("One", "second careers"), make_resource("Two", terms=[term])
    draft = make_draft()
    draft.tags.add("second careers")
    assert refs("second careers") == [ref_of(with_tag)]

    tagging.promote([tag("second careers")], term, "en")

    assert refs("second careers") == sorted([ref_of(with_tag), ref_of(with_term)])
    found = asked(q="second careers")
    assert {record.ref for record in found.records} == {ref_of(with_tag), ref_of(with_term)}
    assert list(draft.terms.all()) == [term]
    assert (names(), list(reindexing.differences())) == ([], [])


def drafted(editor, own, *tags: str) -> Resource:
    """A public work beside which a draft lies that bears these tags."""
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    send(editor, resource, tags=", ".join(tags))
    resource.refresh_from_db()
    return resource


def test_a_promoted_tag_does_not_come_back_with_a_draft_that_bears_it(editor, own, term):
    work = drafted(editor, own, "Second Careers", "miners")
    services.set_stage(work.pk, Resource.Stage.APPROVED)
    tagged("One", "second careers")
    before = work.pending

    tagging.promote([tag("second careers")], term, "en")

    work.refresh_from_db()
    assert (work.stage, work.version) == (Resource.Stage.APPROVED, before.number + 1)
    assert (work.pending.snapshot["tags"], work.pending.snapshot["terms"]) == (
        ["miners"],
        [term.pk],
    )
    assert before.snapshot["tags"] == Revision.objects.get(pk=before.pk).snapshot["tags"]
    services.publish(work.pk)
    assert (list(work.tags.names()), list(work.terms.all())) == (["miners"], [term])
    assert names() == ["miners"]
    assert list(reindexing.differences()) == []


@pytest.mark.parametrize("is_public", [True, False])
def test_an_earlier_revision_is_taken_up_with_the_term_that_a_tag_became(own, term, is_public):
    work = (make_resource if is_public else make_draft)("On pits", owner=own)
    work.tags.add("second careers", "miners")
    first = revisions.begin(work)
    Resource.objects.filter(pk=work.pk).update(licence="CC0")
    tagging.promote([tag("second careers")], term, "en")

    saved = drafting.take_up(Resource.objects.get(pk=work.pk), first, make_editor(own))

    snapshot = saved.revision.snapshot
    assert (snapshot["tags"], snapshot["terms"]) == (["miners"], [term.pk])
    assert "second careers" not in names()


def test_a_tag_that_was_merged_or_renamed_does_not_come_back_with_a_draft(editor, own):
    work = drafted(editor, own, "co-ops", "pits")
    tagged("One", "co-ops", "cooperatives", "pits")

    tagging.merge([tag("co-ops")], tag("cooperatives"))
    tagging.rename(tag("pits"), "mines")

    work.refresh_from_db()
    assert work.pending.snapshot["tags"] == ["cooperatives", "mines"]


def test_readers_are_told_that_the_term_was_searched_for_too(client, term):
    tagged("One", "second careers")
    tagging.promote([tag("second careers")], term, "en")

    page = client.get("/resources/?q=second+careers").content.decode()

    assert "Also searched for" in page
    assert "Retraining" in page


def test_a_tag_becomes_a_word_in_the_language_that_is_chosen(term):
    make_label(term, "es", "Reconversión", alternatives=["Recualificación"])
    tagged("One", "recualificacion", "segundas carreras")

    tagging.promote(Tag.objects.all(), term, "es")

    label = term.labels.get(language="es")
    assert label.alternatives == ["Recualificación", "segundas carreras"]
    assert term.labels.get(language="en").alternatives == []


def test_a_term_without_a_name_in_the_language_is_refused_in_words(term):
    work = tagged("One", "segundas carreras")

    with pytest.raises(ValidationError) as refused:
        tagging.promote(Tag.objects.all(), term, "es")

    assert refused.value.message_dict == {
        "language": ["“Retraining” has no name in Spanish yet. Give it one first."]
    }
    assert (list(work.tags.names()), list(work.terms.all())) == (["segundas carreras"], [])


def test_a_work_that_bears_the_term_already_bears_it_once(term):
    work = tagged("One", "second careers")
    work.terms.add(term)

    tagging.promote(Tag.objects.all(), term, "en")

    assert list(work.terms.all()) == [term]


def test_spellings_become_one(term):
    both, one = tagged("Both", "co-ops", "coops"), tagged("One", "co-operatives", "miners")

    tagging.merge(Tag.objects.filter(name__startswith="co"), tag("coops"))

    assert names() == ["coops", "miners"]
    assert [set(work.tags.names()) for work in (both, one)] == [{"coops"}, {"coops", "miners"}]
    assert refs("coops") == sorted([ref_of(both), ref_of(one)])
    assert (refs("operatives"), list(reindexing.differences())) == ([], [])


def test_a_tag_is_renamed_where_it_is_borne():
    work = tagged("One", "coops")

    tagging.rename(tag("coops"), "  Co-operatives ")

    assert (names(), tag("Co-operatives").slug) == (["Co-operatives"], "co-operatives")
    assert refs("operatives") == [ref_of(work)]
    assert list(reindexing.differences()) == []


def test_only_tags_that_nothing_bears_are_deleted():
    tagged("One", "borne")
    Tag.objects.create(name="free")

    assert tagging.delete_unused(Tag.objects.all()) == 1

    assert names() == ["borne"]


# At the desk


def act(client: Client, action: str, *tags: str, **asked: str):
    """Choose these tags and an action, and answer its page."""
    keys = [tag(name).pk for name in tags]
    return client.post(LIST, {"action": action, "_selected_action": keys, **asked}, follow=True)


def test_the_list_says_how_many_works_bear_each_tag(secretariat):
    tagged("One", "often", "once")
    tagged("Two", "often")
    Tag.objects.create(name="never")

    page = secretariat.get(LIST)

    assert [(one.name, one.times) for one in page.context["cl"].result_list] == [
        ("often", 2),
        ("once", 1),
        ("never", 0),
    ]
    address = f"/admin/knowledge/resource/?tags__id__exact={tag('often').pk}"
    assert address in links_of(page)
    assert secretariat.get(address).context["cl"].result_count == 2
    unused = secretariat.get(f"{LIST}?used=no").context["cl"].result_list
    assert [one.name for one in unused] == ["never"]


def test_tags_are_promoted_after_a_question(secretariat, term):
    tagged("One", "second careers")

    asked = act(secretariat, "promote", "second careers")
    assert names() == ["second careers"]
    form = form_of(asked, "confirm_form") | {"term": term.pk, "language": "es"}
    refused = secretariat.post(LIST, form)
    assert "has no name in Spanish yet" in refused.content.decode()
    form = form_of(refused, "confirm_form") | {"language": "en"}
    done = secretariat.post(LIST, form, follow=True)

    assert "Found as “Retraining” from now on: second careers." in done.content.decode()
    assert names() == []


def test_spellings_are_merged_after_a_question(secretariat):
    tagged("One", "coops")
    tagged("Two", "co-ops")

    alone = act(secretariat, "merge_spellings", "coops")
    asked = act(secretariat, "merge_spellings", "coops", "co-ops")
    empty = secretariat.post(LIST, form_of(asked, "confirm_form"))
    other = Tag.objects.create(name="not chosen")
    foreign = secretariat.post(LIST, form_of(asked, "confirm_form") | {"into": other.pk})
    form = form_of(asked, "confirm_form") | {"into": tag("coops").pk}
    done = secretariat.post(LIST, form, follow=True)

    assert "Choose two tags or more." in alone.content.decode()
    assert "Choose the spelling that stays." in empty.content.decode()
    assert list(foreign.context["form"].errors) == ["into"]
    assert "They are one tag now: coops." in done.content.decode()
    assert names() == ["coops", "not chosen"]


def test_unused_tags_are_deleted_after_a_question(secretariat):
    tagged("One", "borne")
    Tag.objects.create(name="free")

    asked = act(secretariat, "delete_unused", "borne", "free")
    assert names() == ["borne", "free"]
    done = secretariat.post(LIST, form_of(asked, "confirm_form"), follow=True)

    assert "1 tag deleted." in done.content.decode()
    assert names() == ["borne"]
    assert "All of these are in use." in act(secretariat, "delete_unused", "borne").content.decode()


def test_a_tag_in_use_has_no_way_to_be_deleted(secretariat):
    tagged("One", "borne")
    address = reverse("admin:taggit_tag_delete", args=[tag("borne").pk])

    assert secretariat.post(address, {"post": "yes"}).status_code == 403
    act(secretariat, "delete_selected", "borne", post="yes")

    assert names() == ["borne"]


def test_a_name_that_another_tag_has_is_refused_at_its_field(secretariat):
    tagged("One", "coops", "miners")
    address = reverse("admin:taggit_tag_change", args=[tag("coops").pk])
    form = form_of(secretariat.get(address), "tag_form")

    refused = secretariat.post(address, form | {"name": "Miners"})
    secretariat.post(address, form | {"name": "Coops"})

    assert "Choose both in the list and merge them." in refused.content.decode()
    assert names() == ["Coops", "miners"]


def test_tags_are_for_the_secretariat_alone(client):
    tagged("One", "coops")
    client.force_login(make_editor(make_organisation()))

    assert client.get(LIST).status_code == 403
    assert client.post(LIST, {"action": "delete_unused"}).status_code == 403
    look_up = {"app_label": "taggit", "model_name": "taggeditem", "field_name": "tag"}
    assert client.get("/admin/autocomplete/", look_up).status_code == 403


def publish_after_promotion(editor: Client, own, term: Term, **changes) -> Resource:
    """Promote a tag of a public work while a draft with these changes waits, then publish that."""
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    resource.tags.add("upskilling")
    send(editor, resource, **changes)
    tagging.promote([tag("upskilling")], term, "en")
    editor.post(page_of(resource, "publish"))
    return Resource.objects.get(pk=resource.pk)


def test_a_draft_with_other_tags_does_not_bring_back_a_promoted_one(editor, own, term):
    published = publish_after_promotion(editor, own, term, tags="upskilling, miners")

    assert [*published.tags.names()] == ["miners"]
    assert [*published.terms.all()] == [term]


def test_a_draft_with_other_terms_does_not_take_off_a_promoted_one(editor, own, term):
    other = make_term("Finance")

    published = publish_after_promotion(editor, own, term, terms=[other.pk])

    assert [*published.tags.names()] == []
    assert {*published.terms.all()} == {term, other}
