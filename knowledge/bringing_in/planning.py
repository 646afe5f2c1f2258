"""What would come of each entry of a file: a new work, a changed one, nothing, or why it cannot be.

Nothing is written here. The same entries give the same plans as long as nobody changes the works they
name, which is how ``applying`` knows that a person has seen what is written.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hub.partners import policy
from hub.partners.models import Organisation
from hub.slugs import fold
from hub.texts import tidy
from knowledge import taking_out
from knowledge.addresses import canonical
from knowledge.bringing_in import cell_values
from knowledge.bringing_in.entries import Cell, Entry
from knowledge.bringing_in.known import Key, Library, spoken
from knowledge.bringing_in.shelf import Shelf
from knowledge.bringing_in.tables import SORTED, WRITTEN
from knowledge.drafting import in_place
from knowledge.models import Import, ImportRow, Resource

Outcome = ImportRow.Outcome
# These say who may do what with a work: the desk asks for them, a file sets them for new works alone.
OF_OWNERS = ("owner", "co_owners")
NEEDED = ("title", "kind", "languages")
LONGEST_SHOWN = 300


@dataclass
class Plan:
    """What would come of one entry. ``resource`` is the work as its draft has it, if there is one, or
    the one that is perhaps the same; ``values`` are what is to be written, by column; ``changes`` tell each column with its words before
    and after."""

    entry: Entry
    outcome: str = Outcome.NEW
    title: str = ""
    resource: Resource | None = None
    is_held: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    owner: Organisation | None = None
    co_owners: list[Organisation] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)

    @property
    def told(self) -> tuple:
        """What a person sees of it, but for hints: two plans that tell the same do the same."""
        pk = self.resource.pk if self.resource else None
        return self.outcome, pk, self.is_held, self.errors, self.changes


class Planner:
    """Plans the entries of one import, in their order; it remembers those before."""

    def __init__(self, batch: Import) -> None:
        self.batch, self.user = batch, batch.user
        self.shelf, self.library = Shelf(batch.user), Library(batch.user)
        self.lines: dict[Key, int] = {}  # of this file
        self.works: dict[str, int] = {}
        self.titles: dict[str, int] = {}
        self.editable: set[int] = set()
        self.made: set[int] = set()

    def plans(self, entries: list[Entry]) -> list[Plan]:
        """A plan for each entry, in the same order."""
        resources = self._resources(entries)
        plans = [self._plan(entry, resources) for entry in entries]
        self._refuse_doubles(plans)
        self._warn_of_titles(plans)
        self._find_those_there(plans)
        for plan in plans:
            plan.errors = list(dict.fromkeys(plan.errors))
            if plan.errors:
                plan.outcome, plan.is_held = Outcome.ERROR, False
        return plans

    def wrote(self, pks: Iterable[int]) -> None:
        """Remember the works that this import has made: they are no reason to hold a row back."""
        self.made.update(pks)

    # One entry

    def _plan(self, entry: Entry, resources: dict[str, Resource]) -> Plan:
        plan = Plan(entry, errors=[*entry.problems], title=_short(entry.cells.get("title", "")))
        public_id = cell_values.line(entry.cells.get("public_id", "")).lower()
        if entry.problems:
            return plan
        if not public_id:
            self._plan_new(plan)
        elif public_id not in resources:
            plan.errors.append(
                _(
                    "public_id: there is no work of yours by this name. Leave the cell empty to add a "
                    "new one."
                )
            )
        elif public_id in self.works:
            words = _("public_id: the same work stands in line %(line)d already.")
            plan.errors.append(words % {"line": self.works[public_id]})
        else:
            self.works[public_id] = entry.line
            plan.resource = resources[public_id]
            self._plan_change(plan)
        return plan

    def _plan_new(self, plan: Plan) -> None:
        for column, cell in plan.entry.cells.items():
            if column in (*WRITTEN, *SORTED) and column not in OF_OWNERS and cell:
                self._read(plan, column, cell)
        values = plan.values
        if not values.get("title") and not plan.errors:
            plan.errors.append(_("title: the original needs the title of the work."))
        values["kind"] = values.get("kind") or self.batch.kind
        values["languages"] = values.get("languages") or [self.batch.language]
        self._sort_keywords(values)
        self._choose_owners(plan)
        if plan.entry.cells.get("status") not in (None, "", Resource.Status.DRAFT):
            plan.warnings.append(_("status: it comes in as a draft. Publish it at the desk."))

    def _sort_keywords(self, values: dict[str, Any]) -> None:
        """Keywords of references that are names of terms are these; the others become free tags."""
        for word in values.pop("keywords", []):
            pk = self.shelf.term_anywhere(word)
            if pk is None:
                values["tags"] = [*values.get("tags", []), word]
            else:
                values["terms"] = [*values.get("terms", []), pk]

    def _choose_owners(self, plan: Plan) -> None:
        cells = plan.entry.cells
        named = cell_values.line(cells.get("owner", ""))
        plan.owner = self.shelf.owners.get(named.casefold()) if named else self.batch.owner
        owns = self.shelf.owners.values()
        if plan.owner is None or plan.owner not in owns:
            words = _("owner: “%(name)s” is no organisation that you may add works for.")
            plan.errors.append(words % {"name": _short(named or str(self.batch.owner))})
            return
        for name in cell_values.names(cells.get("co_owners", "")):
            partner = self.shelf.partners.get(name.casefold())
            if not policy.leads(self.user, plan.owner.pk):
                plan.errors.append(_("co_owners: they are chosen by an editor of the owner."))
            elif partner is None:
                words = _("co_owners: “%(name)s” is no implementing partner.")
                plan.errors.append(words % {"name": _short(name)})
            else:
                plan.co_owners.append(partner)

    def _plan_change(self, plan: Plan) -> None:
        """A cell that says what readers see, or what the draft beside it says, changes nothing: so a
        table that was taken out before the draft was begun does not undo it."""
        cells = plan.entry.cells
        public = _told(plan.resource)
        with as_drafted(plan.resource) as plan.resource:
            now = _told(plan.resource) if plan.resource.pending else public
        plan.title = plan.title or _short(now["title"])
        likely = [term.pk for term in plan.resource.terms.all()]
        for column in WRITTEN:
            if column in cells and not _says_one_of(cells[column], column, public, now):
                if column in OF_OWNERS:
                    words = _("%(column)s: it is changed on the page of the work at the desk.")
                    plan.errors.append(words % {"column": column})
                else:
                    self._read(plan, column, cells[column], likely)
        self._tell_changes(plan, public, now)
        plan.outcome = Outcome.CHANGED if plan.values else Outcome.SAME
        if plan.values or plan.errors:
            self._ask_whether_it_may(plan)
            self._warn_of_what_is_passed_over(plan, now)

    def _tell_changes(self, plan: Plan, public: dict[str, str], now: dict[str, str]) -> None:
        for column, value in [*plan.values.items()]:
            words = cell_values.told(column, value, self.shelf)
            if _says_one_of(words, column, public, now):  # another spelling or order of the same
                del plan.values[column]
            else:
                plan.changes.append([column, _short(now[column]), _short(words)])
        needed = [name for name in NEEDED if name in plan.values and not plan.values[name]]
        plan.errors += [_("%(column)s: a work needs it.") % {"column": name} for name in needed]
        if problem := _language_problem(plan) or _address_problem(plan):
            plan.errors.append(problem)

    def _ask_whether_it_may(self, plan: Plan) -> None:
        status = plan.resource.status
        if plan.resource.pk not in self.editable:
            plan.errors.append(_("It was withdrawn, and is changed by editors of its owner alone."))
        elif plan.values and status == Resource.Status.WITHDRAWN:
            plan.is_held = True
            plan.warnings.append(_("It was withdrawn: it waits. Restore it at the desk first."))
        elif plan.values and not plan.errors and status == Resource.Status.PUBLISHED:
            plan.warnings.append(
                _("It is published: the change is a draft beside it, until you publish that too.")
            )

    def _warn_of_what_is_passed_over(self, plan: Plan, now: dict[str, str]) -> None:
        cells = plan.entry.cells
        if cells.get("status") and not _same(cells["status"], now["status"]):
            plan.warnings.append(_("status: a file does not change it. Publish at the desk."))
        if _is_older(cells.get("changed_at"), plan.resource.updated_at):
            plan.warnings.append(
                _("The work was changed at the desk after it was taken out: look at each change.")
            )

    def _read(self, plan: Plan, column: str, cell: Cell, likely: Iterable[int] = ()) -> None:
        try:
            plan.values[column] = cell_values.CellReader(self.shelf, likely).value(column, cell)
        except ValidationError as error:
            plan.errors += [f"{column}: {words}" for words in error.messages]

    # All of a batch

    def _resources(self, entries: list[Entry]) -> dict[str, Resource]:
        """The works that entries name, of those that this person sees at the desk."""
        ids = {cell_values.line(entry.cells.get("public_id", "")).lower() for entry in entries} - {
            ""
        }
        if not ids:
            return {}
        named = Resource.objects.filter(public_id__in=ids)
        self.editable = set(policy.editable(self.user, named).values_list("pk", flat=True))
        rows = policy.visible(self.user, named)
        return {resource.public_id: resource for resource in rows.for_citing()}

    def _refuse_doubles(self, plans: list[Plan]) -> None:
        keys = {id(plan): _keys_of(plan) for plan in plans}
        taken = self.library.with_keys(key for found in keys.values() for key in found)
        names = self.library.names(taken.values())
        for plan in plans:
            own = plan.resource.pk if plan.resource else None
            for key in keys[id(plan)]:
                if taken.get(key, own) != own:
                    plan.errors.append(_already_there(key, names.get(taken[key])))
                elif key in self.lines:
                    told = {"key": spoken(key), "line": self.lines[key]}
                    plan.errors.append(_("%(key)s stands in line %(line)d already.") % told)
                self.lines.setdefault(key, plan.entry.line)

    def _warn_of_titles(self, plans: list[Plan]) -> None:
        new = [plan for plan in plans if plan.resource is None and plan.values.get("title")]
        known = self.library.with_titles(plan.values["title"].lower() for plan in new)
        others = (plan.values["title"] for plan in new)
        alike = self.library.with_like_titles(one for one in others if one.lower() not in known)
        names = self.library.names([*known.values(), *alike.values()])
        for plan in new:
            if other := alike.get(plan.values["title"]):
                words = _("A work has almost the same title: %(name)s. Is it the same work?")
                plan.warnings.append(words % {"name": names[other]})
            title = plan.values["title"].lower()
            if title in known:
                words = _("A work has the same title: %(name)s. Is it the same work?")
                plan.warnings.append(words % {"name": names[known[title]]})
            if title in self.titles:
                words = _("Line %(line)d has the same title. Is it the same work?")
                plan.warnings.append(words % {"line": self.titles[title]})
            self.titles.setdefault(title, plan.entry.line)

    def _find_those_there(self, plans: list[Plan]) -> None:
        """Hold back what nothing but its title tells apart, where its owner has a work of that title:
        such a row comes once more with every correction of its file."""
        new = [plan for plan in plans if plan.outcome == Outcome.NEW and plan.owner]
        weak = {
            id(plan): (fold(plan.values["title"]), plan.owner.pk)
            for plan in new
            if plan.values.get("title") and not plan.errors and not _keys_of(plan)
        }
        there = self.library.owned_with_titles(weak.values(), besides=self.made)
        for plan in new:
            if found := there.get(weak.get(id(plan))):
                plan.outcome, plan.resource, plan.warnings = Outcome.LIKE, found, []


@contextmanager
def as_drafted(resource: Resource) -> Iterator[Resource]:
    """The work as its draft has it, with all that a table tells, which stays when this is over."""
    with in_place(resource) as drafted:
        if drafted is resource:
            yield resource
        else:
            yield Resource.objects.for_citing().get(pk=resource.pk)


def _told(resource: Resource) -> dict[str, str]:
    return taking_out.told_of(resource) | {"source_url": resource.source_url}


def _keys_of(plan: Plan) -> list[Key]:
    """By which an entry is known to be a work that is there; of a work that is there already only
    those that would be new to it."""
    keys = [f"{scheme}:{value}" for scheme, value in plan.values.get("identifiers", [])]
    if plan.resource:
        own = {one.key for one in plan.resource.identifiers.all()}
        keys = [key for key in keys if key not in own]
    if url := plan.values.get("url"):
        keys.append(canonical(url))
    return list(dict.fromkeys(keys))


def _already_there(key: Key, name: str | None) -> str:
    told = {"key": spoken(key), "name": name}
    if name:
        return _("%(key)s is in the library already: %(name)s.") % told
    return (
        _(
            "%(key)s belongs to an entry of another partner that is not public yet. Ask the secretariat."
        )
        % told
    )


def _language_problem(plan: Plan) -> str:
    """The original is in the first language of the work, and each language is told once."""
    languages, original = plan.values.get("languages"), plan.resource.original
    if not languages or original is None or original.language == languages[0]:
        return ""
    if any(one.language == languages[0] for one in plan.resource.editions.all()):
        return _(
            "languages: the original would change. Do that on the page of the work at the desk."
        )
    return ""


def _address_problem(plan: Plan) -> str:
    url = plan.values.get("url")
    if url and any(link.url == url for link in plan.resource.links.all()):
        return _("url: the work has this address already, as a further one.")
    return ""


def _says_one_of(cell: Cell, column: str, *told: dict[str, str]) -> bool:
    return any(_same(cell, one[column]) for one in told)


def _same(cell: Cell, words: str) -> bool:
    text = cell_values.text(cell)
    if text == words:
        return True
    # The apostrophe that was taken off may have been the work's own.
    return _compared(words) in (_compared(text), _compared(f"'{text}"))


def _compared(text: str) -> str:
    return tidy(text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_older(cell: Cell | None, moment: datetime) -> bool:
    try:
        told = datetime.fromisoformat(cell_values.line(cell or ""))
    except ValueError:
        return False
    return bool(told.tzinfo) and told < moment.replace(microsecond=0)


def _short(cell: Cell) -> str:
    text = cell_values.line(cell)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
