"""Files of all sorts, good, odd and hostile: each is read, or refused in words."""

import json
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from hub import sheets
from knowledge.bringing_in import formats
from knowledge.bringing_in.entries import MAX_ROWS, BadFile


def entries(form, content):
    content = content.encode() if isinstance(content, str) else content
    return formats.read(form, content).entries


def cells(form, content):
    return [entry.cells for entry in entries(form, content)]


def refusal(form, content):
    with pytest.raises(BadFile) as refused:
        entries(form, content)
    return str(refused.value)


# Tables

TEXT = "title;tags\nÉtude;a\nZwei;b\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("latin-1"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", ",").encode(),
        f"\n\n{TEXT}".encode(),
        TEXT.replace("title;tags", '"Title " ; TAGS').replace(" ; ", ";").encode(),
    ],
)
def test_a_table_is_read_however_it_is_written(content):
    assert cells("csv", content) == [
        {"title": "Étude", "tags": "a"},
        {"title": "Zwei", "tags": "b"},
    ]


def test_who_has_another_alphabet_is_told_to_look():
    notes = formats.read("csv", TEXT.encode("latin-1")).notes

    assert len(notes) == 1
    assert "Windows-1252" in notes[0]


def test_a_line_break_in_quotes_is_in_the_cell_and_lines_are_counted():
    found = entries("csv", 'title,summary\nA,"x\n""y"""\n\nB,\n')

    assert [(entry.line, entry.cells["summary"]) for entry in found] == [(2, 'x\n"y"'), (5, "")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "there is neither"),
        ("title\n", "holds no work"),
        ("name,words\na,b\n", "there is neither “title” nor “public_id”"),
        ("title,Title\na,b\n", "names a column twice: title"),
        ('title,tags\n"never shut,a\nb,c\n', "From line 2 on this is no table"),
        (",".join(f"c{n}" for n in range(101)) + "\n", "more than 100 columns"),
        ("title\n" + "a\n" * (MAX_ROWS + 1), "more than 20000 works"),
        (b"\xff\xfea", "is not"),
        (b"%PDF-1.7\n\x00\x01\x02\xff", "there is neither"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    assert words in refusal("csv", content)


def test_unknown_columns_are_named():
    reading = formats.read("csv", b"title,page,colour\na,b,c\n")

    assert reading.notes == ["Columns that the hub does not know were left out: colour."]
    assert reading.entries[0].cells == {"title": "a"}


@pytest.mark.parametrize("cell", ["x" * 300_000, "a\x00b", "; ".join("abc" * 1)])
def test_a_cell_that_no_column_takes_is_a_problem_of_its_row(cell):
    [entry] = entries("csv", f"title,summary\na,{cell}\n")

    assert bool(entry.problems) == (cell != "abc" and len(cell) != 7)
    assert len(entry.cells["summary"]) <= 100


def workbook(*rows):
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def repacked(content, **parts):
    """The workbook with these parts in the place of its own."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))
GOOD = workbook(["title"], ["a"])


def with_strings(strings):
    """A workbook whose texts stand in a part of their own, as those of Excel do."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    own = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    with zipfile.ZipFile(BytesIO(GOOD)) as parts:
        types = parts.read(TYPES).decode().replace("</Types>", own)
        sheet = parts.read(SHEET).decode()
    cells = sheet.replace('t="inlineStr"><is><t>title</t></is>', 't="s"><v>0</v>')
    return repacked(GOOD, **{TYPES: types, SHEET: cells, STRINGS: strings})


BOMBS = {
    "zeros": lambda: repacked(GOOD, **{SHEET: "0" * 200_000_000}),
    "many parts": lambda: repacked(GOOD, **{f"xl/{n}.xml": "" for n in range(1001)}),
    "laughs": lambda: with_strings(
        f"<!DOCTYPE s [{LAUGHS}]><sst {NAMESPACE}><si><t>&l9;</t></si></sst>"
    ),
    "no sheet": lambda: repacked(GOOD, **{SHEET: "nothing"}),
    "cut": lambda: GOOD[: len(GOOD) // 2],
    "a zip of something": lambda: repacked(b"PK\x05\x06" + b"\0" * 18, **{"a.txt": "a"}),
    "old": lambda: sheets.OLD_EXCEL + b"\0" * 100,
}


def test_texts_in_a_part_of_their_own_are_read():
    content = with_strings(f"<sst {NAMESPACE}><si><t>title</t></si></sst>")

    assert cells("xlsx", content) == [{"title": "a"}]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zeros", "unfolds to too much"),
        ("many parts", "unfolds to too much"),
        ("laughs", "damaged"),
        ("no sheet", "damaged"),
        ("cut", "no workbook"),
        ("a zip of something", "no workbook"),
        ("old", "old Excel"),
    ],
)
def test_a_bomb_of_a_workbook_is_refused_in_words(name, words):
    assert words in refusal("xlsx", BOMBS[name]())


