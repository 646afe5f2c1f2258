"""Newer files in the place of earlier ones, and files whose time has not come."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from hub import versions
from hub.catalogue.models import Passage, Record
from hub.catalogue.services import put
from hub.tests import pdfs
from hub.tests.queue import run_waiting_jobs
from hub.zones import told
from knowledge import services
from knowledge.models import Cover, File, Resource
from knowledge.tests.factories import make_cover, make_draft, make_file, make_resource
from tests.pages import Page, addresses

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=2)


@pytest.fixture
def work() -> Resource:
    return make_resource("On pits", slug="pits")


def make_read(resource: Resource, *pages: str, **fields) -> File:
    file = make_file(resource, *pages, **fields)
    run_waiting_jobs()
    file.refresh_from_db()
    return file


def let_time_pass(by: timedelta = 2 * LATER) -> None:
    """Move every moment of files back, as if the clock had gone on: nothing else happens."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE knowledge_file SET embargo_until = embargo_until - %s", [by])
        cursor.execute(
            "UPDATE catalogue_passage "
            "SET public_from = public_from - %s, public_until = public_until - %s",
            [by, by],
        )
        cursor.execute(
            "UPDATE catalogue_record SET picture = picture || jsonb_build_object('opens', "
            "to_char((picture->>'opens')::timestamptz - %s, 'YYYY-MM-DD\"T\"HH24:MI:SSOF:00')) "
            "WHERE picture ? 'opens'",
            [by],
        )


def links_of(client, path: str = "/resources/pits/") -> list[str]:
    return [one.get("href", "") for one in Page(client.get(path).content.decode()).all("a")]


def pages_found(client, words: str) -> bool:
    return f"#page={1}" in client.get(f"/search/?q={words}").content.decode()


# Embargo


def lists() -> list[str]:
    paths = ("/resources/", "/search/", "/resources.atom", "/search.atom", "/search/suggestions/")
    words = ("canaryfile", "canary", "pits", "pits+canaryfile", "pits+-canaryfile", "secondpage")
    return [f"{path}?q={word}" for path in paths for word in words]


def leaks(client, work: Resource, file: File) -> set[str]:
    """Every address that shows something of the file: its words, its name, its first page."""
    cover = Cover.objects.filter(resource=work).first()
    signs = {b"canaryfile", file.name.encode(), file.sha256.encode()}
    signs |= {size.name.encode() for size in cover.sizes} if cover else set()
    own = [file.get_absolute_url(), file.text_url(), "/resources/pits/text/"]
    own += [size.url for size in cover.as_picture().sizes] if cover else []
    found = set()
    for path in [*addresses(), *lists(), *own]:
        answer = client.get(path)
        # A page repeats what was asked of it.
        asked = path.encode().partition(b"?")[2]
        told_of = answer.getvalue() + str(answer.headers).encode()
        if answer.status_code == 200 and path in own:
            found.add(path)
        if any(sign in told_of for sign in signs if sign not in asked) or (
            b"canaryfile words" in told_of
        ):
            found.add(path)
    return found


def test_nothing_of_a_file_under_embargo_is_anywhere_until_it_is_over(client, work):
    until = timezone.now() + LATER
    file = make_read(work, "canaryfile words", "secondpage words", embargo_until=until)
    before = leaks(client, work, file)
    page = client.get("/resources/pits/").content.decode()

    let_time_pass()
    after = leaks(client, work, file)

    assert (file.text_status, Passage.objects.filter(part=file.part).count()) == ("read", 2)
    assert before == set()
    assert f"It comes on {told(until)}." in " ".join(page.split())
    sizes = {size.url for size in Cover.objects.get(resource=work).as_picture().sizes}
    own = {file.get_absolute_url(), file.text_url(), "/resources/pits/text/", *sizes}
    assert own | {"/resources/pits/", "/search/?q=canaryfile", "/resources/"} <= after


def test_a_search_does_not_confirm_the_words_of_a_file_under_embargo(client, work):
    make_read(work, "canaryfile words", embargo_until=timezone.now() + LATER)

    answers = [
        client.get(f"/search/?q={sign}{word}").content.decode().replace(word, "nobodyxile")
        for word in ("canaryfile", "nobodyxile")
        for sign in ("", "pits+-", "pits+or+")
    ]

    assert answers[:3] == answers[3:]


def test_kept_pages_are_others_in_the_second_in_which_an_embargo_ends(work):
    until = timezone.now() + timedelta(seconds=2)
    make_file(work, embargo_until=until)

    before = versions.version_of(versions.CONTENT), versions.versions()
    time.sleep(max((until - timezone.now()).total_seconds(), 0) + 0.05)
    after = versions.version_of(versions.CONTENT), versions.versions()

    assert before[0] == after[0]
    assert before[1] != after[1]


def test_an_embargo_that_is_put_off_or_taken_back_holds_at_once(client, work):
    file = make_read(work, "canaryfile words")
    soon = timezone.now() + LATER

    services.describe_file(file.pk, embargo_until=soon)
    held = client.get(file.get_absolute_url()).status_code, pages_found(client, "canaryfile")
    services.describe_file(file.pk, embargo_until=None)
    free = client.get(file.get_absolute_url()).status_code, pages_found(client, "canaryfile")

    assert (held, free) == ((404, False), (200, True))


def test_a_browser_that_has_a_file_is_told_nothing_under_embargo(client, work):
    file = make_file(work, embargo_until=timezone.now() + LATER)

    for headers in ({"If-None-Match": f'"{file.name}"'}, {"Range": "bytes=0-9"}):
        assert client.get(file.get_absolute_url(), headers=headers).status_code == 404


