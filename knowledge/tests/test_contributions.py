import os
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from conftest import Browser
from hub import limits, links, pdftext
from hub.accounts.tests.factories import make_member
from hub.audit.recording import recording_of
from hub.catalogue.models import Record
from hub.members import data
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests import pdfs
from hub.tests.pdfs import make_pdf
from hub.tests.stamps import stamped
from hub.uploading import Unkept
from hub.vocabulary.tests.factories import make_term
from knowledge import contributed_files, contributing, drafting, sent_files, services
from knowledge.contribution_forms import SmallPdfField
from knowledge.models import Contribution, Credit, File, Resource
from knowledge.tests.factories import make_draft, make_link
from tests import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
STATES = Contribution.State
TOLD = {
    "sort": "product",
    "title": "After the pits",
    "url": "https://example.org/after",
    "words": "It tells what the pumps cost.",
    "language": "en",
    "name": "Ben Ode",
    "email": "ben@example.org",
    "is_named": "yes",
}
CASE = {
    **{name: value for name, value in TOLD.items() if name not in ("sort", "url")},
    "situation": "Two pits closed.",
    "done": "Pumps were kept.\n\nPeople were trained.",
    "worked": "The <b>lake</b>.",
}


def send(client, path="/contribute/", told=TOLD, **fields):
    form = "CaseStudyForm" if "case" in path else "ContributionForm"
    return client.post(path, {**told, "shown": stamped(form), **fields})


def pdf(name="Work.pdf", content=b""):
    return SimpleUploadedFile(name, content or make_pdf("Words of it"), "application/pdf")


def proposed(**fields):
    told = {name: value for name, value in TOLD.items() if name != "is_named"}
    return contributing.propose(**{**told, "is_named": True, **fields})


def waiting(**fields):
    return contributing.confirm(proposed(**fields).pk)


def letters_to(address):
    return list(
        Message.objects.filter(to=address).order_by("pk").values_list("template", flat=True)
    )


def link_in(address, template):
    text = Message.objects.get(to=address, template=template).text
    [link] = {word for word in text.split() if "/contributions/" in word}
    return urlsplit(link).path


def stored():
    return contributed_files.files_in("contributions")


@pytest.fixture
def secretariat():
    return make_user("desk@example.org", is_secretariat=True)


# From the form to the desk


def test_a_proposal_is_confirmed_and_handed_to_the_desk(client, secretariat):
    answer = send(client)

    assert answer["Location"] == "/contributions/written/"
    assert letters_to("desk@example.org") == []
    assert "pits" not in Message.objects.get().text
    path = link_in("ben@example.org", "contributions/confirm")
    assert "After the pits" in client.get(path).content.decode()
    assert Contribution.objects.get().state == STATES.UNCONFIRMED

    follow = client.post(path)["Location"]

    assert Contribution.objects.get().state == STATES.WAITING
    assert letters_to("desk@example.org") == ["contributions/waiting"]
    assert letters_to("ben@example.org") == ["contributions/confirm", "contributions/thanks"]
    # Signed at another moment, perhaps, but to the same page.
    told = link_in("ben@example.org", "contributions/thanks")
    assert follow.partition(":")[0] == told.partition(":")[0]
    assert "It waits for somebody to read it" in client.get(follow).content.decode()
    assert client.get(path).status_code == 404


def test_whoever_is_signed_in_with_that_address_needs_no_link(secretariat):
    browser = Browser()
    browser.force_login(make_member("ben@example.org", name="Ben"))

    answer = send(browser)

    assert answer["Location"].startswith("/contributions/")
    assert Contribution.objects.get().state == STATES.WAITING


