"""Two works become one: what is kept of both, what leads where, and what happens at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from hub.audit.histories import history_of
from hub.catalogue.models import Passage, Record, UsageDay
from hub.catalogue.sources import ref_of
from hub.models import LoadedRow
from hub.partners.tests.factories import make_organisation
from hub.portal.models import ReadFirst
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.tests.factories import make_term
from knowledge import duplicates, merging, services, uploads
from knowledge.models import Credit, Edition, Identifier, Merged, Resource, TwoWorks
from knowledge.portraits import fingerprint
from knowledge.tests.factories import (
    make_cover,
    make_draft,
    make_file,
    make_link,
    make_resource,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


def count(resource: Resource, day: date, number: int, metric: str = "view") -> None:
    UsageDay.objects.create(record_id=ref_of(resource), day=day, metric=metric, count=number)


def counts_of(ref: str) -> list[tuple]:
    rows = UsageDay.objects.filter(record=ref).order_by("day", "metric")
    return list(rows.values_list("day", "metric", "count"))


def stored(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def everything(resource: Resource) -> str:
    return fingerprint(Resource.objects.get(pk=resource.pk))


# What is kept


def test_what_one_does_not_say_it_takes_from_the_other():
    stays = make_resource("Coal and after", licence="CC BY 4.0")
    goes = make_resource(
        *("Coal & after",),
        licence="All rights reserved",
        published_on=date(2024, 5, 1),
        published_precision="month",
        curator_note="Ask for the annex",
        summary="What miners did next.",
    )

    merging.merge(stays.pk, goes.pk)

    stays = Resource.objects.get(pk=stays.pk)
    assert (stays.licence, stays.published_on, stays.published_precision, stays.curator_note) == (
        *("CC BY 4.0", date(2024, 5, 1), "month"),
        "Ask for the annex",
    )
    edition = stays.editions.get()
    assert (edition.title, edition.summary) == ("Coal and after", "What miners did next.")
    assert not Resource.objects.filter(pk=goes.pk).exists()


def test_what_both_say_is_asked_and_taken_as_chosen():
    stays = make_draft("Coal and after", kind="report", licence="CC BY 4.0")
    goes = make_draft("Coal, and after", kind="article", licence="CC BY 4.0")

    asked = merging.questions(stays, goes)
    merging.merge(stays.pk, goes.pk, taken={"kind", "en-title"})

    assert [one.name for one in asked] == ["kind", "owner", "en-title"]
    stays.refresh_from_db()
    assert (stays.kind, str(stays)) == ("article", "Coal, and after")


def test_the_parts_of_both_are_there_once():
    ilo = make_organisation("International Labour Organization", acronym="ILO", slug="ilo")
    topic, sector = make_term("Retraining"), make_term("Coal")
    stays = make_resource("Coal and after", terms=(topic,), publishers=("World Bank",))
    goes = make_resource("Coal & after", terms=(topic, sector), publishers=("world bank",))
    Edition.objects.create(resource=goes, language="es", title="Después del carbón")
    Credit.objects.create(resource=goes, role="author", name="Ana Gómez")
    Credit.objects.create(resource=goes, role="publisher", organisation=ilo)
    stays.tags.add("miners")
    goes.tags.add("miners", "annex")
    make_link(stays, url="https://ilo.org/coal", kind="listed")
    make_link(goes, url="https://www.ilo.org/coal/", archived_url="https://archive.example/1")
    make_link(goes, url="https://ilo.org/coal.pdf", kind="mirror")
    Identifier.objects.create(resource=stays, scheme="isbn", value="9789220315531")
    Identifier.objects.create(resource=goes, scheme="doi", value="10.1/coal")

    merging.merge(stays.pk, goes.pk)

    assert [str(e) for e in stays.editions.all()] == [
        "Coal and after (English)",
        "Después del carbón (Spanish)",
    ]
    assert [str(c) for c in stays.credits.all()] == ["World Bank", "Ana Gómez", "ILO"]
    assert [str(i) for i in stays.identifiers.all()] == ["DOI 10.1/coal", "ISBN 9789220315531"]
    assert {term.pk for term in stays.terms.all()} == {topic.pk, sector.pk}
    assert sorted(tag.name for tag in stays.tags.all()) == ["annex", "miners"]
    assert list(stays.links.values_list("url", "kind", "archived_url")) == [
        ("https://ilo.org/coal", "work", "https://archive.example/1"),
        ("https://ilo.org/coal.pdf", "mirror", ""),
    ]


def test_a_doi_comes_along_as_address_and_as_identifier():
    stays, goes = make_draft(), make_draft()
    Identifier.objects.create(resource=goes, scheme="doi", value="10.1/coal")
    make_link(goes, url="https://doi.org/10.1/coal")

    merging.merge(stays.pk, goes.pk)

    assert (stays.identifiers.count(), stays.links.count()) == (1, 1)


def test_both_languages_of_a_work_are_kept_and_one_original():
    stays, goes = make_draft("After coal"), make_draft("Después del carbón", language="es")

    merging.merge(stays.pk, goes.pk)

    stays = Resource.objects.get(pk=stays.pk)
    assert stays.languages == ["en", "es"]
    assert [(e.language, e.is_original) for e in stays.editions.all()] == [
        ("en", True),
        ("es", False),
    ]


def test_who_owned_either_curates_the_one():
    one, other, third = (make_organisation() for _ in range(3))
    outsider = make_organisation(is_partner=False)
    stays, goes = make_draft(owner=one), make_draft(owner=other)
    foreign = make_draft(owner=outsider)
    goes.co_owners.add(third, one)

    merging.merge(stays.pk, goes.pk)
    merging.merge(stays.pk, foreign.pk, taken={"owner"})

    stays.refresh_from_db()
    assert stays.owner == outsider
    assert {*stays.co_owners.all()} == {one, other, third}


def test_readers_are_added_up_by_day():
    stays, goes = make_resource(), make_resource()
    ref = ref_of(goes)
    count(stays, TODAY, 3)
    count(goes, TODAY, 4)
    count(goes, TODAY, 1, "download")
    count(goes, TODAY - timedelta(days=1), 2)

    merging.merge(stays.pk, goes.pk)

    assert counts_of(ref) == []
    assert counts_of(ref_of(stays)) == [
        (TODAY - timedelta(days=1), "view", 2),
        (TODAY, "download", 1),
        (TODAY, "view", 7),
    ]


def test_files_and_cover_come_along_and_are_read_again(folder, django_capture_on_commit_callbacks):
    stays, goes = make_resource("Coal and after"), make_resource("Coal & after")
    file = make_file(goes, "A rare quokka")
    double = make_file(stays, "Both have it")
    make_file(goes, content=(folder / double.path).read_bytes())
    make_cover(goes, alt="A pit")
    run_waiting_jobs()

    before = Resource.objects.get(pk=stays.pk).cover

    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(stays.pk, goes.pk, taken={"cover"})
    run_waiting_jobs()

    stays = Resource.objects.get(pk=stays.pk)
    files = list(stays.files.all())
    assert [one.sha256 for one in files] == [double.sha256, file.sha256]
    assert stored(folder) == {
        *(one.path for one in files),
        *(size.file for size in stays.cover.sizes),
        # As long as the revision before may be taken up again.
        *(size.file for size in before.sizes),
    }
    assert stays.cover.alt == "A pit"
    passage = Passage.objects.get(text__contains="quokka")
    assert passage.record.ref == ref_of(stays)
    assert passage.path.startswith(files[1].get_absolute_url())


def test_the_first_page_goes_on_as_the_cover(folder):
    stays, goes = make_resource(), make_resource()
    file = make_file(goes, "First page")
    run_waiting_jobs()

    merging.merge(stays.pk, goes.pk)
    run_waiting_jobs()

    stays = Resource.objects.get(pk=stays.pk)
    assert stays.cover.file_id == file.pk
    assert all(default_storage.exists(size.file) for size in stays.cover.sizes)


def test_a_cover_that_is_not_kept_leaves_the_file_alone(folder):
    stays, goes = make_resource(), make_resource()
    make_cover(stays, alt="Ours")
    make_file(goes, "First page")
    run_waiting_jobs()

    merging.merge(stays.pk, goes.pk)

    assert Resource.objects.get(pk=stays.pk).cover.alt == "Ours"
    assert stays.files.count() == 1


# What a preview shows


def test_a_preview_is_what_will_be_and_changes_nothing(folder):
    stays = make_resource("Coal and after", publishers=("World Bank",))
    goes = make_resource("Coal & after", licence="CC BY 4.0", publishers=("ILO",))
    make_file(goes, "Words")
    before = everything(stays), everything(goes), stored(folder)

    shown = {line.label: line.told[2] for line in merging.preview(stays.pk, goes.pk, {"en-title"})}

    assert (everything(stays), everything(goes), stored(folder)) == before
    merging.merge(stays.pk, goes.pk, taken={"en-title"})
    after = {line.label: line.told[0] for line in merging.preview(stays.pk, make_draft().pk)}
    assert {label: after.get(label) for label in shown} == shown
    assert shown["Title (English)"] == ("Coal & after",)
    assert len(shown["Authors and publishers"]) == 2


def test_nothing_is_done_to_what_was_not_looked_at():
    stays, goes = make_draft(), make_draft()
    seen = fingerprint(stays, goes)
    Edition.objects.filter(resource=goes).update(summary="Added a moment ago.")

    with pytest.raises(ValidationError) as refused:
        merging.merge(stays.pk, goes.pk, seen=seen)

    assert refused.value.code == "changed"
    assert Resource.objects.filter(pk=goes.pk).exists()


def test_both_are_kept_as_they_were_with_the_merge():
    stays, goes = make_draft("Coal and after"), make_draft("Coal & after", licence="CC0")

    merging.merge(stays.pk, goes.pk)

    before = Merged.objects.get().before
    assert before["stays"]["editions"][0]["title"] == "Coal and after"
    assert (before["goes"]["licence"], before["goes"]["public_id"]) == ("CC0", goes.public_id)


def test_the_history_of_the_one_that_stays_tells_of_it():
    stays, goes = make_draft("Coal and after"), make_draft("Coal & after")

    merging.merge(stays.pk, goes.pk)

    kinds = [(change.model, change.kind) for deed in history_of(stays) for change in deed.rows]
    assert (Merged, "insert") in kinds


# What readers would lose


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_what_readers_know_does_not_go_into_a_draft(is_withdrawn):
    stays, goes = make_draft(), make_resource()
    if is_withdrawn:
        services.withdraw(goes.pk, reason="Wrong")

    with pytest.raises(ValidationError):
        merging.preview(stays.pk, goes.pk)
    with pytest.raises(ValidationError):
        merging.merge(stays.pk, goes.pk)

    assert Resource.objects.count() == 2


def test_a_work_does_not_become_part_of_itself():
    work = make_draft()

    with pytest.raises(ValidationError):
        merging.merge(work.pk, work.pk)


def test_the_database_keeps_what_others_lead_to():
    stays, goes = make_resource(), make_resource()
    merging.merge(stays.pk, goes.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=stays.pk).delete()


def test_a_draft_that_took_another_in_can_be_deleted():
    stays, goes = make_draft(), make_draft()
    merging.merge(stays.pk, goes.pk)

    services.discard(stays.pk)

    assert Merged.objects.get().into is None


# What leads where


def test_the_record_of_the_one_that_goes_is_gone_and_its_place_is_kept():
    term = make_term("Retraining")
    stays, goes = make_resource("Coal and after"), make_resource("Coal & after", terms=(term,))
    ref = ref_of(goes)
    ReadFirst.objects.create(term=term, record=Record.objects.get(ref=ref))
    LoadedRow.objects.create(filename="resources.csv", key="Coal", object_id=goes.pk)

    merging.merge(stays.pk, goes.pk)

    assert not Record.objects.filter(ref=ref).exists()
    record = Record.objects.get(ref=ref_of(stays))
    assert record.own_term_ids == [term.pk]
    assert ReadFirst.objects.get().record == record
    assert LoadedRow.objects.get().object_id == stays.pk
    assert Merged.objects.seen().get().published_at == goes.publish_at


def test_what_it_replaced_is_replaced_by_the_one_that_stays():
    old, stays, goes = (make_resource() for _ in range(3))
    services.withdraw(old.pk, reason="Superseded", replaced_by=goes)

    merging.merge(stays.pk, goes.pk)

    old.refresh_from_db()
    assert old.replaced_by == stays


def test_a_work_that_was_replaced_by_the_other_does_not_replace_itself():
    stays, goes = make_resource(), make_resource()
    services.withdraw(stays.pk, reason="Superseded", replaced_by=goes)
    services.withdraw(goes.pk, reason="Wrong")

    merging.merge(stays.pk, goes.pk)

    stays.refresh_from_db()
    assert (stays.replaced_by, stays.status) == (None, "withdrawn")


def test_that_it_is_not_a_third_work_is_still_known():
    stays, goes, third = make_draft(), make_draft(), make_draft()
    duplicates.say_two(goes.pk, third.pk)
    duplicates.say_two(goes.pk, stays.pk)

    merging.merge(stays.pk, goes.pk)

    assert [(one.first, one.second) for one in TwoWorks.objects.all()] == [(stays, third)]


def test_what_was_said_for_one_side_alone_is_said_for_what_it_became():
    stays, goes, third = make_draft(), make_draft(), make_draft()
    duplicates.say_two(third.pk, goes.pk, for_both=False)

    merging.merge(stays.pk, goes.pk)

    assert TwoWorks.objects.get().sides == {(third.pk, stays.pk)}


def test_its_address_goes_to_nobody_else():
    stays, goes = make_draft(), make_draft(slug="coal-after")
    merging.merge(stays.pk, goes.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(slug="coal-after")
    new = make_draft("Coal after")
    services.name_after_title(new)

    assert new.slug == "coal-after-2"


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_all_its_addresses_lead_on_for_good(client, settings, prefix):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    stays, goes = make_resource(slug="stays"), make_resource(slug="goes")
    file = make_file(goes, "Words")
    cover = make_cover(goes).sizes[-1].name
    merging.merge(stays.pk, goes.pk)

    led = {
        path: (response.status_code, response["Location"])
        for path in [
            "/resources/goes/?back=%2Fsearch%2F%3Fq%3Dcoal",
            f"/r/{goes.public_id}/?utm_source=x",
            f"/r/{goes.public_id.upper()}/",
            f"/resources/goes/files/{file.name}.pdf",
            f"/resources/goes/text/?file={file.name}&part=2",
            f"/resources/goes/cover-{cover}.webp",
        ]
        for response in [client.get(prefix + path)]
    }

    assert set(led.values()) == {
        (301, f"{prefix}/resources/stays/?back=%2Fsearch%2F%3Fq%3Dcoal"),
        (301, f"{prefix}/resources/stays/?utm_source=x"),
        (301, f"{prefix}/resources/stays/"),
        (301, f"{prefix}/resources/stays/files/{file.name}.pdf"),
        (301, f"{prefix}/resources/stays/text/?file={file.name}&part=2"),
        (301, f"{prefix}/resources/stays/cover-{cover}.webp"),
    }
    assert client.get(f"{prefix}/resources/stays/files/{file.name}.pdf").status_code == 200


def test_a_chain_of_merges_leads_to_its_end_at_once(client):
    first, second, third = (make_resource() for _ in range(3))

    merging.merge(second.pk, first.pk)
    merging.merge(third.pk, second.pk)

    for gone in (first, second):
        response = client.get(gone.get_absolute_url())
        assert (response.status_code, response["Location"]) == (301, third.get_absolute_url())


def test_what_it_became_may_be_withdrawn_and_says_so(client):
    stays, goes = make_resource(), make_resource()
    merging.merge(stays.pk, goes.pk)
    services.withdraw(stays.pk, reason="It was wrong.")

    response = client.get(goes.get_absolute_url(), follow=True)

    assert (response.redirect_chain[0][1], response.status_code) == (301, 410)
    assert "It was wrong." in response.content.decode()


def test_a_draft_that_took_another_in_is_still_nobodys_business(client):
    stays, goes = make_draft(), make_draft()
    merging.merge(stays.pk, goes.pk)

    assert client.get(goes.get_absolute_url()).status_code == 404
    assert client.get(f"/r/{goes.public_id}/").status_code == 404


def test_lists_and_feeds_show_the_one_that_stays(client):
    stays, goes = make_resource("Coal and after"), make_resource("Coal & after")
    merging.merge(stays.pk, goes.pk)

    for address in ("/resources/", "/resources.atom", "/search/?q=coal"):
        page = client.get(address).content.decode()
        assert (stays.get_absolute_url() in page, goes.get_absolute_url() in page) == (True, False)


# What goes wrong, and what happens at once


def test_a_merge_that_fails_leaves_both_and_no_file_behind(folder):
    stays, goes = make_resource(), make_resource()
    make_file(goes, "Words")
    make_cover(goes)
    before = everything(stays), everything(goes), stored(folder)

    def fail() -> None:
        with uploads.atomic():
            merging.merge(stays.pk, goes.pk)
            assert stored(folder) > before[2]
            raise RuntimeError("The disk is on fire.")

    with pytest.raises(RuntimeError):
        fail()

    assert (everything(stays), everything(goes), stored(folder)) == before


def test_a_file_that_is_missing_on_the_disk_does_not_hold_it_up(folder):
    stays, goes = make_resource(), make_resource()
    (folder / make_file(goes, "Words").path).unlink()

    merging.merge(stays.pk, goes.pk)

    assert stays.files.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_same_way", [True, False])
def test_of_two_merges_of_one_pair_one_is_done(is_same_way):
    one, other = make_resource(), make_resource()
    ways = [(one.pk, other.pk), (one.pk, other.pk) if is_same_way else (other.pk, one.pk)]

    def merge(pair):
        try:
            merging.merge(*pair)
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(merge, ways))

    assert answers == ["done", "gone"]
    assert (Resource.objects.count(), Merged.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_merge_waits_for_an_edit_and_takes_it_along():
    stays, goes = make_resource(), make_resource()

    def merge():
        try:
            merging.merge(stays.pk, goes.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.saved(goes)  # as an edit does, which holds the row until it is over
            done = pool.submit(merge)
            time.sleep(0.3)
            Edition.objects.create(resource=goes, language="pl", title="Po węglu")
        done.result()

    assert stays.editions.filter(language="pl").exists()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_address_of_a_work_that_goes_does_not_get_it():
    stays, goes = make_resource(), make_resource(slug="coal-after")

    def add():
        try:
            make_draft(slug="coal-after")
        except IntegrityError as error:
            return duplicates.is_refusal(error)
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            merging.merge(stays.pk, goes.pk)
            added = pool.submit(add)
            time.sleep(0.3)

        assert added.result() is True


def test_whatever_leads_to_a_work_is_thought_of():
    """A new table that refers to works: say what a merge does with its rows, then add it here."""
    thought_of = {
        # United.
        *("editions", "credits", "identifiers", "links", "files", "cover"),
        *("co_owners", "terms", "tags"),
        # Led on.
        *("replaces", "merged", "first", "second"),
        *("collection_items", "problems", "contributions", "as_material"),
        *("as_evidence", "as_evidence_of_actions"),
        # Told in ``Merged.before``, and let go of.
        *("revisions", "review_links", "workflow_events"),
        # Found anew.
        "comparison",
    }
    known = {
        relation.related_name if relation.related_name != "+" else relation.field.name
        for relation in Resource._meta.related_objects
    }

    assert known <= thought_of, known - thought_of
    assert {field.name for field in Resource._meta.many_to_many} <= thought_of


def test_a_merge_is_kept_with_its_moment_and_the_names_of_what_went():
    stays, goes = make_draft(), make_draft("Coal & after")

    merged = merging.merge(stays.pk, goes.pk)

    assert timezone.now() - merged.merged_at < timedelta(minutes=1)
    assert (merged.former_id, merged.slug, str(merged)) == (goes.pk, goes.slug, "Coal & after")
