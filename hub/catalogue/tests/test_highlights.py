"""What a list shows of what was found, and how pages of files are found."""

import re

import pytest
from django.utils.html import strip_tags

from hub.catalogue.models import Passage, Record
from hub.catalogue.services import put_passages
from hub.catalogue.sources import PassageDraft, ref_of
from hub.catalogue.tests.finding import asked, titles
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge.models import Resource
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db
PAGE_HIT = re.compile(r'<p class="pagehit">(.*?)</p>', re.DOTALL)


def make_report(*pages: str, language: str = "en", **fields) -> Resource:
    """A work with a text of these pages, as a file would have."""
    resource = make_resource(language=language, **fields)
    Record.objects.filter(ref=ref_of(resource)).update(parts=["file:1"])
    drafts = [PassageDraft(n, text, f"/file.pdf#page={n}") for n, text in enumerate(pages, 1)]
    assert put_passages(resource, "file:1", language, drafts)
    return resource


def marked(client, query: str) -> list[str]:
    page = client.get(f"/resources/?q={query}").content.decode()
    return [strip_tags(found) for found in re.findall(r"<mark>(.*?)</mark>", page)]


def test_what_was_found_is_marked(client):
    make_resource("Miners & <mines>", summary="A mine was closed, and the miners left.")

    page = client.get("/resources/?q=miners").content.decode()

    assert "<mark>Miners</mark> &amp; &lt;mines&gt;" in page
    assert "and the <mark>miners</mark> left." in page


@pytest.mark.parametrize(
    ("query", "title", "language", "found"),
    [
        ("transicion", "La transición", "es", ["transición"]),
        ("mina", "Las minas cerradas", "es", ["minas"]),
        ("chuyen dich", "Chuyển dịch năng lượng", "vi", ["Chuyển", "dịch"]),
        ("вугілля", "Про вугілля", "uk", ["вугілля"]),
        ("ถ่านหิน", "การเลิกใช้ถ่านหินที่แม่เมาะ", "th", ["ถ่านหิน"]),
        ('"coal fired"', "Coal fired", "en", ["Coal", "fired"]),
    ],
)
def test_marks_are_found_in_every_language(client, query, title, language, found):
    make_resource(title, language=language)

    assert marked(client, query) == found


def test_no_mark_of_ours_comes_from_a_text(client):
    make_resource("A \x02title\x03 with signs")

    page = client.get("/resources/?q=title").content.decode()

    assert "A <mark>title</mark> with signs" in page
    assert "\x02" not in page


def test_other_words_for_the_same_are_marked_too(client):
    topic = make_term("Layoffs")
    make_label(topic, "es", "Despidos")
    make_resource("Los despidos", language="es")

    assert marked(client, "layoffs") == ["despidos"]


def test_other_words_are_marked_in_their_own_language_and_whole(client):
    topic = make_term("Coal")
    make_label(topic, "vi", "than")
    topic.labels.update(alternatives=["hard coal"])
    make_label(topic, "es", "Carbón de piedra")
    make_resource("More than hardly any coal", terms=(topic,))
    make_resource("Mỏ than", language="vi")
    make_resource("De la mina", language="es", summary="El carbón de piedra", terms=(topic,))

    assert sorted(marked(client, "coal")) == ["carbón", "coal", "de", "piedra", "than"]


def test_a_hit_in_a_file_names_its_page_and_opens_there(client):
    make_report("Contents", "About the closure of pits.", "More pits & <others>.", title="Annual")

    (hit,) = PAGE_HIT.findall(client.get("/resources/?q=pits").content.decode())

    assert 'href="/file.pdf#page=' in hit
    assert "Page" in hit
    assert "<mark>pits</mark>" in hit
    assert "and on 1 more page" in " ".join(hit.split())
    assert "<others>" not in hit


def test_thai_is_found_inside_a_sentence_of_a_file(client):
    make_report("บทนำ", "แผนการเลิกใช้ถ่านหินในแม่เมาะภายในปี", language="th", title="รายงาน")

    (hit,) = PAGE_HIT.findall(client.get("/resources/?q=ถ่านหิน").content.decode())

    assert 'href="/file.pdf#page=2"' in hit
    assert "<mark>" in hit
    assert "ถ่านหิน" in strip_tags(hit)
    assert client.get("/resources/?q=น้ำมัน").content.decode().count("pagehit") == 0


def test_a_title_ranks_before_a_page_of_a_file():
    make_report("All about lignite.", title="Annual report")
    make_resource("Lignite")

    assert titles(asked(q="lignite")) == ["Lignite", "Annual report"]


def test_more_pages_rank_before_fewer():
    make_report("Lignite once.", "Nothing.", title="Once")
    make_report(*["Lignite again."] * 30, title="Often")

    assert titles(asked(q="lignite")) == ["Often", "Once"]


def test_a_work_found_in_its_text_and_in_a_file_counts_once():
    make_report("Lignite.", "Lignite.", title="Lignite", summary="Lignite")

    results = asked(q="lignite")

    assert (results.total, len(results.records)) == (1, 1)
    assert results.counts["kind"] == {"report": 1}


def test_a_page_may_have_the_words_and_its_work_the_term(client):
    lusatia = make_term("Lusatia", "place")
    make_report("Contents.", "Pumps run on.", title="Annual report", terms=(lusatia,))
    make_report("Pumps run elsewhere.", title="Other report")

    page = client.get("/resources/?q=pumps+lusatia").content.decode()

    assert titles(asked(q="pumps lusatia")) == ["Annual report"]
    assert [hit.count("<mark>Pumps</mark>") for hit in PAGE_HIT.findall(page)] == [1]


def test_what_is_unwanted_in_any_page_of_a_file_shuts_the_work_out():
    make_report("Lignite.", "Lignite and peat.", title="Both")
    make_report("Lignite.", title="One")
    make_resource("Lignite", summary="Not a word on the other")

    assert sorted(titles(asked(q="lignite -peat"))) == ["Lignite", "One"]


def test_what_is_unwanted_in_the_summary_shuts_out_the_file_too():
    make_report("Lignite.", title="Report", summary="On peat")

    assert asked(q="lignite -peat").total == 0


def test_a_part_that_the_record_does_not_name_is_refused():
    resource = make_resource()

    assert put_passages(resource, "file:9", "en", [PassageDraft(1, "Text", "/x")]) is False
    assert Passage.objects.count() == 0
