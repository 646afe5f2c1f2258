"""PDFs as readers get them: in pieces, as text, and only while the work is public."""

from datetime import timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from conftest import Browser
from hub.catalogue import usage
from hub.tests import pdfs
from hub.tests.queue import run_waiting_jobs
from hub.uploading import INERT
from knowledge import services
from knowledge.models import File, Resource
from knowledge.tests.factories import make_draft, make_file, make_resource
from knowledge.text_edition import paragraphs
from tests.pages import Page, addresses

pytestmark = pytest.mark.django_db

CONTENT = pdfs.make_pdf("Words of canary")
SIZE = len(CONTENT)


@pytest.fixture
def file() -> File:
    return make_file(make_resource("On pits", slug="on-pits"), content=CONTENT)


def make_read(resource: Resource, *pages: str, **fields) -> File:
    file = make_file(resource, *pages, **fields)
    run_waiting_jobs()
    file.refresh_from_db()
    return file


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# The file


def test_a_file_is_shown_in_the_browser_and_kept_for_an_hour(client, file):
    response = client.get(file.get_absolute_url(), headers={"Accept-Encoding": "br, gzip, zstd"})

    assert file.get_absolute_url() == f"/resources/on-pits/files/{file.name}.pdf"
    assert (response.status_code, body(response)) == (200, CONTENT)
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Length": str(SIZE),
        "Content-Disposition": 'inline; filename="on-pits-en.pdf"',
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.name}"',
        "Cache-Control": "public, max-age=3600, immutable",
        "X-Content-Type-Options": "nosniff",
        "Vary": None,
        "Set-Cookie": None,
    }
    assert {name: response.get(name) for name in wanted} == wanted
    policy = response["Content-Security-Policy"]
    assert policy == INERT


def test_head_tells_of_the_whole_file(client, file):
    whole = client.get(file.get_absolute_url())
    head = client.head(file.get_absolute_url(), headers={"Range": "bytes=0-9"})

    assert (head.status_code, body(head)) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


def test_a_file_that_is_known_is_not_sent_again(client, file):
    url = file.get_absolute_url()
    tags = [f'"{file.name}"', f'W/"{file.name}"', f'"other", "{file.name}"', "*"]

    answers = [client.get(url, headers={"If-None-Match": tag}) for tag in tags]
    changed = client.get(url, headers={"If-None-Match": '"other"'})

    assert [(answer.status_code, body(answer)) for answer in answers] == [(304, b"")] * 4
    assert {answer["Cache-Control"] for answer in answers} == {"public, max-age=3600, immutable"}
    assert {answer["ETag"] for answer in answers} == {f'"{file.name}"'}
    assert (changed.status_code, body(changed)) == (200, CONTENT)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
        (f"bytes=9-{SIZE * 9}", 9, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
    ],
)
def test_a_piece_of_a_file_is_sent(client, file, asked, start, end):
    response = client.get(file.get_absolute_url(), headers={"Range": asked})

    assert (response.status_code, body(response)) == (206, CONTENT[start:end])
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response["Content-Length"] == str(end - start)
    assert response["ETag"] == f'"{file.name}"'


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 9}", "bytes=-0"])
def test_a_piece_that_is_not_there_is_an_error(client, file, asked):
    response = client.get(file.get_absolute_url(), headers={"Range": asked})

    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "bytes=9-5"},
        {"Range": "bytes=-"},
        {"Range": "bytes=a-b"},
        {"Range": "bytes=0-" + "9" * 5000},
        {"Range": "bytes=٣-٤"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=0-9", "If-Range": '"other"'},
        {"Range": "bytes=0-9", "If-Range": "Wed, 21 Oct 2015 07:28:00 GMT"},
    ],
)
def test_what_cannot_be_answered_in_a_piece_is_answered_whole(client, file, headers):
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}

    response = client.get(file.get_absolute_url(), headers=headers)

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_a_piece_of_the_file_that_is_known_is_sent(client, file):
    headers = {"Range": "bytes=0-9", "If-Range": f'"{file.name}"'}

    response = client.get(file.get_absolute_url(), headers=headers)

    assert (response.status_code, body(response)) == (206, CONTENT[:10])


def test_a_long_file_is_never_whole_in_memory(client):
    file = make_file(make_resource(), content=CONTENT + b" " * 300_000)

    response = client.get(file.get_absolute_url())

    assert [len(piece) for piece in response.streaming_content][:2] == [65536, 65536]


