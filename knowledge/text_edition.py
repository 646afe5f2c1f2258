"""The text of a PDF as light pages: for slow lines, small screens, and whoever has it read aloud."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.catalogue.models import Passage, Record
from hub.catalogue.sources import ref_of
from hub.languages import language_name
from hub.meta import Crumb, Meta
from hub.parts import Parts
from knowledge.models import File, Resource
from knowledge.models.files import TEXT_PAGES
from knowledge.presentation import crumbs_of

# What begins a line of its own: a bullet, "1.", "2)", "(a)".
BULLET = re.compile(r"(?:[•●▪■◦‣–—*-]|\(?(?:\d{1,3}|[a-z])[.)])\s")
# Scripts that part words by nothing: their lines are joined by nothing.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# A line that ends so much before the others ends a paragraph.
SHORT = 0.7


@dataclass(frozen=True)
class TextPage:
    """A page of the file: what it says, and where to see it as it was set."""

    number: int
    paragraphs: list[str]
    url: str


@dataclass(frozen=True)
class Stretch:
    """One page of the text edition among the others, named by the pages of the file on it."""

    first: int
    last: int
    url: str
    is_current: bool


class TextEdition(Parts):
    """The text of ``file``, the ``part``-th stretch of it, as its page shows it."""

    PARTS = ("title", "title_language", "file", "file_language", "text_pages", "stretches")

    def __init__(self, resource: Resource, file: File, part: int) -> None:
        self.resource, self.file, self.part = resource, file, part
        records = Record.objects.public().filter(ref=ref_of(resource))
        self._passages = Passage.objects.open().filter(record__in=records, part=file.part)

    @property
    def is_there(self) -> bool:
        """Whether there is text, and so many stretches of it."""
        return self.part <= self._count and self._passages.exists()

    @property
    def title(self) -> str:
        return self.resource.original.title

    @property
    def title_language(self) -> str:
        return self.resource.original.language

    @property
    def file_language(self) -> str:
        return language_name(self.file.language, get_language())

    @cached_property
    def text_pages(self) -> list[TextPage]:
        first, last = self._pages_of(self.part)
        rows = self._passages.filter(position__range=(first, last))
        texts = dict(rows.values_list("position", "text"))
        return [
            TextPage(number, paragraphs(texts.get(number, "")), self.file.url_of_page(number))
            for number in range(first, last + 1)
        ]

    @property
    def stretches(self) -> list[Stretch]:
        found = []
        for part in range(1, self._count + 1):
            first, last = self._pages_of(part)
            url = self.file.text_url(first).partition("#")[0]
            found.append(Stretch(first, last, url, part == self.part))
        return found

    def meta(self) -> Meta:
        """The head of the page. It is the work once more, so that search engines are sent to the
        page of the work, which leads here."""
        crumbs = (*crumbs_of(), Crumb(self.title, self.resource.get_absolute_url()))
        title = _("%(title)s: the text") % {"title": self.title}
        return Meta(title, self.resource.get_absolute_url(), crumbs=crumbs)

    @property
    def _count(self) -> int:
        return -(-self.file.pages_read // TEXT_PAGES)

    def _pages_of(self, part: int) -> tuple[int, int]:
        first = (part - 1) * TEXT_PAGES + 1
        return first, min(first + TEXT_PAGES - 1, self.file.pages_read)


def paragraphs(text: str) -> list[str]:
    """The lines of a page put together to paragraphs: one ends at a blank line, after a line that is
    much shorter than the others, and before a bullet or a number."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    found: list[str] = []
    is_open = False
    for line in lines:
        if not line:
            is_open = False
            continue
        if is_open and not BULLET.match(line):
            found[-1] = _joined(found[-1], line)
        else:
            found.append(line)
        is_open = len(line) >= SHORT * usual
    return found


def _joined(before: str, line: str) -> str:
    is_unspaced = UNSPACED.match(before[-1]) and UNSPACED.match(line[0])
    return f"{before}{'' if is_unspaced else ' '}{line}"
