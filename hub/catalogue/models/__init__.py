from hub.catalogue.models.finding import FacetValue, KeptPage, SearchMiss, Word
from hub.catalogue.models.records import MOMENT, Passage, Record, RecordQuerySet

__all__ = [
    "MOMENT",
    "FacetValue",
    "KeptPage",
    "Passage",
    "Record",
    "RecordQuerySet",
    "SearchMiss",
    "Word",
]
