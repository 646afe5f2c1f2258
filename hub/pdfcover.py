"""The first page of a PDF as a cover."""

import tempfile

from PIL import Image

from hub import picturechild, picturereader, pictures

MAX_SIDE = 2000  # of the picture of the first page
# What the pictures of the first page may weigh, the small one and the large one.
PICTURE_BYTES = (12_000, 30_000)
QUALITIES = (80, 65, 50, 35, 20, 8)


def prepared(width: int, height: int, pixels: bytes) -> pictures.Prepared | None:
    """The page as a cover, in pictures light enough for a slow line; nothing if it is blank."""
    if not (min(width, height) >= picturereader.MIN_SIDE and max(width, height) <= MAX_SIDE):
        return None
    page = Image.frombytes("RGB", (width, height), pixels)
    if all(low == high for low, high in page.getextrema()):
        return None
    small = page.resize(
        (picturechild.WIDTHS[0], round(height * picturechild.WIDTHS[0] / width)),
        Image.Resampling.LANCZOS,
    )
    sizes = zip((small, page), PICTURE_BYTES, strict=True)
    return pictures.Prepared(tuple(_within(image, most) for image, most in sizes))


def _within(image: Image.Image, most: int) -> pictures.Size:
    """The picture in the best quality that weighs so little, or else the lightest."""
    for quality in QUALITIES:
        with tempfile.SpooledTemporaryFile(max_size=1 << 24) as file:
            image.save(file, "WEBP", quality=quality, method=6)
            file.seek(0)
            size = pictures.Size(image.width, image.height, file.read())
        if len(size.content) <= most:
            break
    return size
