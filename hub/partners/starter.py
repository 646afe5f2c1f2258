"""Loader for the organisations of the starting content."""

from hub.partners.models import Organisation
from hub.slugs import make_slug, unique_slug
from hub.starter import Load, Row, save
from hub.vocabulary.starter import countries

# The data lists the project that the six partners carry among them; it is shown as what it is.
PROJECT = "IKI JET"
# Of the funders it lists, the two that pay for the hub; the others pay for other work.
DONORS = {"BMWK", "DG INTPA"}


def begin_organisations() -> Load:
    """Loader of ``organisations.csv``: one row is an organisation or a government."""
    country = countries()

    def load(row: Row) -> Organisation:
        is_project = row["acronym"] == PROJECT
        kind = Organisation.Kind.PROJECT if is_project else row["kind"]
        organisation = Organisation(
            slug=_slug(row),
            name=row["name"],
            acronym=row["acronym"],
            kind=kind,
            stakeholder_group=row["stakeholder_group"],
            place=country(row["country_iso2"]) if row["country_iso2"] else None,
            website=row["website"],
            summary=row["summary"],
            is_partner=kind == Organisation.Kind.PARTNER,
            is_donor=row["acronym"] in DONORS,
            source_url=row["source_url"],
        )
        save(organisation)
        return organisation

    return load


def _slug(row: Row) -> str:
    """The short name where there is one, as people know it: /partners/giz/."""
    name = row["acronym"] or row["name"]
    if Organisation.objects.filter(slug=make_slug(name)).exists():
        name = row["name"]
    return unique_slug(name, Organisation.objects.all(), otherwise="organisation")
