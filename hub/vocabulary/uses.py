"""What refers to a term. The relations are read from the models, so apps that come later are among
them by themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import CASCADE, Field, ForeignKey, Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from hub.registry import Registry
from hub.vocabulary.models import Term


@dataclass(frozen=True)
class Mention:
    """How rows of an app name terms otherwise than by a key: ``rows`` answers those that name this
    one, ``told`` says how many they are (“2 searches of reading lists”)."""

    rows: Callable[[Term], QuerySet]
    told: Callable[[int], str]


mentions: Registry[Mention] = Registry("what mentions terms")


@dataclass(frozen=True)
class Use:
    """How many rows of one model name a term by one relation, or in the words of ``mention``."""

    model: type[Model]
    field: Field | None
    count: int
    mention: Mention | None = None

    def __str__(self) -> str:
        """ "3 resources" """
        if self.mention:
            return self.mention.told(self.count)
        names = self.model._meta
        name = names.verbose_name if self.count == 1 else names.verbose_name_plural
        return f"{self.count} {name}"


def relations() -> list[Field]:
    """Every relation by which a row of any app names a term. What goes with its term, as its names
    do, is a part of it and no use."""
    reverse = [one for one in Term._meta.get_fields(include_hidden=True) if _leads_here(one)]
    links = {one.field.remote_field.through for one in reverse if one.many_to_many}
    return [
        one.field
        for one in reverse
        if one.many_to_many
        or (one.related_model not in links and one.field.remote_field.on_delete is not CASCADE)
    ]


def columns() -> Iterator[ForeignKey]:
    """Every column of any table that holds a term, tables of links and parts of terms among them;
    not those of events, which tell what was."""
    for one in Term._meta.get_fields(include_hidden=True):
        if _is_reverse(one) and not one.many_to_many and one.field.db_constraint:
            yield one.field


def uses_of(term: Term) -> list[Use]:
    """What names the term, for each relation by which something does, and what else mentions it."""
    counted = ((field, _rows(field).filter(**{field.name: term.pk})) for field in relations())
    uses = [Use(field.model, field, rows.count()) for field, rows in counted]
    for mention in mentions:
        rows = mention.rows(term)
        uses.append(Use(rows.model, None, rows.count(), mention))
    return [use for use in uses if use.count]


def refuse_used(terms: QuerySet[Term]) -> None:
    """Raise ``ProtectedError`` if anything names one of these terms, unless it is one of them too."""
    keys = list(terms.values_list("pk", flat=True))
    for field in relations():
        rows = _rows(field).filter(**{f"{field.name}__in": keys})
        if field.model is Term:
            rows = rows.exclude(pk__in=keys)
        if named := list(rows[:10]):
            raise _in_use(named)
    for term in terms:
        for mention in mentions:
            if named := list(mention.rows(term)[:10]):
                raise _in_use(named)


def _in_use(rows: list[Model]) -> ProtectedError:
    return ProtectedError(_("What is in use cannot be deleted."), set(rows))


def _rows(field: Field) -> QuerySet:
    # The base manager, for a default one may hide rows.
    return field.model._base_manager.all()


def _is_reverse(relation: Field) -> bool:
    return relation.auto_created and relation.is_relation and not relation.concrete


def _leads_here(relation: Field) -> bool:
    """Whether rows of another kind, or other terms as their parent, name terms by this relation."""
    if not _is_reverse(relation):
        return False
    if relation.many_to_many:
        return relation.related_model is not Term
    return relation.field.db_constraint and not relation.related_model._meta.auto_created
