"""Covers of works: their files, who gets them, and what the catalogue makes of them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from hub import pictures
from hub.catalogue import reindexing as catalogue
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from knowledge import services, uploads
from knowledge.models import Cover, Resource
from knowledge.tests.factories import make_cover, make_draft, make_picture, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db

LEAN = {"Save-Data": "on"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where the files of this test are."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def names_of(cover: Cover) -> list[str]:
    return [f"{size.name}.webp" for size in cover.sizes]


def urls_of(cover: Cover) -> list[str]:
    return [size.url for size in cover.as_picture().sizes]


def images_on(client, path: str, **headers: str) -> list[dict[str, str]]:
    return Page(client.get(path, headers=headers).content.decode()).all("img")


def record_of(resource: Resource) -> Record:
    return Record.objects.get(ref=ref_of(resource))


# Its addresses


def test_a_cover_is_served_in_both_sizes(client):
    resource = make_resource(slug="pits")
    cover = make_cover(resource, size=(700, 990))

    answers = [client.get(url) for url in urls_of(cover)]

    assert urls_of(cover) == [
        f"/resources/pits/cover-{cover.digest}-240.webp",
        f"/resources/pits/cover-{cover.digest}-640.webp",
    ]
    images = [Image.open(BytesIO(answer.content)) for answer in answers]
    assert [(image.format, image.size) for image in images] == [
        ("WEBP", (240, 339)),
        ("WEBP", (640, 905)),
    ]


def test_a_cover_is_kept_for_an_hour_and_by_its_name(client):
    url = urls_of(make_cover(make_resource()))[0]

    answer = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    again = client.get(url, headers={"If-None-Match": answer["ETag"]})
    head = client.head(url)

    assert answer.status_code == 200
    assert {name: answer.get(name) for name in ("Vary", "Set-Cookie", "Content-Encoding")} == {
        "Vary": None,
        "Set-Cookie": None,
        "Content-Encoding": None,
    }
    wanted = {
        "Content-Type": "image/webp",
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "public, max-age=3600, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer[name] for name in wanted} == wanted
    assert {name: head[name] for name in wanted} == wanted
    assert (head.status_code, head.content) == (200, b"")
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == wanted["Cache-Control"]


def test_a_cover_costs_few_questions(client, django_assert_num_queries):
    url = urls_of(make_cover(make_resource()))[0]

    with django_assert_num_queries(1):
        client.get(url)


def hide(state: str, resource: Resource) -> None:
    if state == "scheduled":
        services.publish(resource.pk, at=timezone.now() + timedelta(hours=1))
    if state in ("withdrawn", "restored"):
        services.publish(resource.pk)
        services.withdraw(resource.pk, reason="Outdated.")
    if state == "restored":
        services.restore(resource.pk)


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("scheduled", 404), ("withdrawn", 410), ("restored", 410)]
)
def test_the_cover_of_what_is_not_public_is_not_served(client, state, status):
    resource = make_draft()
    cover = make_cover(resource)
    hide(state, resource)

    answers = [client.get(url) for url in urls_of(cover)]

    assert [answer.status_code for answer in answers] == [status, status]
    assert [len(answer.content) < 20_000 for answer in answers] == [True, True]
    assert not any(answer.content.startswith(b"RIFF") for answer in answers)


@pytest.mark.parametrize(
    "name",
    [
        "cover-.webp",
        "cover-240.webp",
        "cover-{digest}.webp",
        "cover-{digest}-640.png",
        "cover-{digest}-0640.webp",
        "cover-{digest}-641.webp",
        "cover-{DIGEST}-640.webp",
        "cover-../{digest}-640.webp",
        "cover-..%2F..%2F{other}-640.webp",
        "cover-%2e%2e%2f{other}-640.webp",
        "cover-{other}-640.webp",
        "cover-{digest}-640.webp/",
        "cover-{digest}-640.webp%00.png",
    ],
)
def test_no_other_address_leads_to_a_file(client, name):
    cover = make_cover(make_resource(slug="pits"))
    other = make_cover(make_resource(slug="mills"), colour="navy").digest

    name = name.format(digest=cover.digest, DIGEST=cover.digest.upper(), other=other)
    answer = client.get(f"/resources/pits/{name}")

    assert answer.status_code == 404


def test_a_lost_file_is_a_missing_page(client, folder):
    cover = make_cover(make_resource())
    for path in folder.rglob("*.webp"):
        path.unlink()

    assert client.get(urls_of(cover)[0]).status_code == 404


# Its files


def test_a_new_cover_takes_the_files_of_the_old_one_away(
    folder, django_capture_on_commit_callbacks
):
    resource = make_draft()
    old = make_cover(resource)
    with django_capture_on_commit_callbacks(execute=True):
        new = make_cover(resource, colour="navy")
        before_the_commit = files_in(folder)

    assert before_the_commit == sorted(names_of(old) + names_of(new))
    assert files_in(folder) == sorted(names_of(new))
    assert Cover.objects.get() == new


def test_the_same_cover_again_keeps_and_heals_its_files(folder, django_capture_on_commit_callbacks):
    resource = make_draft()
    cover = make_cover(resource)
    damaged = next(folder.rglob(names_of(cover)[0]))
    damaged.write_bytes(b"half")

    with django_capture_on_commit_callbacks(execute=True):
        make_cover(resource)

    assert files_in(folder) == sorted(names_of(cover))
    assert damaged.read_bytes().startswith(b"RIFF")


def test_works_share_no_file(folder, django_capture_on_commit_callbacks):
    one, other = make_draft(), make_draft()
    cover = make_cover(one)
    make_cover(other)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_cover(other.pk)

    assert files_in(folder) == sorted(names_of(cover))


def test_a_deleted_draft_takes_its_files_and_folder_along(
    folder, django_capture_on_commit_callbacks
):
    resource = make_draft()
    make_cover(resource)

    with django_capture_on_commit_callbacks(execute=True):
        services.discard(resource.pk)

    assert list((folder / "covers").iterdir()) == []


def test_a_rolled_back_act_leaves_no_file(folder):
    resource = make_draft()
    old = make_cover(resource)

    @uploads.atomic()
    def act() -> None:
        make_cover(resource, colour="navy")
        make_draft(slug=resource.slug)

    with pytest.raises(IntegrityError):
        act()

    assert files_in(folder) == sorted(names_of(old))
    assert Cover.objects.get().digest == old.digest


def test_a_failed_part_of_an_act_leaves_no_file(folder):
    resource, other = make_draft(), make_draft()

    @uploads.atomic()
    def part() -> None:
        make_cover(other)
        make_draft(slug=other.slug)

    with uploads.atomic():
        kept = make_cover(resource)
        with pytest.raises(IntegrityError):
            part()

    assert files_in(folder) == sorted(names_of(kept))


@pytest.mark.django_db(transaction=True)
def test_files_go_only_when_the_change_is_certain(folder):
    resource = make_draft()
    old = make_cover(resource)

    with transaction.atomic():
        services.remove_cover(resource.pk)
        transaction.set_rollback(True)
    after_rollback = files_in(folder)
    services.remove_cover(resource.pk)

    assert (after_rollback, files_in(folder)) == (sorted(names_of(old)), [])


def test_a_digest_that_is_no_name_is_refused():
    resource = make_draft()
    measures = dict.fromkeys(["small_width", "small_height", "large_width", "large_height"], 9)

    with pytest.raises(IntegrityError):
        Cover.objects.create(resource=resource, digest="../up", **measures)


# What the catalogue shows


def test_the_record_carries_the_cover():
    resource = make_resource(slug="pits")
    before = record_of(resource).checksum
    cover = make_cover(resource, alt=" Two miners\u202e ")

    record = record_of(resource)
    assert record.picture == {
        "alt": "Two miners",
        "sizes": [
            {"url": urls_of(cover)[0], "width": 240, "height": 339},
            {"url": urls_of(cover)[1], "width": 640, "height": 905},
        ],
    }
    assert record.checksum != before
    assert list(catalogue.differences()) == []


def test_the_check_sees_a_cover_that_nobody_told_the_catalogue():
    resource = make_resource()
    make_cover(resource)
    Cover.objects.update(alt="Changed")

    ref = ref_of(resource)
    assert list(catalogue.differences()) == [f"{ref}: picture, checksum differ"]


def test_without_a_cover_the_record_has_none():
    resource = make_resource()
    make_cover(resource)
    services.remove_cover(resource.pk)

    assert record_of(resource).picture == {}
    assert list(catalogue.differences()) == []


def test_a_tombstone_shows_no_cover():
    resource = make_resource()
    make_cover(resource)
    services.withdraw(resource.pk, reason="Outdated.")

    record = record_of(resource)
    assert record.picture == {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(picture={"alt": "", "sizes": []})
    services.describe_cover(resource.pk, "Still none")
    assert record_of(resource).picture == {}


def test_a_card_shows_the_cover_in_the_place_of_the_drawing(client):
    small, large = urls_of(make_cover(make_resource()))

    assert images_on(client, "/resources/") == [
        {
            "class": "cover cover--picture",
            "src": small,
            "srcset": f"{small} 240w, {large} 640w",
            "sizes": "(max-width: 36rem) 4rem, 6rem",
            "width": "240",
            "height": "339",
            "alt": "",
            "decoding": "async",
            "loading": "lazy",
        }
    ]


def test_a_large_cover_stands_on_the_page_of_the_work_and_the_lead_card(client):
    resource = make_resource(slug="pits", is_featured=True)
    _, large = urls_of(make_cover(resource, alt="Two <miners>"))

    on_page, lead = images_on(client, "/resources/pits/")[0], images_on(client, "/")[0]

    for image in (on_page, lead):
        assert (image["src"], image["width"], image["height"]) == (large, "640", "905")
        assert image["alt"] == "Two <miners>"
    assert (on_page.get("loading"), lead.get("loading")) == ("lazy", None)


def body(client, path: str) -> bytes:
    """What a reader who saves data gets to see; the head names the cover for networks all the same."""
    return client.get(path, headers=LEAN).content.partition(b"<body")[2]


@pytest.mark.parametrize("path", ["/", "/resources/", "/resources/pits/"])
def test_readers_who_save_data_get_the_drawing(client, path):
    resource = make_resource(slug="pits", is_featured=True)
    drawn = body(client, path)
    make_cover(resource)

    assert len(images_on(client, path)) > 0
    assert images_on(client, path, **LEAN) == []
    assert body(client, path) == drawn


def test_a_narrow_picture_has_one_size(client):
    cover = make_cover(make_resource(), size=(200, 150))

    image = images_on(client, "/resources/")[0]

    (url,) = urls_of(cover)
    assert (image["src"], image["srcset"], image["width"]) == (url, f"{url} 200w", "200")


def test_pictures_are_made_ready_as_they_come():
    prepared = pictures.prepared(BytesIO(make_picture(kind="JPEG")))

    cover = services.set_cover(make_draft().pk, prepared)

    assert (cover.digest, str(cover)) == (prepared.digest, "640 × 905")
