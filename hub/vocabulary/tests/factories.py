from itertools import count

from hub.vocabulary.models import Scheme, Term, TermLabel

_numbers = count(1)


def make_term(
    label: str = "", scheme: str = Scheme.TOPIC, parent: Term | None = None, **fields
) -> Term:
    """A term with an English label; a place is a country, or a region if it has a parent."""
    number = next(_numbers)
    if scheme == Scheme.PLACE and "place_kind" not in fields:
        fields["place_kind"] = "coal" if parent else "country"
    slug = fields.pop("slug", f"{scheme}-{number}")
    term = Term.objects.create(scheme=scheme, slug=slug, parent=parent, **fields)
    make_label(term, "en", label or f"Term {number}")
    return term


def make_label(term: Term, language: str, label: str, **fields) -> TermLabel:
    return TermLabel.objects.create(term=term, language=language, label=label, **fields)
