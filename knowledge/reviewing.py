"""Review links: one person without an account reads what is in work, and says what they think."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub import links
from hub.limits import Limit
from hub.notices import services as notices
from hub.partners import policy
from hub.partners.models import User
from knowledge.models import Resource, ReviewLink
from knowledge.models.revisions import REVIEW_DAYS

A_DAY = Limit("review links a day", 40, timedelta(days=1))
# Each answer is a letter to all who work on the entry.
ANSWERS_A_DAY = Limit("answers by a review link", 20, timedelta(days=1))
# As long as the letters of the post office are.
REVIEWERS_KEPT = timedelta(days=90)


@transaction.atomic
def invite(
    by: User,
    resource: Resource,
    *,
    name: str,
    email: str = "",
    days: int = REVIEW_DAYS,
    words: str = "",
) -> ReviewLink:
    """Make a link for one person, and send it if there is an address. ``PermissionDenied`` for who
    may not publish the resource, ``ValidationError`` where nothing of it is in work."""
    if not policy.publishable(by, Resource.objects.filter(pk=resource.pk)).exists():
        raise PermissionDenied
    if not resource.stage:
        raise ValidationError(_("Nothing of this work waits for a review."), code="state")
    now = timezone.now()
    link = ReviewLink.objects.create(
        resource=resource,
        name=name,
        email=email,
        made_by=by,
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    if email:
        notices.send(
            "knowledge/review_link",
            email,
            f"review_link:{link.pk}",
            context={
                "who": by.known_as,
                "title": str(resource),
                "words": words,
                "link": links.absolute(link.get_absolute_url()),
                "ends_at": link.ends_at,
            },
            language=by.language,
            tells_of=by.email,
            is_secret=True,
        )
    return link


def revoke(by: User, link: ReviewLink) -> None:
    """Shut the door: the address answers no more from now on."""
    if not policy.publishable(by, Resource.objects.filter(pk=link.resource_id)).exists():
        raise PermissionDenied
    ReviewLink.objects.filter(pk=link.pk).revoke()


def find(token: str) -> ReviewLink | None:
    """The link of an address; ``None`` if it has ended, was revoked, there is nothing in work any
    more, or who made it has no account any more or may no longer publish the work."""
    rows = ReviewLink.objects.open().exclude(resource__stage=Resource.Stage.NONE)
    rows = rows.select_related("resource__pending__base", "made_by")
    link = links.resolve(ReviewLink.PURPOSE, token, rows, max_age=timedelta(days=REVIEW_DAYS))
    return link if link and _is_vouched_for(link) else None


def _is_vouched_for(link: ReviewLink) -> bool:
    works = Resource.objects.filter(pk=link.resource_id)
    return policy.publishable(link.made_by, works).exists()
