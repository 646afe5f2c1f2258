"""What people upload as pictures, harmless or not."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, PngImagePlugin

from hub.pictures import MAX_BYTES, Prepared, prepared

SECRET = b"secretcanary"
EVIL = b"<script>alert(1)</script>"


def drawn(size: tuple[int, int] = (800, 1200), mode: str = "RGB", colour: Any = "red") -> Image:
    return Image.new(mode, size, colour)


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def read(content: bytes) -> Prepared:
    return prepared(BytesIO(content))


def shown(content: bytes, number: int = -1) -> Image.Image:
    """What a browser makes of the picture, in its large size."""
    return Image.open(BytesIO(read(content).sizes[number].content)).convert("RGB")


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        read(content)
    return refused.value.code


def is_near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_webp_in_two_widths(kind):
    result = read(file_of(drawn((800, 1200)), kind))

    assert [(size.width, size.height) for size in result.sizes] == [(240, 360), (640, 960)]
    opened = [Image.open(BytesIO(size.content)) for size in result.sizes]
    assert [(image.format, image.size) for image in opened] == [
        ("WEBP", (240, 360)),
        ("WEBP", (640, 960)),
    ]


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((300, 200), [240, 300]),
        ((240, 240), [240]),
        ((100, 300), [100]),
        ((9000, 4000), [240, 640]),
    ],
)
def test_a_picture_is_never_enlarged(size, widths):
    assert [one.width for one in read(file_of(drawn(size))).sizes] == widths


def test_equal_pictures_have_equal_names():
    red, blue = file_of(drawn()), file_of(drawn(colour="blue"))

    assert read(red).digest == read(red + EVIL).digest
    assert read(red).digest != read(blue).digest
    assert read(red).digest.isalnum()


def test_a_picture_is_turned_upright():
    image = drawn((900, 300), colour="blue")
    image.paste("red", (0, 0, 450, 300))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise: the left side comes to the top

    upright = shown(file_of(image, "JPEG", exif=exif))

    assert upright.size == (300, 900)
    assert is_near(upright.getpixel((150, 50)), (254, 0, 0))
    assert is_near(upright.getpixel((150, 850)), (0, 0, 254))


def test_nothing_but_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    profile = b"\0" * 128 + SECRET
    files = [
        file_of(drawn(), "JPEG", exif=exif, comment=SECRET, icc_profile=profile, xmp=SECRET),
        file_of(drawn(), "PNG", pnginfo=text, icc_profile=profile, exif=exif),
        file_of(drawn(), "WEBP", exif=exif, xmp=SECRET, icc_profile=profile),
    ]

    for content in files:
        assert SECRET in content
        for size in read(content).sizes:
            assert SECRET not in size.content
            assert Image.open(BytesIO(size.content)).info.keys() <= {"loop", "background"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hides_behind_a_picture_is_left_behind(kind):
    result = read(file_of(drawn(), kind) + EVIL + b"PK\x03\x04")

    assert [EVIL in size.content for size in result.sizes] == [False, False]


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("RGBA", (0, 0, 255, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 255, 128), (127, 127, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("1", 1, (255, 255, 255)),
        ("L", 100, (100, 100, 100)),
        ("P", 0, (0, 0, 0)),
        ("I;16", 32768, (128, 128, 128)),
    ],
)
def test_every_sort_of_png_is_seen_as_it_is_meant(mode, colour, wanted):
    assert is_near(shown(file_of(drawn(mode=mode, colour=colour))).getpixel((9, 9)), wanted)


def test_a_transparent_palette_is_put_on_paper():
    content = file_of(drawn(mode="P", colour=0), transparency=0)

    assert shown(content).getpixel((9, 9)) == (255, 255, 255)


def test_print_colours_become_those_of_a_screen():
    content = file_of(drawn(mode="CMYK", colour=(0, 255, 255, 0)), "JPEG")

    assert is_near(shown(content).getpixel((9, 9)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_stays(kind):
    more = [drawn(colour="blue"), drawn(colour="lime")]
    content = file_of(drawn(), kind, save_all=True, append_images=more, lossless=True)

    result = read(content)

    assert is_near(shown(content).getpixel((9, 9)), (255, 0, 0))
    frames = [getattr(Image.open(BytesIO(size.content)), "n_frames", 1) for size in result.sizes]
    assert frames == [1, 1]


def png_that_claims(width: int, height: int) -> bytes:
    """A small PNG that unfolds into a large one."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def text_bomb() -> bytes:
    """A PNG whose comment unfolds into more than Pillow is ready to hold."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 70_000_000, zip=True)
    return file_of(drawn(), pnginfo=text)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><script/></svg>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (SVG, "unreadable"),
        (b"<?xml version='1.0'?>" + SVG, "unreadable"),
        (EVIL, "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + EVIL, "unreadable"),
        (b"\xff\xd8\xff\xe0" + EVIL, "unreadable"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + EVIL, "unreadable"),
        (file_of(drawn(), "GIF"), "unreadable"),
        (file_of(drawn(), "TIFF"), "unreadable"),
        (file_of(drawn(), "BMP"), "unreadable"),
        (file_of(drawn(), "PDF"), "unreadable"),
        (file_of(drawn(), "JPEG")[:2000], "unreadable"),
        (file_of(drawn(), "PNG")[:-40], "unreadable"),
        (file_of(drawn(), "WEBP", lossless=True)[:-20], "unreadable"),
        (png_that_claims(500, 500), "unreadable"),
        (png_that_claims(7000, 6000), "pixels"),
        (png_that_claims(12_000, 9_000), "pixels"),
        (png_that_claims(60_000, 60_000), "pixels"),
        (png_that_claims(2_000_000_000, 1), "pixels"),
        (file_of(drawn((1, 1))), "small"),
        (file_of(drawn((99, 250))), "small"),
        (file_of(drawn((3000, 101))), "narrow"),
        (file_of(drawn((101, 3000))), "narrow"),
        (file_of(drawn()) + bytes(MAX_BYTES), "bytes"),
    ],
)
def test_what_is_no_fit_picture_is_refused(content, code):
    assert refusal(content) == code


def test_a_comment_that_unfolds_is_refused():
    assert refusal(text_bomb()) == "unreadable"


def test_refusals_are_sentences():
    with pytest.raises(ValidationError) as refused:
        read(file_of(drawn((50, 500))))

    assert refused.value.messages == [
        "The picture is too small: it must be at least 100 pixels wide and high."
    ]
