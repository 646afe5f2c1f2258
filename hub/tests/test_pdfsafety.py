"""What could run in a PDF is taken out of it; what has nothing of the kind stays as it was."""

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from hub import pdfcleaner, pdfsafety, pdftext
from hub.tests import pdfs

PLAIN = pdfs.make_pdf("Words")


def safe(content: bytes, **limits: int) -> tuple[bytes, tuple[str, ...]]:
    file = SimpleUploadedFile("work.pdf", content)
    made = pdfsafety.made_safe(file, pdftext.Limits(**limits)) if limits else None
    made = made or pdfsafety.made_safe(file)
    return made.content.read(), made.taken_out


def packed(content: bytes) -> bytes:
    """The same document with its objects in compressed streams, where no search finds them."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def page_with(notes: str, *objects: str) -> bytes:
    """A page with these annotations, and further objects from number 4 on."""
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
        f"/Resources << >> /Annots [{notes}] >>"
    )
    return pdfs.assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page.encode(),
            *(one.encode() for one in objects),
        ]
    )


def note(subtype: str, rest: str) -> str:
    return f"<< /Type /Annot /Subtype /{subtype} /Rect [0 0 99 99] {rest} >>"


SCRIPT = "<< /S /JavaScript /JS (canary) >>"
# What a document could do, and how that is called.
ACTIVE = {
    "script on opening": (pdfs.with_script(), "scripts"),
    "script by name": (
        pdfs.make_pdf("a", catalogue=f"/Names << /JavaScript << /Names [(x) {SCRIPT}] >> >>"),
        "scripts",
    ),
    "script on leaving": (pdfs.make_pdf("a", catalogue=f"/AA << /WC {SCRIPT} >>"), "scripts"),
    "script of a link": (page_with(note("Link", f"/A {SCRIPT}")), "scripts"),
    "script after a jump": (
        page_with(note("Link", f"/A << /S /GoTo /D (x) /Next [{SCRIPT}] >>")),
        "scripts",
    ),
    "script far away": (
        page_with(note("Link", "/A 4 0 R"), "<< /S /JavaScript /JS 5 0 R >>", "(canary)"),
        "scripts",
    ),
    "script of a field": (
        page_with("4 0 R", note("Widget", f"/FT /Tx /T (a) /AA << /K {SCRIPT} >>")),
        "scripts",
    ),
    "an act of no known sort": (page_with(note("Link", "/A << /S /Canary >>")), "scripts"),
    "program": (page_with(note("Link", "/A << /S /Launch /F (canary.exe) >>")), "programs"),
    "program of old": (
        page_with(note("Link", "/A << /S /Launch /Win << /F (cmd.exe) /P (canary) >> >>")),
        "programs",
    ),
    "form that is sent": (
        page_with(note("Widget", "/A << /S /SubmitForm /F (http://canary.example) >>")),
        "forms",
    ),
    "form that is a program": (
        pdfs.make_pdf("a", catalogue="/AcroForm << /XFA (canary) >>"),
        "forms",
    ),
    "file elsewhere": (page_with(note("Link", "/A << /S /GoToR /F (//canary/a) >>")), "links"),
    "file within": (page_with(note("Link", "/A << /S /GoToE /F (canary) >>")), "links"),
    "address of a file": (
        page_with(note("Link", "/A << /S /URI /URI (file:///canary) >>")),
        "links",
    ),
    "address of a script": (
        page_with(note("Link", "/A << /S /URI /URI (JavaScript:canary) >>")),
        "links",
    ),
    "address in a network": (
        page_with(note("Link", r"/A << /S /URI /URI (\\\\canary\\a) >>")),
        "links",
    ),
    "stream elsewhere": (
        page_with(
            note("Link", "/More 4 0 R"), "<< /Length 0 /F (//canary/a) >>\nstream\n\nendstream"
        ),
        "links",
    ),
    "attached file": (
        pdfs.make_pdf("a", catalogue="/Names << /EmbeddedFiles << /Names [(canary) 9 0 R] >> >>"),
        "attachments",
    ),
    "file of a note": (
        page_with(note("FileAttachment", "/FS << /Type /Filespec /EF << /F 4 0 R >> >>"), "<< >>"),
        "attachments",
    ),
    "film": (page_with(note("RichMedia", "/RichMediaContent << /Canary 1 >>")), "media"),
    "sound": (page_with(note("Link", "/A << /S /Rendition /OP 0 >>")), "media"),
    "words before": (b"<script>canary</script>\n" + PLAIN, "rest"),
    "words behind": (PLAIN + b"<script>canary</script>", "rest"),
    "archive behind": (PLAIN + b"PK\x03\x04" + b"canary" * 900, "rest"),
}
FORBIDDEN = [
    *(b"/JavaScript", b"/JS", b"/Launch", b"/SubmitForm", b"/GoToR", b"/GoToE", b"/EmbeddedFiles"),
    *(b"canary", b"Canary", b"/XFA", b"/EF", b"/AA", b"/Rendition", b"cmd.exe"),
]


def unpacked(content: bytes) -> bytes:
    """The same document with nothing compressed, so that everything can be seen."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return out.getvalue()


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("name", ACTIVE)
def test_nothing_that_runs_is_left(name, is_packed):
    content, sort = ACTIVE[name]
    content = packed(content) if is_packed and sort != "rest" else content

    clean, taken_out = pdfcleaner.made_clean(io.BytesIO(content))

    assert taken_out == {sort}
    assert [word for word in FORBIDDEN if word in unpacked(clean)] == []
    assert pdfcleaner.made_clean(io.BytesIO(clean)) == (b"", set())


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN + b"\n\0\0\r\n",
        packed(PLAIN),
        pdfs.encrypted(),
        pdfs.make_pdf("a", catalogue="/OpenAction [3 0 R /Fit]"),
        pdfs.make_pdf("a", catalogue="/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        pdfs.make_pdf("a", catalogue="/StructTreeRoot << /K << /S /P /A << /O /Layout >> >> >>"),
        page_with(note("Link", "/A << /S /URI /URI (https://example.org/a) >>")),
        page_with(note("Link", "/A << /S /URI /URI (mailto:desk@example.org) >>")),
        page_with(note("Link", "/A << /S /URI /URI (next.html#part) >>")),
        page_with(note("Link", "/Dest (chapter) /BS << /S /S >>")),
        page_with(note("Link", "/A << /S /Named /N /NextPage >>")),
    ],
)
def test_what_does_no_harm_is_not_written_anew(content):
    assert pdfcleaner.made_clean(io.BytesIO(content)) == (b"", set())