def test_a_cover_of_its_own_is_shown_while_the_file_waits(client, work):
    cover = make_cover(work)
    make_read(work, "canaryfile words", embargo_until=timezone.now() + LATER)

    assert client.get(cover.as_picture().sizes[0].url).status_code == 200


# Versions


def test_readers_get_the_newest_version_and_find_the_earlier_one_below(client, work):
    old = make_read(work, "first words", title="The report")
    new = make_read(work, "second words", replaces=old.pk, note="Figures for 2026.", title="Report")

    links = links_of(client)
    html = " ".join(client.get("/resources/pits/").content.decode().split())

    assert (new.number, old.number) == (2, 1)
    assert [url for url in links if "/files/" in url] == [
        old.get_absolute_url(),
        new.get_absolute_url(),
    ]
    assert [url for url in links if "/text/" in url] == [new.text_url()]
    assert all(words in html for words in ("version 2 of", "Figures for 2026.", "Version 1"))
    assert client.get(old.get_absolute_url()).status_code == 200
    assert (pages_found(client, "first"), pages_found(client, "second")) == (False, True)


def test_the_first_page_of_the_newest_version_is_the_cover(work):
    old = make_read(work, "first words")
    new = make_read(work, "second words", replaces=old.pk)

    assert Cover.objects.get(resource=work).file == new


def test_the_address_of_a_version_that_was_put_away_leads_to_what_readers_get(client, work):
    old = make_read(work, "canaryfile words")
    new = make_read(work, "second words", replaces=old.pk)

    services.describe_file(old.pk, is_put_away=True)
    answer = client.get(old.get_absolute_url())

    assert (answer.status_code, answer["Location"]) == (302, new.get_absolute_url())
    assert old.name not in client.get("/resources/pits/").content.decode()
    services.describe_file(new.pk, is_put_away=True)
    assert client.get(old.get_absolute_url()).status_code == 404
    assert "/files/" not in client.get("/resources/pits/").content.decode()


def test_until_a_new_version_is_out_readers_have_the_one_before(client, work):
    until = timezone.now() + LATER
    old = make_read(work, "first words")
    new = make_read(work, "canaryfile words", replaces=old.pk, embargo_until=until)
    html = " ".join(client.get("/resources/pits/").content.decode().split())

    before = [pages_found(client, words) for words in ("first", "canaryfile")]
    served = [client.get(file.get_absolute_url()).status_code for file in (old, new)]
    let_time_pass()
    after = [pages_found(client, words) for words in ("first", "canaryfile")]

    assert (before, served, after) == ([True, False], [200, 404], [False, True])
    assert f"A newer version comes on {told(until)}." in html
    assert new.name not in html


def test_without_the_newest_version_the_one_before_is_it_again(client, work):
    first = make_read(work, "first words")
    second = make_read(work, "second words", replaces=first.pk)
    third = make_read(work, "third words", replaces=second.pk)

    services.remove_file(second.pk)
    first.refresh_from_db()
    assert first.succeeded_by == third
    services.remove_file(third.pk)
    run_waiting_jobs()

    assert pages_found(client, "first")
    assert client.get(first.get_absolute_url()).status_code == 200


def test_a_version_has_one_successor_and_only_in_its_own_work(work):
    old, other = make_file(work), make_file(make_draft())
    make_file(work, replaces=old.pk)

    for wrong in (old.pk, other.pk):
        with pytest.raises(ValidationError) as refused:
            make_file(work, replaces=wrong)
        assert [*refused.value.message_dict] == ["replaces"]
    assert File.objects.count() == 3


def test_the_record_tells_of_its_windows_when_it_is_put_again(work):
    until = timezone.now() + LATER
    old = make_read(work, "first words")
    new = make_read(work, "second words", replaces=old.pk, embargo_until=until)
    Passage.objects.update(public_from=None, public_until=None)

    put(work)

    windows = Passage.objects.values_list("part", "public_from", "public_until")
    assert {*windows} == {(old.part, None, until), (new.part, until, None)}
    assert Record.objects.get().parts == [old.part, new.part]


# Who sends them


@pytest.mark.parametrize(
    ("by", "header", "wanted"),
    [
        ("nginx", "X-Accel-Redirect", "/-/media/{path}"),
        ("sendfile", "X-Sendfile", "{folder}/{path}"),
    ],
)
def test_a_web_server_sends_files_that_the_hub_lets_go(
    client, work, settings, folder, by, header, wanted
):
    settings.FILES_SENT_BY = by
    file = make_file(work, content=pdfs.make_pdf("Words"))
    hidden = make_file(work, embargo_until=timezone.now() + LATER)

    sent = client.get(file.get_absolute_url())
    refused = client.get(hidden.get_absolute_url())
    known = client.get(file.get_absolute_url(), headers={"If-None-Match": sent["ETag"]})

    assert sent[header] == wanted.format(folder=folder, path=file.path)
    assert (folder / file.path).is_file()
    assert (sent.status_code, sent.content, sent["Content-Type"]) == (200, b"", "application/pdf")
    assert (sent["X-Content-Type-Options"], "sandbox" in sent["Content-Security-Policy"]) == (
        "nosniff",
        True,
    )
    assert (refused.status_code, header in refused) == (404, False)
    assert (known.status_code, header in known) == (304, False)


def test_the_hub_sends_files_itself_unless_it_is_told_otherwise(client, work):
    sent = client.get(make_file(work).get_absolute_url())

    assert sent.streaming
    assert not {"X-Accel-Redirect", "X-Sendfile"} & {*sent.headers}
