"""Rows of a form whose parts somebody else has deleted since it was opened."""

from collections.abc import Iterable

from django.http import QueryDict


def as_new(data: QueryDict, prefix: str, keys: Iterable[int], *, mark: str = "") -> QueryDict:
    """The form as it was sent, but with those rows as new ones whose parts are not among ``keys`` any
    more, so that what stands in them is not lost. Their field ``mark`` is ticked, if one is named."""
    known = {str(key) for key in keys}
    try:
        total = int(data[f"{prefix}-TOTAL_FORMS"])
        initial = int(data[f"{prefix}-INITIAL_FORMS"])
    except (KeyError, ValueError):
        return data
    if not 0 < initial <= total <= 1000:  # as Django bounds them
        return data
    rows = [*range(initial)]
    gone = [row for row in rows if data.get(f"{prefix}-{row}-id") not in known]
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
