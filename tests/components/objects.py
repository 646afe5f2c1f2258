"""What the specimens are filled with: made by hand, never saved, and as awkward as real things."""

from collections import Counter
from datetime import date
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from events.choosing import Zone
from events.standing import Standing
from hub.catalogue.cards import Card
from hub.catalogue.charts import YearChart, streams_by_year
from hub.catalogue.highlights import PageHit
from hub.catalogue.kinds import Kind, Stream, kind_of, kinds, kinds_in
from hub.catalogue.listing import Chip, Facet, Option, Page, Sort
from hub.catalogue.models import Record
from hub.catalogue.typography import MARK, UNMARK
from hub.catalogue.years import Years, years_of
from hub.meta import Crumb
from hub.partners.models import Organisation, Person
from hub.portal.front import Hint, Layer, YearCount
from hub.portal.maps.drawing import country_map, part_map, world_map
from hub.portal.models import Quote
from hub.portal.people import Profile
from hub.portal.places import Part
from hub.portal.regions import Like
from hub.portal.suggestions import Suggestion
from hub.portal.terms import Counted, KindCount
from hub.vocabulary.labels import Label
from knowledge.collection_page import Pick
from knowledge.collection_page import Search as CollectionSearch
from knowledge.file_access import EarlierVersion, FileAccess
from knowledge.presentation import Access, Curation, Named, Shown, Translated
from knowledge.text_edition import Stretch, TextPage
from tests.components import findings, groups, happenings, passports

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
    ]


def years() -> list[Years]:
    """With gaps and nothing chosen, open at one end, and chosen where there is nothing."""
    counts = Counter({"1998": 1, "2019": 40, "2021": 7, "2024": 120})
    return [
        years_of(counts, (None, None), lambda year: HERE),
        years_of(counts, (2019, None), lambda year: HERE),
        years_of(Counter(), (1066, 1067), lambda year: HERE),
    ]


def sought() -> list[SimpleNamespace]:
    """What a list says of its search: each thing that it can have to say."""
    words = [SimpleNamespace(text=TITLES[code], language=code) for code in ("th", "vi")]
    words.append(SimpleNamespace(text=LONG_WORD, language="de"))
    return [
        SimpleNamespace(others=words, first_others=words, more_others=12, others_url=HERE),
        SimpleNamespace(rung="prefix"),
        SimpleNamespace(rung="corrected", instead=LONG_WORD, instead_url=HERE),
        SimpleNamespace(rung="any", instead="coal zymurgy"),
        SimpleNamespace(elsewhere=1, elsewhere_url=HERE),
        SimpleNamespace(is_capped=True, ranked=600),
    ]