def test_a_file_costs_two_questions_and_is_closed(client, file, django_assert_num_queries):
    usage.begin_day()
    with django_assert_num_queries(2):  # the file; its reader is counted
        response = client.get(file.get_absolute_url())
    stored = response._iterator._file if hasattr(response._iterator, "_file") else None
    response.close()

    assert stored is None or stored.closed


@pytest.mark.parametrize(
    "name",
    [
        *("{name}.PDF", "{NAME}.pdf", "{short}.pdf", "{name}0.pdf", "0000000000000000.pdf"),
        *("..%2F{name}.pdf", "{name}.pdf/", "{other}.pdf", "%25.pdf", "________________.pdf"),
    ],
)
def test_no_other_address_leads_to_a_file(client, file, name):
    other = make_file(make_resource()).name
    known = {"name": file.name, "NAME": file.name.upper(), "short": file.name[:-1], "other": other}

    response = client.get(f"/resources/on-pits/files/{name.format(**known)}")

    # A name of digits alone is the same in capitals.
    is_same = name == "{NAME}.pdf" and file.name.isdecimal()
    assert response.status_code == (200 if is_same else 404)


def test_a_lost_file_is_a_missing_page(client, file, folder):
    next(folder.rglob("*.pdf")).unlink()

    assert client.get(file.get_absolute_url()).status_code == 404


# What is not public


def hide(state: str, resource: Resource) -> None:
    if state == "scheduled":
        services.publish(resource.pk, at=timezone.now() + timedelta(hours=1))
    if state in ("withdrawn", "restored"):
        services.publish(resource.pk)
        run_waiting_jobs()
        services.withdraw(resource.pk, reason="Outdated.")
    if state == "restored":
        services.restore(resource.pk)


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("scheduled", 404), ("withdrawn", 410), ("restored", 410)]
)
def test_nothing_of_what_is_not_public_is_served(client, state, status):
    resource = make_draft(slug="hidden")
    file = make_read(resource, "Words of canary")
    hide(state, resource)
    run_waiting_jobs()
    cover = Resource.objects.get(pk=resource.pk).cover
    tag = {"If-None-Match": f'"{file.name}"'}

    asked = [file.get_absolute_url(), file.text_url(), "/resources/hidden/text/"]
    asked += [size.url for size in cover.as_picture().sizes]
    answers = [client.get(url, headers=headers) for url in asked for headers in ({}, tag)]
    ranged = client.get(file.get_absolute_url(), headers={"Range": "bytes=0-9"})

    assert {answer.status_code for answer in [*answers, ranged]} == {status}
    assert not any(answer.streaming or b"canary" in answer.content for answer in answers)
    assert not any(url in addresses() for url in asked)


def test_every_address_of_files_is_walked(client):
    file = make_read(make_resource(slug="pits"), "Words")

    wanted = {file.get_absolute_url(), "/resources/pits/text/"}
    assert wanted <= {*addresses()}
    assert {client.get(url).status_code for url in wanted} == {200}


# The text


