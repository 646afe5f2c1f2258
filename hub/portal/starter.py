"""Loader for what the starting content lets partners and donors say of the hub."""

from hub.partners.models import Organisation
from hub.portal.models import Quote
from hub.starter import Load, Row, loaded, one_of, save


def begin_quotes() -> Load:
    """Loader of ``quotes.csv``: one row is what one person says, retold in the hub's words."""
    by_name = loaded("organisations.csv")

    def load(row: Row) -> Quote:
        organisation_id = one_of(by_name, row["organisation"], "organisation")
        quote = Quote(
            person=row["person"],
            role=row["role"],
            organisation=Organisation.objects.get(pk=organisation_id),
            words=row["words"],
            source_url=row["source_url"],
            position=int(row.number("position")),
        )
        save(quote)
        return quote

    return load