@pytest.mark.parametrize("limit", [{"cpu_seconds": 1}, {"seconds": 1}, {"megabytes": 50}])
def test_a_workbook_takes_no_more_than_it_may(limit):
    content = with_strings(f"<sst {NAMESPACE}>{'<si/>' * 300_000}</sst>")

    with pytest.raises(sheets.BadSheet, match="too much time or memory"):
        list(sheets.rows(content, sheets.Limits(rows=9, columns=9, characters=9, **limit)))


def test_a_workbook_is_read_as_it_looks():
    found = entries("xlsx", workbook(["title", "tags"], ["'=1+1", 2024.0], [True, 1.5], ["a"]))

    assert [(entry.line, entry.cells) for entry in found] == [
        (2, {"title": "=1+1", "tags": "2024"}),
        (3, {"title": "True", "tags": "1.5"}),
        (4, {"title": "a"}),
    ]


# References


def test_ris_is_read_with_what_is_missing():
    text = (
        "TY  - JOUR\r\nTI  - On pits\r\nAU  - Pérez, Ana\r\nA1  - Ben\r\nPY  - 2023\r\n"
        "DA  - 2023/05//\r\nJO  - Journal of Pits\r\nKW  - coal\r\nKW  - wages\r\n"
        "AB  - Words\r\ngo on\r\nDO  - 10.1/x\r\nSN  - 978-92-2-123456-7\r\nUR  - https://e.org/a;b\r\n"
        "LA  - en-GB\r\nXX  - odd\r\nER  - \r\n\r\n"
        "TY  - RPRT\r\nT1  - Never shut\r\n"
        "TY  - ELEC\r\nTI  - Last\r\nSN  - 1234-5678"
    )

    found = entries("ris", text)

    assert [entry.line for entry in found] == [1, 19, 21]
    assert found[0].cells == {
        "title": "On pits",
        "kind": "journal-article",
        "languages": "en",
        "authors": ["Pérez, Ana", "Ben"],
        "publishers": ["Journal of Pits"],
        "date": "2023-05",
        "keywords": ["coal", "wages"],
        "summary": "Words go on",
        "url": "https://e.org/a;b",
        "identifiers": ["doi:10.1/x", "isbn:9789221234567"],
    }
    assert [entry.cells for entry in found[1:]] == [
        {"title": "Never shut", "kind": "report"},
        {"title": "Last"},
    ]


def test_ris_with_one_blank_before_its_signs_is_read():
    [entry] = entries("ris", "TY - RPRT\nTI - On pits\nAU - Pérez, Ana\nER -\n")

    assert (entry.problems, entry.cells["title"], entry.cells["kind"]) == ([], "On pits", "report")


@pytest.mark.parametrize("text", ["", "nothing", "ER  - \n", "TI  - A\n", "\x00\x00"])
def test_what_is_no_ris_is_refused_in_words(text):
    assert refusal("ris", text) == "The file holds no work."


@pytest.mark.parametrize("text", ["TY  -", "TY  - \nTI", "TY  - X\nAU\nAU  -\n-\nER  - "])
def test_odd_ris_is_read_as_far_as_it_goes(text):
    assert len(entries("ris", text)) == 1


def test_bibtex_is_read_entry_by_entry():
    text = """Words before @ that mean nothing
@string{ilo = "International Labour " # {Office}}
@comment{ left out }
@techreport{one, title = {{Just {\\'e}tude \\& Pits}}, author = "P{\\'e}rez, Ana and {Union and Co}",
  institution = ilo, year = 2023, month = may, keywords = {coal; wages, pits}, doi={10.1/a\\_b},
  abstract = {100\\% -- done}, url = {https://e.org/~a_b}, language={en}, }
@article{two, title = {Never shut, journal = "A", year = 1
@article(three, title = "In brackets", journal = {Pits})
@misc{four title = {No comma}}
@misc{five, title = }
@misc{six, = {x}}
@misc{seven, title = {Last}}"""

    found = entries("bibtex", text)

    assert [entry.line for entry in found] == [4, 7, 8, 9, 10, 11, 12]
    assert found[0].cells == {
        "title": "Just étude & Pits",
        "kind": "report",
        "languages": "en",
        "authors": ["Pérez, Ana", "Union and Co"],
        "publishers": ["International Labour Office"],
        "date": "2023-05",
        "keywords": ["coal", "wages", "pits"],
        "summary": "100% – done",
        "url": "https://e.org/~a_b",
        "identifiers": ["doi:10.1/a_b"],
    }
    assert [len(entry.problems) for entry in found] == [0, 1, 0, 1, 1, 1, 0]
    assert found[2].cells == {
        "title": "In brackets",
        "kind": "journal-article",
        "publishers": ["Pits"],
    }


