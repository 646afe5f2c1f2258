"""Readers in numbers, records of all kinds, and issues with their texts and items."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from hub.catalogue import services
from hub.catalogue.sources import RecordDraft, Text
from hub.newsletter import course
from hub.newsletter.models import Issue, IssueItem, IssueText, Subscription
from hub.newsletter.tests.factories import CONSENT

_numbers = count(1)


def make_reader(email: str = "", **fields) -> Subscription:
    """Somebody who gets the newsletter: all sections, in English, unless it is said otherwise."""
    fields = {"languages": ["en"], "confirmed_at": timezone.now(), **CONSENT.columns} | fields
    return Subscription.objects.create(
        email=email or f"reader{next(_numbers)}@example.org", **fields
    )


def make_readers(number: int) -> list[str]:
    """So many, as if they had signed up; answers their addresses."""
    emails = [f"reader{one}@example.org" for one in range(number)]
    now = timezone.now()
    Subscription.objects.bulk_create(
        Subscription(email=email, languages=["en"], confirmed_at=now, **CONSENT.columns)
        for email in emails
    )
    return emails


def make_record(title: str = "", kind: str = "report", **fields) -> str:
    """A record of something that is public since a minute ago; answers its ref."""
    number = next(_numbers)
    ref = fields.pop("ref", f"trial.work:{number}")
    title = title or f"Work {number}"
    moment = fields.pop("published_at", timezone.now() - timedelta(minutes=1))
    draft = RecordDraft(
        kind=kind,
        path=f"/resources/trial-{number}/",
        published_at=moment,
        updated_at=moment,
        languages=("en",),
        texts={"en": Text(title=title, summary=f"What {title} is about.")},
        **fields,
    )
    services.put_drafts([(ref, draft)])
    return ref


def make_issue(*items: tuple[str, str], texts: dict[str, str] | None = None, **fields) -> Issue:
    """A draft with these (section, ref), or with one work of research."""
    issue = Issue.objects.create(new_since=timezone.now() - timedelta(days=30), **fields)
    for language, subject in (texts or {"en": "What is new"}).items():
        IssueText.objects.create(
            issue=issue, language=language, subject=subject, intro=f"Good day, in {language}."
        )
    for position, (group, ref) in enumerate(items or [("research", make_record())]):
        IssueItem.objects.create(issue=issue, group=group, ref=ref, position=position)
    return issue


def make_begun(*items: tuple[str, str], **fields) -> Issue:
    """An issue that goes out."""
    issue = make_issue(*items, **fields)
    assert course.begin(issue.pk)
    issue.refresh_from_db()
    return issue
