"""PDFs in several scripts, and those that are made to do harm."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from hub import pdftext
from hub.pdftext import Limits, Reading
from hub.tests import pdfs

QUICK = Limits(cpu_seconds=1, seconds=10)


def read(content: bytes, limits: Limits = QUICK) -> Reading:
    return pdftext.read(BytesIO(content), limits)


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        pdftext.pages_in(BytesIO(content))
    return refused.value.code


@pytest.mark.parametrize(
    "text",
    [
        "Évolution énergétique, façade, œuvre",
        "Chuyển dịch năng lượng công bằng ở Việt Nam",
        "Шилжилт: нүүрсний бүс нутаг, Өмнөговь",
        "การเปลี่ยนผ่านที่เป็นธรรม แม่เมาะ ถ่านหิน",
    ],
    ids=["Latin", "Vietnamese", "Mongolian", "Thai"],
)
def test_text_comes_out_as_it_was_written(text):
    reading = read(pdfs.make_pdf(f"{text}\nline two", "", "page three"))

    assert (reading.pages, reading.fault) == (3, "")
    assert reading.texts == [f"{text}\nline two", "", "page three"]


def test_letters_come_in_one_form():
    """Decomposed accents composed; ligatures, invisible signs and those of one font alone gone."""
    reading = read(pdfs.make_pdf("e\u0301nergie \ufb01nance \uf0b7 a\u202eb\0c \ue123d"))

    assert reading.texts == ["énergie finance • abc d"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a just transi-\ntion now", "a just transition now"),
        (
            "they are coal-\nfired. All coal-fired plants",
            "they are coal-fired. All coal-fired plants",
        ),
        ("to over-\nall aims, all over: overall", "to overall aims, all over: overall"),
        ("coal is low-\ncarbon, but low in carbon", "coal is low-carbon, but low in carbon"),
        ("in COVID-\n19 times", "in COVID-19 times"),
        ("in Asia-\nPacific", "in Asia-Pacific"),
        ("soft\u00ad\nened and soft\u00adened", "softened and softened"),
        ("шил-\nжилт", "шилжилт"),
        ("a list:\n- one\n- two", "a list:\n- one\n- two"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_whole_again(page, text):
    assert read(pdfs.make_pdf(page)).texts == [text]


def test_the_rest_of_the_document_tells_which_hyphens_are_its_own():
    reading = read(pdfs.make_pdf("the coal-\nfired plant", "all coal-fired plants"))

    assert reading.texts[0] == "the coal-fired plant"


def test_the_first_page_is_a_light_picture():
    reading = read(pdfs.make_pdf(*(["After coal\nWhat miners did next"] * 2)))

    images = [Image.open(BytesIO(size.content)) for size in reading.picture.sizes]
    assert [(image.format, image.size) for image in images] == [
        ("WEBP", (240, 340)),
        ("WEBP", (640, 906)),
    ]
    assert len(reading.picture.sizes[0].content) <= 12_000
    assert images[1].convert("L").getextrema()[0] < 100 < images[1].convert("L").getextrema()[1]


@pytest.mark.parametrize(
    "content",
    [
        pdfs.make_pdf(""),
        pdfs.make_pdf("A very wide page", box=(0, 0, 2000, 100)),
        pdfs.make_pdf("A very high page", box=(0, 0, 100, 2000)),
    ],
    ids=["blank", "wide", "high"],
)
def test_a_first_page_that_makes_no_cover_has_no_picture(content):
    assert (read(content).picture, read(content).fault) == (None, "")


def test_scanned_pages_have_no_text():
    assert read(pdfs.make_pdf("", "12", "– 13 –")).has_text is False


def test_no_more_pages_and_letters_are_read_than_the_limits_say():
    reading = read(pdfs.make_pdf("12345678", "b", "c"), Limits(pages=2, characters=5))

    assert (reading.pages, reading.texts, reading.fault) == (3, ["12345", "b"], "")


def test_five_thousand_pages_are_read_in_part():
    reading = read(pdfs.many_pages(5000), Limits())

    assert (reading.pages, len(reading.texts), reading.fault) == (5000, 2000, "")
    assert reading.texts[-1] == "Page 2000"


def test_what_everybody_can_open_is_read_though_it_is_encrypted():
    reading = read(pdfs.encrypted())

    assert (reading.texts, reading.fault) == (["Secret words"], "")
    assert pdftext.pages_in(BytesIO(pdfs.encrypted())) == 1


def test_scripts_in_a_file_do_nothing():
    reading = read(pdfs.with_script())

    assert (reading.texts, reading.fault) == (["Harmless words"], "")


WHOLE = pdfs.make_pdf("One", "Two", "Three")
HOSTILE = {
    "nothing": (b"", "damaged", "kind"),
    "no PDF": (b"<script>alert(1)</script>" * 50, "damaged", "kind"),
    "a PDF by its first letters": (b"%PDF-1.7\n" + b"\0" * 5000, "damaged", "damaged"),
    "cut in two": (WHOLE[: len(WHOLE) // 2], "damaged", "damaged"),
    "password": (pdfs.encrypted("secret"), "encrypted", "encrypted"),
    "page tree in a loop": (pdfs.looping_tree(), "damaged", "damaged"),
    "page tree too deep": (pdfs.deep_tree(), "damaged", "damaged"),
    "forms in forms": (pdfs.endless_drawing(), "failed", "heavy"),
    "packed twice": (pdfs.bomb(), "failed", "heavy"),
}


@pytest.mark.parametrize(("content", "fault", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_told_and_refused(content, fault, code):
    before = psutil.Process().memory_info().rss

    reading, refused = read(content, Limits(cpu_seconds=5, seconds=10)), refusal(content)

    assert (reading.fault, refused) == (fault, code)
    assert psutil.Process().memory_info().rss - before < 100_000_000
    assert [child.name() for child in psutil.Process().children()] == []


@pytest.mark.parametrize(
    "content",
    [
        pdfs.make_pdf("x", box=(0, 0, 1e12, 1e12)),
        pdfs.make_pdf("x", box=(0, 0, -5, 0)),
        pdfs.make_pdf("x", box=(9, 9, 9, 9)),
    ],
    ids=["huge", "negative", "nothing"],
)
def test_strange_measures_of_a_page_do_no_harm(content):
    assert (read(content).texts, read(content).fault) == (["x"], "")


def test_brackets_without_end_do_no_harm():
    assert read(pdfs.deep_arrays(), Limits(seconds=10)).fault == ""


def test_what_takes_too_long_is_stopped_by_its_work_and_by_the_clock():
    """What was read before is kept."""
    content = pdfs.with_bomb_behind("First page", megabytes=60)

    busy = read(content, Limits(cpu_seconds=1, seconds=30, megabytes=2048))
    late = read(content, Limits(cpu_seconds=30, seconds=1, megabytes=2048))

    assert (busy.fault, busy.texts) == ("slow", ["First page"])
    assert (late.fault, late.texts) == ("slow", ["First page"])


def test_a_file_of_too_many_bytes_is_refused_unread(tmp_path):
    path = tmp_path / "long.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(pdftext.MAX_BYTES + 1)

    with path.open("rb") as file, pytest.raises(ValidationError) as refused:
        pdftext.pages_in(file)

    assert refused.value.messages == ["The file has more than 50 MB."]


def test_a_file_is_left_at_its_beginning():
    file = BytesIO(WHOLE)

    assert (pdftext.pages_in(file), file.read()) == (3, WHOLE)


def test_the_child_can_open_nothing(tmp_path):
    """Once it is confined: no file to read or to write, no connection."""
    script = f"""
