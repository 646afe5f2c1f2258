"""Texts that would run where they are not taken for text, and a way to write them everywhere.

What they would do is to call ``canary``, to open a dialog, or to ask a host of that name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction

from knowledge.revisions import REVISION_APPEND_ONLY

HOST = "canary.example"
VECTORS = [
    "<script>canary()</script>",
    "</script><script>canary()</script>",
    "<img src=x onerror=canary()>",
    '"><svg onload=canary()>',
    "'><svg/onload=canary()>",
    '" autofocus onfocus=canary() x="',
    "' onmouseover=canary() style=position:fixed;inset:0 x='",
    "</title><script>alert(1)</script>",
    "</textarea><script>canary()</script>",
    "</style><script>canary()</script>",
    "--><script>canary()</script><!--",
    "]]><script>canary()</script>",
    "<iframe srcdoc='<script>parent.canary()</script>'>",
    "<iframe src=javascript:parent.canary()>",
    "<a href=javascript:canary()>a</a>",
    "javascript:canary()",
    "data:text/html,<script>canary()</script>",
    f"<img src=//{HOST}/a.png>",
    f"<link rel=stylesheet href=//{HOST}/a.css>",
    f"<style>@import '//{HOST}/b.css'</style>",
    "<p style=background:red>a</p>",
    "<base href=//canary.example/>",
    "<meta http-equiv=refresh content='0;url=//canary.example/'>",
    "<form action=//canary.example/><button>a",
    "<object data=//canary.example/a.swf>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=canary()>",
    "<svg><animate onbegin=canary() attributeName=x dur=1s>",
    "<details open ontoggle=canary()>",
    "${canary()}{{canary()}}{% now 'Y' %}",
    "\\u003cscript\\u003ecanary()\\u003c/script\\u003e",
    '=HYPERLINK("http://canary.example")',
    "\u202e\u2028<script>canary()</script>\x0b",
    "&lt;script&gt;canary()&lt;/script&gt;",
    "<noscript><p title='</noscript><img src=x onerror=canary()>'>",
]
TEXTS = (models.CharField, models.TextField)
# Tables that hold no text of people: what Django and the queue keep for themselves, whom one has to
# be to look at the rest, and what is made of other tables.
LEFT_ALONE = {
    *(
        "sessions.Session",
        "contenttypes.ContentType",
        "auth.Permission",
        "hub.Change",
        "hub.Allowance",
    ),
    *("usersessions.UserSession", "account.EmailAddress", "catalogue.Record", "catalogue.KeptPage"),
    *("catalogue.FacetValue", "catalogue.Word", "catalogue.UsageDay", "catalogue.UsageReader"),
}
# Columns that are no text of anybody: addresses of ours, checksums, keys and secrets.
NO_TEXT = {
    *(
        "slug",
        "uid",
        "page_path",
        "join_hash",
        "public_id",
        "sha256",
        "digest",
        "password",
        "path",
        "part",
        "timezone",
        "template",
    ),
    "html",  # of letters: markup of ours, in which values were escaped; a sandbox shows it
    *("dedup_key", "token", "checksum", "language", "metric", "record_id", "object_id", "key"),
}
# What stands in columns of data below these names is chosen by the hub, and is no words of anybody.
CODES = {
    *("kind", "languages", "published_on", "published_precision", "scheme", "role", "method"),
    *(
        "source_digest",
        "embargo_until",
        "added_at",
        "taken_out",
        "status",
        "mode",
        "source",
        "outcome",
    ),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T.*)?|\d\d:\d\d(:\d\d)?")
LONGEST_IN_DATA = 90  # what comes of data goes into columns


def columns_of(model: type[models.Model]) -> list[models.Field]:
    """The columns of this table that hold what somebody wrote, whatever they are called."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(_of_one(field), TEXTS)
        and not _of_one(field).choices
        and not field.is_relation
        and not field.primary_key
        and field.name not in NO_TEXT
    ]


def data_of(model: type[models.Model]) -> list[models.Field]:
    """The columns of this table that hold data with words in it."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.JSONField)]


def _of_one(field: models.Field) -> models.Field:
    return field.base_field if isinstance(field, ArrayField) else field


def tables() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        is_event = hasattr(model, "pgh_tracked_model")  # it grows with the row
        is_ours = model._meta.managed and not model._meta.proxy and not is_event
        if is_ours and model._meta.label not in LEFT_ALONE:
            yield model


def write_everywhere() -> tuple[Counter, set[str]]:
    """Write as many vectors into each text of each row as it holds, past all forms, other ones each
    time. Answers how often each was written, and the columns that took none."""
    with pgtrigger.ignore(REVISION_APPEND_ONLY):
        return _write_everywhere()


def _write_everywhere() -> tuple[Counter, set[str]]:
    written, untouched, turn = Counter(), set(), count()
    for model in tables():
        for field in columns_of(model):
            for pk in list(model._base_manager.values_list("pk", flat=True)):
                for text, used in _candidates(field, next(turn)):
                    if _is_written(model, pk, field, text):
                        written.update(used)
                        break
                else:
                    untouched.add(f"{model._meta.label}.{field.name}")
        for field in data_of(model):
            _write_data(model, field, turn, written, untouched)
    return written, untouched


def _write_data(
    model: type[models.Model],
    field: models.Field,
    turn: Iterator[int],
    written: Counter,
    untouched: set[str],
) -> None:
    for pk, data in list(model._base_manager.values_list("pk", field.name)):
        used: list[str] = []
        seeded = _with_vectors(data, field.name, turn, used)
        if used and _is_written(model, pk, field, seeded):
            written.update(used)
        elif used:
            untouched.add(f"{model._meta.label}.{field.name}")


def _with_vectors(data: Any, name: str, turn: Iterator[int], used: list[str]) -> Any:
    """These data with vectors in place of all words, of which ``name`` says what they are."""
    if isinstance(data, dict):
        return {key: _with_vectors(value, key, turn, used) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_vectors(value, name, turn, used) for value in data]
    if not isinstance(data, str) or name in CODES | NO_TEXT or MOMENT.fullmatch(data):
        return data
    vector = VECTORS[next(turn) % len(VECTORS)]
    used.append(vector)
    if name.endswith("url"):
        return f"https://{HOST}.invalid/{next(turn)}/{vector}"
    return vector[:LONGEST_IN_DATA]


def _candidates(field: models.Field, turn: int) -> Iterator[tuple[Any, list[str]]]:
    """What might go into this column: as many vectors as it holds, then such as begin as an address
    of the web or of a person does, then one alone."""
    length = _of_one(field).max_length or 4000
    start = turn * 5 % len(VECTORS)
    own = VECTORS[start:] + VECTORS[:start]
    for before in ("", f"https://{HOST}.invalid/{turn}/", f"a{turn}@example.org"):
        for most in (len(own), 1):
            used, text = [], before
            for vector in islice(own, most):
                if len(text) + len(vector) + 1 <= length:
                    text, used = (
                        f"{text} {vector}" if text and not before else text + vector,
                        [*used, vector],
                    )
            if used:
                yield ([text] if isinstance(field, ArrayField) else text), used


def _is_written(model: type[models.Model], pk: Any, field: models.Field, text: Any) -> bool:
    try:
        with transaction.atomic():
            return model._base_manager.filter(pk=pk).update(**{field.name: text}) == 1
    except DatabaseError:  # a rule of the table: no row can be so
        return False
