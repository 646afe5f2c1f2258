"""The way of a work to its readers: who may take which step from where, and who is told."""

import threading
from datetime import timedelta
from itertools import product

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from knowledge import drafting, reviewing, revisions, services, workflow
from knowledge.models import Edition, Resource, WorkflowEvent
from knowledge.tests.factories import make_draft, make_link, make_resource

pytestmark = pytest.mark.django_db

# The whole table once more, by hand: from each state the steps that are open, and who takes them.
# e: an editor of the owner, a: an author, g: a guest with a review link; nobody else takes any.
TABLE = {
    "draft": {"submit": "ea", "publish": "e", "comment": "eag"},
    "in_review": {
        "approve": "eg",
        "request_changes": "eg",
        "take_back": "ea",
        "publish": "e",
        "comment": "eag",
    },
    "changes_requested": {"submit": "ea", "publish": "e", "comment": "eag"},
    "approved": {"request_changes": "eg", "take_back": "ea", "publish": "e", "comment": "eag"},
    "published": {"withdraw": "e", "comment": "eag"},
    "withdrawn": {"restore": "e", "comment": "ea"},
    # Beside a public page the same, and to drop it; the page itself can go at any time.
    "published+draft": {
        "submit": "ea",
        "publish": "e",
        "drop": "ea",
        "withdraw": "e",
        "comment": "eag",
    },
    "published+approved": {
        "request_changes": "eg",
        "take_back": "ea",
        "publish": "e",
        "drop": "ea",
        "withdraw": "e",
        "comment": "eag",
    },
    "scheduled": {"publish": "e", "withdraw": "e", "comment": "eag"},
}


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def people(own):
    author = make_editor(own, role=Membership.Role.AUTHOR)
    foreign = make_editor(make_organisation())
    return {"e": make_editor(own), "a": author, "foreign": foreign, "member": make_user()}


def changed(resource, by, licence="CC BY"):
    """The resource after somebody saved another licence for it."""
    with transaction.atomic():
        resource = Resource.objects.select_for_update(of=["self"]).get(pk=resource.pk)
        revisions.begin(resource)
        if drafting.lies_beside(resource):
            with drafting.undone():
                if resource.pending:
                    revisions.put_pending(Resource.objects.get(pk=resource.pk))
                Resource.objects.filter(pk=resource.pk).update(licence=licence)
                snapshot = revisions.take(resource)
            drafting.keep_beside(resource, snapshot, by)
        else:
            Resource.objects.filter(pk=resource.pk).update(licence=licence)
            drafting.keep(resource, by)
    return Resource.objects.get(pk=resource.pk)


def in_state(state, own, by):
    whole = {"owner": own, "summary": "About pits."}
    status, _plus, stage = state.partition("+")
    if status == "published":
        resource = make_resource("On pits", **whole)
        if stage:
            changed(resource, by)
            services.set_stage(resource.pk, stage)
    elif status == "scheduled":
        resource = make_resource("On pits", at=timezone.now() + timedelta(days=1), **whole)
    elif status == "withdrawn":
        resource = make_resource("On pits", **whole)
        services.withdraw(resource.pk, reason="Out of date")
    else:
        resource = make_draft("On pits", **whole)
        services.set_stage(resource.pk, state)
    return Resource.objects.get(pk=resource.pk)


def words_of(name):
    asked = {"comment": "Because."} if workflow.STEPS[name].wants_comment else {}
    return {**asked, "reason": "Out of date"} if name == "withdraw" else asked


@pytest.mark.parametrize("state", TABLE)
def test_each_step_is_open_to_whom_the_table_says_and_to_nobody_else(people, own, state):
    resource = in_state(state, own, people["e"])
    link = reviewing.ReviewLink.objects.create(
        resource=resource, name="Bo", made_by=people["e"], ends_at=timezone.now() + timedelta(1)
    )
    taken: dict[str, str] = {}
    for name, who in product(workflow.STEPS, ["e", "a", "g", "foreign", "member"]):
        by = link if who == "g" else people[who]
        try:
            with drafting.undone():
                workflow.take(name, resource.pk, by=by, **words_of(name))
                taken[name] = taken.get(name, "") + who
        except (PermissionDenied, ValidationError):
            pass

    expected = dict(TABLE[state])
    expected["comment"] = "eag"  # the page lets no guest in where nothing is in work
    assert taken == expected


