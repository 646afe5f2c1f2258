"""Loaders of the starting content: the real round of 2022, and one that is open now to try things out."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from hub.partners.models import Organisation
from hub.slugs import unique_slug
from hub.starter import Load, Row, RowError, loaded, one_of, save, values
from hub.vocabulary.starter import term_ids
from taskforce import publishing
from taskforce.kinds import Activity
from taskforce.models import Milestone, Round

DAY = timedelta(days=1)


def begin_rounds() -> Load:
    """Loader of ``rounds.csv``."""
    known = _Known()

    def load(row: Row) -> Round:
        return known.round(row, row.day("starts"), row.day("ends"))

    return load


def begin_milestones() -> Load:
    """Loader of ``milestones.csv``: steps on the timelines of rounds."""
    rounds = loaded("rounds.csv")

    def load(row: Row) -> Milestone:
        of = one_of(rounds, row["round"], "round")
        ends = row.day("ends") if row["ends"] else None
        return _milestone(Round.objects.get(pk=of), row, row.day("starts"), ends)

    return load


def begin_example() -> Load:
    """Loader of ``example_round.csv``: a round that is open now, and the rows behind it, which name it in
    ``of``: steps of its timeline. Days are counted from today."""
    known, today = _Known(), timezone.localdate()

    def on(row: Row, column: str) -> date:
        try:
            return today + timedelta(days=int(row[column]))
        except ValueError:
            raise RowError(f"{column} “{row[column]}” is not a number of days") from None

    def load(row: Row) -> Round | Milestone:
        starts = on(row, "starts")
        if not row["of"]:
            return known.round(row, starts, on(row, "ends"), is_example=True)
        of = one_of(loaded("example_round.csv"), row["of"], "round")
        ends = on(row, "ends") if row["ends"] else None
        return _milestone(Round.objects.get(pk=of), row, starts, ends)

    return load


class _Known:
    """What the rows refer to, looked up once."""

    def __init__(self) -> None:
        self.desk = Organisation.objects.desk()
        self.organisations = {
            name.casefold(): one
            for one in Organisation.objects.public()
            for name in (one.name, one.acronym)
            if name
        }
        self.terms = {name: pk for (_scheme, name), pk in term_ids().items()}

    def round(self, row: Row, starts: date, ends: date, *, is_example: bool = False) -> Round:
        offered = values(row["activities"])
        for one in offered:
            one_of(dict(Activity.choices), one, "activity")
        convenors = [
            one_of(self.organisations, name.casefold(), "convenor")
            for name in values(row["convenors"])
        ]
        round = Round(
            slug=unique_slug(row["title"], Round.objects.all(), otherwise="round"),
            title=row["title"],
            period=DateRange(starts, ends + DAY),
            owner=self.desk,
            published_at=timezone.now(),
            is_example=is_example,
            **{f"offers_{one.value}": one.value in offered for one in Activity},
            **{
                name: row[name]
                for name in (
                    *("summary", "call", "timezone", "contact_name", "contact_email"),
                    *("website", "synthesis", "source_url"),
                )
            },
        )
        save(round)
        round.convenors.set(convenors)
        round.terms.set({one_of(self.terms, name, "topic") for name in values(row["topics"])})
        publishing.saved(round)
        return round


def _milestone(round: Round, row: Row, starts: date, ends: date | None) -> Milestone:
    if row["activity"]:
        one_of(dict(Activity.choices), row["activity"], "activity")
    milestone = Milestone(
        round=round,
        title=row["title"],
        text=row["summary"],
        activity=row["activity"],
        starts_on=starts,
        ends_on=ends,
    )
    save(milestone)
    return milestone
