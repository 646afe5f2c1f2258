"""What the desk says of how often works are read, and to whom."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.http import HttpResponse
from django.utils import timezone

from hub import desk
from hub.catalogue import readership
from hub.catalogue.models import SearchMiss, UsageDay
from hub.catalogue.sources import ref_of
from hub.catalogue.usage import months_before
from hub.links import absolute
from hub.partners.models import Membership, Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import queries_of

pytestmark = pytest.mark.django_db
LIST = "/admin/catalogue/usageday/"
EXPORT = f"{LIST}export/"


@pytest.fixture
def own() -> Organisation:
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(own, client):
    person = make_editor(own)
    client.force_login(person)
    return person


def read(work: Resource, count: int, metric: str = "view", day: date | None = None) -> None:
    day = day or timezone.now().date()
    UsageDay.objects.create(record_id=ref_of(work), day=day, metric=metric, count=count)


def months_ago(months: int) -> date:
    return months_before(timezone.now().date(), months)


def rows_of(answer: HttpResponse) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_sums_are_of_this_month_the_last_and_twelve(own, editor, client):
    work = make_resource("On pits", owner=own)
    for months, count in [(0, 1), (1, 10), (2, 100), (11, 1000), (12, 10_000)]:
        read(work, count, day=months_ago(months))
    read(work, 5, "download", months_ago(0))
    read(work, 6, "text", months_ago(1))

    rows = client.get(LIST).context["rows"]

    assert [(row.work.title, row.counts) for row in rows] == [
        ("On pits", (1, 10, 1111, 5, 0, 5, 0, 6, 6))
    ]
    assert rows[0].work.url == f"/admin/knowledge/resource/{work.pk}/change/"


def test_the_last_day_of_a_month_is_of_that_month(own, editor, client):
    read(make_resource(owner=own), 3, day=months_ago(0) - timedelta(days=1))

    assert client.get(LIST).context["total"].counts[:3] == (0, 3, 3)


def test_works_stand_in_the_order_that_is_asked_for(own, editor, client):
    first, second, third = (make_resource(title, owner=own) for title in ("A", "B", "C"))
    read(first, 5), read(second, 7), read(first, 9, "text"), read(third, 6, "text")

    orders = {
        order: [row.work.title for row in client.get(f"{LIST}?order={order}").context["rows"]]
        for order in ("", "view_month", "text_year")
    }

    assert orders == {
        "": ["B", "A", "C"],
        "view_month": ["B", "A", "C"],
        "text_year": ["A", "C", "B"],
    }


def test_works_that_nobody_reads_are_listed_and_drafts_are_not(own, editor, client):
    make_resource("Unread", owner=own)
    make_draft("A draft", owner=own)

    answer = client.get(LIST)

    assert [(row.work.title, sum(row.counts)) for row in answer.context["rows"]] == [("Unread", 0)]


def test_what_was_withdrawn_keeps_its_numbers_and_its_name(own, editor, client):
    work = make_resource("On pits", owner=own)
    read(work, 4)
    services.withdraw(work.pk, reason="Old")

    row = client.get(LIST).context["rows"][0]

    assert (row.work.title, row.counts[0]) == ("On pits", 4)


def test_each_sees_the_works_of_their_own(own, client):
    others = make_organisation("Wind Coast Union")
    shared = make_resource("Shared", owner=others)
    shared.co_owners.add(own)
    works = [make_resource("Ours", owner=own), make_resource("Theirs", owner=others), shared]
    for work in works:
        read(work, 2)
    # To be named as its publisher does not make it one's own.
    works[1].credits.create(role="publisher", organisation=own)
    services.saved(works[1])
    people = {
        "editor": make_editor(own),
        "author": make_editor(own, role=Membership.Role.AUTHOR),
        "secretariat": make_user(is_secretariat=True),
        "administrator": make_user(is_superuser=True),
    }

    found = {}
    for name, person in people.items():
        client.force_login(person)
        page, file = client.get(LIST), rows_of(client.get(EXPORT))
        told = sorted(row.work.title for row in page.context["rows"])
        panel = client.get("/admin/").context["panels"][0].shown
        assert sorted(row[0] for row in file[1:]) == told
        assert sorted(entry.work.title for entry in panel) == told
        found[name] = (told, page.context["total"].counts[0])

    two, three = (["Ours", "Shared"], 4), (["Ours", "Shared", "Theirs"], 6)
    assert found == {"editor": two, "author": two, "secretariat": three, "administrator": three}


def test_one_asks_for_the_works_of_one_organisation(own, client):
    others = make_organisation("Wind Coast Union")
    read(make_resource("Ours", owner=own), 2)
    read(make_resource("Theirs", owner=others), 3)
    client.force_login(make_user(is_secretariat=True))

    answer = client.get(f"{LIST}?organisation={others.pk}")

    assert [row.work.title for row in answer.context["rows"]] == ["Theirs"]
    assert answer.context["total"].counts[0] == 3
    assert [row[0] for row in rows_of(client.get(f"{EXPORT}?organisation={others.pk}"))[1:]] == [
        "Theirs"
    ]


@pytest.mark.parametrize("path", [LIST, EXPORT])
def test_anothers_organisation_answers_like_none(own, editor, client, path):
    others = make_organisation("Wind Coast Union")
    make_resource(owner=others)
    make_resource(owner=own)

    asked = [others.pk, 999_999_999, "x", "1" * 40, own.pk]
    answers = [client.get(f"{path}?organisation={one}").status_code for one in asked]

    assert answers == [404, 404, 404, 404, 200]


@pytest.mark.parametrize("query", ["order=nothing", "order=password"])
def test_an_order_that_there_is_not_is_not_found(editor, client, query):
    assert client.get(f"{LIST}?{query}").status_code == 404


def test_visitors_and_members_see_no_numbers(client):
    statuses = [client.get(path).status_code for path in (LIST, EXPORT)]
    client.force_login(make_user())
    statuses += [client.get(path).status_code for path in (LIST, EXPORT)]

    assert statuses == [302] * 4


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(own, editor, client):
    titles = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@sum", "Ökologie, 炭鉱", 'A "b"']
    for title in titles:
        read(make_resource(title, owner=own), 1)

    answer = client.get(EXPORT)

    raw = answer.getvalue()
    rows = list(csv.reader(StringIO(raw.decode("utf-8-sig"))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="readers-')
    assert rows[0][:3] == ["title", "views, this month", "views, last month"]
    assert {row[0] for row in rows[1:]} == {f"'{title}" for title in titles[:4]} | {*titles[4:]}
    assert {(len(row), row[1]) for row in rows[1:]} == {(11, "1")}


def test_pages_of_the_list_cost_the_same_for_many_works(own, editor, client):
    found = []
    client.get(LIST)  # who has just signed in is looked at once more
    for number in (2, 20):
        for _ in range(number):
            work = make_resource(owner=own)
            read(work, 3), read(work, 2, "text")
        found.append([queries_of(client, path) for path in (LIST, EXPORT)])

    assert found[0] == found[1]


def test_a_long_list_comes_in_pages(own, editor, client):
    for _ in range(51):
        make_resource(owner=own)

    pages = [client.get(f"{LIST}?page={page}").context["rows"] for page in (1, 2)]

    assert [len(rows) for rows in pages] == [50, 1]


# The first page of the desk, and the page of a work


def test_the_desk_begins_with_the_five_works_that_were_viewed_most(own, editor, client):
    works = [make_resource(f"Work {number}", owner=own) for number in range(7)]
    for number, work in enumerate(works):
        read(work, number + 1)
        read(work, 100, "download")
        read(work, 100, day=months_ago(1))

    page = client.get("/admin/")

    assert [(one.work.title, one.count) for one in page.context["panels"][0].shown] == [
        (f"Work {number}", number + 1) for number in (6, 5, 4, 3, 2)
    ]
    told = page.content.decode()
    assert ("Most read this month" in told, "7 views" in told) == (True, True)


def test_the_desk_of_who_was_not_read_says_so(editor, client):
    assert "No work of yours was read yet this month." in client.get("/admin/").content.decode()


def test_a_panel_that_has_nothing_to_show_is_left_out(editor, client, monkeypatch):
    monkeypatch.setattr(desk.panels, "_entries", [lambda user: None])

    assert client.get("/admin/").context["panels"] == []


def test_the_page_of_a_work_tells_twelve_months(own, editor, client):
    work = make_resource("On pits", owner=own)
    read(work, 1), read(work, 2, "download"), read(work, 40, day=months_ago(11))
    read(work, 500, day=months_ago(12))

    usage = client.get(f"/admin/knowledge/resource/{work.pk}/change/").context["usage"]

    assert [(str(label), count) for label, count in usage["sums"]] == [
        ("views", 41),
        ("downloads", 2),
        ("text read", 0),
    ]
    months = usage["months"]
    assert (len(months), months[0].counts, months[11].counts) == (12, (1, 2, 0), (40, 0, 0))
    assert [one.first for one in months] == [months_ago(number) for number in range(12)]


def test_the_page_of_an_unread_work_shows_no_numbers(own, editor, client):
    work = make_draft(owner=own)

    page = client.get(f"/admin/knowledge/resource/{work.pk}/change/").content.decode()

    assert "Read in the last 12 months" not in page


def test_those_who_own_something_can_be_asked_for(own):
    idle, desk_of_hub = make_organisation(), Organisation.objects.desk()
    make_resource(owner=own)
    make_resource(owner=desk_of_hub)

    found = set(readership.owners_for(make_user(is_secretariat=True)))

    assert (found, idle in found) == ({own, desk_of_hub}, False)


def test_the_desk_shows_what_was_asked_for_in_vain(editor, client):
    today = timezone.now().date()
    for days, query, count in [(0, "peat bogs", 3), (9, "peat bogs", 4), (40, "long ago", 90)]:
        day = today - timedelta(days=days)
        SearchMiss.objects.create(day=day, language="en", query=query, count=count)
    client.force_login(editor)

    page = client.get("/admin/")

    (asked,) = page.context["panels"][1].shown
    assert (asked.query, asked.language, asked.times) == ("peat bogs", "en", 7)
    assert "peat bogs</th>" in page.content.decode()


def test_works_of_one_title_are_told_apart_in_the_file_by_their_address(own, editor, client):
    works = [make_resource("On pits", owner=own) for _ in range(2)]

    heading, *rows = rows_of(client.get(EXPORT))

    assert heading[-1] == "address"
    assert {row[-1] for row in rows} == {absolute(work.get_absolute_url()) for work in works}


def test_each_day_on_which_somebody_read_is_a_line_with_its_address(own, editor, client):
    work, other = make_resource("=On pits", owner=own), make_resource("Theirs")
    today, earlier = timezone.now().date(), months_ago(3)
    read(work, 3), read(work, 2, "download"), read(work, 5, "text", earlier), read(other, 9)

    header, *rows = rows_of(client.get(f"{EXPORT}days/"))

    address = [absolute(work.get_absolute_url()), work.permanent_url, "'=On pits"]
    assert header == [
        *("Address", "Permanent address", "Title", "Day", "Views", "Downloads", "Text read"),
    ]
    assert rows == [
        [*address, f"{today}", "3", "2", "0"],
        [*address, f"{earlier}", "0", "0", "5"],
    ]


def test_days_are_those_of_the_organisation_that_is_asked_for(own, client):
    other = make_organisation("Wind Coast Union")
    read(make_resource("Ours", owner=own), 1), read(make_resource("Theirs", owner=other), 1)
    client.force_login(make_user(is_secretariat=True))

    rows = rows_of(client.get(f"{EXPORT}days/?organisation={other.pk}"))

    assert [row[2] for row in rows[1:]] == ["Theirs"]


def test_the_page_has_the_figures_of_each_month_for_all_works_shown(own, editor, client):
    first, second = (make_resource(title, owner=own) for title in ("A", "B"))
    read(first, 3), read(second, 4), read(second, 5, "download", months_ago(1))
    read(make_resource("Theirs"), 100)

    answer = client.get(LIST)

    months = answer.context["usage"]["months"]
    assert [month.counts for month in months[:3]] == [(7, 0, 0), (0, 5, 0), (0, 0, 0)]
    assert "All works by month" in answer.content.decode()


def test_most_read_is_drawn_and_a_table(own, editor, client):
    read(make_resource("Much", owner=own), 10), read(make_resource("Half", owner=own), 5)

    page = client.get("/admin/").content.decode()
    table = page[
        page.index("Your works by views of this month") : page.index("How often each work is read")
    ]

    assert '<path fill="currentColor" d="M0 0h100v10H0z"' in table
    assert '<path fill="currentColor" d="M0 0h50v10H0z"' in table
    assert table.index("10 views") < table.index("5 views")
