"""Care for free tags: two spellings made one, a new name, and the way into the vocabulary. Each brings
the records up to date of what bears the tag."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ManyToManyField, Model, QuerySet
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from hub.catalogue.services import batches, put_all
from hub.catalogue.sources import sources
from hub.languages import language_name
from hub.slugs import fold, unique_slug
from hub.texts import tidy
from hub.vocabulary.models import Term
from hub.vocabulary.snapshot import vocabulary
from knowledge import revisions, services
from knowledge.models import Resource

Bearers = dict[type[Model], list[int]]


def unused(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Those that nothing bears."""
    return tags.filter(taggit_taggeditem_items=None)


@transaction.atomic
def rename(tag: Tag, name: str) -> Tag:
    """Give a tag another name; ``ValidationError`` if another has it, in whatever capitals."""
    tag, name = _locked([tag])[0], tidy(name)
    check_name(name, tag)
    former, tag.name = tag.name, name
    tag.slug = unique_slug(name, Tag.objects.exclude(pk=tag.pk), otherwise="tag")
    tag.save()
    _renew(_bearers([tag]))
    _change_in_drafts({former}, into=name)
    return tag


def check_name(name: str, tag: Tag) -> None:
    """Raise ``ValidationError`` if this cannot be the name of the tag."""
    if not tidy(name):
        raise ValidationError({"name": _("A tag needs a name.")}, code="empty")
    if Tag.objects.filter(name__iexact=tidy(name)).exclude(pk=tag.pk).exists():
        text = _("There is a tag of this name. Choose both in the list and merge them.")
        raise ValidationError({"name": text}, code="taken")


@transaction.atomic
def merge(tags: Iterable[Tag], into: Tag) -> Tag:
    """Have everything that bears one of the tags bear ``into``; the others go."""
    found = _locked([*tags, into])
    stays = next(tag for tag in found if tag.pk == into.pk)
    others = [tag for tag in found if tag.pk != into.pk]
    bearers = _bearers(others)
    for tag in others:
        items = TaggedItem.objects.filter(tag=tag)
        for content_type, keys in _keys_by_type(TaggedItem.objects.filter(tag=stays)).items():
            items.filter(content_type=content_type, object_id__in=keys).delete()
        items.update(tag=stays)
        tag.delete()
    _renew(bearers)
    _change_in_drafts({tag.name for tag in others}, into=stays.name)
    return stays


@transaction.atomic
def promote(tags: Iterable[Tag], term: Term, language: str) -> Term:
    """Make the tags other words for a term in one language. What bears them bears the term, and the
    tags go. ``ValidationError`` says why it cannot be."""
    tags = _locked(tags)
    label = term.labels.select_for_update().filter(language=language).first()
    if label is None:
        text = _("“%(term)s” has no name in %(language)s yet. Give it one first.")
        said = {"term": str(term), "language": language_name(language, "en")}
        raise ValidationError({"language": text % said}, code="unnamed")
    bearers = _bearers(tags)
    for model, keys in bearers.items():
        _link(model, keys, term)
    known = {fold(word) for word in (label.label, *label.alternatives)}
    label.alternatives += [tag.name for tag in tags if fold(tag.name) not in known]
    label.full_clean()
    label.save(update_fields=["alternatives"])
    _delete(tags)
    _renew(bearers)
    _change_in_drafts({tag.name for tag in tags}, term=term)
    return term


def led_on(snapshot: revisions.Snapshot) -> revisions.Snapshot:
    """What an earlier revision says, with the term in place of a free tag that became a word for it:
    one that is no tag any more, and that one term alone is called by."""
    tags = snapshot["tags"]
    there = {name.casefold() for name in Tag.objects.values_list("name", flat=True)}
    phrases = vocabulary().phrases
    became = {tag: phrases.get(fold(tag), set()) for tag in tags if tag.casefold() not in there}
    became = {tag: terms for tag, terms in became.items() if len(terms) == 1}
    terms = {*snapshot["terms"]}.union(*became.values())
    kept = [tag for tag in tags if tag not in became]
    return snapshot | {"tags": kept, "terms": sorted(terms)}


