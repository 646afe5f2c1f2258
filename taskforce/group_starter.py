"""Loader of the real working groups of the starting content."""

import re
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate, now

from hub.catalogue import services
from hub.partners.models import Organisation
from hub.slugs import unique_slug
from hub.starter import Load, Row, one_of, save, values
from hub.vocabulary.starter import term_ids
from taskforce.kinds import Stage
from taskforce.models import WorkingGroup

# What the rows call the sectors, in our terms; groups across sectors have none.
SECTORS = {
    "steel": "steel",
    "cement": "cement",
    "chemicals": "chemicals",
    "coal": "coal mining",
    "power": "coal power",
    "cross-sector": "",
}
LAST_YEAR = re.compile(r"(?:worked from \d{4} to|between \w+ and \w+) (\d{4})")
APPLY_UNTIL = re.compile(r"applications until (\d{1,2} \w+ \d{4})")


def begin_groups() -> Load:
    """Loader of ``working_groups.csv``. The editorial desk keeps the groups; who leads one is the
    organisation of that name, where there is one, and otherwise in words."""
    terms, desk = term_ids(), Organisation.objects.desk()

    def load(row: Row) -> WorkingGroup:
        sector = one_of(SECTORS, row["sector"], "sector")
        leader, others = _leaders(values(row["lead"]))
        group = WorkingGroup(
            slug=unique_slug(row["name"], WorkingGroup.objects.all(), otherwise="group"),
            name=row["name"],
            summary=row["summary"],
            sector_id=terms["sector", sector] if sector else None,
            stage=stage_told(row["summary"]),
            lead_government=leader,
            lead_name=", ".join(others),
            applications_until=_until(row["summary"]),
            owner=desk,
            published_at=now(),
            source_url=row["source_url"],
        )
        save(group)
        services.put(group)
        return group

    return load


def stage_told(words: str) -> str:
    """Where a group stands in its life: it has concluded where the words name a last year that is over,
    and is at work as far as they say nothing else."""
    last = LAST_YEAR.search(words)
    return Stage.CONCLUDED if last and int(last[1]) < localdate().year else Stage.WORKING


def _until(words: str) -> date | None:
    day = APPLY_UNTIL.search(words)
    return datetime.strptime(day[1], "%d %B %Y").date() if day else None


def _leaders(names: list[str]) -> tuple[Organisation | None, list[str]]:
    """The first government among those who lead it, else the first organisation here; and the others in
    words."""
    known = [(name, organisation_called(name)) for name in names]
    found = [pair for pair in known if pair[1]]
    found.sort(key=lambda pair: not pair[1].kind.startswith("government"))
    if not found:
        return None, names
    chosen, leader = found[0]
    return leader, [name for name in names if name != chosen]


def organisation_called(name: str) -> Organisation | None:
    """The one organisation with this name or short name; what stands before the last word, as in
    "European Commission DG REGIO", may be the house that it belongs to."""
    rows = Organisation.objects.public()
    for words in (name, f"State of {name}", " ".join(name.split()[-2:])):
        found = list(rows.filter(Q(name__iexact=words) | Q(acronym__iexact=words))[:2])
        if len(found) == 1:
            return found[0]
    return None
