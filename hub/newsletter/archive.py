"""Past issues on the web: the list of them, and each in its languages."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import facets, kept
from hub.languages import autonym, direction
from hub.links import absolute
from hub.meta import Crumb, Meta
from hub.newsletter import presenting
from hub.newsletter.letters import facts
from hub.newsletter.models import Issue
from hub.newsletter.reading import chosen

SHOWN = 60  # of the past issues in the list: a newsletter of five years


@dataclass(frozen=True)
class Version:
    """An issue in one language."""

    code: str
    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class Past:
    """An issue as the list of them shows it to a reader of one language."""

    number: int
    subject: str
    language: str
    url: str
    begun_at: datetime
    languages: list[str]


def past_issues(most: int = SHOWN) -> list[Past]:
    """The issues that went out, the last first; for ``newsletter/_issues.html``."""
    issues = Issue.objects.public().order_by("-number").prefetch_related("texts")[:most]
    return [_past(issue) for issue in issues]


def _past(issue: Issue) -> Past:
    language, _is_theirs = chosen([get_language()], issue.languages, issue.language)
    return Past(
        issue.number,
        issue.text_in(language).subject,
        language,
        issue.get_absolute_url(),
        issue.begun_at,
        [autonym(code) for code in issue.languages],
    )


@require_safe
def issue(request: HttpRequest, number: int, language: str = "") -> HttpResponse:
    """One issue, in a language that it has or in that of the page. What it told of and is no longer
    public is not there."""
    found = Issue.objects.public().filter(number=number).prefetch_related("texts", "items").first()
    if found is None or (language and language not in found.languages):
        raise Http404
    shown = language or chosen([get_language()], found.languages, found.language)[0]

    def make() -> HttpResponse:
        return _page(request, found, shown)

    if request.GET:
        return make()
    # The texts of an issue that went out change no more; what it tells of is content.
    return kept.page(request, request.path, facets.known().version, make)


def _page(request: HttpRequest, issue: Issue, language: str) -> HttpResponse:
    text = issue.text_in(language)
    shown = presenting.sections(issue, get_language())
    versions = [
        Version(
            code,
            autonym(code),
            reverse("newsletter:issue_in", args=[issue.number, code]),
            code == language,
        )
        for code in issue.languages
    ]
    context = {
        "meta": _meta(request, issue, language, shown),
        "issue": issue,
        "text": text,
        "direction": direction(language),
        "paragraphs": presenting.paragraphs(text.intro),
        "sections": [
            (section, [(card, facts(card)) for card in section.cards]) for section in shown
        ],
        "versions": versions if len(versions) > 1 else [],
    }
    return render(request, "newsletter/issue.html", context)


def _meta(
    request: HttpRequest, issue: Issue, language: str, shown: list[presenting.Section]
) -> Meta:
    text = issue.text_in(language)
    told = [card for section in shown for card in section.cards]
    return Meta(
        text.subject,
        request.path,
        description=" ".join(text.intro.split()),
        crumbs=(Crumb(_("Newsletter"), reverse("newsletter:sign_up")),),
        subject={
            "@type": "PublicationIssue",
            "name": text.subject,
            "issueNumber": issue.number,
            "inLanguage": language,
            "datePublished": issue.begun_at.date().isoformat(),
            "url": absolute(request.path),
            "isPartOf": {
                "@type": "Periodical",
                "name": _("Newsletter of the Just Transition Hub"),
                "url": absolute(reverse("newsletter:sign_up")),
            },
            "hasPart": [
                {"@type": card.kind.schema_type, "name": card.title, "url": absolute(card.url)}
                for card in told
            ],
        },
    )