import importlib.util, json, os, socket
spec = importlib.util.spec_from_file_location("child", {str(pdftext._CHILD)!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child.confine({{"seconds": 9, "cpu_seconds": 9, "megabytes": 512}})
refused = []
for act in (
    lambda: open("/etc/passwd"),
    lambda: open({str(tmp_path / "new")!r}, "w"),
    socket.socket,
    os.pipe,
    lambda: os.write(1, b"") and None or bytearray(600_000_000),
):
    try:
        act()
    except (OSError, MemoryError) as error:
        refused.append(type(error).__name__)
print(json.dumps(refused))
"""
    command = [sys.executable, "-I", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={})

    assert json.loads(done.stdout) == ["OSError"] * 4 + ["MemoryError"]
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [
        b"no json\n",
        b"[" * 100_000 + b"\n",
        b'{"pages": -1}\n{"done": true}\n',
        b'{"pages": 99999999999999999999}\n{"text": 7}\n',
        b'{"pages": 1}\n{"text": "a"}\n{"picture": {"width": 640, "height": 900, "pixels": "AA"}}\n',
    ],
)
def test_what_a_child_that_was_taken_over_says_does_no_harm(said, monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text(f"import os; os.write(1, {said!r})")
    monkeypatch.setattr(pdftext, "_CHILD", script)

    reading = read(WHOLE)

    assert (reading.picture, reading.fault) in [(None, "failed"), (None, "damaged")]
    assert reading.pages <= 2**31 - 1
