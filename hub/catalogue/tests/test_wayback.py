import pytest
from django.test import RequestFactory

from hub.catalogue.wayback import MAX_LENGTH, mark, way_back
from knowledge.tests.factories import make_resource
from tests.pages import Page


def asked(back: str) -> str:
    return way_back(RequestFactory().get("/resources/x/", {"back": back}))


@pytest.mark.parametrize(
    "address",
    [
        "/resources/?topic=finance&topic=youth&sort=title&page=3",
        "/search/?q=mine+closure",
        "/search/?q=%E0%B9%81%E0%B8%A1%E0%B9%88",
    ],
)
def test_the_way_back_is_the_list_as_it_was(address):
    link = mark(address)

    assert way_back(RequestFactory().get(f"/resources/x/{link}")) == address


def test_a_plain_list_marks_no_link():
    assert mark("/resources/") == ""
    assert mark(f"/resources/?q={'a' * MAX_LENGTH}") == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/resources/",
        "//evil.example/?q=a",
        "https://evil.example/resources/?q=a",
        "/admin/?q=a",
        "javascript:alert(1)?q=a",
        "/resources/?evil=a",
        "/resources/?q=",
        f"/resources/?q={'a' * MAX_LENGTH}",
    ],
)
def test_nobody_is_led_elsewhere(address):
    assert asked(address) == ""


def test_what_a_list_does_not_know_is_left_out():
    assert asked('/resources/?q="><script>&evil=1&kind=tool%00') == (
        "/resources/?q=%22%3E%3Cscript%3E&kind=tool%00"
    )


@pytest.mark.django_db
def test_a_work_leads_back_to_the_filters_it_was_found_by(client):
    make_resource("Roads", kind="tool", slug="roads")

    found = client.get("/resources/?kind=tool").context
    opened = client.get(found["cards"][0].url + found["back"])

    assert opened.context["back_url"] == "/resources/?kind=tool"
    page = Page(opened.content.decode())
    assert page.canonical == "https://hub.example.org/resources/roads/"
    assert "/resources/?kind=tool" in {link.get("href") for link in page.all("a")}
    assert client.get("/resources/roads/").context["back_url"] == ""