@pytest.mark.parametrize(
    "value",
    [
        "{" * 100_000,
        "{" * 100_000 + "}" * 100_000,
        '"' * 99_999,
        " # ".join(["a"] * 30_000),
        "{" + "\\'" * 50_000 + "}",
        "a" * 200_000,
    ],
)
def test_no_braces_of_bibtex_keep_us_long(value):
    found = entries(
        "bibtex",
        f"@string{{a = {{{'x' * 10_000}}}}}\n@misc{{k, title = {value}}}\n@misc{{b, year = 1}}",
    )

    assert len(found) == 2
    assert found[0].problems or len(found[0].cells.get("title", "")) <= 20_000


def test_strings_that_name_each_other_do_not_unfold_without_end():
    doubled = "\n".join(
        f"@string{{s{n} = s{n - 1} # s{n - 1}}}" if n else "@string{s0 = {ha}}" for n in range(60)
    )

    [entry] = entries("bibtex", f"{doubled}\n@misc{{k, title = s59}}")

    assert len(entry.cells["title"]) <= 20_000


def test_csl_is_read():
    items = [
        {
            "type": "article-journal",
            "title": "On pits",
            "author": [{"family": "Pérez", "given": "Ana"}, {"literal": "ILO"}],
            "issued": {"date-parts": [["2023", 5]]},
            "container-title": "Pits",
            "DOI": "10.1/x",
            "keyword": "coal, wages",
            "language": "en",
        },
        {"title": "Two", "issued": {"raw": "2024"}},
    ]

    first, second = entries("csl", json.dumps(items, indent=1))

    assert first.cells == {
        "title": "On pits",
        "kind": "journal-article",
        "languages": "en",
        "authors": ["Pérez, Ana", "ILO"],
        "publishers": ["Pits"],
        "date": "2023-05",
        "keywords": ["coal", "wages"],
        "identifiers": ["doi:10.1/x"],
    }
    assert (first.line, second.line) == (2, 27)
    assert second.cells == {"title": "Two", "date": "2024"}
    assert cells("csl", '{"title": "Alone"}') == [{"title": "Alone"}]


@pytest.mark.parametrize(
    "item",
    [
        *(1, None, "text", [], [[]], True, [{"title": "a"}]),
        {"title": ["a"]},
        {"title": {"a": 1}},
        {"author": "Ana"},
        {"author": [1, {"family": ["x"]}]},
        {"issued": "2023"},
        {"issued": {"date-parts": "x"}},
        {"issued": {"date-parts": [[{}]]}},
        {"title": "\ud800"},
        {"title": "a\u0000"},
        {"title": "x" * 300_000},
        {"keyword": ["a"]},
        {"keyword": ",".join("ab" for _ in range(1000))},
        {"author": [{"literal": "x"}] * 5000},
    ],
)
def test_wrong_types_of_csl_are_problems_of_their_row(item):
    [bad, good] = entries("csl", json.dumps([item, {"title": "Good"}]))

    assert bad.problems
    assert good.cells == {"title": "Good"}
    json.dumps(bad.cells).encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no work"),
        ("[]", "holds no work"),
        ("[" * 1_000_000, "From line 1 on this is no JSON."),
        ('[{"a":' * 100_000, "From line 1 on this is no JSON."),
        ('[{"title": "a"},', "is not shut"),
        ('[{"title": "a"}', "is not shut"),
        ('[{"title": "a"} {"title": "b"}]', "is not shut"),
        ('[{"title": "a"},\n{"title": NaN, x}]', "From line 2 on this is no JSON."),
        ("[" + "1," * 20_001 + "1]", "more than 20000 works"),
        ("[" + "9" * 10_000 + "]", "no JSON"),
        (" " * (6 * 1024 * 1024 + 1), "6 MB"),
    ],
)
def test_what_is_no_csl_is_refused_in_words(text, words):
    assert words in refusal("csl", text)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.ris", b"title\n", "ris"),
        ("a.BIB", b"", "bibtex"),
        ("a.xlsx", b"title\n", "csv"),
        ("a.txt", b"\n  [{", "csl"),
        ("a.txt", b"\xef\xbb\xbfTY  - JOUR", "ris"),
        ("", "\n@article{a,".encode("utf-16"), "bibtex"),
        ("", b"title,tags\n", "csv"),
        ("a.csv", workbook(["title"]), "xlsx"),
        ("", b"\xff\xfe\x00", "csv"),
    ],
)
def test_a_format_is_known_by_what_is_in_the_file(name, content, form):
    assert formats.guessed(name, content) == form
