import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from threading import Event
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import fetching
from hub.tests.queue import run_waiting_jobs
from hub.tests.sites import Site, answer, net_of, running
from knowledge import jobs, link_check, services
from knowledge.link_check import Finding, Verdict
from knowledge.models import Link
from knowledge.tests.factories import make_draft, make_link, make_resource

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 1, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE = Finding(Verdict.WHOLE, 200)
GONE = Finding(Verdict.GONE, 404)
TROUBLED = Finding(Verdict.TROUBLED, 500)
UNTOLD = Finding(Verdict.UNTOLD, 403)
SILENT = Finding(Verdict.TROUBLED)


@pytest.fixture
def site():
    with running(Site()) as site:
        yield site


def look(site, *links, resolver=None, pause=0, since=None):
    """Look at these links, in a net that has this site alone."""
    net = net_of(site, **({"resolver": resolver} if resolver else {}))
    link_check.look_at(
        [link.pk for link in links],
        since=since or timezone.now(),
        fetch=partial(fetching.fetch, net=net),
        pause=pause,
    )


def noted(link, *findings, nights=1):
    """What stands in the row after these findings, each ``nights`` after the one before."""
    for number, finding in enumerate(findings):
        link_check.note(link.pk, link.url, finding, NIGHT + number * nights * DAY)
    link.refresh_from_db()
    return link


# What is asked


def test_a_page_that_answers_is_asked_once_and_only_for_its_head(site):
    link = make_link(url=site.url("/work"))

    look(site, link)

    link.refresh_from_db()
    assert (link.last_status, link.fails, link.is_broken) == (200, 0, False)
    assert site.asked == [("HEAD", "/work")]


@pytest.mark.parametrize("refused", [400, 403, 404, 405, 500, 501, 503])
def test_where_head_is_refused_get_decides(refused, site):
    site.answers = lambda method, path: answer(refused if method == "HEAD" else 200)
    link = make_link(url=site.url())

    look(site, link)

    link.refresh_from_db()
    assert (link.last_status, link.fails) == (200, 0)
    assert [method for method, _path in site.asked] == ["HEAD", "GET"]


def test_where_head_gets_no_answer_get_decides(site):
    site.answers = lambda method, path: b"" if method == "HEAD" else answer()
    link = make_link(url=site.url())

    look(site, link)

    link.refresh_from_db()
    assert link.last_status == 200


@pytest.mark.parametrize(
    ("status", "fails"),
    [
        *((200, 0), (204, 0), (304, 0)),
        *((404, 1), (410, 1), (500, 1), (502, 1)),
        *((401, 0), (403, 0), (405, 0), (406, 0), (429, 0), (451, 0)),
    ],
)
def test_what_an_answer_counts_as(status, fails, site):
    site.answers = lambda method, path: answer(status)
    link = make_link(url=site.url())

    look(site, link)

    link.refresh_from_db()
    assert (link.last_status, link.fails) == (status, fails)


def test_a_page_that_moved_is_followed_within_its_limits(site):
    site.answers = lambda method, path: (
        answer(301, Location="http://169.254.169.254/latest/") if path == "/in" else answer(404)
    )
    link = make_link(url=site.url("/in"))

    look(site, link)

    link.refresh_from_db()
    assert (link.last_status, link.fails) == (None, 0)  # we do not go there, and cannot tell
    assert link.checked_at is not None


def test_a_name_that_nobody_has_is_a_failure(site):
    def resolver(host, port):
        if host == "gone.example":
            raise fetching.NoSuchName
        return [site.address]

    other, link = make_link(url=site.url()), make_link(url=site.url(host="gone.example"))

    look(site, other, link, resolver=resolver)

    link.refresh_from_db()
    assert (link.last_status, link.fails) == (None, 1)


def test_silence_of_all_is_taken_for_our_own_fault(site):
    def resolver(host, port):
        raise fetching.NoSuchName

    link = make_link(url=site.url())

    look(site, link, resolver=resolver)

    link.refresh_from_db()
    assert (link.fails, link.checked_at) == (0, None)