@transaction.atomic
def delete_unused(tags: QuerySet[Tag]) -> int:
    """Delete those that nothing bears, and answer how many. The others are left alone."""
    chosen = _locked(tags)
    free = list(unused(Tag.objects.filter(pk__in=[tag.pk for tag in chosen])))
    _delete(free)
    return len(free)


def _locked(tags: Iterable[Tag]) -> list[Tag]:
    """The tags as they are now, in an order in which two who change them never wait for each other;
    ``ValidationError`` if one is gone."""
    keys = {tag.pk for tag in tags}
    found = list(Tag.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(found) < len(keys):
        raise ValidationError(_("One of these tags is no longer there."), code="gone")
    return found


def _keys_by_type(items: QuerySet[TaggedItem]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for content_type, key in items.values_list("content_type", "object_id"):
        found[content_type].append(key)
    return found


def _bearers(tags: Iterable[Tag]) -> Bearers:
    """The keys of all rows that bear one of the tags, by their model."""
    found: dict[type[Model], set[int]] = defaultdict(set)
    items = TaggedItem.objects.filter(tag__in=tags).select_related("content_type")
    for item in items:
        found[item.content_type.model_class()].add(item.object_id)
    return {model: sorted(keys) for model, keys in found.items()}


def _link(model: type[Model], keys: list[int], term: Term) -> None:
    """Have these rows bear the term; ``ValidationError`` for a model that has no terms."""
    relations = [one for one in model._meta.many_to_many if _is_of_terms(one)]
    if len(relations) != 1:
        text = _("%(rows)s bear the tag, and they have no topics or places.")
        raise ValidationError(text % {"rows": model._meta.verbose_name_plural}, code="no-terms")
    [relation] = relations
    through, whole = relation.remote_field.through, relation.m2m_column_name()
    rows = [through(**{whole: key, relation.m2m_reverse_name(): term.pk}) for key in keys]
    through._base_manager.bulk_create(rows, ignore_conflicts=True)


def _is_of_terms(relation: ManyToManyField) -> bool:
    return isinstance(relation, ManyToManyField) and relation.related_model is Term


def _change_in_drafts(names: set[str], *, into: str = "", term: Term | None = None) -> None:
    """Have the drafts beside public works bear another tag, or the term, in place of these tags: each
    as a new revision of its own. Else the tags would be back once such a draft is published."""
    gone = {name.casefold() for name in names}
    works = Resource.objects.exclude(pending=None).order_by("pk")
    for pk, tags in list(works.values_list("pk", "pending__snapshot__tags")):
        if not gone & {tag.casefold() for tag in tags}:
            continue
        resource = Resource.objects.select_for_update(of=["self"]).get(pk=pk)
        if resource.pending is not None:
            _change_draft(resource, gone, into, term)


def _change_draft(resource: Resource, gone: set[str], into: str, term: Term | None) -> None:
    pending = resource.pending
    tags, terms = pending.snapshot[revisions.TAGS], pending.snapshot[revisions.TERMS]
    kept = [tag for tag in tags if tag.casefold() not in gone]
    snapshot = {
        **pending.snapshot,
        revisions.TAGS: sorted({*kept, into}) if into else kept,
        revisions.TERMS: sorted({*terms, term.pk}) if term else terms,
    }
    note = _("Free words changed for all")
    revision = revisions.record(resource, snapshot, note=note, base=pending.base)
    services.set_stage(resource.pk, Resource.Stage(resource.stage), pending=revision)


def _delete(tags: Iterable[Tag]) -> None:
    Tag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()


def _renew(bearers: Bearers) -> None:
    """Put the records of these rows again, in the transaction of the change."""
    for model, keys in bearers.items():
        if model in sources:
            for batch in batches(keys):
                put_all(model, batch)
