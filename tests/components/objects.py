"""What the specimens are filled with: made by hand, never saved, and as awkward as real things."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.text import slugify

from hub.catalogue.cards import Card
from hub.catalogue.kinds import Kind, Stream, kind_of, kinds, kinds_in
from hub.catalogue.listing import Chip, Facet, Option, Page, Sort
from hub.catalogue.models import Record
from hub.meta import Crumb
from hub.partners.models import Organisation
from hub.portal.front import Hint, Layer, YearCount
from hub.portal.terms import Counted, KindCount
from hub.vocabulary.labels import Label
from knowledge.presentation import Access, Curation, Named, Shown, Translated

HERE = "/specimens/"
LONG_WORD = "Kohleausstiegsbeschleunigungsgesetzesfolgenabschätzungskommission"
LONG_ADDRESS = "https://example.org/" + "a-very-long-path-without-a-break" * 3
SENTENCE = (
    "Miners in six valleys say what they would do again, and what it cost them. "
    "The numbers are from the year before the pits closed. "
)
TITLES = {
    "en": "After coal",
    "de": f"{LONG_WORD}: was sie vorschlägt",
    "fr": "Transition énergétique et évolutions socio-économiques : concepts pour la transition "
    "juste dans le cadre de la sortie du charbon en France et en Allemagne",
    "bg": "Перник може да получи средства от Фонда за справедлив преход",
    "th": "แม่เมาะแห่งความท้าทาย เปลี่ยนผ่าน เป็นไป อนาคต และประชาชน",
    "vi": "Giúp lao động ngành than thích ứng trong bối cảnh chuyển dịch năng lượng",
}
TOPICS = ["finance", "jobs-and-skills", "communities", "energy-transition", "governance"]


def label(name: str, scheme: str = "topic", number: int = 1, **fields: Any) -> Label:
    return Label(number, scheme, slugify(name), name, "en", **fields)


def topics(count: int = 5) -> list[Label]:
    return [label(slug, number=number) for number, slug in enumerate(TOPICS[:count], 1)]


def places(*names: str) -> list[Label]:
    return [label(name, "place", number) for number, name in enumerate(names, 100)]


def card(kind: str = "report", language: str = "en", **fields: Any) -> Card:
    """A card that has all it can have; ``fields`` are those of a Record, and its ``labels``."""
    labels = fields.pop("labels", [*topics(2), *places("Cesar")])
    whole = {
        "kind": kind,
        "path": HERE,
        "languages": [language],
        "texts": {language: {"title": TITLES[language], "summary": SENTENCE}},
        "publisher_names": ["Coal Valley Institute"],
        "issued_on": date(2024, 3, 5),
        "issued_precision": "day",
    }
    return Card(Record(**{**whole, **fields}), "en", tuple(labels))


def cards() -> list[Card]:
    """One of each script, one with too much, one with as little as there can be."""
    full = card(
        "brief",
        languages=["en", "es", "mn", "th", "vi", "bg"],
        publisher_names=["Coal Valley Institute", LONG_WORD, "Wind Coast Union", "Fourth"],
        labels=[*topics(), *places("Cesar", "La Guajira", LONG_WORD, "Mpumalanga", "Quảng Ninh")],
        issued_precision="month",
    )
    bare = card(
        "news",
        languages=[],
        texts={"en": {"title": "No more than a title"}},
        publisher_names=[],
        issued_on=None,
        labels=[],
    )
    return [*(card(language=language) for language in TITLES), full, bare]


def option(name: str, count: int, **fields: Any) -> Option:
    return Option(name.lower(), name, count, **{"is_chosen": False, **fields})


def facets() -> list[Facet]:
    """Open and closed, few options and many, with kinds, regions and what is chosen far down."""
    regions = [option("Cesar", 3, is_chosen=True), option("La Guajira", 0)]
    of_kinds = [
        option(str(kind.label), 12, glyph=kind.glyph, stream=kind.stream.value) for kind in kinds
    ]
    publishers = [option(f"Publisher {number}", 30 - number) for number in range(30)]
    return [
        Facet("topic", "Topic", [option("Finance", 120), option(LONG_WORD, 4, is_chosen=True)]),
        Facet("kind", "Kind of work", of_kinds),
        Facet("place", "Place", [option("Colombia", 12, children=regions), option("Poland", 9)]),
        Facet(
            "language", "Language", [option("Монгол", 2, lang="mn"), option("ไทย", 1, lang="th")]
        ),
        Facet("publisher", "Publisher", publishers),
        Facet("year", "Year", [option("2024", 7)]),
    ]


def chips() -> list[Chip]:
    return [
        Chip("“just transition”", "Words", HERE),
        Chip(LONG_WORD, "Topic", HERE),
        Chip("ไทย", "Language", HERE, "th"),
    ]


def pages() -> list[Page]:
    """The first, one in the middle, the last; of two, and of one, which has no links."""
    states = [(1, 14), (7, 14), (14, 14), (1, 2), (1, 1)]
    return [Page(number, count, lambda wanted: f"{HERE}?page={wanted}") for number, count in states]


def kind_counts(*counts: int) -> list[KindCount]:
    return [KindCount(kind, count, HERE) for kind, count in zip(kinds, counts, strict=False)]


def counted(*names: str) -> list[Counted]:
    """Terms with many works, few and none."""
    counts = [1200, 30, 1, 0]
    return [
        Counted(label(name, number=number), counts[number % 4], [])
        for number, name in enumerate(names)
    ]


def strata() -> list[Layer]:
    """Thick layers and thin ones; that of one kind names years."""
    years = [YearCount(str(2026 - back), 9 - back, HERE) for back in range(5)]
    return [
        Layer(stream, 90, height, [KindCount(kind, 15, HERE) for kind in kinds_in(stream)], [])
        for stream, height in zip(Stream, (160, 90, 48), strict=False)
    ] + [Layer(Stream.NEWS, 60, 80, [KindCount(kind_of("news"), 60, HERE)], years)]


def works() -> list[dict[str, Any]]:
    """What the page of a work is made of: all that there can be, and next to nothing."""
    body = mark_safe(f"<p>{SENTENCE}</p><h2>What it cost</h2><ul><li>Much</li><li>Little</li></ul>")
    full = {
        "resource_card": card("guide", "fr", languages=["fr", "en"]),
        "edition": Shown(TITLES["fr"], "A subtitle", "fr", SENTENCE, body, "en"),
        "other_editions": [Translated(TITLES["th"], "th", "Thai")],
        "access": [
            Access(LONG_ADDRESS, "Read the work", "example.org", ""),
            Access(HERE, LONG_WORD, f"{LONG_WORD}.example.org", "A copy on another site."),
        ],
        "publishers": [Named("Coal Valley Institute", HERE), Named(TITLES["th"], "")],
        "authors": ["Ana Díaz", LONG_WORD],
        "topics": topics(),
        "sectors": [label("Coal mining", "sector")],
        "places": places("Cesar", LONG_WORD),
        "tags": ["retraining", LONG_WORD],
        "dated": card().dated,
        "licence": "CC BY 4.0",
        "identifiers": [Named(f"DOI 10.1000/{LONG_WORD}", LONG_ADDRESS), Named("ISBN 1", "")],
        "curation": Curation("Hub", HERE, "1 May 2026", "2 May 2026", LONG_ADDRESS, "example.org"),
        "short_url": "/r/abc123/",
        "permanent_url": "https://hub.example.org/r/abc123/",
    }
    bare_card = cards()[-1]
    edition = Shown("No more than a title", "", "en", "", mark_safe(""), "")
    curation = Curation("Editorial desk", "", "1 May 2026", "", "", "")
    return [full, {"resource_card": bare_card, "edition": edition, "curation": curation}]


def organisations() -> list[Organisation]:
    return [
        Organisation(slug="cvi", name="Coal Valley Institute", acronym="CVI", summary=SENTENCE),
        Organisation(slug="long", name=LONG_WORD, acronym=""),
        Organisation(slug="thai", name=TITLES["th"], acronym=""),
    ]


def objects() -> dict[str, Any]:
    """All of it by name, for the templates."""
    cards_of_kinds = [card(kind.value) for kind in kinds]
    crumbs = (Crumb("Places", HERE), Crumb(LONG_WORD, HERE))
    return {
        "here": HERE,
        "long_word": LONG_WORD,
        "sentence": SENTENCE,
        "cards": cards(),
        "cards_of_kinds": cards_of_kinds,
        "kinds_of_work": [one for one in kinds if isinstance(one, Kind)],
        "crumbed": [SimpleNamespace(crumbs=crumbs[:count]) for count in range(3)],
        "chips_shown": chips(),
        "facets_shown": facets(),
        "no_facets": [],
        "pages": pages(),
        "sorts_shown": [Sort("newest", "Newest", HERE, True), Sort("title", "Title", HERE, False)],
        "tallies": [kind_counts(120, 9, 1), kind_counts(1)],
        "terms": counted("Finance", "Jobs and skills", LONG_WORD, "Gender equality"),
        "countries": [Counted(label("Colombia"), 12, counted("Cesar")), *counted("Chile")],
        "layers": strata(),
        "works": works(),
        "organisations_shown": organisations(),
        "hints_shown": [Hint("cierre de minas", HERE, "es"), Hint(TITLES["vi"], HERE, "vi")],
        "notices_shown": ["The filter “zymurgy” is not known and was left out.", LONG_ADDRESS],
    }
