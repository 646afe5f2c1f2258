from knowledge.models.collections import (
    MOST_FOUND,
    MOST_PICKED,
    Collection,
    CollectionItem,
    CollectionText,
)
from knowledge.models.contributions import OUTLINE, Contribution
from knowledge.models.covers import Cover, CoverSize
from knowledge.models.editions import Edition
from knowledge.models.files import EMBARGO, File
from knowledge.models.imports import Import, ImportRow
from knowledge.models.likeness import Comparison, Likeness
from knowledge.models.links import Credit, Identifier, Link
from knowledge.models.merging import Merged, TwoWorks
from knowledge.models.problems import ProblemReport
from knowledge.models.resources import Resource, new_public_id
from knowledge.models.revisions import ReviewLink, Revision, WorkflowEvent
from knowledge.models.shelves import Shelf, shelves_of, windows_of

__all__ = [
    "EMBARGO",
    "MOST_FOUND",
    "MOST_PICKED",
    "OUTLINE",
    "Collection",
    "CollectionItem",
    "CollectionText",
    "Comparison",
    "Contribution",
    "Cover",
    "CoverSize",
    "Credit",
    "Edition",
    "File",
    "Identifier",
    "Import",
    "ImportRow",
    "Likeness",
    "Link",
    "Merged",
    "ProblemReport",
    "Resource",
    "ReviewLink",
    "Revision",
    "Shelf",
    "TwoWorks",
    "WorkflowEvent",
    "new_public_id",
    "shelves_of",
    "windows_of",
]
