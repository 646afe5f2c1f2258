import csv

import pytest
from django.conf import settings

from knowledge.addresses import LONGEST, canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://ilo.org/report",
        "http://ilo.org/report",
        "https://www.ilo.org/report/",
        "https://WWW.ILO.org:443/report",
        "http://ilo.org:80/report#page=12",
        "https://ilo.org./report?utm_source=letter&utm_medium=mail",
        "https://ilo.org/report?fbclid=IwAR0&gclid=x",
        " https://ilo.org/%72eport ",
    ],
)
def test_spellings_of_one_address_are_one(url):
    assert canonical(url) == "ilo.org/report"


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://jetknowledge.org/?p=1976", "https://jetknowledge.org/?p=1977"),
        ("https://sipet.org/allknowledge.aspx?id=2", "https://sipet.org/allknowledge.aspx?id=3"),
        ("https://equaltimes.org/x?lang=en", "https://equaltimes.org/x?lang=es"),
        ("https://slaskie.pl/x?page=1", "https://slaskie.pl/x"),
        ("https://ilo.org/Report", "https://ilo.org/report"),
        ("https://ilo.org:8443/report", "https://ilo.org/report"),
        ("https://site.example/#/works/12", "https://site.example/#/works/13"),
        ("https://site.example/a%2Fb", "https://site.example/a/b"),
        ("https://site.example/x?dcid=1", "https://site.example/x?dcid=2"),
    ],
)
def test_what_names_the_document_stays(url, other):
    assert canonical(url) != canonical(other)


def test_the_order_of_a_query_does_not_matter():
    assert canonical("https://a.example/?b=2&a=1") == canonical("https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://doi.org/10.1016/J.JCLEPRO.2023.137399", "doi:10.1016/j.jclepro.2023.137399"),
        ("http://dx.doi.org/10.1000%2Fabc/", "doi:10.1000/abc"),
        ("https://hdl.handle.net/10568/1", "handle:10568/1"),
        ("https://www.doi.org/the-identifier", "doi.org/the-identifier"),
    ],
)
def test_an_address_of_a_registry_is_the_name_that_it_leads_to(url, key):
    assert canonical(url) == key


def test_names_in_other_scripts_have_one_spelling():
    assert canonical("https://bücher.example/ä") == canonical(
        "https://xn--bcher-kva.example/%C3%A4"
    )


@pytest.mark.parametrize(
    "text", ["", "http://[::1", "https://a.example:port/", "no address", "\ud800"]
)
def test_what_is_no_address_is_no_error(text):
    assert isinstance(canonical(text), str)


def test_a_very_long_address_fits_and_stays_itself():
    long, longer = (f"https://a.example/{'ä' * size}" for size in (900, 901))

    assert len(canonical(long).encode()) <= LONGEST
    assert canonical(long) != canonical(longer)


def test_each_address_of_the_starting_content_is_one_address_still():
    with (settings.ROOT / "starter" / "resources.csv").open(encoding="utf-8") as file:
        urls = {row["url"] for row in csv.DictReader(file) if row["url"]}

    assert len({canonical(url) for url in urls}) == len(urls)
