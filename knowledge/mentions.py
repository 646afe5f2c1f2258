"""Where works and reading lists name a term without a key of the database: in drafts beside public works,
and in the searches of lists."""

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import ngettext

from hub.vocabulary.models import Term
from hub.vocabulary.uses import Mention
from knowledge.models import Collection, Resource


def drafts_with(term: Term) -> QuerySet[Resource]:
    """The public works whose draft bears the term, though the work may not."""
    return Resource.objects.filter(pending__snapshot__terms__contains=[term.pk])


def searches_for(term: Term) -> QuerySet[Collection]:
    """The reading lists whose search asks for the term, by its address or by one it had."""
    slugs = {term.slug, *term.former_addresses.values_list("slug", flat=True)}
    about = Q()
    for slug in slugs:
        about |= Q(query__contains=slug)
    pks = [
        row.pk
        for row in Collection.objects.filter(about).only("query")
        if slugs & {*QueryDict(row.query).getlist(term.scheme)}
    ]
    return Collection.objects.filter(pk__in=pks)


def _drafts(count: int) -> str:
    text = ngettext("%d draft beside a public work", "%d drafts beside public works", count)
    return text % count


def _searches(count: int) -> str:
    return ngettext("%d search of a reading list", "%d searches of reading lists", count) % count


MENTIONS = (Mention(drafts_with, _drafts), Mention(searches_for, _searches))
