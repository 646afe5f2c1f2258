"""The files of a work as its page shows them."""

from dataclasses import dataclass

from django.db.models import Func, IntegerField, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.catalogue.models import Passage
from hub.catalogue.sources import ref_of
from hub.languages import language_name
from hub.zones import told
from knowledge.models import File, Resource, Shelf


@dataclass(frozen=True)
class FileAccess:
    """A file of the work that the hub keeps, what it is in a few words, and its text if there is
    one; versions before it, and when another one is ``coming``. One that is still to come has no
    address."""

    url: str
    label: str
    facts: str
    note: str
    text_url: str
    text_size: str
    coming: str = ""
    earlier: tuple["EarlierVersion", ...] = ()


@dataclass(frozen=True)
class EarlierVersion:
    """A version of a file that readers may still have."""

    url: str
    label: str
    facts: str


def text_sizes(resource: Resource) -> dict[str, int]:
    """How many bytes of text there are in each of its files, by the name of the part."""
    length = Func("text", function="octet_length", output_field=IntegerField())
    rows = Passage.objects.open().filter(record__ref=ref_of(resource)).values_list("part")
    return dict(rows.annotate(length=Sum(length)))


def file_access(shelf: Shelf, sizes: dict[str, int], language: str) -> FileAccess:
    """What a reader of ``language`` sees of it. ``sizes`` are what ``text_sizes`` found."""
    file = shelf.current
    if file is None:
        return _coming_access(shelf, language)
    text_size = sizes.get(file.part, 0)
    return FileAccess(
        url=file.get_absolute_url(),
        label=file.title or _("Download the PDF"),
        facts=", ".join([*_facts_of(file, language), *_version_facts(file, shelf)]),
        note=" ".join(filter(None, [file.note, file.text_note, file.taken_out_note])),
        text_url=file.text_url() if text_size else "",
        text_size=filesizeformat(text_size) if text_size else "",
        coming=_coming_note(_("A newer version comes on %(moment)s."), shelf),
        earlier=tuple(
            EarlierVersion(
                one.get_absolute_url(),
                _("Version %(number)s") % {"number": one.number},
                ", ".join([_day(one), filesizeformat(one.size), *filter(None, [one.note])]),
            )
            for one in shelf.earlier
        ),
    )


def _coming_access(shelf: Shelf, language: str) -> FileAccess:
    """Of what is still to come neither address nor measures are told, which are the file's."""
    file, coming = shelf.coming, _coming_note(_("It comes on %(moment)s."), shelf)
    facts = ", ".join(["PDF", language_name(file.language, language)])
    return FileAccess("", file.title, facts, "", "", "", coming)


def _facts_of(file: File, language: str) -> list[str]:
    pages = ngettext("%(count)s page", "%(count)s pages", file.pages or 0)
    pages %= {"count": number_format(file.pages or 0, force_grouping=True)}
    measures = [filesizeformat(file.size), *([pages] if file.pages else [])]
    return ["PDF", *measures, language_name(file.language, language)]


def _version_facts(file: File, shelf: Shelf) -> list[str]:
    """Which version it is, where there have been others."""
    if len(shelf.versions) == 1:
        return []
    words = _("version %(number)s of %(day)s")
    return [words % {"number": file.number, "day": _day(file)}]


def _day(file: File) -> str:
    """The day of a version: the one on which it came out."""
    return date_format(max(file.added_at, file.embargo_until or file.added_at), "j F Y")


def _coming_note(words: str, shelf: Shelf) -> str:
    coming = shelf.coming
    return words % {"moment": told(coming.embargo_until)} if coming else ""
