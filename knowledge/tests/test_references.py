"""The work on its page in four styles, in tags for Scholar and Zotero, and in a header for programs."""

from datetime import date
from html import escape

import pytest

from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge import citing, referencing, signposting
from knowledge.highwire import ZOTERO, tags_of
from knowledge.kinds import KINDS
from knowledge.models import Credit, Identifier, Link, Resource
from knowledge.tests.factories import make_file, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def make_work(title="Leaving coal", authors=(), publishers=(), **fields) -> Resource:
    work = make_resource(title, **({"kind": "report", "slug": "leaving-coal"} | fields))
    work.editions.update(subtitle="")
    names = [*(("author", one) for one in authors), *(("publisher", one) for one in publishers)]
    for position, (role, name) in enumerate(names):
        Credit.objects.create(resource=work, role=role, name=name, position=position)
    Link.objects.create(resource=work, url="https://ilo.example/coal")
    return work


def told_of(work: Resource) -> dict[str, str]:
    read = Resource.objects.for_citing().get(pk=work.pk)
    return {one.style: one.text for one in referencing.references(read, "en", TODAY)}


def test_a_report_of_a_day_in_four_styles():
    work = make_work(
        authors=["Ríos, Ana", "Nguyễn Văn An"],
        publishers=["ILO"],
        published_on=date(2023, 5, 1),
        published_precision="day",
    )

    assert told_of(work) == {
        "apa": "Ríos, A., & Nguyễn Văn An. (2023). Leaving coal. ILO. https://ilo.example/coal",
        "chicago-author-date": "Ríos, A., and Nguyễn Văn An. 2023. Leaving Coal. ILO. "
        "https://ilo.example/coal.",
        "harvard-cite-them-right": "Ríos, A. and Nguyễn Văn An (2023) Leaving coal. ILO. "
        "Available at: https://ilo.example/coal (Accessed: 23 November 2026).",
        "ieee": "A. Ríos and Nguyễn Văn An, ‘Leaving coal’, ILO, May 2023. "
        "Accessed: Nov. 23, 2026. [Online]. Available: https://ilo.example/coal",
    }


@pytest.mark.parametrize(
    ("precision", "told"),
    [("day", "(2020, March 4)"), ("month", "(2020, March)"), ("year", "(2020)")],
)
def test_a_date_is_told_as_exactly_as_it_is_known(precision, told):
    work = make_work(
        kind="op-ed",
        authors=["Ana Ríos"],
        publishers=["The Star"],
        published_on=date(2020, 3, 4),
        published_precision=precision,
    )

    assert told_of(work)["apa"].startswith(f"Ana Ríos. {told}. Leaving coal. The Star.")


def test_without_a_date_the_styles_say_so():
    told = told_of(make_work(publishers=["World Bank"]))

    assert told["apa"] == (
        "World Bank. (n.d.). Leaving coal. Retrieved 23 November 2026, from https://ilo.example/coal"
    )
    assert "n.d." in told["chicago-author-date"]
    assert "(no date)" in told["harvard-cite-them-right"]


def test_organisations_are_the_authors_of_what_they_publish_in_nobodys_name():
    told = told_of(make_work(publishers=["World Bank", "ILO; Geneva"]))

    assert told["apa"].startswith("World Bank, & ILO; Geneva. (n.d.). Leaving coal.")
    assert all(text.count("World Bank") == 1 for text in told.values())


def test_the_title_of_a_work_of_nobody_is_told_once():
    told = told_of(make_work())

    assert len(told) == 4
    assert all(text.lower().count("leaving coal") == 1 for text in told.values())


def test_of_many_authors_each_style_names_its_share():
    told = told_of(make_work(authors=[f"Name {number}" for number in range(80)]))

    assert "Name 18, … Name 79" in told["apa"]
    assert "et al." in told["harvard-cite-them-right"]


def test_a_journal_is_what_an_article_is_in():
    work = make_work(
        kind="journal-article", authors=["Б. Бат"], publishers=["Land"], languages=["mn"]
    )
    Identifier.objects.create(resource=work, scheme="doi", value="10.1234/coal")

    told = told_of(work)

    assert told["apa"] == "Б. Бат. (n.d.). Leaving coal. Land. https://doi.org/10.1234/coal"
    assert not any(word in str(told) for word in ("Preprint", "ahead of print", "Edition"))


@pytest.mark.parametrize(
    "title", ["ข้อมูลถ่านหิน", "Нүүрсний бүс", "Chuyển dịch công bằng", "煤炭", "الفحم"]
)
def test_other_scripts_stay_as_they_are(title):
    work = make_work(title, authors=["Нүүрс Бат"])

    assert all(title.lower() in text.lower() for text in told_of(work).values())


@pytest.mark.parametrize("kind", [kind.value for kind in KINDS])
def test_every_kind_is_said_in_every_style(kind, caplog):
    told = told_of(make_work(kind=kind, authors=["Ana Ríos"], publishers=["ILO"]))

    assert len(told) == 4
    assert not caplog.records
    assert all("leaving coal" in text.lower() for text in told.values())


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</dd></dl><h1>x",
    "<span class='nocase'>x",
    "{{ 7 }}{% x %} %s %(x)s",
    "[1] \u202e odd ﷽ 👩🏽‍🏭",
    ".",
    "?",
    "“",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_text(client, title, caplog):
    work = make_work(title, authors=["<b>Ana</b>, R"])

    page = client.get(work.get_absolute_url())

    assert page.status_code == 200
    assert not caplog.records
    assert len(page.context["references"]) == 4
    for reference in page.context["references"]:
        assert escape(reference.text) in page.content.decode().replace("&#x27;", "&#x27;")
    assert not Page(page.content.decode()).inline_code


