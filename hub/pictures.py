"""Uploaded pictures made fit to be shown: read with care, turned upright, written anew as WebP.

Nothing of the uploaded file is kept but its pixels: no metadata, nothing hidden behind the picture.
"""

from dataclasses import dataclass
from hashlib import blake2s
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Size:
    """The picture in one size, as the content of a WebP file."""

    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be kept: the small size and, if it was larger than that, the large one.
    ``digest`` names the content: equal pictures have equal ones."""

    sizes: tuple[Size, ...]

    @property
    def digest(self) -> str:
        return blake2s(b"".join(size.content for size in self.sizes), digest_size=10).hexdigest()


def prepared(file: BinaryIO) -> Prepared:
    """The picture in this file. ``ValidationError`` says why the hub does not take it."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(_("The picture has more than 8 MB."), code="bytes")
    from hub import picturereader  # with it Pillow, which most workers never need

    return Prepared(tuple(Size(*size) for size in picturereader.encoded_of(content)))
