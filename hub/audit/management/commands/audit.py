import json
import re
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from hub.audit.recording import recordings
from hub.audit.reports import Finding, findings

UNITS = {"h": "hours", "d": "days", "w": "weeks"}
COLUMNS = ["at", "who", "act", "what", "detail", "whence", "request"]


class Command(BaseCommand):
    help = "Say what an account read and changed, or what became of a row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", help="Its e-mail address or number.")
        parser.add_argument("--object", help="A row, as knowledge.resource:12.")
        parser.add_argument("--since", help="24h, 7d, 2w, or a day: 2026-03-01.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, **options: Any) -> str | None:
        if not options["account"] and not options["object"]:
            raise CommandError("Say --account or --object.")
        model, pk = row_of(options["object"]) if options["object"] else (None, None)
        found = findings(
            account=account_of(options["account"]) if options["account"] else None,
            model=model,
            pk=pk,
            since=moment_of(options["since"]) if options["since"] else None,
        )
        if options["json"]:
            return "\n".join(json.dumps(finding.as_data()) for finding in found) or None
        return table(found) if found else "Nothing."


def account_of(text: str) -> int:
    """The number of an account. One that is gone is known by its number alone."""
    if re.fullmatch(r"[0-9]{1,18}", text):
        return int(text)
    account = get_user_model().objects.filter(email__iexact=text).first()
    if account is None:
        raise CommandError("No account has this address. One that is gone is asked for by number.")
    return account.pk


def row_of(text: str) -> tuple[type[Model], int]:
    match = re.fullmatch(r"(\w+\.\w+):([0-9]{1,18})", text)
    labels = {one.model._meta.label_lower: one.model for one in recordings()}
    if not match:
        raise CommandError("A row is named like knowledge.resource:12.")
    model = labels.get(match[1].lower())
    if model is None:
        try:
            model = apps.get_model(match[1])
        except LookupError:
            raise CommandError(f"There is no {match[1]}.") from None
    return model, int(match[2])


def moment_of(text: str) -> datetime:
    if match := re.fullmatch(r"([0-9]{1,5})([hdw])", text):
        return timezone.now() - timedelta(**{UNITS[match[2]]: int(match[1])})
    try:
        moment = parse_datetime(text) if ":" in text else None
        if moment is None and (day := parse_date(text)):
            moment = datetime.combine(day, datetime.min.time())
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError("Say --since as 24h, 7d, 2w or 2026-03-01.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def table(found: list[Finding]) -> str:
    rows = [COLUMNS, *([_cell(finding, name) for name in COLUMNS] for finding in found)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cell(finding: Finding, name: str) -> str:
    value = getattr(finding, name)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    # A row of the table is a line, whatever is in it.
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", value)[:80] or "-"
