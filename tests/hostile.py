"""Files that mean harm, made here and now: nothing of the kind lies in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from hub.tests import pdfs

EVIL = b"<script>alert('canary')</script>"
HTML = b"<!doctype html><html><body>" + EVIL + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + EVIL + b"</svg>"
NAMES = [
    *("../../../../etc/cron.d/canary.pdf", "..\\..\\canary.pdf", "/etc/passwd", ".htaccess"),
    *("report\u202efdp.exe", "a" * 255 + ".pdf", "a\0b.pdf", "a\nb.pdf", "a\r\nX-Canary: 1.pdf"),
    *("CON", "nul.pdf", "canary.php.pdf", 'a";filename="b.html', "a%00.html", "canary.svg", " "),
]


def archive_that_unfolds() -> bytes:
    """A document of an office program: a thousandth of what it unfolds to."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(50_000_000))
    return file.getvalue()


def table_in_a_circle() -> bytes:
    """Its table of objects says that an earlier one is itself."""
    content = pdfs.make_pdf("Words")
    start = content.rindex(b"startxref") + 10
    where = content[start : content.index(b"\n", start)]
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + where)


def stream_of_itself() -> bytes:
    """The stream that holds its objects is one of them, and extends itself."""
    body = b"4 0 << /Type /Page /Parent 2 0 R >>"
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Extends 3 0 R /Length %d >>\nstream\n%s\nendstream"
    head = b"%PDF-1.7\n"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        stream % (len(body), body),
    ]
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(head))
        head += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = [(0, 0, 65535), *((1, offset, 0) for offset in offsets[:2]), (2, 3, 0), (2, 3, 0)]
    table = b"".join(struct.pack(">BHH", *row) for row in [*rows, (1, len(head), 0)])
    text = b"<< /Type /XRef /Size 6 /W [1 2 2] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream"
    last = b"5 0 obj\n" + text % (len(table), table) + b"\nendobj\n"
    return head + last + b"startxref\n%d\n%%%%EOF\n" % len(head)


def that_claims(pages: int) -> bytes:
    """It says that it has so many pages, and has one."""
    return pdfs.make_pdf("Words").replace(b"/Count 1 ", b"/Count %d " % pages)


def markup_within() -> bytes:
    """A page of the web in the remarks at its head."""
    return pdfs.make_pdf("Words within").replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + HTML + b"\n")


# What no field for PDFs takes.
REFUSED: dict[str, Callable[[], bytes]] = {
    "drawing with a script": lambda: SVG,
    "page of the web": lambda: HTML,
    "mark behind a kilobyte": lambda: HTML + b" " * 1024 + pdfs.make_pdf("Words"),
    "picture that is a script": lambda: b"GIF89a/*" + bytes(2048) + b"*/=1;alert('canary')",
    "archive that unfolds": archive_that_unfolds,
    "office document of old": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999),
    "pages in a circle": pdfs.looping_tree,
    "pages in pages": pdfs.deep_tree,
    "brackets in brackets": pdfs.deep_arrays,
    "forms in forms": pdfs.endless_drawing,
    "page that unfolds": lambda: pdfs.bomb(500),
    "locked": lambda: pdfs.encrypted("secret"),
    "empty": lambda: b"",
    "cut off": lambda: pdfs.make_pdf("Words")[:600],
    "a mark and nothing": lambda: b"%PDF-1.7\n" + bytes(5000),
    "executable": lambda: b"MZ" + bytes(4000),
}
# What a field for PDFs takes, and makes harmless.
KEPT: dict[str, Callable[[], bytes]] = {
    "page of the web before it": lambda: HTML + b"\n" + pdfs.make_pdf("Words before"),
    "page of the web behind it": lambda: pdfs.make_pdf("Words behind") + HTML,
    "page of the web within": markup_within,
    "archive behind it": lambda: pdfs.make_pdf("Words of an archive") + archive_that_unfolds(),
    "script on opening": pdfs.with_script,
}
# Either will do, as long as nothing falls over.
EITHER: dict[str, Callable[[], bytes]] = {
    "table in a circle": table_in_a_circle,
    "stream of itself": stream_of_itself,
    "a million pages": lambda: that_claims(1_000_000),
    "more pages than numbers": lambda: that_claims(2**40),
}


def png_of(width: int, height: int) -> bytes:
    """A real PNG of one black pixel after the other, packed a thousandfold."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    packer, row = zlib.compressobj(9), bytes(1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            *(chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b"")),
        ]
    )


def drawn(kind: str, size: tuple[int, int] = (300, 400), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def endless(kind: str, frames: int = 400) -> bytes:
    """A picture that moves, and never stops."""
    file = io.BytesIO()
    colours = [Image.new("RGB", (300, 400), (number % 256, 90, 90)) for number in range(frames)]
    colours[0].save(file, kind, save_all=True, append_images=colours[1:], loop=0, duration=1)
    return file.getvalue()


def with_script_in_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = EVIL.decode()
    return drawn("JPEG", exif=exif, comment=EVIL)


REFUSED_COVERS: dict[str, Callable[[], bytes]] = {
    "drawing with a script": lambda: SVG,
    "30,000 by 30,000 pixels": lambda: png_of(30_000, 30_000),
    "picture that is a script": lambda: b"GIF89a/*" + bytes(2048) + b"*/=1;alert('canary')",
    "endless GIF": lambda: endless("GIF"),
    "AVIF": lambda: b"\0\0\0\x20ftypavif" + bytes(4000),
    "WebP of nothing": lambda: b"RIFF\xff\xff\xff\x7fWEBPVP8X" + bytes(99),
    "WebP of 16,383 by 16,383": lambda: drawn("WEBP", (100, 100)).replace(
        struct.pack("<HH", 100, 100), struct.pack("<HH", 16_383, 16_383)
    ),
    "page of the web": lambda: HTML,
    "PDF": lambda: pdfs.make_pdf("Words"),
}
KEPT_COVERS: dict[str, Callable[[], bytes]] = {
    "6,000 by 6,600 pixels": lambda: png_of(6_000, 6_600),
    "WebP of 30 megapixels": lambda: drawn("WEBP", (5_000, 6_000)),
    "endless WebP": lambda: endless("WEBP", 40),
    "endless PNG": lambda: endless("PNG", 40),
    "script in what tells of it": with_script_in_exif,
    "page of the web behind it": lambda: drawn("PNG") + HTML,
}
