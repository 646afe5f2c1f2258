"""Uploaded pictures made fit to be shown: read with care, turned upright, written anew as WebP.

Nothing of the uploaded file is kept but its pixels: no metadata, nothing hidden behind the picture.
"""

from dataclasses import dataclass
from hashlib import blake2s
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")  # as the content says; the name of a file says nothing
MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 100
MAX_RATIO = 3  # of the longer side to the shorter
WIDTHS = (240, 640)  # for lists, and where a picture stands large
QUALITY = 82
PAPER = "white"

# A picture of 40 megapixels takes some 200 MB for a moment; all threads at once would be too many.
_one_at_a_time = Lock()


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
    with _one_at_a_time:
        try:
            large = _resized(_opened(content), WIDTHS[-1])
        except ValidationError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except Exception as error:  # Pillow's readers raise whatever they stumble over
            text = _("This is no picture that the hub can read. Choose a JPEG, PNG or WebP file.")
            raise ValidationError(text, code="unreadable") from error
    widths = dict.fromkeys(min(width, large.width) for width in WIDTHS)
    return Prepared(tuple(_encoded(_scaled(large, width)) for width in widths))


def _opened(content: bytes) -> Image.Image:
    """The picture with its head read and no pixel yet; refused by its measures."""
    image = Image.open(BytesIO(content), formats=FORMATS)
    shorter, longer = sorted(image.size)
    if shorter * longer > MAX_PIXELS:
        raise _too_many_pixels()
    if shorter < MIN_SIDE:
        text = _("The picture is too small: it must be at least %(side)d pixels wide and high.")
        raise ValidationError(text, code="small", params={"side": MIN_SIDE})
    if longer > MAX_RATIO * shorter:
        text = _("The picture is too narrow: no side may be more than %(times)d times the other.")
        raise ValidationError(text, code="narrow", params={"times": MAX_RATIO})
    return image


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has more than 40 megapixels."), code="pixels")


def _resized(image: Image.Image, width: int) -> Image.Image:
    """The first frame upright on paper, at most so wide, in red, green and blue alone."""
    image.draft(None, (2 * width, 2 * width))  # spares reading a large JPEG in full
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    image = _in_colours(image)
    image = _scaled(image, min(width, image.width))
    paper = Image.new("RGB", image.size, PAPER)  # it carries no metadata over
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _in_colours(image: Image.Image) -> Image.Image:
    """In eight bits of red, green and blue, with transparency where there is some."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    size = (width, round(image.height * width / image.width))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image) -> Size:
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY)
    return Size(image.width, image.height, file.getvalue())
