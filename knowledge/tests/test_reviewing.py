"""Review links: in for one person, for some days, to one draft, and to nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conftest import Browser
from hub.members.data import erase
from hub.notices.models import Message
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of, links_of
from knowledge import reviewing, services, workflow
from knowledge.models import Resource, ReviewLink, WorkflowEvent
from knowledge.tests.factories import make_cover, make_draft, make_file, make_resource
from knowledge.tests.test_admin import page_of
from knowledge.tests.test_drafts import send, shown, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def draft(own):
    resource = make_draft("On pits", owner=own, summary="About lamplighters.")
    return services.set_stage(resource.pk, "in_review")


@pytest.fixture
def link(draft, own):
    return reviewing.invite(make_editor(own), draft, name="Bo Ng", email="bo@reviews.example")


def lock(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def say(link: ReviewLink, answer: str, comment: str = "", **changes):
    guest = Browser()
    page = guest.get(link.get_absolute_url())
    form = form_of(page, "review_form")
    return guest.post(
        link.get_absolute_url(),
        form | {"answer": answer, "comment": comment} | changes,
        follow=True,
    )


def test_a_guest_reads_the_draft_with_its_files_and_nobody_indexes_it(draft, link):
    make_cover(draft, alt="Two miners")
    file = make_file(draft)
    guest = Browser()

    page = guest.get(link.get_absolute_url())
    (address,) = [one for one in links_of(page) if one.endswith(f"{file.name}.pdf")]

    assert texts(shown(page), "h1") == ["On pits"]
    assert {"private", "no-store"} <= {*page["Cache-Control"].split(", ")}
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "same-origin")
    assert guest.get(address).status_code == 200
    assert guest.get(f"{link.get_absolute_url()}cover.webp").status_code == 200
    assert guest.get(f"/resources/{draft.slug}/").status_code == 404
    assert "/admin/knowledge" not in shown(page)


def test_a_guest_reads_what_lies_beside_a_public_page(editor, own):
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    send(editor, resource, **{"editions-0-title": "On deep pits"})
    link = reviewing.invite(make_editor(own), Resource.objects.get(), name="Bo")

    page = Browser().get(link.get_absolute_url())

    assert texts(shown(page), "h1") == ["On deep pits"]
    assert "On deep pits" not in shown(Browser().get(resource.get_absolute_url()))


@pytest.mark.parametrize(
    ("answer", "stage"),
    [("approve", "approved"), ("request_changes", "changes_requested"), ("comment", "in_review")],
)
def test_a_guest_answers_and_those_who_publish_are_told(draft, link, answer, stage):
    Message.objects.all().delete()

    answered = say(link, answer, "Well done <script>.")

    draft.refresh_from_db()
    assert (draft.stage, draft.status) == (stage, "draft")
    event = WorkflowEvent.objects.get()
    assert (event.guest, event.actor, event.comment) == (link, None, "Well done <script>.")
    assert "Thank you." in shown(answered)
    assert "Well done &lt;script&gt;." in shown(answered)
    (letter,) = Message.objects.all()
    assert (letter.to, letter.tells_of) == (link.made_by.email, "bo@reviews.example")
    assert "Bo Ng" in letter.text


def test_reading_does_nothing(draft, link):
    for method in ("get", "head"):
        getattr(Browser(), method)(link.get_absolute_url())

    assert WorkflowEvent.objects.count() == 0
    assert Browser().put(link.get_absolute_url()).status_code == 405


def test_a_guest_is_shown_again_what_was_changed_meanwhile(editor, draft, link):
    guest = Browser()
    form = form_of(guest.get(link.get_absolute_url()), "review_form")
    send(editor, draft, licence="CC BY")

    answered = guest.post(link.get_absolute_url(), form | {"answer": "approve", "comment": "Good"})

    assert answered.status_code == 422
    assert "It was changed since you opened this page." in shown(answered)
    assert form_of(answered, "review_form")["comment"] == ["Good"]
    draft.refresh_from_db()
    assert draft.stage == "in_review"


@pytest.mark.parametrize("answer", ["", "publish", "withdraw", "drop", "approve'--"])
def test_a_guest_takes_no_other_step(draft, link, answer):
    answered = say(link, answer)

    draft.refresh_from_db()
    assert (answered.status_code, draft.stage) == (422, "in_review")


def test_a_link_ends_by_itself_and_at_once_when_it_is_revoked(draft, own):
    by = make_editor(own)
    ended, revoked = (reviewing.invite(by, draft, name=name) for name in ("Bo", "Al"))
    addresses = [ended.get_absolute_url(), revoked.get_absolute_url()]
    before = [Browser().get(address).status_code for address in addresses]

    now = timezone.now()
    ReviewLink.objects.filter(pk=ended.pk).update(made_at=now - timedelta(days=9), ends_at=now)
    reviewing.revoke(by, revoked)

    assert before == [200, 200]
    for address in addresses:
        gone = Browser().get(address)
        assert (gone.status_code, "This link has ended" in shown(gone)) == (404, True)
        assert Browser().post(address, {"answer": "approve"}).status_code == 404
        assert Browser().get(f"{address}cover.webp").status_code == 404


def test_a_link_ends_with_what_was_in_work(draft, own, link):
    services.publish(draft.pk)

    assert Browser().get(link.get_absolute_url()).status_code == 404


def test_a_link_is_good_for_a_fortnight_at_most(editor, draft):
    refused = editor.post(page_of(draft, "reviewers"), {"name": "Bo", "days": "15"})

    assert "days" in refused.context["form"].errors
    assert ReviewLink.objects.count() == 0


def test_the_letter_is_read_by_no_staff(link):
    letter = Message.objects.get()

    assert (letter.to, letter.is_secret) == ("bo@reviews.example", True)
    assert "/review/" in letter.text


def test_links_are_made_seen_and_revoked_by_who_may_publish(editor, client, draft, own):
    editor.post(page_of(draft, "reviewers"), {"name": "Bo", "email": "", "days": "3", "words": ""})
    made = ReviewLink.objects.get()
    listed = shown(editor.get(page_of(draft, "reviewers")))
    author = Browser()
    author.force_login(make_editor(own, role=Membership.Role.AUTHOR))
    by_author = author.get(page_of(draft, "reviewers")).status_code
    editor.post(page_of(draft, "revoke", made.pk))

    assert "/review/" in listed
    assert by_author == 404
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_a_link_to_one_work_does_nothing_to_another(draft, link):
    other = services.set_stage(make_draft(owner=make_organisation(), summary="x").pk, "in_review")

    with pytest.raises(PermissionDenied):
        workflow.take("approve", other.pk, by=link)


def test_a_foreign_link_is_not_revoked_through_one_s_own_work(editor, draft, own):
    theirs = make_organisation()
    other = services.set_stage(make_draft(owner=theirs, summary="x").pk, "in_review")
    link = reviewing.invite(make_editor(theirs), other, name="Bo")

    answer = editor.post(page_of(draft, "revoke", link.pk))

    link.refresh_from_db()
    assert (answer.status_code, link.revoked_at) == (404, None)


def test_a_link_says_so_much_a_day(draft, link):
    answers = [say(link, "comment", f"Word {number}").status_code for number in range(21)]

    assert answers == [200] * 20 + [429]
    assert WorkflowEvent.objects.filter(guest=link).count() == 20


@pytest.mark.parametrize("end", ["publish", "withdraw", "drop"])
def test_a_link_that_ended_with_its_draft_opens_no_later_one(editor, own, end):
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    send(editor, resource, **{"editions-0-title": "On deep pits"})
    link = reviewing.invite(make_editor(own), Resource.objects.get(), name="Bo")
    told = {"reason": "It was wrong."} if end == "withdraw" else {}
    workflow.take(end, resource.pk, by=make_editor(own), **told)
    if end == "withdraw":
        workflow.take("restore", resource.pk, by=make_editor(own))
    send(editor, resource, **{"editions-0-title": "Not for the eyes of others"})

    page = Browser().get(link.get_absolute_url())

    assert Resource.objects.get().stage == "draft"
    assert page.status_code == 404


def test_a_guest_of_a_former_owner_reads_no_more(draft, link):
    Resource.objects.filter(pk=draft.pk).update(owner=make_organisation("Another", is_partner=True))

    assert Browser().get(link.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("end", [erase, User.delete, lock], ids=["erased", "deleted", "shut"])
def test_a_link_ends_at_once_with_the_account_of_who_made_it(editor, draft, link, end):
    address = link.get_absolute_url()
    before = Browser().get(address).status_code

    end(User.objects.get(pk=link.made_by_id))

    link.refresh_from_db()
    assert (before, link.is_open) == (200, False)
    assert Browser().get(address).status_code == 404
    assert Browser().post(address, {"answer": "approve"}).status_code == 404
    told = shown(editor.get(page_of(draft, "reviewers")))
    assert "Ended: who made it has no account any more." in told
