"""What the library keeps about those who fill it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.partners.holdings import Holding, plain, register
from knowledge.models import Import


def _retain(imports: QuerySet[Import]) -> int:
    count, _by_model = imports.over().delete()
    return count


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Import at the desk"),
            model=Import,
            rows=lambda email: Import.objects.filter(user__email__iexact=email).defer("content"),
            export=plain("file_name", "form", "owner", "state", "rows_in_all", "made_at"),
            erase=lambda imports: imports.delete(),
            retain=_retain,
        )
    )
