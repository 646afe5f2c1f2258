"""Drafts beside what is public, as curators meet them: saved, compared, taken up, previewed."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags

from conftest import Browser
from hub.catalogue import reindexing as catalogue
from hub.catalogue.tests.finding import refs
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of
from hub.tests.pdfs import make_pdf
from hub.vocabulary.merging import merge
from hub.vocabulary.tests.factories import make_term
from knowledge import comparing, desk_revisions, services
from knowledge.models import Edition, Identifier, Link, Resource, Revision
from knowledge.tests.factories import make_broken_link, make_draft, make_file, pending_of
from knowledge.tests.factories import make_resource as make_published
from knowledge.tests.test_admin import ADD, errors_of, page_of, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def make_resource(title: str = "On pits", **fields):
    return make_published(title, **{"summary": "About lamplighters.", "slug": "on-pits", **fields})


def opened(client: Client, resource: Resource) -> dict:
    form = form_of(client.get(page_of(resource)), "resource_form")
    return {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}


def send(client: Client, resource: Resource, **changes):
    """Open the form, and send it with these changes."""
    answer = client.post(page_of(resource), opened(client, resource) | changes)
    assert answer.status_code == 302, errors_of(answer)
    return answer


def colleague(own: Organisation) -> Browser:
    client = Browser()
    client.force_login(make_editor(own, name="Ana"))
    return client


def shown(answer) -> str:
    return answer.content.decode()


def texts(page: str, element: str) -> list[str]:
    """What stands in these elements of a page."""
    found = re.findall(rf"<{element}\b[^>]*>(.*?)</{element}>", page, re.DOTALL)
    return [strip_tags(text).strip() for text in found]


def test_what_is_public_stays_until_the_draft_is_published(editor, own):
    term = make_term("Retraining")
    resource = make_resource(owner=own)
    link = make_broken_link(resource)

    send(
        editor,
        resource,
        **{"editions-0-summary": "About locksmiths.", "licence": "CC BY", "terms": [term.pk]},
        **{"tags": "miners", "credits-TOTAL_FORMS": "1"},
        **row("credits", 0, role="author", name="Ana Pérez", position=0),
    )
    before = shown(editor.get("/resources/on-pits/"))
    found = refs("locksmiths"), refs("miners"), list(catalogue.differences())
    form = opened(editor, resource)
    editor.post(page_of(resource, "publish"))
    after = shown(editor.get("/resources/on-pits/"))

    assert ("lamplighters" in before, "locksmiths" in before, "Ana P" in before) == (
        True,
        False,
        False,
    )
    assert found == ([], [], [])
    assert (form["editions-0-summary"], form["licence"]) == (["About locksmiths."], ["CC BY"])
    assert form["credits-0-name"] == ["Ana Pérez"]
    assert ("lamplighters" in after, "locksmiths" in after, "Ana Pérez" in after) == (
        False,
        True,
        True,
    )
    assert "Retraining" in after
    resource.refresh_from_db()
    assert (resource.stage, resource.pending) == ("", None)
    assert (list(resource.terms.all()), list(resource.tags.names())) == ([term], ["miners"])
    # What a check found of a link is no matter of the draft.
    assert Link.objects.get() == link
    assert Link.objects.get().fails == link.fails
    assert list(catalogue.differences()) == []


def test_a_draft_is_saved_again_and_again_before_it_goes_out(editor, own):
    resource = make_resource(owner=own)
    Edition.objects.create(resource=resource, language="es", title="Sobre minas")

    send(
        editor,
        resource,
        **{"editions-0-title": "On deep pits", "links-TOTAL_FORMS": "1"},
        **row("links", 0, url="https://example.org/a", kind="work", position=0),
    )
    send(editor, resource, **{"links-0-label": "The report", "editions-1-DELETE": "on"})
    rows = [(one["pk"], one["url"], one["label"]) for one in pending_of(resource)["links"]]
    send(editor, resource, **{"editions-0-subtitle": "A history"})
    still = [(one["pk"], one["url"], one["label"]) for one in pending_of(resource)["links"]]
    live = list(Edition.objects.values_list("title", flat=True)), Link.objects.count()
    editor.post(page_of(resource, "publish"))

    assert rows == still
    assert live == (["On pits", "Sobre minas"], 0)
    edition = Edition.objects.get()
    assert (edition.title, edition.subtitle) == ("On deep pits", "A history")
    assert (Link.objects.get().pk, Link.objects.get().label) == (rows[0][0], "The report")
    numbers = resource.revisions.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


def test_two_editions_may_change_their_languages(editor, own):
    resource = make_resource(owner=own)
    Edition.objects.create(resource=resource, language="es", summary="Sobre minas")

    send(
        editor,
        resource,
        **{"editions-0-language": "es", "editions-1-language": "en"},
        original_language="es",
    )
    editor.post(page_of(resource, "publish"))

    told = resource.editions.values_list("language", "is_original", "title")
    assert list(told) == [("es", True, "On pits"), ("en", False, "")]
    assert list(catalogue.differences()) == []


def test_who_cares_for_a_work_holds_at_once(editor, own):
    resource = make_resource(owner=own)

    send(editor, resource, curator_note="Ask Bo.", review_by="2199-01-01")

    resource.refresh_from_db()
    assert (resource.curator_note, str(resource.review_by)) == ("Ask Bo.", "2199-01-01")
    assert (resource.pending, resource.stage) == (None, "")


def test_dropped_changes_leave_the_page_alone_and_can_be_taken_up(editor, own):
    resource = make_resource(owner=own)
    send(editor, resource, licence="CC BY")

    editor.post(page_of(resource, "drop"))
    dropped = Resource.objects.get().pending, opened(editor, resource)["licence"]
    taken = editor.post(page_of(resource, "take_up", 2), follow=True)

    assert dropped == (None, [""])
    assert "The draft is now what revision 2 says." in shown(taken)
    assert (pending_of(resource)["licence"], Resource.objects.get().licence) == ("CC BY", "")


def test_a_revision_is_taken_up_with_the_terms_that_took_the_place_of_its_own(editor, own):
    tailings, dumps, mines = make_term("Tailings"), make_term("Dumps"), make_term("Mines")
    plain = make_term("Plainly deleted")
    resource = make_resource(owner=own, terms=(tailings, plain))
    send(editor, resource, terms=[])
    send(editor, resource, licence="CC BY")
    editor.post(page_of(resource, "publish"))
    plain.delete()
    merge(merge(tailings, dumps), mines)

    editor.post(page_of(resource, "take_up", 1))
    compared = editor.get(f"{page_of(resource, 'compare')}?a=1&b=2")
    editor.post(page_of(resource, "publish"))

    assert list(resource.terms.all()) == [mines]
    assert "Mines" in shown(compared)
    assert list(catalogue.differences()) == []


def test_a_file_of_a_draft_is_private_until_it_is_published(editor, own, client):
    resource = make_resource(owner=own)
    upload = SimpleUploadedFile("a.pdf", make_pdf("A secret"), "application/pdf")
    send(
        editor,
        resource,
        **{"files-TOTAL_FORMS": "1"},
        **row("files", 0, upload=upload, title="", language="", position="0"),
    )
    (file,) = pending_of(resource)["files"]
    address = f"/resources/on-pits/files/{file['sha256'][:16]}.pdf"
    before = Browser().get(address).status_code
    editor.post(page_of(resource, "publish"))

    assert (before, Browser().get(address).status_code) == (404, 200)


def test_a_file_that_is_taken_away_stays_public_until_then(editor, own):
    resource = make_resource(owner=own)
    file = make_file(resource)

    send(editor, resource, **{"files-0-DELETE": "on"})
    before = Browser().get(file.get_absolute_url()).status_code
    editor.post(page_of(resource, "publish"))

    assert (before, Browser().get(file.get_absolute_url()).status_code) == (200, 404)


def test_what_is_taken_by_another_meanwhile_is_refused_when_it_is_published(editor, own):
    resource = make_resource(owner=own)
    send(
        editor,
        resource,
        **{"identifiers-TOTAL_FORMS": "1"},
        **row("identifiers", 0, scheme="doi", value="10.1234/pits"),
    )
    Identifier.objects.create(resource=make_draft(), scheme="doi", value="10.1234/pits")

    refused = editor.post(page_of(resource, "publish"))

    assert "Another resource has the identifier 10.1234/pits by now." in shown(refused)
    assert Resource.objects.get(pk=resource.pk).stage == "draft"
    # The form opens without it, and what is saved then can go out.
    send(editor, resource)
    editor.post(page_of(resource, "publish"))
    assert Resource.objects.get(pk=resource.pk).stage == ""


# Two at once


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_of_two_who_save_at_once_neither_loses_anything(editor, own, make):
    resource = make("On pits", owner=own)
    mine, theirs = opened(editor, resource), opened(colleague(own), resource)

    colleague(own).post(page_of(resource), theirs | {"editions-0-title": "On deep pits"})
    met = editor.post(
        page_of(resource), mine | {"licence": "CC BY", "curator_note": "Mine"}, follow=True
    )

    page = shown(met)
    assert "Somebody saved this work while you were changing it." in page
    assert page.count("On <ins>") + page.count("<del>") >= 1
    resource.refresh_from_db()
    aside = resource.revisions.get(is_aside=True)
    head = resource.revisions.filter(is_aside=False).first()
    assert (aside.snapshot["licence"], aside.snapshot["editions"][0]["title"]) == (
        "CC BY",
        "On pits",
    )
    assert (head.snapshot["licence"], head.snapshot["editions"][0]["title"]) == ("", "On deep pits")
    assert resource.curator_note == "Mine"
    taken = editor.post(page_of(resource, "take_up", aside.number), follow=True)
    assert opened(editor, resource)["licence"] == ["CC BY"]
    assert taken.status_code == 200


def test_a_form_with_a_mistake_keeps_what_it_began_from(editor, own):
    resource = make_draft(owner=own)
    mine = opened(editor, resource)
    send(colleague(own), resource, licence="CC0")

    refused = editor.post(page_of(resource), mine | {"kind": "", "licence": "CC BY"})
    again = form_of(refused, "resource_form") | {"kind": "report"}
    met = editor.post(page_of(resource), again)

    assert "/compare/" in met["Location"]


def test_a_form_sent_twice_is_saved_once(editor, own):
    resource = make_resource(owner=own)
    form = opened(editor, resource) | {"licence": "CC BY"}

    editor.post(page_of(resource), form)
    again = editor.post(page_of(resource), form)

    assert "/compare/" not in again["Location"]
    assert resource.revisions.filter(is_aside=True).count() == 0
    assert resource.revisions.count() == 2


# Compared


def test_a_comparison_marks_words_and_tells_terms_and_tags(editor, own):
    old, new = make_term("Retraining"), make_term("Wind power")
    resource = make_resource(owner=own, terms=(old,))
    send(
        editor,
        resource,
        **{"terms": [new.pk], "tags": "miners", "editions-0-summary": "About <b>locksmiths</b>."},
    )

    page = shown(editor.get(page_of(resource, "compare")))

    for name, words in {"ins": "locksmiths", "del": "lamplighters"}.items():
        assert words in " ".join(texts(page, name)), name
    assert "Removed: Retraining" in " ".join(texts(page, "del"))
    assert "Added: Wind power" in " ".join(texts(page, "ins"))
    assert "<b>" not in page.partition("compare__text")[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("One two three.", "One four three."),
        ("", "All new."),
        ("ถ่านหินและแรงงาน", "ถ่านหินกับแรงงาน"),
        ("Шахты\nи города", "Шахты\nи посёлки"),
        ("word " * 3000, "word " * 2999 + "end"),
        ("a\n\n\nb", "a\nb\n"),
    ],
)
def test_runs_put_together_are_the_two_texts(before, after):
    runs = list(comparing.compare(before, after))

    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


def told_apart(before, after, **fields):
    """How two summaries are told apart, and how many seconds that took."""
    edition = {"pk": 1, "language": "en", "method": "human", "is_original": True, **fields}
    edition |= {"title": "T", "subtitle": "", "summary": ""}
    both = [
        {
            "kind": "report",
            "languages": ["en"],
            "published_on": None,
            "licence": "",
            "published_precision": "day",
            "source_url": "",
            "tags": [],
            "terms": [],
            **{name: [] for name in ("credits", "files", "links", "identifiers", "cover")},
            "editions": [edition | {"body": body}],
        }
        for body in (before, after)
    ]
    begun = time.monotonic()
    [difference] = comparing.differences(*both, str)
    return difference, time.monotonic() - begun


def lines_of(words):
    return "".join(f"<p>{word}</p>" for word in words)


def test_tens_of_thousands_of_lines_are_told_apart_in_time_and_it_is_said():
    turns = ["a", "b", "b"] * 5_000
    before, after = lines_of(["x", *turns, "y"]), lines_of(["v", *reversed(turns), "w"])

    difference, seconds = told_apart(before, after)

    assert seconds < 10
    assert difference.is_rough
    assert [run.kind for run in difference.runs if run.text.strip()] == ["removed", "added"]


def test_a_small_change_of_a_long_text_is_found_in_its_place():
    words = [f"line {number}" for number in range(30_000)]
    changed = [*words[:15_000], "another line", *words[15_001:]]

    difference, seconds = told_apart(lines_of(words), lines_of(changed))

    assert seconds < 10
    assert not difference.is_rough
    assert [run.kind for run in difference.runs if run.kind != "same"] == ["removed", "added"]
    assert len("".join(run.text for run in difference.runs if run.kind != "same")) < 40


def test_the_page_says_that_parts_were_too_long(editor, own):
    resource = make_resource(owner=own)
    turns = [*"abb"] * 700
    Edition.objects.filter(resource=resource).update(body=lines_of(["x", *turns, "y"]))
    send(editor, resource, **{"editions-0-body": lines_of(["v", *turns[::-1], "w"])})

    page = shown(editor.get(page_of(resource, "compare")))

    assert "There is too much of it to be compared in all parts" in page


def test_thai_is_compared_letter_by_letter():
    runs = list(comparing.compare("ถ่านหินและแรงงาน", "ถ่านหินกับแรงงาน"))

    assert sum(len(run.text) for run in runs if run.kind == "same") >= 12


@pytest.mark.parametrize(
    "query", ["?a=1", "?a=1&b=x", "?a=0&b=99", "?a=1&b=²", "?a=-1&b=1", "?b=%00"]
)
def test_odd_numbers_of_revisions_are_not_there(editor, own, query):
    resource = make_resource(owner=own)
    send(editor, resource, licence="CC BY")

    assert editor.get(page_of(resource, "compare") + query).status_code in (400, 404)


# Previewed


def test_a_preview_shows_the_page_and_saves_nothing(editor, own):
    resource = make_resource(owner=own)
    form = opened(editor, resource) | {"editions-0-title": "On deep pits", "_preview": "1"}
    before = Revision.objects.count(), refs("deep")

    page = editor.post(page_of(resource), form)

    assert page.status_code == 200
    assert texts(shown(page), "h1") == ["On deep pits"]
    assert '<meta name="robots" content="noindex">' in shown(page)
    assert (Revision.objects.count(), refs("deep")) == before == (0, [])
    assert "lamplighters" in shown(editor.get("/resources/on-pits/"))


def test_a_new_work_is_previewed_before_it_is_there(editor, own):
    form = form_of(editor.get(ADD), "resource_form")
    form.pop("cover_picture")
    form |= {"kind": "report", "original_language": "th", "_preview": "1"}
    form |= row("editions", 0, language="th", title="ถ่านหิน", summary="แรงงาน", method="human")

    page = editor.post(ADD, form)
    refused = editor.post(ADD, form | {"kind": ""})

    assert texts(shown(page), "h1") == ["ถ่านหิน"]
    assert Resource.objects.count() == 0
    assert errors_of(refused) == {"kind": ["This field is required."]}


def test_a_draft_of_another_partner_is_not_there(editor, own):
    theirs = make_resource(owner=make_organisation())

    for page in ("compare", "revisions", "reviewers", "submit", "comment", "drop"):
        assert editor.get(page_of(theirs, page)).status_code == 404, page
    for page, more in (("take_up", [1]), ("revoke", [1])):
        assert editor.post(page_of(theirs, page, *more)).status_code == 404, page


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_curation_that_a_form_has_not_changed_stays_as_others_saved_it(editor, own, make):
    resource = make(owner=own, title="On pits")
    old = opened(editor, resource)
    send(colleague(own), resource, curator_note="Ask Bo.", review_by="2199-01-01")

    answer = editor.post(page_of(resource), old | {"licence": "CC BY"})

    assert answer.status_code == 302, errors_of(answer)
    resource.refresh_from_db()
    assert (resource.curator_note, str(resource.review_by)) == ("Ask Bo.", "2199-01-01")


def test_curation_that_both_have_changed_is_shown_and_saved_once_sent_again(editor, own):
    resource = make_resource(owner=own)
    old = opened(editor, resource)
    send(colleague(own), resource, curator_note="Ask Bo.")

    answer = editor.post(page_of(resource), old | {"curator_note": "Ask Cy."})

    assert answer.status_code == 200
    assert "Ask Bo." in shown(answer)
    assert "Ask Cy." in shown(answer)
    again = form_of(answer, "resource_form")
    kept = {name: one for name, one in again.items() if not name.endswith(("upload", "picture"))}
    assert editor.post(page_of(resource), kept).status_code == 302
    resource.refresh_from_db()
    assert resource.curator_note == "Ask Cy."


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_words_in_a_part_that_somebody_else_deleted_are_kept_aside(editor, own, make):
    resource = make(owner=own, title="On pits")
    Edition.objects.create(resource=resource, language="es", title="Sobre minas", summary="y")
    mine = opened(editor, resource)
    send(colleague(own), resource, **{"editions-1-DELETE": "on"})

    answer = editor.post(page_of(resource), mine | {"editions-1-summary": "Much work"})

    assert answer.status_code == 302, errors_of(answer)
    aside = resource.revisions.get(is_aside=True)
    assert "Much work" in str(aside.snapshot)


def test_an_earlier_revision_is_not_taken_up_over_a_draft_that_was_not_seen(editor, own):
    resource = make_resource(owner=own)
    send(editor, resource, licence="CC BY")
    send(editor, resource, licence="CC0")
    page = editor.get(f"{page_of(resource, 'compare')}?a=2&b=3")
    version = re.search(r'name="version" value="(\d+)"', shown(page))[1]
    send(colleague(own), resource, licence="CC BY-SA")

    taken = editor.post(page_of(resource, "take_up", 2), {"version": version}, follow=True)

    assert "Somebody has saved a newer draft" in shown(taken)
    assert pending_of(resource)["licence"] == "CC BY-SA"


def test_what_is_changed_once_it_was_approved_is_in_review_again(editor, own):
    resource = make_resource(owner=own)
    send(editor, resource, licence="CC BY")
    services.set_stage(resource.pk, Resource.Stage.APPROVED)

    send(editor, resource, licence="CC0")

    assert Resource.objects.get().stage == Resource.Stage.IN_REVIEW


def test_all_revisions_can_be_reached(editor, own, monkeypatch):
    monkeypatch.setattr(desk_revisions, "A_PAGE", 2)
    resource = make_draft(owner=own, summary="About lamplighters.")
    for licence in ("CC BY", "CC0", "CC BY-SA"):
        send(editor, resource, licence=licence)

    pages = [editor.get(f"{page_of(resource, 'revisions')}?page={page}") for page in (1, 2)]

    numbers = [[one["number"] for one in page.context["revisions"]] for page in pages]
    assert (numbers, "?page=2" in shown(pages[0])) == ([[4, 3], [2, 1]], True)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("th", "การเปลี่ยนผ่านที่เป็นธรรมของเหมืองแม่เมาะ"),
        ("vi", "Chuyển dịch công bằng ở vùng than Quảng Ninh"),
        ("mn", "Нүүрсний бүсийн шударга шилжилт"),
    ],
)
def test_words_in_scripts_of_asia_are_entered_and_shown(editor, own, language, title):
    draft = make_draft(owner=own, language=language, summary="x")

    send(editor, draft, **{"editions-0-title": title, "editions-0-summary": title})
    editor.post(page_of(draft, "publish"))

    page = shown(Browser().get(Resource.objects.get().get_absolute_url()))
    assert texts(page, "h1") == [title]
    assert title in "".join(opened(editor, draft)["editions-0-title"])
