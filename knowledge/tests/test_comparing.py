"""Nothing that a draft changes is called the same."""

import pytest

from knowledge.models import Edition
from knowledge.tests.factories import make_file, make_resource
from knowledge.tests.test_admin import page_of
from knowledge.tests.test_drafts import send, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            '<p>Read <a href="https://ilo.org/report">it</a>.</p>',
            '<p>Read <a href="https://casino.example/">it</a>.</p>',
            "casino",
        ),
        ("<p>Pits</p>", "<h2>Pits</h2>", "#"),
        ("<p>Pits</p>", "<p><strong>Pits</strong></p>", "*"),
        ("<ul><li>Pits</li></ul>", "<ol><li>Pits</li></ol>", "1"),
        ("<p>Pits</p>", "<blockquote><p>Pits</p></blockquote>", "&gt;"),
    ],
)
def test_links_and_marks_are_compared(editor, own, before, after, told):
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    Edition.objects.filter(resource=resource).update(body=before)
    send(editor, resource, **{"editions-0-body": after})

    page = shown(editor.get(page_of(resource, "compare")))

    added = page.split("<ins>", 1)[1].split("</ins>")[0]
    assert told in added


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"embargo_until_0": "2199-01-01", "embargo_until_1": "00:00:00"},
            "not before 1 January 2199",
        ),
        ({"note": "A new chapter"}, "A new chapter"),
    ],
)
def test_all_that_a_file_says_is_compared(editor, own, changes, told):
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    make_file(resource)
    send(editor, resource, **{f"files-0-{name}": value for name, value in changes.items()})

    page = shown(editor.get(page_of(resource, "compare")))

    assert told in page.split("<ins>", 1)[1]
