"""An issue as a letter. It is rendered once in each language, whole, and cut into pieces; a reader's
letter is joined from their pieces, with their own address and links put in."""

import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _

from hub.catalogue.cards import Card
from hub.languages import autonym, localised
from hub.links import Ours, absolute
from hub.newsletter import presenting
from hub.newsletter.models import Issue
from hub.newsletter.reading import Share
from hub.notices import rendering
from hub.notices.handover import Mail

TEMPLATE = "newsletter/issue"


@dataclass(frozen=True)
class Reader:
    """To whom a letter goes, with the links that are theirs alone."""

    to: str
    preferences_url: Ours
    unsubscribe_url: Ours


@dataclass(frozen=True)
class Whole:
    """What one part of a letter, text or HTML, is joined from."""

    head: str
    sections: dict[str, str]
    items: dict[str, str]
    tail: str

    @classmethod
    def cut(cls, rendered: str, mark: str) -> "Whole":
        """Cut where the template has its marks. They hold a word that was drawn for this rendering:
        nothing that anybody wrote can be taken for one."""
        pieces = re.split(rf"[ \t]*<!--{mark} (\w+) (\S+)-->\n?", rendered)
        sections, items, tail = {}, {}, ""
        for kind, name, piece in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            if kind == "section":
                sections[name] = piece
            elif kind == "item":
                items[name] = piece
            else:
                tail = piece
        return cls(pieces[0], sections, items, tail)

    def joined(self, sections: list[tuple[str, list[str]]]) -> str:
        """The sections of these names with these of their items, in this order."""
        parts = [self.head]
        for group, keys in sections:
            here = [self.items[key] for key in keys if key in self.items]
            if here:
                parts += [self.sections[group], *here]
        return "".join([*parts, self.tail])


class IssueLetter:
    """An issue in one language, ready to be written to many readers. ``is_theirs`` is false for those
    of whose languages the issue has none, who are told so."""

    def __init__(self, issue: Issue, language: str, *, is_theirs: bool = True) -> None:
        self.issue, self.language, self.is_theirs = issue, language, is_theirs
        self._mark = f"k{secrets.token_hex(16)}"
        # What stands for the reader's own until it is put in.
        self._to = f"{self._mark}to"
        self._preferences = absolute(f"/{self._mark}preferences")
        self._unsubscribe = absolute(f"/{self._mark}unsubscribe")
        self._sections = presenting.sections(issue, language)
        cards = [card for section in self._sections for card in section.cards]
        self._keys = {card.record.ref: str(card.record.pk) for card in cards}
        letter = rendering.render(
            TEMPLATE,
            to=self._to,
            language=language,
            context=self._context(),
            subject_context={"issue_subject": self._subject},
        )
        self.subject = letter.subject
        self._text = Whole.cut(letter.text, self._mark)
        self._html = Whole.cut(letter.html, self._mark)

    @cached_property
    def _subject(self) -> str:
        text = self.issue.text_in(self.language)
        return text.subject if text else str(self.issue)

    def _context(self) -> dict[str, Any]:
        text = self.issue.text_in(self.language)
        with translation.override(self._interface):
            return {
                "is_fallback": not self.is_theirs,
                "language_name": autonym(self.language),
                "intro": presenting.paragraphs(text.intro) if text else [],
                "sections": [
                    {
                        "group": section.group,
                        "label": section.label,
                        "items": [self._told(card) for card in section.cards],
                    }
                    for section in self._sections
                ],
                "cut": self._mark,
                "archive_url": self._archive_url(),
                "preferences_url": self._preferences,
                "unsubscribe_url": self._unsubscribe,
            }

    @property
    def _interface(self) -> str:
        has = dict(settings.LANGUAGES)
        return self.language if self.language in has else settings.LANGUAGE_CODE

    def _told(self, card: Card) -> dict[str, Any]:
        return {
            "key": card.record.pk,
            "url": absolute(localised(card.url, self._interface)),
            "title": card.title,
            "title_lang": card.title_lang,
            "facts": facts(card),
            "summary": card.summary,
            "summary_lang": card.summary_lang,
        }

    def _archive_url(self) -> Ours:
        if self.issue.number is None:  # a preview: it is not there yet
            return absolute(reverse("newsletter:sign_up"))
        return absolute(reverse("newsletter:issue_in", args=[self.issue.number, self.language]))

    def to(self, reader: Reader, share: Share) -> tuple[str, str]:
        """The text and the HTML for one reader."""
        values = {
            self._to: reader.to,
            self._preferences: reader.preferences_url,
            self._unsubscribe: reader.unsubscribe_url,
        }
        theirs = [
            (group, [self._keys[ref] for ref in refs if ref in self._keys])
            for group, refs in share.sections
        ]
        text, html = self._text.joined(theirs), self._html.joined(theirs)
        for mark, value in values.items():
            text, html = text.replace(mark, value), html.replace(mark, escape(value))
        return text, html

    def mail(self, reader: Reader, share: Share, message_id: str = "") -> Mail:
        """The e-mail to one reader, which their mail program can end the newsletter from (RFC 8058)."""
        text, html = self.to(reader, share)
        headers = {
            "List-Id": f"{LIST_NAME} <newsletter.{urlsplit(settings.BASE_URL).hostname}>",
            "List-Unsubscribe": f"<{reader.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Archive": f"<{absolute(reverse('newsletter:sign_up'))}>",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",  # so that nobody's holiday answers
        }
        if message_id:
            headers["Message-ID"] = message_id
        mail = Mail(self.subject, text, to=[reader.to], headers=headers)
        mail.attach_alternative(html, "text/html")
        return mail


LIST_NAME = "Just Transition Hub"


def facts(card: Card) -> str:
    """What kind of thing it is, from whom and of when."""
    when = ""
    if card.kind.is_timed and card.record.starts_at:
        when = date_format(card.record.starts_at, "j F Y")
    elif card.dated:
        when = card.dated.text
    languages = ", ".join(language.name for language in card.languages)
    publishers = ", ".join(card.publishers[:2])
    parts = [str(card.kind.label), publishers, when, languages]
    return _(" · ").join(filter(None, parts))