def text_of(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_text_of_a_file_page_by_page(client):
    resource = make_resource("On <pits>", slug="pits")
    file = make_read(resource, "Một hai ba <b>\nbốn năm sáu bảy", "", language="vi")

    html = text_of(client, "/resources/pits/text/")

    page = Page(html)
    assert (page.count("h1"), page.count("h2") >= 2) == (1, True)
    assert page.canonical.endswith("/resources/pits/")
    assert [one["id"] for one in page.all("section") if "id" in one] == ["p1", "p2"]
    assert [one["lang"] for one in page.all("div") if "lang" in one] == ["vi"]
    assert "Một hai ba &lt;b&gt; bốn năm sáu bảy" in " ".join(
        html.replace('<span class="own-type">', "").replace("</span>", "").split()
    )
    links = [one["href"] for one in page.all("a")]
    assert {f"{file.get_absolute_url()}#page=2", "/resources/pits/"} <= {*links}
    assert "There are no words on this page." in html
    assert (page.count("img"), page.inline_code, page.foreign) == (0, [], set())


def test_readers_who_save_data_get_words_alone(client):
    make_read(make_resource(slug="pits"), "Words")

    html = text_of(client, "/resources/pits/text/", **{"Save-Data": "on"})

    assert [url for url in Page(html).fetched if url.endswith((".woff2", ".webp", ".png"))] == []


def test_a_long_text_comes_in_stretches(client):
    file = make_read(make_resource(slug="pits"), *(f"Words {n}" for n in range(1, 46)))

    pages = [Page(text_of(client, f"/resources/pits/text/?part={part}")) for part in (1, 2, 3)]

    ids = [[one["id"] for one in page.all("section") if "id" in one] for page in pages]
    assert [(len(names), names[0], names[-1]) for names in ids] == [
        (20, "p1", "p20"),
        (20, "p21", "p40"),
        (5, "p41", "p45"),
    ]
    assert file.text_url(41) == f"/resources/pits/text/?file={file.name}&part=3#p41"
    assert file.text_url(41).partition("#")[0] in {one["href"] for one in pages[0].all("a")}


def test_each_of_several_files_has_its_text(client):
    resource = make_resource(slug="pits")
    one, other = make_read(resource, "First words"), make_read(resource, "Other words")

    assert "First words" in text_of(client, "/resources/pits/text/")
    assert "First words" in text_of(client, one.text_url())
    assert "Other words" in text_of(client, other.text_url())


@pytest.mark.parametrize(
    "address",
    [
        *("?part=2", "?part=0", "?part=-1", "?part=x", "?part=²", "?part=" + "9" * 99),
        *("?file=0000000000000000", "?file=x%00"),
    ],
)
def test_text_that_is_not_there_is_a_missing_page(client, address):
    make_read(make_resource(slug="pits"), "Words")

    assert client.get(f"/resources/pits/text/{address}").status_code == 404


def test_what_is_empty_in_an_address_is_the_first(client):
    make_read(make_resource(slug="pits"), "Words")

    assert "Words" in text_of(client, "/resources/pits/text/?file=&part=")


@pytest.mark.parametrize("pages", [[], [""]], ids=["no file", "no text"])
def test_a_work_without_text_has_no_text_edition(client, pages):
    resource = make_resource(slug="pits")
    if pages:
        make_read(resource, *pages)

    assert client.get("/resources/pits/text/").status_code == 404


def test_the_text_costs_as_much_for_many_pages(client, django_assert_num_queries):
    make_read(make_resource(slug="pits"), *(["Words"] * 45))

    usage.begin_day()

    with django_assert_num_queries(
        6
    ):  # resource, editions, files; is there text, which; its reader
        client.get("/resources/pits/text/?part=2")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("one line", ["one line"]),
        (
            "A heading\nThis is a long line of words\nand this another one of it\nends here.\n"
            "A new paragraph begins with",
            [
                "A heading",
                "This is a long line of words and this another one of it ends here.",
                "A new paragraph begins with",
            ],
        ),
        ("long enough as a line\n\nlong enough as a line", ["long enough as a line"] * 2),
        ("long enough line\n• one and so on\n• two and so on", None),
        ("ประเทศไทยมีถ่านหิน\nและแม่เมาะเป็นเหมือง", ["ประเทศไทยมีถ่านหินและแม่เมาะเป็นเหมือง"]),
    ],
)
def test_lines_become_paragraphs(text, wanted):
    assert paragraphs(text) == (text.split("\n") if wanted is None else wanted)


# The page of the work


def test_the_page_of_the_work_offers_file_and_text(client):
    resource = make_resource("On pits", slug="on-pits")
    file = make_read(resource, *["Words of the report " * 60] * 48)
    scanned = make_read(resource, "", language="vi", title="Annex")

    html = text_of(client, "/resources/on-pits/")

    words = " ".join(html.replace("\xa0", " ").split())
    size = f"{file.size / 1024:.1f} KB"
    assert f"PDF, {size}, 48 pages, English" in words
    assert "Read as text, 56.2 KB" in words
    assert "PDF, " in words
    assert "1 page, Vietnamese" in words
    assert "Its pages are pictures, so there is no text to read or search." in words
    links = [one["href"] for one in Page(html).all("a")]
    assert [url for url in links if "/files/" in url] == [
        file.get_absolute_url(),
        scanned.get_absolute_url(),
    ]
    assert [url for url in links if "/text/" in url] == [file.text_url()]
    assert f'"contentUrl":"https://hub.example.org{file.get_absolute_url()}"' in html


def test_the_text_is_offered_once_it_is_there(client):
    resource = make_draft(slug="on-pits")
    make_read(resource, "Words")
    services.publish(resource.pk)

    before = "/text/" in text_of(client, "/resources/on-pits/")
    run_waiting_jobs()
    after = "/text/" in text_of(client, "/resources/on-pits/")

    assert (before, after) == (False, True)


def test_readers_get_no_cookie_from_files(file):
    browser = Browser()

    answers = [browser.get(url) for url in (file.get_absolute_url(), "/resources/on-pits/")]

    assert [dict(answer.cookies) for answer in answers] == [{}, {}]