def page_hits() -> list[PageHit]:
    marked = SENTENCE.replace("pits", f"{MARK}pits{UNMARK}")
    return [
        PageHit(7, HERE, "en", marked, 0),
        PageHit(1204, HERE, "th", f"{MARK}แม่เมาะ{UNMARK}แห่งความท้าทาย", 36),
        PageHit(2, HERE, "de", f"{MARK}{LONG_WORD}{UNMARK}", 1),
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
        "edition": Shown(
            TITLES["fr"], "A subtitle", "fr", SENTENCE, body, "en", SENTENCE, SENTENCE
        ),
        "other_editions": [Translated(TITLES["th"], "th", "Thai")],
        "access": [
            Access(LONG_ADDRESS, "Read the work", "example.org", ""),
            Access(HERE, LONG_WORD, f"{LONG_WORD}.example.org", "A copy on another site."),
            Access(HERE, "Read the work", "example.org", "PDF", SENTENCE),
            Access(HERE, LONG_WORD, "example.org", "", SENTENCE, HERE, f"{LONG_WORD}.example"),
        ],
        "files": [
            FileAccess(HERE, "Download the PDF", "PDF, 3.4 MB, 48 pages", "", HERE, "92 KB"),
            FileAccess(HERE, LONG_WORD, "PDF, 50 MB, 2,000 pages, Thai", SENTENCE, "", ""),
            FileAccess(
                *(HERE, "The report", "PDF, 2 MB, English, version 2 of 3 May 2026", SENTENCE),
                *("", "", SENTENCE),
                earlier=(
                    EarlierVersion(HERE, "Version 1", "3 May 2025, 2 MB"),
                    EarlierVersion(HERE, LONG_WORD, SENTENCE),
                ),
            ),
            FileAccess("", LONG_WORD, "PDF, English", "", "", "", SENTENCE),
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


def suggestions() -> SimpleNamespace:
    """The open list under a search field."""
    found = [
        Suggestion(HERE, "Coal mining", also="hulla", also_lang="es", what="Sector"),
        Suggestion(HERE, LONG_WORD, what="Organisation"),
        *(Suggestion(HERE, TITLES[lang], lang, kind=kind_of("report")) for lang in ("fr", "th")),
    ]
    return SimpleNamespace(found=found, count=len(found) + 1, words=LONG_WORD, search_url=HERE)


def text_edition() -> dict[str, Any]:
    """The text of a file in two stretches: a page of words in Thai, and one without any."""
    return {
        "title": TITLES["th"],
        "title_language": "th",
        "file": SimpleNamespace(
            language="th", size=3_400_000, text_note=SENTENCE, get_absolute_url=HERE
        ),
        "file_language": "Thai",
        "stretches": [Stretch(1, 20, HERE, True), Stretch(21, 40, f"{HERE}?part=2", False)],
        "text_pages": [
            TextPage(1, [TITLES["th"], LONG_ADDRESS, SENTENCE * 4], f"{HERE}#page=1"),
            TextPage(2, [], f"{HERE}#page=2"),
        ],
    }


def organisations() -> list[Organisation]:
    return [
        Organisation(slug="cvi", name="Coal Valley Institute", acronym="CVI", summary=SENTENCE),
        Organisation(slug="long", name=LONG_WORD, acronym=""),
        Organisation(slug="thai", name=TITLES["th"], acronym=""),
    ]


def put_on_map(name: str, latitude: float, longitude: float, number: int) -> Counted:
    """A place with many works, few, one or none."""
    fields = {"latitude": latitude, "longitude": longitude, "number": number}
    return Counted(label(name, "place", **fields), [1200, 30, 1, 0][number % 4])


def countries_on_map() -> list[Counted]:
    """One with room for its regions, one with far too many of them at one spot."""
    colombia = [
        put_on_map("Cesar", 9.3, -73.7, 200),
        put_on_map("La Guajira", 11.4, -72.5, 201),
        put_on_map("Nariño", 1.3, -77.4, 203),
    ]
    poland = [put_on_map(f"{LONG_WORD} {number}", 50.3, 19.0, 300 + number) for number in range(30)]
    labels = [
        label("Colombia", "place", 90, code="CO", is_focus=True),
        label("Poland", "place", 91, code="PL"),
    ]
    return [
        Counted(named, 12, below) for named, below in zip(labels, (colombia, poland), strict=True)
    ]


def charts() -> list[YearChart | None]:
    """Years with gaps and more of them than columns; and one of few works."""
    many = Counter(
        {(1990 + back, kind.value): 1 + back % 5 for back in range(36) for kind in kinds}
    )
    few = Counter({(2024, "report"): 3, (2026, "news"): 2, (None, "tool"): 4})
    return [streams_by_year(many, url_of=lambda year: f"{HERE}?year={year}"), streams_by_year(few)]


def profiles() -> list[Profile]:
    """Who has said all there is to say, in too many words, and who has said next to nothing."""
    organisation = organisations()[1]
    full = Person(slug="a", name=LONG_WORD, languages=["en", "th"], organisation=organisation)
    bare = Person(slug="b", name="Ana Díaz", languages=[])
    shown = [Profile(full, {}), Profile(bare, {})]
    # What is read from the database for a saved person.
    shown[0].__dict__["expertise"] = [*topics(), *places("Cesar", LONG_WORD, "Chile", "Peru")]
    shown[1].__dict__["expertise"] = []
    return shown


def quotes() -> list[Quote]:
    """Word for word in another language, retold, and of somebody without a role."""
    said = {"organisation": organisations()[0], "source_url": LONG_ADDRESS}
    return [
        Quote(person="Ana Díaz", role=LONG_WORD, words=SENTENCE, language="es", is_verbatim=True)
        if verbatim
        else Quote(person=LONG_WORD, words=SENTENCE, **said)
        for verbatim in (True, False)
    ]


def likes() -> list[Like]:
    [colombia, _poland] = countries_on_map()
    regions = colombia.children
    return [
        Like(regions[0], colombia.term, topics(3), is_curated=False),
        Like(regions[1], colombia.term, [], is_curated=True),
        Like(regions[2], None, topics(1), is_curated=False),
    ]


def pictured() -> Card:
    """A card whose cover is a picture; the address is of one that all pages have."""
    sizes = [{"url": static("img/share.png"), "width": 240, "height": 340}]
    return card(picture={"sizes": sizes, "alt": "A pit head at dusk"})


def picks() -> list[Pick]:
    """With a note, with a long one, and with the summary for want of one."""
    notes = ["Begin with this.", f"{LONG_WORD} {SENTENCE * 3}"]
    return [Pick(one, note) for one, note in zip_longest(cards(), notes, fillvalue="") if one]


def objects() -> dict[str, Any]:
    """All of it by name, for the templates."""
    cards_of_kinds = [card(kind.value) for kind in kinds if kind.is_work]
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
        "years_shown": years(),
        "sought_shown": sought(),
        "page_hits": page_hits(),
        "pages": pages(),
        "sorts_shown": [Sort("newest", "Newest", HERE, True), Sort("title", "Title", HERE, False)],
        "tallies": [kind_counts(120, 9, 1), kind_counts(1)],
        "terms": counted("Finance", "Jobs and skills", LONG_WORD, "Gender equality"),
        "countries": [Counted(label("Colombia"), 12, counted("Cesar")), *counted("Chile")],
        "layers": strata(),
        "text": text_edition(),
        "works": works(),
        "organisations_shown": organisations(),
        "suggestions": suggestions(),
        "hints_shown": [Hint("cierre de minas", HERE, "es"), Hint(TITLES["vi"], HERE, "vi")],
        "world": world_map(countries_on_map()),
        "country_maps": [country_map(one, "en", here=201) for one in countries_on_map()],
        "parts_shown": [
            Part("europe", "Europe", found, part_map("europe", "Europe", found))
            for found in (countries_on_map()[1:],)
        ],
        "charts": charts(),
        "profiles": profiles(),
        "quotes_shown": quotes(),
        "likes_shown": likes(),
        "no_likes": [],
        "no_friends": [],
        "pictured": pictured(),
        "picks": picks(),
        "picked_by": CollectionSearch(chips(), "Newest", HERE),
        "what_is_on_shown": happenings.what_is_on(),
        "happenings_shown": happenings.happenings(),
        "programme": happenings.programme(),
        "changes": happenings.changes(),
        "specimen_event": happenings.EVENT,
        **findings.shown(),
        **groups.shown(),
        **passports.shown(),
        "specimen_zone": Zone("America/Bogota", "Europe/Brussels"),
        "cancelled_event": SimpleNamespace(status="cancelled", reason="No hall.", is_example=True),
        "standing": Standing("Open until Friday.", "Register", HERE, ("Online: 3 seats free",)),
        "notices_shown": ["The filter “zymurgy” is not known and was left out.", LONG_ADDRESS],
    }
