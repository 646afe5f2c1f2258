from knowledge.models.covers import Cover, CoverSize
from knowledge.models.editions import Edition
from knowledge.models.files import File
from knowledge.models.imports import Import, ImportRow
from knowledge.models.links import Credit, Identifier, Link
from knowledge.models.resources import Resource, new_public_id

__all__ = [
    "Cover",
    "CoverSize",
    "Credit",
    "Edition",
    "File",
    "Identifier",
    "Import",
    "ImportRow",
    "Link",
    "Resource",
    "new_public_id",
]