def test_what_was_made_is_kept_while_the_work_stays(django_assert_num_queries):
    work = make_work()
    first = told_of(work)
    read = Resource.objects.for_citing().get(pk=work.pk)
    citing.item_of(read)

    with django_assert_num_queries(1):  # what is kept
        kept = referencing.references(read, "en", TODAY)
    work.editions.update(title="Staying with coal")

    assert {one.style: one.text for one in kept} == first
    assert "Staying with coal" in told_of(work)["apa"]


def test_a_page_without_its_references_is_still_there(client, monkeypatch):
    work = make_work()
    monkeypatch.setattr(referencing, "FOLDER", referencing.FOLDER / "none")
    referencing._style.cache_clear()

    page = client.get(work.get_absolute_url())

    assert page.status_code == 200
    assert page.context["references"] == []
    assert page.context["citation"] in page.content.decode()


# What Zotero and Google Scholar read


def head_of(client, work) -> list[tuple[str, str]]:
    page = Page(client.get(work.get_absolute_url()).content.decode())
    tags = [(one["name"], one["content"]) for one in page.all("meta") if "name" in one]
    return [one for one in tags if one[0].startswith(("citation_", "z:"))]


def test_scholar_and_zotero_find_the_work_in_the_head(client):
    work = make_work(
        "Coal & “steel” <b>",
        authors=["Ríos, Ana", "Nguyễn Văn An"],
        publishers=["ILO"],
        published_on=date(2023, 5, 1),
        published_precision="month",
    )
    work.terms.add(make_term("Retraining"))
    Identifier.objects.create(resource=work, scheme="doi", value="10.1234/coal")
    file = make_file(work)

    tags = head_of(client, work)

    page = "https://hub.example.org/resources/leaving-coal/"
    assert tags[:4] == [
        ("citation_title", "Coal & “steel” <b>"),
        ("citation_author", "Ríos, Ana"),
        ("citation_author", "Nguyễn Văn An"),
        ("citation_publication_date", "2023/05"),
    ]
    assert dict(tags[4:]) | {"citation_abstract": ""} == {
        "citation_publisher": "ILO",
        "citation_technical_report_institution": "ILO",
        "citation_doi": "10.1234/coal",
        "citation_language": "en",
        "citation_keywords": "Retraining",
        "citation_abstract": "",
        "citation_abstract_html_url": page,
        "citation_public_url": page,
        "citation_pdf_url": f"https://hub.example.org{file.get_absolute_url()}",
        "z:itemType": "report",
    }


@pytest.mark.parametrize("kind", [kind.value for kind in KINDS])
def test_zotero_takes_every_kind_for_what_it_is(kind):
    work = make_work(kind=kind, publishers=["ILO"])

    tags = dict(tags_of(Resource.objects.for_citing().get(pk=work.pk)))

    assert tags["z:itemType"] == ZOTERO[citing.FORMS[kind].csl]
    assert ("citation_journal_title" in tags) == (kind == "journal-article")


# Signposting


def test_the_header_leads_programs_on(client):
    ilo = make_organisation("International Labour Organization")
    work = make_work(licence="CC BY-SA 4.0")
    Credit.objects.create(resource=work, role="publisher", organisation=ilo)
    Identifier.objects.create(resource=work, scheme="doi", value="10.1234/a<b>,c")
    file = make_file(work)

    links = client.get(work.get_absolute_url())["Link"].split(", ")

    base = "https://hub.example.org"
    assert links == [
        f'<{base}/r/{work.public_id}/>; rel="cite-as"',
        '<https://schema.org/AboutPage>; rel="type"',
        '<https://schema.org/Report>; rel="type"',
        f'<{base}/resources/leaving-coal.bib>; rel="describedby"; type="application/x-bibtex"',
        f'<{base}/resources/leaving-coal.ris>; rel="describedby"; '
        'type="application/x-research-info-systems"',
        f'<{base}/resources/leaving-coal.json>; rel="describedby"; '
        'type="application/vnd.citationstyles.csl+json"',
        f'<{base}{file.get_absolute_url()}>; rel="item"; type="application/pdf"',
        f'<{base}{ilo.get_absolute_url()}>; rel="author"',
        '<https://creativecommons.org/licenses/by-sa/4.0/>; rel="license"',
        '<https://doi.org/10.1234/a%3Cb%3E%2Cc>; rel="related"',
    ]
    for path in (file.get_absolute_url(), "/resources/leaving-coal.bib"):
        relation = "collection" if path.endswith(".pdf") else "describes"
        back = f'<{base}/resources/leaving-coal/>; rel="{relation}"; type="text/html"'
        assert client.get(path)["Link"] == back


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"),
        ("Creative Commons BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("All rights reserved", ""),
        ("CC BY 4.0\r\nX: y", ""),
        ("", ""),
    ],
)
def test_a_licence_is_named_where_we_know_it(licence, url):
    assert signposting.licence_url(licence) == url