def test_what_does_no_harm_stays_as_it_was_to_the_byte():
    assert safe(PLAIN) == (PLAIN, ())


def test_what_is_written_anew_is_the_same_each_time():
    """So that nobody keeps one file twice."""
    assert safe(pdfs.with_script()) == safe(pdfs.with_script())


def test_the_pages_of_a_cleaned_file_are_read_as_before():
    content, taken_out = safe(pdfs.with_script())

    assert taken_out == ("scripts",)
    assert pdftext.read(io.BytesIO(content)).texts == ["Harmless words"]


def test_a_lock_that_opens_without_a_password_is_told_where_it_goes():
    content, taken_out = safe(pdfs.encrypted() + b"<script>")

    assert (taken_out, b"/Encrypt" in content) == (("password", "rest"), False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PLAIN[:600], "damaged"),
        (pdfs.encrypted("secret"), "encrypted"),
        (b"PK\x03\x04" + bytes(99), "kind"),
        (b"GIF89a" + bytes(2000) + PLAIN, "kind"),
        (pdfs.looping_tree(), "damaged"),
    ],
)
def test_what_cannot_be_made_safe_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        safe(content)

    assert refused.value.code == code


def test_a_file_that_takes_too_long_to_be_looked_at_is_refused():
    many = pdfs.make_pdf("a", catalogue="/Much [" + "<< /A 1 >> " * 900_000 + "]")

    with pytest.raises(ValidationError) as refused:
        safe(many, cpu_seconds=1, seconds=9)

    assert refused.value.code == "heavy"
