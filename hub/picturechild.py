"""What makes covers of an uploaded picture. ``hub.pictures`` calls it for small ones, and starts it as
a script for large ones, which take much memory for a moment; of the hub it imports nothing but
``confined``, and that as a script alone.

As a script it reads the picture from its standard input and answers a line of JSON,
``{"sizes": [[width, height, bytes], …]}``, and behind it the files, one after the other; or
``{"fault": "unreadable"}``.
"""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")  # as the content says; the name of a file says nothing
WIDTHS = (240, 640)  # for lists, and where a picture stands large
QUALITY = 82
PAPER = "white"
MAX_PIXELS = 40_000_000

Encoded = tuple[int, int, bytes]


def main(limits: dict[str, Any]) -> None:
    sys.path.append(str(Path(__file__).parent))
    from confined import confine, say

    # What Pillow would load while it works, when it can open no more.
    Image.init()
    confine(limits)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        sizes = encoded(sys.stdin.buffer.read())
    except Exception:  # Pillow's readers raise whatever they stumble over
        return say(fault="unreadable")
    say(sizes=[[width, height, len(content)] for width, height, content in sizes])
    for _width, _height, content in sizes:
        sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def encoded(content: bytes) -> list[Encoded]:
    """The picture in the small size and, if it is larger than that, the large one: width, height and
    the content of a WebP file."""
    image = Image.open(BytesIO(content), formats=FORMATS)
    large = _resized(image, WIDTHS[-1])
    widths = dict.fromkeys(min(width, large.width) for width in WIDTHS)
    return [_encoded(_scaled(large, width)) for width in widths]


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


def _encoded(image: Image.Image) -> Encoded:
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY)
    return image.width, image.height, file.getvalue()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