def test_what_is_offered_is_what_can_be_taken(people, own):
    for state in TABLE:
        resource = in_state(state, own, people["e"])
        for who in ("e", "a"):
            offered = {step.name for step in workflow.open_to(people[who], resource)}
            assert offered == {name for name, whom in TABLE[state].items() if who in whom}, state


def test_a_work_goes_all_the_way_and_each_step_is_written_down(people, own):
    editor, author = people["e"], people["a"]
    draft = make_draft("On pits", owner=own, summary="About pits.")

    workflow.take("submit", draft.pk, by=author)
    workflow.take("request_changes", draft.pk, by=editor, comment="The title is too short.")
    workflow.take("submit", draft.pk, by=author, comment="Longer now.")
    workflow.take("approve", draft.pk, by=editor)
    workflow.take("publish", draft.pk, by=editor)
    workflow.take("withdraw", draft.pk, by=editor, reason="Out of date")

    events = WorkflowEvent.objects.order_by("pk")
    assert [(event.from_state, event.to_state, event.actor) for event in events] == [
        ("draft", "in_review", author),
        ("in_review", "changes_requested", editor),
        ("changes_requested", "in_review", author),
        ("in_review", "approved", editor),
        ("approved", "published", editor),
        ("published", "withdrawn", editor),
    ]
    assert events[1].comment == "The title is too short."


def test_the_right_people_are_told_and_never_who_acted(people, own):
    editor, author = people["e"], people["a"]
    other = make_editor(own)
    draft = make_draft("On pits", owner=own, summary="About pits.")

    workflow.take("submit", draft.pk, by=author)
    asked = set(Message.objects.values_list("to", flat=True))
    Message.objects.all().delete()
    workflow.take("request_changes", draft.pk, by=editor, comment="Too short <b>.")

    assert asked == {editor.email, other.email}
    (letter,) = Message.objects.all()
    assert (letter.to, letter.tells_of) == (author.email, editor.email)
    assert "Too short" in letter.text
    assert "<b>" not in letter.html
    assert "pits" not in letter.subject


def test_without_an_editor_the_secretariat_is_asked(own):
    author = make_editor(own, role=Membership.Role.AUTHOR)
    secretariat = make_user(is_secretariat=True)
    draft = make_draft(owner=own, summary="About pits.")

    workflow.take("submit", draft.pk, by=author)

    assert [letter.to for letter in Message.objects.all()] == [secretariat.email]


def test_a_step_that_fails_leaves_neither_the_act_nor_a_letter(people, own, monkeypatch):
    draft = make_draft(owner=own, summary="About pits.")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_post() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'no post'; END $$;"
            "CREATE TRIGGER no_post BEFORE INSERT ON notices_message"
            " FOR EACH ROW EXECUTE FUNCTION no_post()"
        )

    with pytest.raises(ProgrammingError), transaction.atomic():
        workflow.take("submit", draft.pk, by=people["a"])

    draft.refresh_from_db()
    assert (draft.stage, WorkflowEvent.objects.count()) == ("draft", 0)


