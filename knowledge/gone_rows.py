"""Rows of a form whose parts somebody else has deleted since it was opened."""

from django.db.models import Model
from django.http import QueryDict


def as_new(data: QueryDict, prefix: str, model: type[Model], *, mark: str = "") -> QueryDict:
    """The form as it was sent, but with those rows as new ones whose parts are nowhere any more, so
    that what stands in them is not lost. Their field ``mark`` is ticked, if one is named. A part of
    something else stays what it is: the form refuses it."""
    try:
        total = int(data[f"{prefix}-TOTAL_FORMS"])
        initial = int(data[f"{prefix}-INITIAL_FORMS"])
    except (KeyError, ValueError):
        return data
    if not 0 < initial <= total <= 1000:  # as Django bounds them
        return data
    rows = [*range(initial)]
    keys = {row: data.get(f"{prefix}-{row}-id", "") for row in rows}
    sent = [key for key in keys.values() if key.isascii() and key.isdigit() and len(key) < 19]
    there = {str(pk) for pk in model._base_manager.filter(pk__in=sent).values_list("pk", flat=True)}
    gone = [row for row in rows if keys[row] in sent and keys[row] not in there]
    if not gone:
        return data
    order = [*(row for row in rows if row not in gone), *gone, *range(initial, total)]
    places = {str(row): place for place, row in enumerate(order)}
    changed = QueryDict(mutable=True)
    for name, values in data.lists():
        start, _dash, rest = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and rest and start in places:
            if rest == "id" and int(start) in gone:
                values = [""]
            name = f"{prefix}-{places[start]}-{rest}"
        changed.setlist(name, values)
    if mark:
        for row in gone:
            changed[f"{prefix}-{places[str(row)]}-{mark}"] = "on"
    changed[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
    return changed
