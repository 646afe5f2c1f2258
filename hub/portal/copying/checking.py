"""Whether every way in the copy leads somewhere."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hub.portal.copying.rewriting import IN_STYLES, links_of

ELSEWHERE = ("http://", "https://", "mailto:", "tel:", "data:")


def faults(folder: Path) -> Iterator[str]:
    """A sentence for each link of a page or stylesheet that leads to no file or to no place in it."""
    anchors: dict[Path, set[str]] = {}
    for page in sorted(folder.rglob("*.html")):
        for address in links_of(page.read_text()).addresses:
            if not address.startswith(ELSEWHERE):
                yield from _faults_of(folder, page, address, anchors)
    for styles in sorted(folder.rglob("*.css")):
        for _quote, address in IN_STYLES.findall(styles.read_text()):
            if not address.startswith((*ELSEWHERE, "#")):
                yield from _faults_of(folder, styles, address, anchors)


def _faults_of(
    folder: Path, page: Path, address: str, anchors: dict[Path, set[str]]
) -> Iterator[str]:
    whole = urlsplit(address)
    target = (page.parent / unquote(whole.path)).resolve() if whole.path else page
    where = page.relative_to(folder)
    if address.startswith("/") or not target.is_relative_to(folder.resolve()):
        yield f"{where}: {address} leads out of the copy"
    elif not target.is_file():
        yield f"{where}: {address} leads to no file"
    elif whole.fragment and target.suffix == ".html":
        if target not in anchors:
            anchors[target] = links_of(target.read_text()).anchors
        if unquote(whole.fragment) not in anchors[target]:
            yield f"{where}: {address} leads to no place in its page"