def test_a_cut_of_ours_for_a_week_breaks_nothing():
    link, other = make_link(), make_link()
    noted(other, WHOLE)

    noted(link, WHOLE, *[SILENT] * 7)

    assert link.fails == 1


# What is made of it


def test_three_failures_of_three_nights_make_a_link_broken():
    link = make_link()

    assert not noted(link, GONE, GONE).is_broken
    assert noted(link, GONE, GONE, GONE).is_broken
    assert list(Link.objects.broken()) == [link]


def test_failures_of_one_night_count_once():
    link = make_link()
    for minute in range(5):
        link_check.note(link.pk, link.url, GONE, NIGHT + timedelta(minutes=minute))

    link.refresh_from_db()
    assert link.fails == 1


@pytest.mark.parametrize("found", [WHOLE, Finding(Verdict.WHOLE, 302)])
def test_one_answer_makes_a_link_whole_again(found):
    link = noted(make_link(), GONE, GONE, GONE, found)

    assert (link.fails, link.failed_at, link.is_broken) == (0, None, False)


def test_who_turns_robots_away_tells_nothing():
    assert noted(make_link(), UNTOLD, UNTOLD, UNTOLD, UNTOLD, nights=4).fails == 0
    assert noted(make_link(), GONE, GONE, UNTOLD).fails == 2


@pytest.mark.parametrize(
    ("findings", "days"),
    [
        ([WHOLE], 1),
        ([GONE], 1),
        ([GONE, GONE], 1),
        ([GONE, GONE, GONE], 4),
        ([TROUBLED], 1),
        ([TROUBLED, TROUBLED], 2),
        ([TROUBLED, TROUBLED, TROUBLED], 4),
        ([TROUBLED] * 9, 4),
        ([UNTOLD], 4),
        ([GONE, GONE, GONE, WHOLE], 1),
    ],
)
def test_days_until_the_next_look(findings, days):
    link = noted(make_link(), *findings)

    before = link.checked_at + days * DAY
    assert list(Link.objects.due(before)) == [link]
    assert not Link.objects.due(before - DAY / 2).exists()


def test_an_address_that_was_changed_meanwhile_keeps_what_is_known_of_it():
    link = make_link()

    link_check.note(link.pk, "https://example.org/before", GONE, NIGHT)

    link.refresh_from_db()
    assert link.checked_at is None


def test_failures_without_a_moment_are_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.filter(pk=make_link().pk).update(fails=3)


def test_what_a_check_finds_stands_in_no_history_and_renews_no_page():
    from hub import versions
    from hub.audit.recording import recording_of

    link = make_link(resource=make_resource())
    events = recording_of(Link).events.objects
    before = events.count(), versions.version_of(versions.CONTENT)

    noted(link, GONE)

    assert (events.count(), versions.version_of(versions.CONTENT)) == before


# Whose turn it is


def test_turns_are_of_works_that_are_public_or_in_work_alone():
    public, draft = make_link(resource=make_resource()), make_link(resource=make_draft())
    withdrawn = make_link(resource=make_resource())
    services.withdraw(withdrawn.resource_id, reason="Wrong.")

    assert link_check.turns(NIGHT) == [[public.pk, draft.pk]]
    assert link_check.turns_of([withdrawn.pk]) == []


def test_the_longest_unseen_come_first_and_those_seen_lately_not_at_all():
    old, lately, never = make_link(), make_link(), make_link()
    noted(old, WHOLE)
    link_check.note(lately.pk, lately.url, WHOLE, NIGHT + 3 * DAY)

    assert link_check.turns(NIGHT + 3 * DAY) == [[never.pk, old.pk]]


def test_a_site_has_so_many_links_in_a_night(monkeypatch):
    monkeypatch.setattr(link_check, "PER_SITE", 3)
    monkeypatch.setattr(link_check, "PER_TURN", 4)
    many = [
        make_link(url=f"https://{www}big.example/{number}").pk
        for number, www in enumerate(["", "www.", "", "www."])
    ]
    few = [make_link(url=f"https://small.example/{number}").pk for number in range(2)]
    one = make_link(url="https://one.example/").pk

    assert link_check.turns(NIGHT) == [many[:3], [*few, one]]


