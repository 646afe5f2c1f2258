"""Two terms for one thing become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CASCADE, Exists, ForeignKey, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hub.audit.recording import recording_of
from hub.slugs import fold
from hub.vocabulary import starter
from hub.vocabulary.labels import tell_changed
from hub.vocabulary.models import FormerAddress, Term, TermLabel
from hub.vocabulary.uses import Use, columns, uses_of

# What the one that stays takes over of the other where it says nothing itself.
TAKEN_OVER = [("code",), ("latitude", "longitude"), ("source_url",)]


@dataclass(frozen=True)
class Gained:
    """Words by which the term that stays will be found too, in one language. Without a name in that
    language it takes the first of them for its name."""

    language: str
    words: list[str]
    is_named: bool


@dataclass(frozen=True)
class Preview:
    """What merging ``gone`` into ``stays`` touches."""

    gone: Term
    stays: Term
    uses: list[Use]
    gained: list[Gained]


def preview(gone: Term, stays: Term) -> Preview:
    """What would happen; ``ValidationError`` says why it cannot."""
    _check(gone, stays)
    names = {label.language: label for label in stays.labels.all()}
    gained = [
        Gained(label.language, words, label.language in names)
        for label in gone.labels.all()
        if (words := _new_words(label, names.get(label.language)))
    ]
    return Preview(gone, stays, uses_of(gone), gained)


@transaction.atomic
def merge(gone: Term, stays: Term) -> Term:
    """Make one term of two and answer it. Whatever names ``gone`` names ``stays`` then, in every app;
    its words are other words of ``stays``, the terms below it move, and its address leads there.
    ``ValidationError`` says why it cannot be, and nothing has changed."""
    _check(gone, stays)
    tell_changed([gone, stays])  # first: nobody puts a record from here to the end
    gone, stays = _locked(gone, stays)
    _climb_past(stays, gone)
    gone.related.remove(stays)
    for label in gone.labels.all():
        _give_words(label, stays)
    for column in columns():
        _lead_over(column, gone, stays)
    FormerAddress.objects.update_or_create(
        scheme=gone.scheme, slug=gone.slug, defaults={"term": stays}
    )
    starter.follow_term(gone, stays)
    taken = _to_take_over(gone, stays)
    gone.delete()
    for name, value in taken.items():
        setattr(stays, name, value)
    stays.save()
    return stays


def followed(ids: Iterable[int]) -> set[int]:
    """The terms that these are now: of one that was merged, the one that has taken its place. One that
    is gone without that is left out."""
    wanted = set(ids)
    there = set(Term.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    # An address leads on for good; by which one a term went that is gone, its history tells.
    for pk in wanted - there:
        last = recording_of(Term).of(pk).order_by("pgh_id").last()
        if last:
            led_on = FormerAddress.objects.filter(scheme=last.scheme, slug=last.slug)
            there.update(led_on.values_list("term", flat=True))
    return there


def _check(gone: Term, stays: Term) -> None:
    if gone.pk == stays.pk:
        raise ValidationError(_("Choose another term than this one."), code="same")
    if gone.scheme != stays.scheme:
        text = _("Both have to be of one scheme: a topic cannot become a place.")
        raise ValidationError(text, code="scheme")


def _locked(*terms: Term) -> list[Term]:
    """The same terms as they are now, in an order in which two who merge never wait for each other."""
    found = Term.objects.select_for_update().order_by("pk").in_bulk([term.pk for term in terms])
    if len(found) < len(terms):
        raise ValidationError(_("One of them is no longer there."), code="gone")
    return [found[term.pk] for term in terms]


def _climb_past(stays: Term, gone: Term) -> None:
    """A term below the one that goes takes its place in the tree first, or it would end below
    itself."""
    if gone.pk in Term.objects.with_ancestors([stays.pk]):
        stays.parent_id = gone.parent_id
        stays.save(update_fields=["parent"])


def _new_words(label: TermLabel, own: TermLabel | None) -> list[str]:
    """The words of ``label`` that ``own`` does not have, however they are written."""
    known = {fold(word) for word in (own.label, *own.alternatives)} if own else set()
    found = []
    for word in (label.label, *label.alternatives):
        if fold(word) not in known:
            known.add(fold(word))
            found.append(word)
    return found


def _give_words(label: TermLabel, stays: Term) -> None:
    own = stays.labels.filter(language=label.language).first()
    if own is None:
        label.term = stays
        label.save(update_fields=["term"])
        return
    own.alternatives = [*own.alternatives, *_new_words(label, own)]
    own.description = own.description or label.description
    own.save(update_fields=["alternatives", "description"])
    starter.follow_label(label, own)
    label.delete()


def _lead_over(column: ForeignKey, gone: Term, stays: Term) -> None:
    """Have the rows name ``stays`` that name ``gone`` in this column. A link or a part of a term that
    is there already goes; any other row in the way is for people to decide about."""
    rows = column.model._base_manager.filter(**{column.name: gone})
    is_double_kept = not column.model._meta.auto_created and (
        column.remote_field.on_delete is not CASCADE
    )
    for double in _doubles(column, rows, stays):
        if is_double_kept and double.exists():
            raise ValidationError(_in_the_way(column), code="double")
        double.delete()
    try:
        with transaction.atomic():
            rows.update(**{column.name: stays})
    except IntegrityError as error:
        raise ValidationError(_in_the_way(column), code="double") from error


def _doubles(column: ForeignKey, rows: QuerySet, stays: Term) -> Iterator[QuerySet]:
    """Those of the rows that some uniqueness keeps from naming ``stays``: the same is there."""
    for names, condition in _unique_with(column):
        there = column.model._base_manager.filter(condition, **{column.name: stays})
        same = there.filter(**{name: OuterRef(name) for name in names})
        yield rows.filter(condition).filter(Exists(same))


def _unique_with(column: ForeignKey) -> Iterator[tuple[list[str], Q]]:
    """What may be there once for each term: the other columns, and for which rows."""
    meta = column.model._meta
    if column.unique:
        yield [], Q()
    together = [(names, Q()) for names in meta.unique_together]
    together += [(one.fields, one.condition or Q()) for one in meta.total_unique_constraints]
    together += [
        (one.fields, one.condition)
        for one in meta.constraints
        if getattr(one, "fields", ()) and getattr(one, "condition", None)
    ]
    for names, condition in together:
        if column.name in names:
            yield [name for name in names if name != column.name], condition


def _in_the_way(column: ForeignKey) -> str:
    text = _("There are %(rows)s for both terms, of which one is allowed. Keep one of each first.")
    return text % {"rows": column.model._meta.verbose_name_plural}


def _to_take_over(gone: Term, stays: Term) -> dict[str, object]:
    return {
        name: getattr(gone, name)
        for names in TAKEN_OVER
        if all(getattr(stays, name) in (None, "") for name in names)
        for name in names
    }
