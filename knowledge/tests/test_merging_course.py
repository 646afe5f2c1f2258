"""Merging works that are on their way: what is in hand, revisions, versions of files and embargoes,
reading lists, and what comes from outside."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from conftest import Browser
from hub.audit.recording import recording_of
from hub.catalogue.models import Passage
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from hub.tests.pdfs import make_pdf
from hub.tests.queue import run_waiting_jobs
from knowledge import contributing, drafting, merging, reviewing, services, workflow
from knowledge.models import (
    CollectionItem,
    Contribution,
    Credit,
    Edition,
    File,
    Link,
    Merged,
    ProblemReport,
    Resource,
    ReviewLink,
    WorkflowEvent,
)
from knowledge.tests.factories import (
    make_draft,
    make_file,
    make_link,
    make_list,
    make_list_draft,
    make_resource,
)
from knowledge.tests.test_admin import page_of
from knowledge.tests.test_drafts import shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]

LATER = timedelta(hours=2)


def retitle(resource: Resource, title: str) -> object:
    """Somebody who may change it gives it another title, as the form does."""

    def act(drafted: Resource) -> None:
        edition = drafted.editions.get(is_original=True)
        edition.title = title
        edition.save()

    return drafting.change(resource.pk, make_editor(resource.owner), act)


def coming() -> object:
    return timezone.now() + LATER


def versions_of(resource: Resource) -> list[tuple[int, str]]:
    files = resource.files.order_by("number", "pk")
    return [(file.number, file.title) for file in files]


# What is in hand


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_work_with_changes_that_are_not_public_is_not_merged(is_reversed):
    pair = [make_resource("Coal and after"), make_resource("Coal & after")]
    retitle(pair[0], "Coal, and what comes after")
    one, other = reversed(pair) if is_reversed else pair

    for act in (merging.preview, merging.merge):
        with pytest.raises(ValidationError) as refused:
            act(one.pk, other.pk)
        assert refused.value.messages == [
            "“Coal and after” has changes that are not public yet. Publish or drop them first."
        ]

    assert Resource.objects.count() == 2
    assert Resource.objects.get(pk=pair[0].pk).pending is not None


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("stage", ["in_review", "approved"])
def test_a_work_that_somebody_reviews_is_not_merged(is_reversed, stage):
    pair = [make_draft(), make_draft()]
    services.set_stage(pair[0].pk, Resource.Stage(stage))
    one, other = reversed(pair) if is_reversed else pair

    with pytest.raises(ValidationError) as refused:
        merging.merge(one.pk, other.pk)

    assert refused.value.code == "review"


def test_the_desk_says_what_is_in_hand_and_leads_back(editor, own):
    stays, goes = make_resource("Coal and after", owner=own), make_resource(owner=own)
    retitle(goes, "Coal & after")

    page = editor.get(f"{page_of(stays, 'merge')}?with={goes.pk}")

    assert "has changes that are not public yet" in shown(page)
    assert f"{page_of(stays, 'double')}?with={goes.pk}" in shown(page)
    assert "Let the other one stay" not in shown(page)


# Revisions and steps


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_what_was_before_and_after_can_be_compared_and_taken_up_again(editor, own, make):
    stays = make("Coal and after", owner=own)
    goes = make("Coal & after", owner=own, licence="CC0")
    make_link(goes, url="https://ilo.org/coal")
    address = f"{page_of(stays, 'merge')}?with={goes.pk}"
    form = form_of(editor.get(address), "merge_form")
    again = editor.post(address, form | {"_show": "1", "en-title": "theirs"})
    editor.post(address, form_of(again, "merge_form") | {"_merge": "1"})

    numbers = list(stays.revisions.order_by("number").values_list("number", "note", "author"))
    compared = editor.get(page_of(stays, "compare"))
    editor.post(f"{page_of(stays)[: -len('change/')]}revisions/1/take-up/")

    [editor_pk] = {author for _number, _note, author in numbers} - {None}
    assert numbers == [
        (1, "As it was before", None),
        (2, "“Coal & after” became part of this entry.", editor_pk),
    ]
    labels = [field.label for field in compared.context["differences"]]
    assert labels == ["Title (English)", "Links", "Licence"]
    stays.refresh_from_db()
    newest = stays.revisions.first()
    assert (newest.number, stays.version) == (3, 3)
    assert newest.snapshot["links"] == []
    assert newest.snapshot["licence"] == ""


def test_the_steps_and_revisions_of_the_one_that_went_are_told(own):
    stays, goes = make_draft(owner=own), make_draft("Coal & after", owner=own, summary="Words.")
    ana = make_editor(own, name="Ana")
    retitle(goes, "Coal, after")
    workflow.take("submit", goes.pk, by=ana)
    link = reviewing.invite(ana, goes, name="Bo Ng", email="bo@reviews.example")
    workflow.take("comment", goes.pk, by=link, comment="A guest's words.")
    workflow.take("take_back", goes.pk, by=ana, comment="Once more.")

    merging.merge(stays.pk, goes.pk)

    told = Merged.objects.get().before["goes"]
    assert [(step["act"], step["account"], step["comment"]) for step in told["steps"]] == [
        ("submit", ana.pk, ""),
        ("comment", None, ""),
        ("take_back", ana.pk, "Once more."),
    ]
    assert [revision["number"] for revision in told["revisions"]] == [1, 2]
    assert "Bo" not in str(told)
    assert not WorkflowEvent.objects.filter(resource_id=goes.pk).exists()
    # As of whoever's row is deleted: the audit has no name of theirs left.
    assert not ReviewLink.objects.exists()
    events = recording_of(ReviewLink).events._default_manager
    assert set(events.values_list("name", "email")) == {("", "")}
    assert Browser().get(link.get_absolute_url()).status_code == 404


# Files


def test_versions_come_with_what_holds_them_back(client, folder):
    stays, goes = make_resource("Coal and after", slug="stays"), make_resource("Coal & after")
    first = make_file(goes, "Wordsoffirst", title="First")
    make_file(goes, "Wordsofsecond", title="Second", replaces=first.pk, embargo_until=coming())
    run_waiting_jobs()

    merging.merge(stays.pk, goes.pk)
    run_waiting_jobs()

    [shelf_1, shelf_2] = stays.files.order_by("number")
    assert shelf_1.succeeded_by == shelf_2
    assert versions_of(stays) == [(1, "First"), (2, "Second")]
    answers = [client.get(file.get_absolute_url()).status_code for file in (shelf_1, shelf_2)]
    assert answers == [200, 404]
    found = {word: "stays" in shown(client.get(f"/search/?q={word}")) for word in ("wordsoffirst",)}
    assert found == {"wordsoffirst": True}
    assert Passage.objects.open().filter(text__contains="Wordsofsecond").count() == 0
    assert "/resources/stays/" not in shown(client.get("/search/?q=wordsofsecond"))


def test_versions_stand_around_the_one_that_both_have(folder):
    content = make_pdf("Both have it")
    stays, goes = make_draft(), make_draft()
    make_file(stays, content=content, title="Both")
    oldest = make_file(goes, title="Oldest")
    both = make_file(goes, content=content, title="Other name", replaces=oldest.pk)
    make_file(goes, title="Newest", replaces=both.pk)

    merging.merge(stays.pk, goes.pk)

    assert versions_of(stays) == [(1, "Oldest"), (2, "Both"), (3, "Newest")]
    newest = stays.files.get(title="Newest")
    assert newest.predecessor.predecessor.title == "Oldest"


def test_a_version_that_has_another_successor_is_a_file_of_its_own(folder):
    content = make_pdf("Both have it")
    stays, goes = make_draft(), make_draft()
    both = make_file(stays, content=content, title="Both")
    make_file(stays, title="Ours", replaces=both.pk)
    make_file(goes, title="Theirs", replaces=make_file(goes, content=content).pk)

    merging.merge(stays.pk, goes.pk)

    ours, theirs = stays.files.get(title="Ours"), stays.files.get(title="Theirs")
    assert (ours.predecessor, theirs.succeeded_by) == (both, None)
    assert not File.objects.filter(succeeded_by=theirs).exists()


def test_two_orders_of_the_same_versions_make_no_ring(folder):
    one, other = make_pdf("One"), make_pdf("Other")
    stays, goes = make_draft(), make_draft()
    make_file(stays, content=other, title="Other", replaces=make_file(stays, content=one).pk)
    middle = make_file(
        goes, title="Middle", replaces=make_file(goes, content=other, title="Other").pk
    )
    make_file(goes, content=one, replaces=middle.pk)

    merging.merge(stays.pk, goes.pk)

    assert [number for number, _title in versions_of(stays)] == [1, 2, 3]
    assert stays.files.filter(succeeded_by=None).count() == 1


@pytest.mark.parametrize("held_back", [{"embargo_until": coming}, {"is_put_away": lambda: True}])
@pytest.mark.parametrize("is_held_back_where_it_goes", [False, True])
def test_nothing_that_is_held_back_becomes_readable(
    client, folder, held_back, is_held_back_where_it_goes
):
    told = {name: value() for name, value in held_back.items()}
    content = make_pdf("Wordsofboth")
    stays, goes = make_draft("Coal and after"), make_draft("Coal & after")
    make_file(stays, content=content, **({} if is_held_back_where_it_goes else told))
    make_file(goes, content=content, **(told if is_held_back_where_it_goes else {}))

    merging.merge(stays.pk, goes.pk)
    services.publish(stays.pk)
    run_waiting_jobs()

    file = stays.files.get()
    assert client.get(file.get_absolute_url()).status_code == 404
    assert not Passage.objects.open().exists()


def test_what_readers_have_from_the_one_that_stays_they_keep(client, folder):
    content = make_pdf("Both have it")
    stays, goes = make_resource(), make_resource()
    make_file(stays, content=content)
    make_file(goes, content=content, embargo_until=coming())

    merging.merge(stays.pk, goes.pk)

    assert client.get(stays.files.get().get_absolute_url()).status_code == 200


def test_the_first_page_of_what_is_still_to_come_is_not_shown(client, folder):
    stays, goes = make_resource(slug="stays"), make_resource()
    make_file(goes, "First page", embargo_until=coming())
    run_waiting_jobs()

    merging.merge(stays.pk, goes.pk)

    cover = Resource.objects.get(pk=stays.pk).cover
    assert cover.opens is not None
    names = {size.name for size in cover.sizes}
    assert {client.get(f"/resources/stays/cover-{name}.webp").status_code for name in names} == {
        404
    }


def test_the_preview_tells_of_versions_and_embargoes(folder):
    stays, goes = make_draft(), make_draft()
    first = make_file(goes, title="First")
    make_file(goes, title="Second", replaces=first.pk, is_put_away=True)

    lines = {line.label: line.told[2] for line in merging.preview(stays.pk, goes.pk)}

    [second_said, first_said] = lines["PDFs"]
    assert "version 2, put away)" in second_said
    assert "version 1, a newer one follows)" in first_said


# Reading lists


def test_lists_name_the_one_that_stays_and_each_once(client):
    stays, goes = make_resource("Coal and after"), make_resource("Coal & after")
    between, last = make_resource("Between"), make_resource("Last")
    with_one = make_list("", between, goes, notes=("", "Why the one"))
    with_both = make_list("", goes, between, stays, last, notes=("Of one", "", "Of the other"))

    merging.merge(stays.pk, goes.pk)

    def told(collection):
        rows = CollectionItem.objects.filter(collection=collection).order_by("position")
        return [(str(item.resource), item.note) for item in rows]

    assert told(with_one) == [("Between", ""), ("Coal and after", "Why the one")]
    assert told(with_both) == [
        ("Coal and after", "Of the other\n\nOf one"),
        ("Between", ""),
        ("Last", ""),
    ]
    page = shown(client.get(with_one.get_absolute_url()))
    assert (stays.get_absolute_url() in page, goes.get_absolute_url() in page) == (True, False)


def test_a_note_for_which_there_is_no_room_is_in_the_history_of_the_list():
    stays, goes = make_resource(), make_resource()
    collection = make_list("", stays, goes, notes=("a" * 600, "b" * 600))

    merging.merge(stays.pk, goes.pk)

    item = CollectionItem.objects.get(collection=collection)
    assert item.note == "a" * 600
    kept = recording_of(CollectionItem).events._default_manager.filter(pgh_label="delete")
    assert kept.get().note == "b" * 600


# From outside


def make_problem(resource: Resource, **told) -> ProblemReport:
    return ProblemReport.objects.create(resource=resource, sort="link", words="It is gone.", **told)


def make_proposed(resource: Resource, name: str = "Ben Ode") -> Contribution:
    """An accepted proposal whose writer stands beside the work."""
    credit = Credit.objects.create(resource=resource, role="proposer", name=name)
    return Contribution.objects.create(
        sort="product",
        title="Coal",
        words="Why.",
        language="en",
        name=name,
        email="ben@example.org",
        state="accepted",
        named_since=timezone.now(),
        decided_at=timezone.now(),
        resource=resource,
        credit=credit,
    )


def test_reports_and_proposals_are_of_the_one_that_stays(client):
    stays, goes = make_resource(), make_resource()
    problem, proposal = make_problem(goes), make_proposed(goes)
    client.force_login(make_editor(stays.owner))

    merging.merge(stays.pk, goes.pk)

    problem.refresh_from_db()
    proposal.refresh_from_db()
    assert (problem.resource, proposal.resource) == (stays, stays)
    page = client.get(f"/admin/knowledge/problemreport/{problem.pk}/change/")
    assert page.status_code == 200


@pytest.mark.parametrize("is_named_by_both", [False, True])
def test_whoever_proposed_it_takes_their_name_off_all_the_same(is_named_by_both):
    stays, goes = make_resource(), make_resource()
    if is_named_by_both:
        Credit.objects.create(resource=stays, role="proposer", name="Ben Ode")
    proposal = make_proposed(goes)
    merging.merge(stays.pk, goes.pk)
    named = [str(credit) for credit in stays.credits.all()]

    contributing.take_name_off(proposal.pk)

    assert (named, list(stays.credits.all())) == (["Ben Ode"], [])
    kept = [Merged.objects.get().before, *stays.revisions.values_list("snapshot", flat=True)]
    assert "Ben Ode" not in str(kept)


# Of others


def test_a_list_of_a_third_partner_names_no_draft_after_a_merge(client, own):
    """The secretariat has put drafts of two partners into a list; who keeps the list sees neither."""
    stays, goes = make_draft("Quokka one"), make_draft("Quokka two")
    collection = make_list_draft("Ours", goes, owner=own)
    client.force_login(make_editor(own))

    merging.merge(stays.pk, goes.pk)
    page = client.get(f"/admin/knowledge/collection/{collection.pk}/change/")

    assert CollectionItem.objects.get().resource == stays
    assert (page.status_code, "Quokka" in shown(page)) == (200, False)


def desk_of(organisation: Organisation) -> Client:
    browser = Browser()
    browser.force_login(make_editor(organisation))
    return browser


def test_who_has_neither_work_meets_nothing_of_a_merge():
    stays, goes = make_draft("Quokka one"), make_draft("Quokka two")
    problem, proposal = make_problem(goes), make_proposed(goes)
    merging.merge(stays.pk, goes.pk)
    stranger = desk_of(make_organisation())

    answers = [
        stranger.get(f"/admin/knowledge/{model}/{pk}/change/", follow=True)
        for model, pk in [
            *(("resource", stays.pk), ("resource", goes.pk), ("problemreport", problem.pk)),
            *(("contribution", proposal.pk), ("merged", Merged.objects.get().pk)),
        ]
    ]

    assert not any("Quokka" in shown(answer) for answer in answers)
    missing = stranger.get("/admin/knowledge/resource/999999/change/", follow=True)
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert [where for where, _code in missing.redirect_chain] == ["/admin/"]


def test_owners_of_both_see_what_was_reported_of_either():
    stays, goes = make_resource(), make_resource()
    problems = [make_problem(stays), make_problem(goes)]
    owners = [stays.owner, goes.owner]

    merging.merge(stays.pk, goes.pk)

    for owner in owners:
        desk = desk_of(owner)
        pages = [desk.get(f"/admin/knowledge/problemreport/{one.pk}/change/") for one in problems]
        assert [page.status_code for page in pages] == [200, 200]


# Derived columns


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_what_titles_and_addresses_are_compared_by_follows_a_revision(editor, own, make):
    work = make("Café of coal", owner=own)
    link = make_link(work, url="https://www.ilo.org/a/")
    author = make_user()
    first = drafting.keep(work, author).revision
    assert {"folded", "canonical"} & set(str(first.snapshot).replace("'", " ").split()) == set()
    Edition.objects.filter(resource=work).update(title="Other", folded="other")
    Link.objects.filter(pk=link.pk).update(url="https://ilo.org/b", canonical="ilo.org/b")

    drafting.take_up(work, first, author)
    if work.is_public:
        services.publish(work.pk)

    assert work.editions.get().folded == "cafe of coal"
    assert work.links.get().canonical == "ilo.org/a"


def test_the_folder_of_the_one_that_goes_is_left_empty(
    folder: Path, django_capture_on_commit_callbacks
):
    stays, goes = make_resource(), make_resource()
    first = make_file(goes, "First")
    make_file(goes, "Second", replaces=first.pk)

    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(stays.pk, goes.pk)

    kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert kept == {file.path for file in stays.files.all()}
