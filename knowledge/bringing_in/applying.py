"""Writes what a person has seen: new works as drafts, and what changed of works of theirs, which is a
draft beside what is public.

The caller holds one transaction for all of it, and the locks of the works that change.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from taggit.models import Tag, TaggedItem

from hub.partners.models import User
from hub.slugs import make_slug, unique_slug
from knowledge import drafting, link_check, services
from knowledge.bringing_in.cell_values import SCHEMES
from knowledge.bringing_in.planning import Plan
from knowledge.bringing_in.shelf import Shelf
from knowledge.models import Credit, Edition, Identifier, Link, Merged, Resource

Role = Credit.Role
# What curators alone read holds at once, with no draft.
AT_ONCE = ("review_by",)


class Writer:
    """Writes plans, a batch at a time. What no record shows yet, drafts, needs no ``services.saved``."""

    def __init__(self, shelf: Shelf, author: User, note: str) -> None:
        self.shelf, self.author, self.note = shelf, author, note
        self.slugs: set[str] = set()  # of a batch: not in the database yet

    def add(self, plans: list[Plan]) -> list[Resource]:
        """New drafts, in the order of their plans; few statements for many."""
        self.slugs = set()
        resources = Resource.objects.bulk_create([self._new(plan) for plan in plans])
        both = list(zip(resources, plans, strict=True))
        parts: dict[type[Model], list[Model]] = defaultdict(list)
        for resource, plan in both:
            for part in self._parts(resource, plan):
                parts[type(part)].append(part)
        for model, rows in parts.items():
            model._default_manager.bulk_create(rows)
        _tag({resource.pk: plan.values.get("tags", []) for resource, plan in both})
        return resources

    def change(self, plan: Plan) -> None:
        """Write what changes of a work, and nothing else of it."""
        values = dict(plan.values)
        at_once = [name for name in AT_ONCE if name in values]
        if at_once:
            resource = Resource.objects.get(pk=plan.resource.pk)
            for name in at_once:
                setattr(resource, name, values.pop(name))
            resource.save(update_fields=at_once)
            services.saved(resource)
        if values:
            drafting.change(
                plan.resource.pk, self.author, lambda row: self._write(row, values), note=self.note
            )

    def _write(self, resource: Resource, values: dict[str, Any]) -> None:
        columns = _columns(values)
        for name, value in columns.items():
            setattr(resource, name, value)
        if columns:
            resource.save(update_fields=list(columns))
        self._change_editions(resource, values)
        self._change_credits(resource, values)
        self._change_identifiers(resource, values)
        _change_link(resource, values)
        _change_terms(resource, values)
        if "tags" in values:
            resource.tags.set(values["tags"])

    # New ones

    def _new(self, plan: Plan) -> Resource:
        title, kind = plan.values["title"], plan.values["kind"]
        taken = (Resource.objects.all(), Merged.objects.all())
        slug = unique_slug(title, *taken, otherwise=kind)
        stem, number = make_slug(title) or kind, 1
        while slug in self.slugs:
            number += 1
            slug = unique_slug(f"{stem}-{number}", *taken, otherwise=kind)
        self.slugs.add(slug)
        return Resource(slug=slug, owner=plan.owner, **_columns(plan.values))

    def _parts(self, resource: Resource, plan: Plan) -> Iterable[Model]:
        values = plan.values
        yield Edition(
            resource=resource,
            language=values["languages"][0],
            title=values["title"],
            summary=values.get("summary", ""),
            is_original=True,
        )
        credits = [*self._credits(Role.PUBLISHER, values.get("publishers", []))]
        credits += self._credits(Role.AUTHOR, values.get("authors", []))
        for position, credit in enumerate(credits):
            credit.resource, credit.position = resource, position
            yield credit
        if values.get("url"):
            yield Link(resource=resource, url=values["url"])
        for scheme, value in values.get("identifiers", []):
            yield Identifier(resource=resource, scheme=scheme, value=value)
        terms = {pk for column in (*SCHEMES, "terms") for pk in values.get(column, [])}
        for pk in sorted(terms):
            yield Resource.terms.through(resource=resource, term_id=pk)
        for owner in dict.fromkeys(plan.co_owners):
            if owner != plan.owner:
                yield Resource.co_owners.through(resource=resource, organisation=owner)

    def _credits(self, role: str, names: list[str]) -> list[Credit]:
        """Publishers that are organisations here are these; authors are people."""
        known = self.shelf.publishers if role == Role.PUBLISHER else {}
        return [
            Credit(role=role, name=name, organisation=known.get(name.casefold())) for name in names
        ]

    # Those that are there

    def _change_editions(self, resource: Resource, values: dict[str, Any]) -> None:
        editions = list(resource.editions.all())
        original = resource.original
        if original is None:
            return
        if {"title", "languages"} & values.keys():
            original.title = values.get("title", original.title)
            original.language = values.get("languages", [original.language])[0]
            original.save(update_fields=["title", "language"])
        if "summary" in values:
            # Where the table found it: the hub may sum up a foreign work in English alone.
            told = [original, *editions]
            holder = next((one for one in told if one.summary), original)
            holder.summary = values["summary"]
            holder.save(update_fields=["summary"])

    def _change_credits(self, resource: Resource, values: dict[str, Any]) -> None:
        if not {"publishers", "authors"} & values.keys():
            return
        kept: list[Credit] = []
        for role, column in ((Role.PUBLISHER, "publishers"), (Role.AUTHOR, "authors")):
            there = [credit for credit in resource.credits.all() if credit.role == role]
            if column in values:
                by_name = {credit.shown_name: credit for credit in there}
                wanted = self._credits(role, values[column])
                there = [by_name.get(credit.name, credit) for credit in wanted]
            kept += there
        resource.credits.exclude(pk__in=[credit.pk for credit in kept if credit.pk]).delete()
        for position, credit in enumerate(kept):
            if credit.pk is None or credit.position != position:
                credit.resource, credit.position = resource, position
                credit.save()

    def _change_identifiers(self, resource: Resource, values: dict[str, Any]) -> None:
        if "identifiers" not in values:
            return
        wanted = set(values["identifiers"])
        for one in resource.identifiers.all():
            if (one.scheme, one.value) in wanted:
                wanted.remove((one.scheme, one.value))
            else:
                one.delete()
        for scheme, value in sorted(wanted):
            Identifier.objects.create(resource=resource, scheme=scheme, value=value)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """What of the values stands in the row of the resource itself."""
    names = ("kind", "languages", "licence", "review_by", "source_url")
    columns = {name: values[name] for name in names if name in values}
    if "date" in values:
        columns["published_on"], columns["published_precision"] = values["date"]
    return columns


def _change_link(resource: Resource, values: dict[str, Any]) -> None:
    if "url" not in values:
        return
    link = next((one for one in resource.links.all() if one.kind != Link.Kind.LISTED), None)
    if link is None:
        Link.objects.create(resource=resource, url=values["url"])
    elif not values["url"]:
        link.delete()
    else:
        link.url = values["url"]
        link.save(update_fields=["url"])
        link_check.forget(link.pk)


def _change_terms(resource: Resource, values: dict[str, Any]) -> None:
    """Those of the schemes that a table tells; the others stay."""
    told = {SCHEMES[column]: values[column] for column in SCHEMES if column in values}
    if told:
        others = {term.pk for term in resource.terms.all() if term.scheme not in told}
        resource.terms.set(others.union(*told.values()))


def _tag(names: dict[int, list[str]]) -> None:
    """Give new works their free tags, whatever the capitals that a tag has already."""
    wanted = {name.lower(): name for found in names.values() for name in found}
    if not wanted:
        return
    tags: dict[str, Tag] = {}
    for name in sorted(wanted):
        known = Tag.objects.filter(name__iexact=name).order_by("pk").first()
        tags[name] = known or Tag.objects.create(name=wanted[name])
    content_type = ContentType.objects.get_for_model(Resource)
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tags[name], content_type=content_type, object_id=pk)
        for pk, found in names.items()
        for name in dict.fromkeys(one.lower() for one in found)
    )