def test_a_case_study_is_outlined_in_parts(client):
    assert send(client, "/contribute/case-study/", CASE).status_code == 302

    contribution = Contribution.objects.get()
    assert contribution.sort == "case"
    assert [heading for heading, _words in contribution.sections] == [
        "The situation",
        "What was done",
        "What worked",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Enter a title."),
        ({"url": ""}, "Give a link to the work, or add it as a PDF."),
        ({"url": "javascript:alert(1)"}, "Enter an address that begins with https://"),
        ({"url": "ftp://example.org/a"}, "Enter an address that begins with https://"),
        ({"words": ""}, "Say why it matters, or tell your story."),
        ({"name": "www.win.example"}, "Give your name, without an address."),
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"is_named": ""}, "Say whether we may name you."),
        ({"region": "999999"}, "Select a valid choice."),
        ({"language": "xx"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(client, wrong, said):
    answer = send(client, **wrong)

    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "name" in wrong or "Ben Ode" in page
    assert not Contribution.objects.exists()


def test_a_story_needs_no_link(client):
    assert send(client, sort="story", url="").status_code == 302


@pytest.mark.parametrize("odd", [{"homepage": "x"}, {"shown": ""}, {"words": "www.x.example " * 4}])
def test_what_looks_like_a_robots_waits_for_a_look(client, secretariat, odd):
    send(client, **odd)

    contributing.confirm(Contribution.objects.get().pk)

    assert Contribution.objects.get().state == STATES.HELD
    assert letters_to("desk@example.org") == []


def test_many_proposals_are_too_many(client):
    answers = [send(client, email=f"person{number}@example.org") for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_one_address_has_its_limit_from_wherever_it_comes():
    for number in range(5):
        contributing.count(f"192.0.2.{number}", "ben@example.org")

    with pytest.raises(limits.Exceeded):
        contributing.count("192.0.2.99", "Ben+more@example.org")


def test_a_proposal_is_confirmed_once():
    contribution = proposed()
    contributing.confirm(contribution.pk)

    with pytest.raises(Contribution.DoesNotExist):
        contributing.confirm(contribution.pk)


@pytest.mark.parametrize("purpose", [contributing.TO_CONFIRM, contributing.TO_FOLLOW])
def test_a_link_serves_its_own_purpose_alone(client, purpose):
    token = links.sign(purpose, waiting() if purpose == contributing.TO_CONFIRM else proposed())

    assert client.get(f"/contributions/{token}/").status_code == 404
    assert client.get("/contributions/nonsense/").status_code == 404


# Files


def test_a_file_is_kept_under_a_random_name_and_shown_to_who_decides(client, own):
    send(client, url="", upload=pdf("../../secret (Ben).pdf"), partner=own.pk)
    contribution = contributing.confirm(Contribution.objects.get().pk)

    [path] = stored()
    assert (path, contribution.file_size > 0) == (contribution.file_path, True)
    assert len(path) == len("contributions/") + 36
    assert client.get(f"/media/{path}").status_code == 404
    address = f"/admin/knowledge/contribution/{contribution.pk}/file/"
    assert client.get(address).status_code == 302
    client.force_login(make_editor(own))
    answer = client.get(address)
    assert (answer.status_code, "private, no-store" in answer["Cache-Control"]) == (200, True)
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(make_editor(make_organisation()))
    assert client.get(address).status_code in (302, 404)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "This is no PDF."),
        (b"%PDF-1.7 broken", "This PDF is damaged"),
        (b"%PDF-" + b"x" * contributed_files.MOST_BYTES, "The file has more than 10 MB."),
    ],
)
def test_only_a_pdf_that_opens_is_taken(client, content, said):
    answer = send(client, upload=pdf(content=content))

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert stored() == []


@pytest.mark.parametrize("name", hostile.KEPT)
def test_nothing_runs_in_what_a_visitor_sent(client, own, name):
    send(client, url="", upload=pdf(content=hostile.KEPT[name]()), partner=own.pk)
    kept = default_storage.open(Contribution.objects.get().file_path).read()
    contribution = contributing.confirm(Contribution.objects.get().pk)

    work = contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")
    services.publish(work.pk)

    file = work.files.get()
    public = client.get(file.get_absolute_url()).getvalue()
    assert public == kept
    for sign in (b"/JavaScript", b"/Launch", b"<script", b"canary"):
        assert sign not in kept
    assert file.taken_out == contribution.taken_out


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_files_that_mean_harm_are_refused_to_visitors_too(client, name):
    upload = SimpleUploadedFile("work.pdf", hostile.REFUSED[name](), "application/pdf")

    answer = send(client, upload=upload)

    assert answer.status_code == 422
    assert 'id="id_upload_error"' in answer.content.decode()
    assert (stored(), Contribution.objects.count()) == ([], 0)


def test_what_is_far_too_large_is_not_even_read(client):
    answer = client.post("/contribute/", CONTENT_LENGTH=str(10**9))

    assert (answer.status_code, "too large" in answer.content.decode()) == (413, True)