def test_a_night_has_an_end(monkeypatch):
    monkeypatch.setattr(link_check, "PER_NIGHT", 2)
    links = [make_link() for _number in range(3)]

    assert link_check.turns(NIGHT) == [[link.pk for link in links[:2]]]


def test_between_two_questions_a_site_is_left_alone(site):
    times = []
    site.answers = lambda method, path: (
        times.append(time.monotonic()) or answer(405 if method == "HEAD" else 200)
    )
    links = [make_link(url=site.url(f"/{number}")) for number in range(2)]

    look(site, *links, pause=0.2)

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.2


def test_sites_take_turns(site):
    urls = [site.url("/1", "a.example"), site.url("/2", "a.example"), site.url("/3", "b.example")]

    look(site, *(make_link(url=url) for url in urls))

    assert [path for _method, path in site.asked] == ["/1", "/3", "/2"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_is_asked_too_much_is_left_alone_for_this_time(status, site):
    site.answers = lambda method, path: answer(status)
    links = [make_link(url=site.url(f"/{number}")) for number in range(3)]

    look(site, *links)

    assert {path for _method, path in site.asked} == {"/0"}
    assert Link.objects.filter(checked_at=None).count() == 2


# Its jobs


def test_the_nightly_job_hands_out_turns_to_be_taken_one_at_a_time():
    link = make_link()

    jobs.check_links.func()

    job = ProcrastinateJob.objects.get(task_name=jobs.look_at_links.name)
    assert job.args["link_ids"] == [link.pk]
    assert (job.lock, job.priority < 0) == (jobs.look_at_links.name, True)


def test_a_night_from_its_job_to_what_it_finds():
    link = make_link(url="http://127.0.0.1/")  # where the hub itself may listen

    jobs.check_links.func()
    done = run_waiting_jobs()

    link.refresh_from_db()
    assert done == ["look_at_links"]
    assert link.checked_at is not None
    assert (link.last_status, link.fails) == (None, 0)


KILLED = """
import sys
from datetime import datetime
from functools import partial
import django
django.setup()
from hub import fetching
from knowledge import link_check
port, since, *link_ids = sys.argv[1:]
net = fetching.Net(lambda host, port: ["127.0.0.1"], ports={int(port)}, exempt={"127.0.0.1"})
fetch = partial(fetching.fetch, net=net)
link_check.look_at(link_ids, since=datetime.fromisoformat(since), fetch=fetch, pause=0)
"""


@pytest.mark.django_db(transaction=True)
def test_a_job_that_was_killed_goes_on_where_it_was(site):
    links = [make_link(url=site.url(f"/{number}")) for number in range(4)]
    link_ids = [str(link.pk) for link in links]
    since, is_at_third = timezone.now(), Event()

    def hang_at_the_third(method, path):
        if path == "/2":
            is_at_third.set()
            time.sleep(3)
        return answer()

    site.answers = hang_at_the_third
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(site.port), since.isoformat(), *link_ids],
        cwd=settings.ROOT,
        env=os.environ | {"DATABASE_URL": url.geturl(), "DJANGO_SETTINGS_MODULE": "hub.settings"},
    )
    assert is_at_third.wait(30)
    process.kill()
    process.wait()
    site.answers = lambda method, path: answer()

    look(site, *links, since=since)

    assert [path for _method, path in site.asked] == ["/0", "/1", "/2", "/2", "/3"]
    assert not Link.objects.filter(checked_at=None).exists()


def test_checking_now_asks_once_in_ten_minutes(site):
    link = make_link(url=site.url())
    jobs.check_now([link.pk])
    since = datetime.fromisoformat(
        ProcrastinateJob.objects.get(task_name=jobs.look_at_links.name).args["since"]
    )

    for _time in range(2):
        look(site, link, since=since)

    assert len(site.asked) == 1
