from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.catalogue import kept
from hub.catalogue.jobs import tidy_search
from hub.catalogue.models import KeptPage
from hub.partners.tests.factories import make_organisation
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


def test_a_page_is_made_once_for_all_ways_to_ask_for_it(client):
    finance, youth = make_term("Finance", slug="finance"), make_term("Youth", slug="youth")
    make_resource("Coal", terms=(finance, youth), kind="tool")
    first = client.get("/resources/?q=coal&topic=finance&topic=youth&kind=tool&from=&page=1")
    assert KeptPage.objects.count() > 0

    with CaptureQueriesContext(connection) as asked:
        other = client.get("/resources/?kind=tool&topic=youth&utm_source=x&topic=finance&q=+coal")

    assert other.content == first.content
    assert other["ETag"] == first["ETag"]
    # The version of the content, and the page.
    assert len(asked) == 2


def test_whoever_has_the_page_is_told_so(client):
    make_resource("Coal")
    page = client.get("/resources/?q=coal")

    again = client.get("/resources/?q=coal", headers={"if-none-match": page["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (page["Cache-Control"], again["ETag"]) == (
        "public, max-age=0, s-maxage=60",
        page["ETag"],
    )


def test_a_kept_page_goes_with_the_content_it_shows(client):
    resource = make_resource("Coal")
    topic = make_term("Finance")
    pages = []
    for change in (
        lambda: None,
        lambda: make_resource("More coal"),
        lambda: topic.labels.update(label="Money"),
        lambda: services.withdraw(resource.pk, reason="Told twice"),
    ):
        change()
        page = client.get("/resources/?q=coal")
        pages.append((page["ETag"], page.content.decode().count('<article class="card"')))

    assert len({etag for etag, _works in pages}) == 4
    assert [works for _etag, works in pages] == [1, 2, 2, 1]


def test_a_scheduled_work_is_there_when_its_moment_has_come(client):
    draft = make_draft("Coal")
    services.publish(draft.pk, at=timezone.now() + timedelta(hours=1))
    before = client.get("/resources/?q=coal")
    with connection.cursor() as cursor:  # an hour later, though nobody has changed anything
        cursor.execute("ALTER TABLE catalogue_record DISABLE TRIGGER note_change")
        cursor.execute("UPDATE catalogue_record SET published_at = now() - interval '1 second'")

    after = client.get("/resources/?q=coal")

    assert before["ETag"] != after["ETag"]
    assert '<article class="card"' not in before.content.decode()
    assert after.content.decode().count('<article class="card"') == 1


def test_pages_are_made_anew_where_the_hub_has_moved(client, settings):
    make_resource("Coal")
    before = client.get("/resources/")

    settings.BASE_URL = "https://elsewhere.example"
    kept._program.cache_clear()
    after = client.get("/resources/")
    kept._program.cache_clear()

    assert b"https://elsewhere.example" in after.content
    assert after["ETag"] != before["ETag"]


def test_readers_who_save_data_have_pages_of_their_own(client):
    make_resource("Coal")

    plain = client.get("/resources/")
    lean = client.get("/resources/", headers={"save-data": "on"})

    assert plain.content != lean.content
    assert plain["ETag"] != lean["ETag"]
    assert client.get("/resources/").content == plain.content


def test_what_says_that_it_left_something_out_is_not_kept(client):
    make_resource("Coal")
    client.get("/resources/")
    kept_before = KeptPage.objects.count()

    page = client.get("/resources/?topic=dragons")

    assert "We left out “dragons”" in page.content.decode()
    assert KeptPage.objects.count() == kept_before


def test_what_is_old_makes_way():
    for number in range(10):
        kept.keep(f"old {number}", "1", b"page")
    long_ago = timezone.now() - timedelta(minutes=kept.MINUTES + 1)
    KeptPage.objects.update(kept_at=long_ago)

    for number in range(5):
        kept.keep(f"new {number}", "2", b"page")

    assert KeptPage.objects.count() == 5
    assert kept.get("new 4", "2") == (b"page", False)
    assert kept.get("new 4", "3") is None


def test_every_night_all_that_is_old_is_forgotten():
    kept.keep("old", "1", b"page")
    KeptPage.objects.update(kept_at=timezone.now() - timedelta(minutes=kept.MINUTES + 1))
    kept.keep("new", "1", b"page")

    tidy_search.defer()
    run_waiting_jobs()

    assert kept.get("new", "1") is not None
    assert KeptPage.objects.count() == 1


def test_nothing_is_kept_while_one_works_on_the_templates(client, settings):
    make_resource("Coal")
    client.get("/resources/?q=coal")
    kept_before = KeptPage.objects.count()
    settings.DEBUG = True

    client.get("/resources/?q=coal&kind=report")

    assert KeptPage.objects.count() == kept_before


PAGES = (
    *("/", "/topics/", "/topics/finance/", "/sectors/", "/places/", "/places/spain/"),
    *("/partners/", "/partners/giz/", "/about/"),
)


def make_everything() -> Resource:
    spain = make_term("Spain", Scheme.PLACE, slug="spain")
    giz = make_organisation("GIZ", slug="giz", is_partner=True)
    terms = (make_term("Finance", slug="finance"), make_term("Steel", Scheme.SECTOR), spain)
    return make_resource("Coal", terms=terms, owner=giz, publishers=("GIZ",))


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_content_are_made_once(client, path):
    make_everything()
    first = client.get(path)

    again = client.get(path, headers={"if-none-match": first["ETag"]})
    with CaptureQueriesContext(connection) as asked:
        second = client.get(path)

    assert (second.content, len(asked), again.status_code) == (first.content, 2, 304)


@pytest.mark.parametrize("path", ["/", "/topics/finance/", "/places/spain/"])
def test_pages_of_the_content_go_with_it(client, path):
    resource = make_everything()
    before = client.get(path)

    services.withdraw(resource.pk, reason="Told twice")

    after = client.get(path)
    assert b"Coal</a>" in before.content
    assert b"Coal</a>" not in after.content
    assert after["ETag"] != before["ETag"]


def test_a_page_under_many_addresses_is_kept_once(client):
    make_everything()
    client.get("/")
    kept_before = KeptPage.objects.count()

    answers = [client.get(f"/?x={number}") for number in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert KeptPage.objects.count() == kept_before
