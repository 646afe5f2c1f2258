"""Loaders for the vocabulary's starting content, and the countries that other rows name."""

from collections.abc import Callable

from babel import Locale

from hub.languages import LABEL_LANGUAGES
from hub.slugs import make_slug, unique_slug
from hub.starter import (
    KEY_JOINT,
    Load,
    Row,
    RowError,
    loaded,
    moved,
    one_of,
    read,
    save,
    values,
)
from hub.vocabulary.models import Scheme, Term, TermLabel

# The seven countries that the knowledge hub was founded for.
FOCUS_COUNTRIES = frozenset({"CO", "CL", "ID", "MN", "ZA", "TH", "VN"})


def begin_terms() -> Load:
    """Loader of ``vocabulary.csv``: one row is the label of a topic or sector in one language.
    The first row of a term, the English one, also makes the term."""
    ids = term_ids()

    def load(row: Row) -> TermLabel:
        scheme, name = row["scheme"], row["term"]
        if scheme not in (Scheme.TOPIC, Scheme.SECTOR):
            raise RowError(f"scheme “{scheme}” is neither topic nor sector")
        if row["language"] == "en":
            slug = unique_slug(name, Term.objects.filter(scheme=scheme), otherwise=scheme)
            ids[scheme, name] = _saved(Term(scheme=scheme, slug=slug)).pk
        elif (scheme, name) not in ids:
            raise RowError(f"the English label of “{name}” must come first")
        return _add_label(ids[scheme, name], row)

    return load


def term_ids() -> dict[tuple[str, str], int]:
    """The topics and sectors by scheme and the name they have in the starting files."""
    terms = dict(TermLabel.objects.values_list("pk", "term_id"))
    found = {}
    for key, label_id in loaded("vocabulary.csv").items():
        scheme, name, language = key.split(KEY_JOINT)
        if language == "en" and label_id in terms:
            found[scheme, name] = terms[label_id]
    return found


def follow_label(gone: TermLabel, stays: TermLabel) -> None:
    """Rows that are loaded from now on and name the term by this label mean the one that stays."""
    moved("vocabulary.csv", gone.pk, stays.pk)


def follow_term(gone: Term, stays: Term) -> None:
    """Rows that are loaded from now on and name this region mean the one that stays."""
    moved("countries_regions.csv", gone.pk, stays.pk)


def begin_regions() -> Load:
    """Loader of ``countries_regions.csv``: one row is a region; its country is made with it. The
    region's names in other languages stand in ``region_labels.csv``."""
    country = countries()
    names: dict[str, list[Row]] = {}
    for label in read("region_labels.csv"):
        names.setdefault(label["term"], []).append(label)

    def load(row: Row) -> Term:
        above = country(row["country_iso2"])
        labels = one_of(names, f"{row['country_iso2']}/{row['region']}", "in region_labels.csv,")
        region = _saved(
            Term(
                scheme=Scheme.PLACE,
                slug=_region_slug(above, row["region"]),
                parent=above,
                place_kind=row["kind"],
                latitude=row.number("latitude"),
                longitude=row.number("longitude"),
                source_url=row["source_url"],
            )
        )
        for label in labels:
            if label["language"] == "en":
                label = {**label, "description": row["summary"]}
            _add_label(region.pk, label)
        return region

    return load


def _region_slug(country: Term, name: str) -> str:
    """The name; where another place has it, with the country's behind it."""
    if Term.objects.places().filter(slug=make_slug(name)).exists():
        name = f"{name} {country}"
    return unique_slug(name, Term.objects.places(), otherwise="region")


def countries() -> Callable[[str], Term]:
    """A look-up that answers the country of an ISO 3166-1 alpha-2 code, made with its names in all
    label languages (from CLDR) if it is new; an unknown code raises ``RowError``."""
    known = {term.code: term for term in Term.objects.countries()}

    def country(code: str) -> Term:
        if code not in known:
            known[code] = _make_country(code)
        return known[code]

    return country


def _make_country(code: str) -> Term:
    english = Locale("en").territories.get(code)
    if not english or len(code) != 2:
        raise RowError(f"country “{code}” is not an ISO 3166-1 code")
    slug = unique_slug(english, Term.objects.places(), otherwise=code.lower())
    country = _saved(
        Term(
            scheme=Scheme.PLACE,
            slug=slug,
            code=code,
            place_kind=Term.PlaceKind.COUNTRY,
            is_focus=code in FOCUS_COUNTRIES,
        )
    )
    for language, _ in LABEL_LANGUAGES:
        name = Locale(language).territories.get(code, english)
        TermLabel.objects.create(term=country, language=language, label=name)
    return country


def _saved(term: Term) -> Term:
    save(term)
    return term


def _add_label(term_id: int, row: Row) -> TermLabel:
    label = TermLabel(
        term_id=term_id,
        language=row["language"],
        label=row["label"],
        alternatives=values(row["alternatives"]),
        description=row["description"],
    )
    save(label)
    return label
