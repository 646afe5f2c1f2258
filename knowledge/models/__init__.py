from knowledge.models.covers import Cover, CoverSize
from knowledge.models.editions import Edition
from knowledge.models.files import File
from knowledge.models.links import Credit, Identifier, Link
from knowledge.models.resources import Resource, new_public_id
from knowledge.models.revisions import ReviewLink, Revision, WorkflowEvent

__all__ = [
    "Cover",
    "CoverSize",
    "Credit",
    "Edition",
    "File",
    "Identifier",
    "Link",
    "Resource",
    "ReviewLink",
    "Revision",
    "WorkflowEvent",
    "new_public_id",
]
