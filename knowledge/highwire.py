"""The work of a page in ``meta`` elements as Google Scholar and Zotero read them: the tags that
Highwire Press began with (scholar.google.com/intl/en/scholar/inclusion.html).

Zotero knows a page by ``citation_title`` and would take any such for a journal article: ``z:itemType``
tells it the kind of the work. From ``citation_pdf_url`` it fetches the file.
"""

from collections.abc import Iterator

from hub.links import absolute
from knowledge import citing
from knowledge.models import Resource, shelves_of

Tag = tuple[str, str]
# What the publisher of a work is called, by how CSL calls the work.
CALLED = {
    "report": "technical_report_institution",
    "article-journal": "journal_title",
}
# And by Zotero, which has no type for what is on the web alone but the web page.
ZOTERO = {
    "report": "report",
    "article-journal": "journalArticle",
    "article-newspaper": "newspaperArticle",
    "software": "computerProgram",
    "interview": "interview",
    "motion_picture": "videoRecording",
    "broadcast": "podcast",
    "dataset": "dataset",
    "webpage": "webpage",
}


def tags_of(resource: Resource) -> list[Tag]:
    """Names with their values, as often as there are values. The resource is read by
    ``for_citing()``, its files too."""
    kind = ZOTERO[citing.FORMS[resource.kind].csl]
    told = [(f"citation_{name}", value) for name, value in _tags(resource) if name and value]
    return [*told, ("z:itemType", kind)]


def _tags(resource: Resource) -> Iterator[Tag]:
    item = citing.item_of(resource)
    page = absolute(resource.get_absolute_url())
    yield "title", item.get("title", "")
    for name in resource.authors():
        yield "author", name
    yield "publication_date", _day(item)
    publisher = item.get("publisher", "")
    yield "publisher", publisher
    yield CALLED.get(item["type"], ""), publisher
    yield "doi", item.get("DOI", "")
    yield "isbn", item.get("ISBN", "")
    yield "language", item["language"]
    for term in resource.terms.all():
        yield "keywords", str(term)
    yield "abstract", item.get("abstract", "")
    yield "abstract_html_url", page
    yield "public_url", page
    for shelf in shelves_of(resource.files.all()):
        if shelf.current:
            yield "pdf_url", absolute(shelf.current.get_absolute_url())


def _day(item: citing.Item) -> str:
    """As exactly as it is known: 2023/05/01, 2023/05 or 2023."""
    [parts] = item.get("issued", {}).get("date-parts", [[]])
    return "/".join(f"{part:02}" for part in parts)