class Unreadable:
    """A body that may not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = __iter__ = read


LARGE = {"CONTENT_LENGTH": str(9 * 2**20), "wsgi.input": Unreadable()}


def test_one_file_after_the_other_is_refused_unread(client):
    for _number in range(sent_files.IN_A_ROW.number):
        assert send(client, upload=pdf(content=b"%PDF-" + b"x" * 2**20)).status_code == 422

    answer = client.post("/contribute/", **LARGE)

    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    assert "Your words are not lost: go back" in answer.content.decode()
    assert client.get("/contribute/").status_code == 200
    assert client.post("/contribute/", REMOTE_ADDR="192.0.2.7", data=TOLD).status_code == 302


def test_small_files_count_too(client):
    for _number in range(sent_files.IN_A_ROW.number):
        assert send(client, upload=pdf(content=b"%PDF-1.7 broken")).status_code == 422

    assert send(client, upload=pdf(content=b"%PDF-1.7 broken")).status_code == 429


def test_files_leave_threads_for_readers(client):
    with sent_files.in_hand, sent_files.in_hand:
        answer = client.post("/contribute/", **LARGE)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "One file at a time" in answer.content.decode()
    assert send(client, upload=pdf(content=b"%PDF-" + b"x" * 2**20)).status_code == 422


def test_an_odd_length_is_answered(client):
    answer = client.post("/contribute/", CONTENT_LENGTH="1e9")

    assert answer.status_code in (400, 422)


def test_the_form_still_asks_for_its_token():
    strict = Browser(enforce_csrf_checks=True)

    assert strict.post("/contribute/", TOLD).status_code == 403


def test_a_file_goes_when_the_act_that_keeps_it_fails():
    with pytest.raises(ZeroDivisionError), contributed_files.kept(pdf()):
        raise ZeroDivisionError

    assert stored() == []


@pytest.mark.parametrize("end", ["declined", "taken back", "accepted"])
def test_a_file_goes_once_it_is_decided(own, end, django_capture_on_commit_callbacks):
    editor = make_editor(own)
    contribution = waiting(upload=pdf(), partner=own)

    with django_capture_on_commit_callbacks(execute=True):
        if end == "declined":
            contributing.decline(editor, contribution.pk, reason="We have it.")
        elif end == "taken back":
            contributing.take_back(contribution.pk)
        else:
            contributing.accept(editor, contribution.pk, owner=own, kind="report")

    assert stored() == []
    assert File.objects.count() == (1 if end == "accepted" else 0)


def test_files_that_no_proposal_names_are_swept(folder, django_capture_on_commit_callbacks):
    kept = proposed(upload=pdf())
    lost = default_storage.save("contributions/lost.pdf", pdf())
    fresh = default_storage.save("contributions/fresh.pdf", pdf())  # may be about to be named
    os.utime(folder / lost, (0, 0))

    with django_capture_on_commit_callbacks(execute=False):  # as a dry run
        assert contributed_files.sweep() == 1
    assert len(stored()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        data.retain()

    assert sorted(stored()) == sorted([kept.file_path, fresh])


# What its writer may do


def act(client, contribution, **sent):
    return client.post(contributing.follow_path(contribution), sent)


def test_the_writer_adds_words_until_it_is_decided(client):
    contribution = waiting()

    assert act(client, contribution, act="word", words="One more thing.").status_code == 302
    assert act(client, contribution, act="word", words="").status_code == 422
    contributing.take_back(contribution.pk)

    assert act(client, contribution, act="word", words="Too late.").status_code == 422
    contribution.refresh_from_db()
    assert contribution.added.endswith("One more thing.")


def test_words_that_are_added_do_not_grow_without_end():
    contribution = waiting()
    for _number in range(2):
        contributing.add_word(contribution.pk, "x" * 2000)

    with pytest.raises(ValidationError, match="fewer words"):
        contributing.add_word(contribution.pk, "x" * 2000)


def test_the_writer_takes_it_back(client, secretariat):
    contribution = waiting()

    act(client, contribution, act="take_back")

    contribution.refresh_from_db()
    assert contribution.state == STATES.TAKEN_BACK
    assert not contributing.at_desk_of(secretariat).exists()
    assert "You took it back" in client.get(contributing.follow_path(contribution)).content.decode()


def test_the_writer_takes_their_name_off_a_public_work(client, own):
    contribution = waiting(partner=own)
    resource = contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")
    services.publish(resource.pk)
    Credit.objects.update(name="Benjamin Ode")  # as curators may
    page = client.get(resource.get_absolute_url()).content.decode()

    act(client, contribution, act="take_name_off")

    assert ("Benjamin Ode" in page, Credit.objects.exists()) == (True, False)
    events = recording_of(Credit).events.objects.values_list("name", flat=True)
    assert set(events) == {""}
    assert "Ode" not in client.get(resource.get_absolute_url()).content.decode()


# What the desk may do


def test_editors_decide_what_is_addressed_to_them_or_about_their_place(secretariat):
    place = make_term("Asturias", "place")
    ours, there = make_organisation(), make_organisation(place=place)
    addressed, about, other = waiting(partner=ours), waiting(region=place), waiting()

    def seen_by(user):
        return set(contributing.at_desk_of(user))

    assert seen_by(secretariat) == {addressed, about, other}
    assert seen_by(make_editor(ours)) == {addressed}
    assert seen_by(make_editor(there)) == {about}
    assert seen_by(make_editor(ours, Membership.Role.AUTHOR)) == set()


def test_those_who_decide_get_a_letter(secretariat):
    ours = make_organisation()
    make_editor(ours, email="ana@example.org")
    make_editor(ours, Membership.Role.AUTHOR, email="tom@example.org")

    waiting(partner=ours)

    assert [letters_to(f"{name}@example.org") for name in ("desk", "ana", "tom")] == [
        ["contributions/waiting"],
        ["contributions/waiting"],
        [],
    ]


def test_accepting_makes_a_draft_with_credit_link_and_place(own):
    place = make_term("Asturias", "place")
    contribution = waiting(partner=own, region=place)

    resource = contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")

    assert (str(resource), resource.status, resource.slug) == (
        "After the pits",
        "draft",
        "after-the-pits",
    )
    assert list(resource.credits.values_list("role", "name")) == [("proposer", "Ben Ode")]
    assert [link.url for link in resource.links.all()] == ["https://example.org/after"]
    assert list(resource.terms.all()) == [place]
    assert "what the pumps cost" in resource.curator_note
    assert letters_to("ben@example.org")[-1] == "contributions/accepted"
    assert not Record.objects.exists()


def test_who_does_not_want_to_be_named_is_not(own):
    contribution = waiting(partner=own, is_named=False)

    resource = contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")

    assert not resource.credits.exists()


def test_no_earlier_revision_brings_back_a_name_that_was_taken_off(own):
    contribution, editor = waiting(partner=own), make_editor(own)
    resource = contributing.accept(editor, contribution.pk, owner=own, kind="report")
    services.publish(resource.pk)
    drafting.change(resource.pk, editor, lambda row: row.tags.add("wages"))
    first = resource.revisions.last()
    assert [one["name"] for one in first.snapshot["credits"]] == ["Ben Ode"]

    contributing.take_name_off(contribution.pk)
    drafting.take_up(Resource.objects.get(), resource.revisions.get(pk=first.pk), editor)
    services.publish(resource.pk)

    assert not resource.credits.exists()
    assert [one.snapshot["credits"] for one in resource.revisions.all()] == [[]] * 3


def test_an_outline_becomes_a_case_study_with_its_headings(client, own):
    send(client, "/contribute/case-study/", CASE, partner=own.pk)
    contribution = contributing.confirm(Contribution.objects.get().pk)

    resource = contributing.accept(make_editor(own), contribution.pk, owner=own, kind="case-study")

    body = resource.original.body
    assert [body.index(f"<h2>{head}</h2>") for head in ("The situation", "What worked")]
    assert "<p>People were trained.</p>" in body
    assert "&lt;b&gt;lake&lt;/b&gt;" in body
    assert list(resource.credits.values_list("role", "name")) == [("author", "Ben Ode")]


def test_declining_says_why_in_a_letter(client, own):
    contribution = waiting(partner=own)

    contributing.decline(make_editor(own), contribution.pk, reason="We have it already.")

    letter = Message.objects.get(template="contributions/declined")
    assert ("We have it already." in letter.text, "Thank you" in letter.text) == (True, True)
    assert (
        "We have it already." in client.get(contributing.follow_path(contribution)).content.decode()
    )


def test_a_letter_is_not_written_for_what_is_rolled_back(own):
    contribution = waiting(partner=own)

    def decline_and_fail():
        with transaction.atomic():
            contributing.decline(make_editor(own), contribution.pk, reason="No")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decline_and_fail()

    assert not Message.objects.filter(template="contributions/declined").exists()


def test_it_is_decided_once(own):
    editor, contribution = make_editor(own), waiting(partner=own)
    contributing.decline(editor, contribution.pk, reason="We have it.")

    with pytest.raises(Contribution.DoesNotExist):
        contributing.accept(editor, contribution.pk, owner=own, kind="report")
    with pytest.raises(Contribution.DoesNotExist):
        contributing.decline(editor, contribution.pk, reason="Again")


def test_nobody_else_decides_it_nor_puts_it_on_others(own):
    contribution, other = waiting(partner=own), make_organisation()

    with pytest.raises(Contribution.DoesNotExist):
        contributing.decline(make_editor(other), contribution.pk, reason="No")
    with pytest.raises(PermissionDenied):
        contributing.accept(make_editor(own), contribution.pk, owner=other, kind="report")
    assert Contribution.objects.get().state == STATES.WAITING


def test_an_editor_accepts_and_declines_at_the_desk(editor, own):
    first, second = waiting(partner=own), waiting(partner=own, title="Another", email="e@x.example")
    assert "Proposals to decide" in editor.get("/admin/").content.decode()
    page = editor.get(f"/admin/knowledge/contribution/{first.pk}/change/").content.decode()
    assert "what the pumps cost" in page

    def decide(contribution, act, **sent):
        return editor.post(f"/admin/knowledge/contribution/{contribution.pk}/{act}/", sent)

    assert decide(first, "accept", kind="report", owner=make_organisation().pk).status_code == 200
    assert decide(first, "accept", kind="report", owner=own.pk).status_code == 302
    assert decide(second, "decline", reason=" ").status_code == 200
    assert decide(second, "decline", reason="We have it.").status_code == 302
    assert decide(second, "decline", reason="Again").status_code == 404
    states = Contribution.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [STATES.ACCEPTED, STATES.DECLINED]
    after = editor.get(f"/admin/knowledge/contribution/{first.pk}/change/").content.decode()
    assert f"/admin/knowledge/resource/{Resource.objects.get().pk}/change/" in after


def test_the_secretariat_hands_odd_ones_on_or_not(client, secretariat):
    good, bad = (waiting(suspicions=["too fast"], email=f"{n}@example.org") for n in ("a", "b"))
    client.force_login(secretariat)

    def look(action, contribution):
        sent = {"action": action, "_selected_action": contribution.pk, "confirmed": "1"}
        return client.post("/admin/knowledge/contribution/", sent)

    look("hand_on", good)
    look("dismiss", bad)

    states = Contribution.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [STATES.WAITING, STATES.DECLINED]
    assert letters_to("b@example.org") == ["contributions/confirm", "contributions/thanks"]


def test_editors_see_nothing_odd_and_decide_nothing_odd(editor, own):
    contribution = waiting(partner=own, suspicions=["too fast"])

    page = editor.get("/admin/knowledge/contribution/").content.decode()
    sent = {"action": "hand_on", "_selected_action": contribution.pk, "confirmed": "1"}
    editor.post("/admin/knowledge/contribution/", sent)

    assert "After the pits" not in page
    assert Contribution.objects.get().state == STATES.HELD


# What is kept


def test_it_is_let_go_of_in_time(own):
    now, editor = timezone.now(), make_editor(own)
    old, fresh = proposed(), proposed()
    Contribution.objects.filter(pk=old.pk).update(written_at=now - timedelta(days=8))
    declined, nameless, named = (
        waiting(
            partner=own,
            is_named=number == 2,
            email=f"{number}@example.org",
            url=f"https://example.org/{number}",
        )
        for number in range(3)
    )
    contributing.decline(editor, declined.pk, reason="No")
    for one in (nameless, named):
        contributing.accept(editor, one.pk, owner=own, kind="report")
    Contribution.objects.filter(decided_at__isnull=False).update(
        decided_at=now - timedelta(days=366)
    )

    data.retain()

    # With the name goes the consent, and the link by which it is taken back.
    assert set(Contribution.objects.values_list("pk", flat=True)) == {fresh.pk, named.pk}


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_the_library_has_already_is_not_accepted_once_more(own, is_ours):
    """Who decides is told by what, if they may know of it."""
    contribution = waiting(partner=own, url="http://www.example.org/after/")
    there = make_draft("The quicker one", owner=own if is_ours else make_organisation())
    make_link(there, url="https://example.org/after")

    with pytest.raises(ValidationError) as refused:
        contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")

    assert ("The quicker one" in refused.value.message) is is_ours
    contribution.refresh_from_db()
    assert (contribution.state, Resource.objects.get()) == (STATES.WAITING, there)


def test_a_person_takes_it_along_and_erases_it_with_their_name(own):
    member = make_member("ben@example.org", name="Ben")
    contribution = waiting(partner=own)
    contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")
    told = dict(data.told_of(member))

    data.erase(member)

    assert told["Proposal to the hub"][0]["title"] == "After the pits"
    assert not Contribution.objects.exists()
    assert not Credit.objects.filter(name="Ben Ode").exists()


def test_what_could_run_in_a_proposed_file_is_neither_kept_nor_published(client):
    own = make_organisation()
    send(client, url="", upload=pdf(content=pdfs.with_script()), partner=own.pk)
    contribution = Contribution.objects.get()
    with default_storage.open(contribution.file_path) as kept:
        assert b"/JavaScript" not in kept.read()
    assert contribution.taken_out == ["scripts"]

    contributing.confirm(contribution.pk)
    contributing.accept(make_editor(own), contribution.pk, owner=own, kind="report")

    file = File.objects.get()
    with default_storage.open(file.path) as published:
        assert b"/JavaScript" not in published.read()
    assert file.taken_out == ["scripts"]


def left_as_it_came(content: bytes) -> Contribution:
    """A proposal that waits with a file as it came, from before files were made safe."""
    contribution = waiting(upload=pdf(content=make_pdf("Words of it")))
    default_storage.delete(contribution.file_path)
    default_storage.save(contribution.file_path, ContentFile(content))
    return contribution


def test_a_file_that_waited_as_it_came_is_made_safe_once_the_proposal_is_accepted():
    own = make_organisation()
    contribution = left_as_it_came(pdfs.with_script())
    assert contribution.taken_out == []

    contributing.accept(make_user(is_secretariat=True), contribution.pk, owner=own, kind="report")

    file = File.objects.get()
    with default_storage.open(file.path) as published:
        assert b"/JavaScript" not in published.read()
    assert file.taken_out == ["scripts"]


def test_a_file_that_waited_and_cannot_be_made_safe_is_refused_in_words():
    own = make_organisation()
    contribution = left_as_it_came(b"%PDF-1.7 and nothing more")

    with pytest.raises(ValidationError, match="damaged"):
        contributing.accept(
            make_user(is_secretariat=True), contribution.pk, owner=own, kind="report"
        )

    assert not File.objects.exists()


def test_a_file_is_opened_once_all_else_is_right(client):
    answer = send(client, name="", upload=pdf(content=b"%PDF-1.7 broken"))

    assert answer.status_code == 422
    assert "This PDF is damaged" not in answer.content.decode()


def test_while_files_wait_a_further_one_is_refused_in_words(client):
    with pdftext.turn(), pdftext._seats:
        answer = send(client, upload=pdf())

    page = answer.content.decode()
    assert (answer.status_code, "The hub is busy with other files now." in page) == (422, True)
    assert "After the pits" in page
    assert send(client, upload=pdf()).status_code == 302


def test_without_room_for_the_file_the_form_comes_back(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "there"
    settings.MEDIA_ROOT.write_text("no folder")  # nothing can be written below it

    answer = send(client, upload=pdf())

    assert (answer.status_code, "has no room" in answer.content.decode()) == (422, True)
    assert not Contribution.objects.exists()


def test_a_file_that_could_not_be_received_is_not_called_broken():
    with pytest.raises(ValidationError, match="no room for the file"):
        SmallPdfField().clean(Unkept("upload", "Work.pdf"))
