"""PDFs made by hand, so that tests need no fonts and no library: their letters are codes with a table
that says which letter of Unicode each is, and the hostile ones are hostile in one way each."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence

A4 = (0, 0, 595, 842)
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
FILE_ID = b"0123456789abcdef"


def make_pdf(*pages: str | Sequence[str], box: Sequence[float] = A4, catalogue: str = "") -> bytes:
    """A PDF of these pages; each is a text of lines, and an empty one is a blank page."""
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(), b"", *_font(pages)]
    kids = []
    for page in pages:
        objects.append(_stream(_drawn(page.split("\n") if isinstance(page, str) else page)))
        measures = " ".join(map(str, box))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{measures}] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assembled(objects)


def with_tags(*, marked: bool = True, rooted: bool = True) -> bytes:
    """A page that says what on it is a heading: by its mark, and by the tree that begins at the root."""
    mark = "/MarkInfo << /Marked true >>" if marked else ""
    root = "/StructTreeRoot 9 0 R" if rooted else ""
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /StructParents 0 "
        "/Resources << /Font << /F1 3 0 R >> >> >>"
    )
    return assembled(
        [
            f"<< /Type /Catalog /Pages 2 0 R {mark} {root} >>".encode(),
            b"<< /Type /Pages /Kids [8 0 R] /Count 1 >>",
            *_font(["A heading"]),
            _stream(_drawn(["A heading"])),
            page.encode(),
            b"<< /Type /StructTreeRoot /K [10 0 R] /ParentTree << /Nums [0 [10 0 R]] >> >>",
            b"<< /Type /StructElem /S /H1 /P 9 0 R /Pg 8 0 R /K 0 >>",
        ]
    )


def assembled(objects: Iterable[bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is the catalogue."""
    body, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, count = len(body), len(offsets) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % count
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += f"trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)


def _font(pages: Iterable[str | Sequence[str]]) -> list[bytes]:
    """A font without letters of its own, whose codes are those of Unicode."""
    signs = sorted({sign for page in pages for line in page for sign in line})
    chars = [f"<{ord(sign):04x}> <{ord(sign):04x}>" for sign in signs]
    blocks = [chars[start : start + 100] for start in range(0, len(chars), 100)]
    table = "\n".join(
        ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def"]
        + ["1 begincodespacerange <0000> <ffff> endcodespacerange"]
        + [f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks]
        + ["endcmap end end"]
    )
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/FontDescriptor 6 0 R >>",
        _stream(table.encode()),
        b"<< /Type /FontDescriptor /FontName /Own /Flags 4 /FontBBox [0 -200 1000 900] "
        b"/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
    ]


def _drawn(lines: Iterable[str]) -> bytes:
    """Marks for a page: its lines from the top, with a rule under the first."""
    shown = [f"<{line.encode('utf-16-be').hex()}> Tj 0 -16 Td" for line in lines if line]
    text = f"BT /F1 10 Tf 60 780 Td {' '.join(shown)} ET" if shown else ""
    return f"{text} {'60 770 300 2 re f' if shown else ''}".encode()


def _stream(content: bytes, filters: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content),
        filters.encode(),
        content,
    )


# Hostile ones


def many_pages(count: int) -> bytes:
    """So many pages, each with its number."""
    return make_pdf(*(f"Page {number}" for number in range(1, count + 1)))


def looping_tree() -> bytes:
    """Its tree of pages leads back into itself."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 9 >>",
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>",
        ]
    )


def deep_tree(depth: int = 20_000) -> bytes:
    """Page lists in page lists in page lists."""
    kids = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % number for number in range(3, depth + 3)
    ]
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", *kids])


def deep_arrays(depth: int = 200_000) -> bytes:
    """Brackets in brackets in brackets where the size of a page should be."""
    nested = b"[" * depth + b"]" * depth
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s >>" % nested,
        ]
    )


def bomb(megabytes: int = 2000) -> bytes:
    """A page whose marks are packed into a thousandth of their size, twice over."""
    return assembled(_one_page(_packed(megabytes)))


def with_bomb_behind(text: str, *, megabytes: int) -> bytes:
    """A page of words, then one that takes long to open."""
    objects = _one_page(_stream(f"BT /F1 10 Tf 60 780 Td ({text}) Tj ET".encode()))
    page = objects[2].replace(b"4 0 R", b"6 0 R")
    objects[1] = b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>"
    return assembled([*objects, page, _packed(megabytes)])


def _packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    marks = b"BT /F1 1 Tf (bomb) Tj ET " * 41_944  # about a megabyte
    packed = [packer.compress(marks) for _ in range(megabytes)] + [packer.flush()]
    return _stream(zlib.compress(b"".join(packed), 9), "/Filter [/FlateDecode /FlateDecode]")


def _one_page(content: bytes) -> list[bytes]:
    """The objects of a document of one page, in a font that every reader has."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
        b">> >> >>",
        content,
    ]


def endless_drawing(levels: int = 12) -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /X 5 0 R >> >> >>",
        _stream(b"/X Do " * 10),
    ]
    for level in range(levels):
        last = level == levels - 1
        form = (
            f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
            f"/Resources << /XObject << /X {len(objects) + 2} 0 R >> >>"
        )
        objects.append(_stream(b"0 0 99 99 re f" if last else b"/X Do " * 10, form))
    return assembled(objects)


def with_script() -> bytes:
    """It would run a script and another program when it is opened."""
    return make_pdf(
        "Harmless words",
        catalogue="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); while\\(1\\);) "
        "/Next << /S /Launch /F (/bin/sh) >> >>",
    )


def encrypted(password: str = "", text: str = "Secret words") -> bytes:
    """Encrypted as PDF 1.4 does it; without a password everybody can open it."""
    owner_key = hashlib.md5(_padded("owner")).digest()
    for _ in range(50):
        owner_key = hashlib.md5(owner_key).digest()
    owner = _padded(password)
    for turn in range(20):
        owner = _rc4(bytes(byte ^ turn for byte in owner_key), owner)
    key = hashlib.md5(_padded(password) + owner + b"\xfc\xff\xff\xff" + FILE_ID).digest()
    for _ in range(50):
        key = hashlib.md5(key).digest()
    user = hashlib.md5(PAD + FILE_ID).digest()
    for turn in range(20):
        user = _rc4(bytes(byte ^ turn for byte in key), user)
    marks = f"BT /F1 10 Tf 60 780 Td ({text}) Tj ET".encode()
    own_key = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()
    trailer = (
        f"/ID [<{FILE_ID.hex()}> <{FILE_ID.hex()}>] /Encrypt << /Filter /Standard /V 2 /R 3 "
        f"/Length 128 /P -4 /O <{owner.hex()}> /U <{(user + bytes(16)).hex()}> >>"
    )
    return assembled(_one_page(_stream(_rc4(own_key, marks))), trailer)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + PAD)[:32]


def _rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    result, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        result.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(result)
