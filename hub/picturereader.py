"""Pictures of strangers, read with care: refused by their measures before a pixel is, written anew by
Pillow here or, if they are large, by a process of its own."""

import json
from io import BytesIO
from pathlib import Path
from threading import Lock

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

from hub import children
from hub.picturechild import FORMATS, MAX_PIXELS, Encoded, encoded

MIN_SIDE = 100
MAX_RATIO = 3  # of the longer side to the shorter
# A picture of 40 megapixels takes some 200 MB for a moment: so much a process of its own may take,
# and the server's own takes but these.
MOST_PIXELS_HERE = 5_000_000
LIMITS = {"cpu_seconds": 15, "seconds": 30, "megabytes": 768}

_CHILD = Path(__file__).with_name("picturechild.py")
# All threads at once would be too many.
_one_at_a_time = Lock()


def encoded_of(content: bytes) -> list[Encoded]:
    """The picture as WebP in one size or two: width, height and file. ``ValidationError`` says why
    the hub does not take it."""
    with _one_at_a_time:
        try:
            image = _opened(content)
            is_small = image.width * image.height <= MOST_PIXELS_HERE
            return encoded(content) if is_small else _encoded_elsewhere(content)
        except ValidationError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except Exception as error:  # Pillow's readers raise whatever they stumble over
            text = _("This is no picture that the hub can read. Choose a JPEG, PNG or WebP file.")
            raise ValidationError(text, code="unreadable") from error


def _encoded_elsewhere(content: bytes) -> list[Encoded]:
    """The same by a process of its own; any exception if it comes to nothing."""
    with children.started(_CHILD, BytesIO(content), LIMITS) as child:
        told, _end, rest = b"".join(children.pieces_of(child, LIMITS["seconds"])).partition(b"\n")
    found, start = [], 0
    for width, height, length in json.loads(told)["sizes"]:
        found.append((int(width), int(height), rest[start : start + length]))
        start += length
    return found


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