def test_steps_can_be_neither_changed_nor_deleted(people, own):
    draft = changed(make_draft(owner=own, summary="About pits."), people["a"])
    workflow.take("submit", draft.pk, by=people["a"])

    for change in (
        lambda: WorkflowEvent.objects.update(comment="Never said"),
        lambda: WorkflowEvent.objects.all().delete(),
        lambda: draft.revisions.update(snapshot={}),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    services.set_stage(draft.pk, "draft")
    services.discard(draft.pk)  # with the draft its steps go
    assert WorkflowEvent.objects.count() == 0


def test_a_person_whose_account_goes_leaves_their_steps_behind(people, own):
    draft = make_draft(owner=own, summary="About pits.")
    changed(draft, people["a"])
    workflow.take("submit", draft.pk, by=people["a"])

    people["a"].delete()

    assert WorkflowEvent.objects.get().actor is None
    assert {revision.author for revision in draft.revisions.all()} == {None}


# Checks


def test_errors_hold_a_work_up_and_advice_does_not(people, own):
    bare = make_draft(owner=own)

    for step in ("submit", "publish"):
        with pytest.raises(ValidationError) as refused:
            workflow.take(step, bare.pk, by=people["e"])
        assert refused.value.messages == ["There is no summary in any language."]
    Edition.objects.update(summary="About pits.")
    workflow.take("publish", bare.pk, by=people["e"])

    assert Resource.objects.get().is_public


def test_checks_look_at_the_draft_and_not_at_what_is_public(people, own):
    from knowledge import checks

    resource = make_resource(owner=own, summary="About pits.")
    make_link(resource)

    before = [finding.field for finding in checks.findings(resource)]
    resource = changed(resource, people["e"], licence="CC BY")
    after = [finding.field for finding in checks.findings(resource)]

    assert (before, after) == (["licence", "terms", "terms"], ["terms", "terms"])
    assert Resource.objects.get().licence == ""


# Beside what is public


def test_what_an_author_changes_after_it_was_approved_is_a_draft_again(people, own):
    draft = make_draft(owner=own, summary="About pits.")
    services.set_stage(draft.pk, "approved")

    by_author = changed(draft, people["a"])
    services.set_stage(draft.pk, "approved")
    by_editor = changed(draft, people["e"], licence="CC0")

    # Nobody has approved what an editor wrote since either.
    assert (by_author.stage, by_editor.stage) == ("draft", "in_review")


def test_two_who_publish_at_once_publish_once(people, own, transactional_db):
    draft = make_draft(owner=own, summary="About pits.")
    barrier, results = threading.Barrier(2), []

    def publish() -> None:
        barrier.wait()
        try:
            workflow.take("publish", draft.pk, by=people["e"])
            results.append("published")
        except ValidationError as error:
            results.append(error.code or error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(results) == ["published", "state"]
    assert WorkflowEvent.objects.count() == 1
    with pgtrigger.ignore("knowledge.WorkflowEvent:append_only"):
        Resource.objects.all().delete()


def test_a_draft_that_was_reviewed_is_not_deleted_with_what_was_said(editor, own):
    draft = services.set_stage(make_draft(owner=own, summary="About pits.").pk, "in_review")
    workflow.take("request_changes", draft.pk, by=make_editor(own), comment="Name the source.")

    with pytest.raises(ValidationError, match="It has been reviewed"):
        services.discard(draft.pk)
    one = editor.post(f"/admin/knowledge/resource/{draft.pk}/delete/", {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
    editor.post("/admin/knowledge/resource/", many)

    assert one.status_code == 403
    assert [event.comment for event in WorkflowEvent.objects.all()] == ["Name the source."]


@pytest.mark.parametrize("act", ["take_back", "drop"])
def test_who_was_asked_to_review_is_told_that_nothing_is_asked_any_more(people, own, act):
    resource = make_resource(owner=own, summary="About pits.")
    drafting.change(resource.pk, people["a"], lambda row: row.tags.add("pits"))
    workflow.take("submit", resource.pk, by=people["a"])
    asked = {*Message.objects.values_list("to", flat=True)}
    Message.objects.all().delete()

    workflow.take(act, resource.pk, by=people["a"])

    assert asked == {people["e"].email}
    assert {letter.to for letter in Message.objects.all()} == asked


def test_a_draft_that_nobody_was_asked_about_is_dropped_without_a_letter(people, own):
    resource = make_resource(owner=own, summary="About pits.")
    drafting.change(resource.pk, people["a"], lambda row: row.tags.add("pits"))

    workflow.take("drop", resource.pk, by=people["a"])

    assert not Message.objects.exists()
