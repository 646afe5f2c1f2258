"""Sending an issue to oneself before it goes to anybody."""

from uuid import uuid4

from django.urls import reverse

from hub import links
from hub.newsletter import presenting
from hub.newsletter.letters import TEMPLATE, IssueLetter, Reader
from hub.newsletter.models import Issue
from hub.newsletter.reading import share_of
from hub.notices import services
from hub.partners.models import User


def send_test(issue: Issue, user: User) -> int:
    """Have the issue written to this person in each of its languages, as a letter of the post; answers
    how many letters these are. Its links lead to the page of the newsletter."""
    share = share_of(presenting.told(issue), (), ())
    nowhere = links.absolute(reverse("newsletter:sign_up"))
    for language in issue.languages:
        letter = IssueLetter(issue, language)
        text, html = letter.to(Reader(user.email, nowhere, nowhere), share)
        services.send_made(
            TEMPLATE,
            user.email,
            f"newsletter-test:{issue.pk}:{language}:{uuid4().hex}",
            subject=letter.subject,
            text=text,
            html=html,
            language=letter.language,
        )
    return len(issue.languages)
