from knowledge.models.covers import Cover, CoverSize
from knowledge.models.editions import Edition
from knowledge.models.files import File
from knowledge.models.links import Credit, Identifier, Link
from knowledge.models.merging import Merged, TwoWorks
from knowledge.models.resources import Resource, new_public_id

__all__ = [
    "Cover",
    "CoverSize",
    "Credit",
    "Edition",
    "File",
    "Identifier",
    "Link",
    "Merged",
    "Resource",
    "TwoWorks",
    "new_public_id",
]
