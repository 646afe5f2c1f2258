"""The kinds of files that works are brought in from, and how a file is known to be one."""

import re

from django.utils.translation import gettext_lazy as _

from hub import sheets
from knowledge.bringing_in import references, tables
from knowledge.bringing_in.entries import BadFile, Format, Reading, decoded

MAX_BYTES = 10 * 1024 * 1024

FORMATS = {
    "csv": Format(_("Table (CSV)"), (".csv", ".tsv"), tables.read_csv),
    "xlsx": Format(_("Table (XLSX)"), (".xlsx",), tables.read_xlsx),
    "ris": Format(_("References (RIS)"), (".ris",), references.read_ris),
    "bibtex": Format(_("References (BibTeX)"), (".bib", ".bibtex"), references.read_bibtex),
    "csl": Format(_("References (CSL-JSON)"), (".json",), references.read_csl),
}
ENDINGS = tuple(ending for form in FORMATS.values() for ending in form.endings)
LOOKED_AT = 20_000  # bytes from the beginning
MARKS = {
    "csl": re.compile(r"\s*[\[{]"),
    "ris": re.compile(r"(?:^|\n)TY  ?-"),
    "bibtex": re.compile(r"(?:^|\n)[ \t]*@[ \t]*\w+[ \t\r\n]*[{(]"),
}


def guessed(name: str, content: bytes) -> str:
    """The format of a file: by what it holds, where that leaves no doubt, else by its ending."""
    if sheets.is_zip(content) or content.startswith(sheets.OLD_EXCEL):
        return "xlsx"
    by_ending = {ending: form for form, known in FORMATS.items() for ending in known.endings}
    named = next((form for ending, form in by_ending.items() if name.lower().endswith(ending)), "")
    if named and named != "xlsx":
        return named
    head = _head(content)
    is_known = {"csl": MARKS["csl"].match(head)}
    is_known |= {form: MARKS[form].search(head) for form in ("ris", "bibtex")}
    return next((form for form, mark in is_known.items() if mark), "csv")


def _head(content: bytes) -> str:
    try:
        return decoded(content[: LOOKED_AT - LOOKED_AT % 4])[0].lstrip("\ufeff")
    except BadFile:
        return ""


def read(form: str, content: bytes) -> Reading:
    """The works of a file; ``BadFile`` says why there are none."""
    return FORMATS[form].read(content)
