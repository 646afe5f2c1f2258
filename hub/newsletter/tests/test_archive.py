"""Past issues on the web."""

import json
import re

import pytest

from hub.catalogue.models import Record
from hub.newsletter.tests.issue_factories import make_begun, make_issue, make_record

pytestmark = pytest.mark.django_db


def test_an_issue_that_went_out_is_on_the_web_in_its_languages(client):
    issue = make_begun(
        ("research", make_record("On pits")), texts={"en": "What is new", "es": "Novedades"}
    )

    page = client.get(f"/newsletter/{issue.number}/")
    spanish = client.get(f"/newsletter/{issue.number}/es/")

    assert "What is new" in page.text
    assert "On pits" in page.text
    assert f'href="/newsletter/{issue.number}/es/"' in page.text
    assert '<h1 lang="es" dir="ltr">Novedades</h1>' in spanish.text
    assert client.get(f"/newsletter/{issue.number}/th/").status_code == 404


def test_a_draft_is_not_on_the_web(client):
    make_issue()

    assert client.get("/newsletter/1/").status_code == 404
    assert "No issue has gone out yet." in client.get("/newsletter/").text


def test_past_issues_are_listed_the_last_first(client):
    make_begun(texts={"en": "The first"})
    make_begun(texts={"en": "The second"})

    page = client.get("/newsletter/").text

    assert page.index("The second") < page.index("The first")


def test_what_is_public_no_more_is_gone_from_the_archive(client):
    ref = make_record("On pits")
    make_begun(("research", ref))
    Record.objects.filter(ref=ref).delete()

    page = client.get("/newsletter/1/").text

    assert "On pits" not in page
    assert "is not on the site any more" in page


def test_the_page_of_an_issue_is_kept_and_has_an_etag(client, django_assert_num_queries):
    make_begun()
    etag = client.get("/newsletter/1/")["ETag"]

    response = client.get("/newsletter/1/", headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"


def test_what_programs_read_of_an_issue(client, settings):
    make_begun(("research", make_record("On </script> pits")))

    page = client.get("/newsletter/1/").text

    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    graph = json.dumps(json.loads(found[1]))
    assert '"PublicationIssue"' in graph
    assert '"issueNumber": 1' in graph
    assert "On </script> pits" in graph


@pytest.mark.parametrize(
    "path",
    ["0/", "99999999999999999999999/", "1/%00/", f"1/{'x' * 3000}/", "1/EN/", "1/zz/"],
)
def test_odd_addresses_are_not_found(client, path):
    make_begun()

    assert client.get(f"/newsletter/{path}").status_code == 404
