from hub.catalogue.models.finding import FacetValue, KeptPage, SearchMiss, SetAside, Word
from hub.catalogue.models.records import (
    LAST_OVER,
    MOMENT,
    OPEN,
    Departed,
    Passage,
    Record,
    RecordQuerySet,
)
from hub.catalogue.models.saved import SavedSearch
from hub.catalogue.models.usage import UsageDay, UsageReader, UsageSalt

__all__ = [
    "LAST_OVER",
    "MOMENT",
    "OPEN",
    "Departed",
    "FacetValue",
    "KeptPage",
    "Passage",
    "Record",
    "RecordQuerySet",
    "SavedSearch",
    "SearchMiss",
    "SetAside",
    "UsageDay",
    "UsageReader",
    "UsageSalt",
    "Word",
]
