"""What a draft is made of, and what an editor does with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.catalogue.models import Record
from hub.newsletter import composing, presenting
from hub.newsletter.models import Issue
from hub.newsletter.reading import Told, chosen, share_of
from hub.newsletter.tests.issue_factories import make_begun, make_issue, make_record

pytestmark = pytest.mark.django_db


def groups_of(issue: Issue) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in issue.items.order_by("group", "position"):
        found.setdefault(item.group, []).append(item.ref)
    return found


def test_a_draft_has_a_handful_of_what_is_new_in_each_section():
    reports = [make_record() for _one in range(composing.HANDFUL + 2)]
    guide = make_record(kind="guide")
    soon = timezone.now() + timedelta(days=3)
    meeting = make_record(kind="conference", starts_at=soon, ends_at=soon)
    finding = make_record(kind="finding", ref="taskforce.finding:7")

    issue = composing.draft()

    assert groups_of(issue) == {
        "events": [meeting],
        "guidance": [guide],
        "research": reports[:1:-1],
        "taskforce": [finding],
    }


def test_what_is_not_public_is_over_or_was_told_is_in_no_draft():
    told = make_record()
    make_begun(("research", told))
    now = timezone.now()
    make_record(published_at=now + timedelta(days=1))
    make_record(published_at=now - timedelta(days=90))
    ago = now - timedelta(days=1)
    make_record(kind="conference", starts_at=ago, ends_at=ago)
    withdrawn = make_record()
    Record.objects.filter(ref=withdrawn).update(
        withdrawn_at=now, texts={}, people=[], sort_title="", picture={}
    )
    fresh = make_record(published_at=timezone.now())

    assert groups_of(composing.draft()) == {"research": [fresh]}


def test_items_are_added_once_and_only_public_ones():
    issue, new = make_issue(), make_record(kind="news")
    coming = make_record(published_at=timezone.now() + timedelta(days=1))

    assert composing.add(issue, [new, coming, "trial.work:none"]) == 1
    assert composing.add(issue, [new]) == 0

    assert groups_of(issue)["news"] == [new]


def test_what_may_be_added_is_found_by_its_title():
    issue = make_issue()
    ref = make_record("Lignite in Lusatia", published_at=timezone.now() - timedelta(days=900))

    assert [record.ref for record in composing.addable(issue, "lusatia")] == [ref]
    assert composing.addable(issue, "nowhere") == []


def test_items_are_ordered_by_their_numbers_and_taken_out():
    first, second, third = (make_record() for _one in range(3))
    issue = make_issue(*[("research", ref) for ref in (first, second, third)])
    items = {item.ref: item.pk for item in issue.items.all()}

    composing.arrange(issue, {items[third]: 0, items[first]: 5}, {items[second]})

    assert groups_of(issue) == {"research": [third, first]}


def test_a_reader_s_topics_come_first_in_their_sections():
    told = [
        Told("a", "research", frozenset()),
        Told("b", "research", frozenset({7})),
        Told("c", "news", frozenset({7})),
    ]

    assert share_of(told, ["research"], [7]).sections == (("research", ("b", "a")),)
    assert share_of(told, [], []).sections == (("news", ("c",)), ("research", ("a", "b")))
    assert share_of(told, ["events"], [7]).refs == ()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["th", "es"], ("es", True)),
        (["es", "en"], ("es", True)),
        (["th"], ("en", False)),
        ([], ("en", True)),
    ],
)
def test_the_language_of_a_reader(wanted, language):
    assert chosen(wanted, ["en", "es"], "en") == language


def test_only_safe_addresses_in_an_introduction_become_links(settings):
    [first, second] = presenting.paragraphs(
        f"See {settings.BASE_URL}/events/, or https://example.org/a.\n\njavascript:alert(1) http://x.org/"
    )

    assert [part["url"] for part in first if part["url"]] == [
        f"{settings.BASE_URL}/events/",
        "https://example.org/a",
    ]
    assert not any(part["url"] for part in second)


def test_long_words_of_an_introduction_are_all_there():
    words = " ".join(f"word{number}" for number in range(300))

    [paragraph] = presenting.paragraphs(words)

    assert " ".join(part["words"] for part in paragraph) == words
