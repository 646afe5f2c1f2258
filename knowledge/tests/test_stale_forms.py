"""Forms of works that were opened before somebody else did something: told, and nothing lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import Browser
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor
from hub.tests.pages import form_of
from hub.tests.pdfs import make_pdf
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_file, make_resource
from knowledge.tests.test_admin import errors_of, page_of
from knowledge.tests.test_drafts import colleague, opened, send, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def as_shown(answer) -> dict:
    """What a browser would send of the form in this answer."""
    form = form_of(answer, "resource_form")
    return {name: value for name, value in form.items() if not name.endswith(("upload", "picture"))}


@pytest.mark.parametrize("make", [make_draft, make_resource])
def test_of_a_file_that_somebody_else_deleted_a_form_says_so_and_keeps_its_words(editor, own, make):
    resource = make(owner=own, title="On pits")
    make_file(resource, title="Report")
    mine = opened(editor, resource)
    send(colleague(own), resource, **{"files-0-DELETE": "on"})

    answer = editor.post(
        page_of(resource), mine | {"files-0-title": "The long report", "licence": "CC BY"}
    )

    page = shown(answer)
    assert answer.status_code == 200
    assert "Somebody else has deleted this PDF since you opened the form." in page
    assert 'value="The long report"' in page
    again = as_shown(answer)
    assert 'name="files-0-DELETE"' in page
    # The first of new rows has no head to be seen, where this stands.
    assert not re.search(r'class="[^"]*inline-first[^"]*"\s+id="files-0"', page)
    assert editor.post(page_of(resource), again).status_code == 200  # still to be decided
    sent = editor.post(page_of(resource), again | {"files-0-DELETE": "on"})
    assert sent.status_code == 302
    snapshot = resource.revisions.get(is_aside=True).snapshot
    assert (snapshot["licence"], snapshot["files"]) == ("CC BY", [])


def test_a_file_that_somebody_else_deleted_comes_back_with_its_words(editor, own):
    resource = make_draft(owner=own, title="On pits")
    make_file(resource, title="Report")
    mine = opened(editor, resource)
    send(colleague(own), resource, **{"files-0-DELETE": "on"})
    refused = editor.post(page_of(resource), mine | {"files-0-title": "The long report"})
    again = as_shown(refused)

    pdf = SimpleUploadedFile("a.pdf", make_pdf("Pits again"), "application/pdf")
    sent = editor.post(page_of(resource), again | {"files-0-upload": pdf})

    assert sent.status_code == 302, errors_of(sent)
    files = resource.revisions.get(is_aside=True).snapshot["files"]
    assert [one["title"] for one in files] == ["The long report"]


def test_a_note_of_curators_that_is_not_the_same_in_a_stale_form_is_shown_beside_theirs(
    editor, own
):
    resource = make_resource(owner=own)
    old = opened(editor, resource)
    send(colleague(own), resource, curator_note="Ask Bo.", licence="CC0")

    untouched = editor.post(page_of(resource), old | {"licence": "CC BY"}, follow=True)

    assert "Somebody saved this work while you were changing it." in shown(untouched)
    assert Resource.objects.get().curator_note == "Ask Bo."

    both = editor.post(page_of(resource), old | {"licence": "CC BY-SA", "curator_note": "Ask Cy."})

    assert both.status_code == 200
    assert ("Ask Bo." in shown(both), "Ask Cy." in shown(both)) == (True, True)
    assert Resource.objects.get().curator_note == "Ask Bo."
    again = as_shown(both)
    last = editor.post(page_of(resource), again, follow=True)
    assert "Somebody saved this work while you were changing it." in shown(last)
    assert Resource.objects.get().curator_note == "Ask Cy."


def test_who_saves_a_form_opened_before_a_withdrawal_is_told_of_it(editor, own):
    resource = make_resource(owner=own)
    mine = opened(editor, resource)
    services.withdraw(resource.pk, reason="The figures are wrong.")

    answer = editor.post(page_of(resource), mine | {"licence": "CC BY"}, follow=True)
    later = editor.post(
        page_of(resource), opened(editor, resource) | {"licence": "CC0"}, follow=True
    )

    assert "It was withdrawn while you had the form open" in shown(answer)
    assert "The figures are wrong." in shown(answer)
    assert Resource.objects.get().licence == "CC0"
    assert "while you had the form open" not in shown(later)


def test_an_author_who_may_not_change_what_is_withdrawn_has_their_words_back(own):
    author = Browser()
    author.force_login(make_editor(own, role=Membership.Role.AUTHOR))
    resource = make_resource(owner=own)
    mine = opened(author, resource)
    services.withdraw(resource.pk, reason="The figures are wrong.")

    answer = author.post(page_of(resource), mine | {"editions-0-summary": "About <b>miners</b>."})

    page = shown(answer)
    assert answer.status_code == 403
    assert "withdrawn while you had the form open, so your changes are not saved" in page
    assert ("About &lt;b&gt;miners" in page, "The figures are wrong." in page) == (True, True)
