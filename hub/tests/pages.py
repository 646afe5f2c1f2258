"""Reading pages as a browser does: what a form would send, and where links lead."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Page(HTMLParser):
    """Collects forms by id and all addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.links: list[str] = []
        self._form: dict[str, list[str]] | None = None
        self._text: str | None = None  # the textarea we are in
        self._select: tuple[str, bool, list[str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "form":
            self._form = self.forms.setdefault(has.get("id", ""), {})
        elif self._form is not None and "disabled" not in has:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str]) -> None:
        name = has.get("name", "")
        if tag == "input" and name:
            kind = has.get("type", "text")
            is_box = kind in ("checkbox", "radio")
            if kind != "submit" and (not is_box or "checked" in has):
                value = has.get("value", "on" if is_box else "")
                self._form.setdefault(name, []).append(value)
        elif tag == "textarea" and name:
            self._text = name
            self._form.setdefault(name, []).append("")
        elif tag == "select" and name:
            self._select = (name, "multiple" in has, [], [])
        elif tag == "option" and self._select:
            self._select[3].append(has.get("value", ""))
            if "selected" in has:
                self._select[2].append(has.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._form[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text:
            # HTML drops the first line break of a textarea, which Django writes for that reason.
            values = self._form[self._text]
            values[-1] = values[-1].removeprefix("\r\n").removeprefix("\n")
            self._text = None
        elif tag == "select" and self._select:
            name, is_multiple, chosen, offered = self._select
            self._form.setdefault(name, []).extend(chosen if is_multiple or chosen else offered[:1])
            self._select = None


def _read(response: HttpResponse) -> _Page:
    page = _Page()
    page.feed(response.content.decode())
    return page


def form_of(response: HttpResponse, form_id: str = "", **changes: Any) -> dict[str, Any]:
    """What a browser would send for the form of this id, after ``changes``."""
    return _read(response).forms[form_id] | changes


def links_of(response: HttpResponse) -> list[str]:
    """Where the links of a page lead, in their order."""
    return _read(response).links
