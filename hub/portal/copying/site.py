"""Going from page to page of the hub, and writing each as a file."""

import hashlib
import os
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hub.catalogue import wayback
from hub.portal.copying.asking import Answer, Hub
from hub.portal.copying.rewriting import IN_STYLES, Page, links_of, rewritten_styles

# Further pages of a list belong to the site; of what else can be asked of lists there is no end.
FURTHER = re.compile(r"page=\d{1,4}")
# Of one's own, or of programs that ask again and again.
CLOSED = ("/admin/", "/account/", "/search/", "/embed/", "/api/", "/oai", "/post/")
NOT_KEPT = (".atom", "calendar.ics", "/healthz", "/readyz")
LONGEST_NAME = 120  # in bytes: file systems take 255, and archives add to it


@dataclass
class Copied:
    """What was written: the file of each address, and what the hub did not give."""

    files: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    size: int = 0


class Copier:
    """Writes the public site below ``folder``. ``told`` is called with each address that is done."""

    def __init__(self, folder: Path, told: Callable[[str], None] = lambda _path: None) -> None:
        self._folder, self._told, self._hub = folder, told, Hub()
        self._asked: dict[str, Answer | None] = {}
        self._waiting: deque[str] = deque()
        self.copied = Copied()

    def copy(self) -> Copied:
        """All pages to which links lead from the first one and from the sitemaps."""
        self._want("/")
        for address in self._mapped():
            self._want(address)
        while self._waiting:
            self._keep(self._waiting.popleft())
        return self.copied

    def _mapped(self) -> Iterator[str]:
        found = re.compile(r"<loc>([^<]+)</loc>")
        for one in found.findall(self._hub.ask("/sitemap.xml").content.decode()):
            for address in found.findall(self._hub.ask(_path_of(one)).content.decode()):
                yield _path_of(address)

    def _want(self, path: str) -> None:
        if path not in self._asked:
            self._asked[path] = None
            self._waiting.append(path)

    def _keep(self, path: str) -> None:
        """Write what stands at this address, if it is for all, and want what it leads to."""
        answer = self._hub.ask(path)
        if answer.status in (301, 302):
            self._follow(path, answer)
        elif answer.status >= 500 or (
            answer.status == 404 and path.startswith(settings.STATIC_URL)
        ):
            self.copied.faults.append(f"{path}: {answer.status}")
        elif answer.is_for_all:
            self._write(path, answer)
        self._told(path)

    def _follow(self, path: str, answer: Answer) -> None:
        leads_to = _wanted(path, answer.headers.get("location", ""))
        if leads_to:
            self._want(leads_to)
            self.copied.files.setdefault(path, file_of(leads_to))

    def _write(self, path: str, answer: Answer) -> None:
        if answer.is_page:
            links = links_of(answer.content.decode())
            if links.is_noindex or links.has_form:
                return
            for address in links.addresses:
                if wanted := _wanted(path, address):
                    self._want(wanted)
        elif answer.kind == "text/css":
            for _quote, address in IN_STYLES.findall(answer.content.decode()):
                if wanted := _wanted(path, address):
                    self._want(wanted)
        name = file_of(path, is_page=answer.is_page)
        self.copied.files[path] = name
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer.content)

    def lead(self) -> None:
        """Once everything is there, let pages and styles lead to what was written."""
        notice = _notice()
        names = set(self.copied.files.values())
        for path, name in self.copied.files.items():
            target = self._folder / name
            if file_of(path, is_page=name.endswith(".html")) != name:
                continue  # an address that leads on to another one's file
            if name.endswith(".html"):
                page = Page(lambda one, at=path: self._led(at, one), notice)
                target.write_text(page.rewritten(target.read_text()))
            elif name.endswith(".css"):
                styles = target.read_text()
                target.write_text(rewritten_styles(styles, lambda one, at=path: self._led(at, one)))
        self.copied.size = sum((self._folder / name).stat().st_size for name in names)

    def _led(self, path: str, address: str) -> str | None:
        """Where a link of a page leads in the copy; ``None`` to what is not in it."""
        if address.startswith(("#", "mailto:", "data:", "tel:")):
            return address
        whole = urlsplit(urljoin(settings.BASE_URL + path, address))
        if whole.netloc != urlsplit(settings.BASE_URL).netloc:
            return address
        wanted = _wanted(path, address)
        name = self.copied.files.get(wanted) if wanted else None
        if name is None or not (self._folder / name).exists():
            return None
        here = posixpath.dirname(self.copied.files[path])
        fragment = f"#{whole.fragment}" if whole.fragment else ""
        return quote(posixpath.relpath(name, here or ".")) + fragment


def _wanted(path: str, address: str) -> str | None:
    """The address of the hub that a link leads to, if the copy is to have it."""
    base = urlsplit(settings.BASE_URL)
    whole = urlsplit(urljoin(settings.BASE_URL + path, address))
    if whole.scheme not in ("http", "https") or whole.netloc != base.netloc:
        return None
    if whole.path.startswith(CLOSED) or whole.path.endswith(NOT_KEPT):
        return None
    # The way back to a list stands in the address of a work, which is the same page without it.
    query = urlencode([pair for pair in parse_qsl(whole.query) if pair[0] != wayback.PARAMETER])
    if query and not FURTHER.fullmatch(query):
        return None
    return f"{whole.path}?{query}" if query else whole.path


def _path_of(address: str) -> str:
    whole = urlsplit(address)
    return f"{whole.path}?{whole.query}" if whole.query else whole.path


def file_of(path: str, *, is_page: bool = True) -> str:
    """The name of the file that an address becomes, which any file system takes."""
    whole = urlsplit(path)
    name = unquote(whole.path).lstrip("/")
    if is_page and not posixpath.splitext(name)[1]:
        number = f"-{whole.query.removeprefix('page=')}" if whole.query else ""
        name = posixpath.join(name, f"index{number}.html")
    return "/".join(_fitting(part) for part in name.split("/"))


def _fitting(part: str) -> str:
    if len(part.encode()) <= LONGEST_NAME:
        return part
    stem, ending = posixpath.splitext(part)
    digest = hashlib.sha256(part.encode()).hexdigest()[:10]
    short = stem.encode()[: LONGEST_NAME - 20].decode(errors="ignore")
    return f"{short}-{digest}{ending}"


def _notice() -> str:
    """What stands above every page of the copy."""
    with translation.override(settings.LANGUAGE_CODE):
        told = _(
            "A copy of %(address)s, made on %(day)s. Search, forms and feeds need the hub itself."
        )
        day = date_format(timezone.now(), "j F Y")
        words = escape(told % {"address": settings.BASE_URL, "day": day})
    return f'<p class="wrap">{words}</p>'


def sums(folder: Path) -> str:
    """The checksums of all files, as ``sha256sum -c`` reads them."""
    lines = []
    for root, _folders, names in os.walk(folder):
        for name in names:
            file = Path(root, name)
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            lines.append(f"{digest}  {file.relative_to(folder).as_posix()}\n")
    return "".join(sorted(lines, key=lambda line: line[66:]))
