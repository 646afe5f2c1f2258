import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone, translation

from hub.catalogue import reindexing, services
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.catalogue.tests.finding import refs
from hub.partners.services import tell_changed as tell_organisations
from hub.partners.tests.factories import make_organisation
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.labels import tell_changed as tell_terms
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge.models import Edition, Resource
from knowledge.services import publish, saved, withdraw
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


def test_put_writes_what_the_source_says():
    country = make_term("Colombia", "place")
    region = make_term("Cesar", "place", parent=country)
    owner = make_organisation()
    resource = make_resource("El ocaso", language="es", summary="Carbón", owner=owner)
    resource.terms.set([region])

    record = services.put(resource)

    record.refresh_from_db()
    assert (record.ref, record.kind, record.path) == (
        f"knowledge.resource:{resource.pk}",
        "report",
        resource.get_absolute_url(),
    )
    assert record.texts == {"es": {"title": "El ocaso", "summary": "Carbón"}}
    assert (record.term_ids, record.own_term_ids) == ([country.pk, region.pk], [region.pk])
    assert record.organisation_ids == [owner.pk]
    assert record.sort_title == "el ocaso"


def test_put_twice_leaves_one_record_alike():
    resource = make_resource("Lignite")
    before = Record.objects.values().get()

    services.put(resource)

    assert Record.objects.values().get() == before


def test_put_leaves_no_record_of_a_draft():
    resource = make_draft()

    assert services.put(resource) is None
    assert Record.objects.count() == 0


def test_put_leaves_a_blank_tombstone_of_what_was_withdrawn():
    resource = make_resource("Lignite", summary="About lignite", terms=(make_term("Coal"),))

    withdraw(resource.pk, reason="Wrong")

    record = Record.objects.get()
    assert record.withdrawn_at is not None
    assert (record.texts, record.people, record.term_ids, record.vector) == ({}, [], [], "")
    assert Record.objects.public().count() == 0


def test_public_includes_a_scheduled_record_from_its_moment_on():
    make_resource(at=timezone.now() + timedelta(seconds=60))
    assert Record.objects.public().count() == 0

    Record.objects.update(published_at=timezone.now())

    assert Record.objects.public().count() == 1


def test_put_is_undone_with_the_act_that_asked_for_it():
    resource = make_resource("Before")

    with transaction.atomic():
        Edition.objects.update(title="After")
        services.put(resource)
        transaction.set_rollback(True)

    assert Record.objects.get().sort_title == "before"


@pytest.mark.django_db(transaction=True)
def test_put_of_two_savers_ends_with_what_both_saved():
    """The first has saved and put but not committed when the second saves another part: unless put
    takes the source's lock before it reads, the second would put the record without the first."""
    resource = make_resource("Before", summary="Before")
    first_has_put, second_has_saved = threading.Event(), threading.Event()

    def second():
        try:
            first_has_put.wait(10)
            with transaction.atomic():
                Edition.objects.create(resource=resource, language="es", summary="Después")
                second_has_saved.set()
                services.put(resource)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(is_featured=True)
        services.put(resource)
        first_has_put.set()
        assert second_has_saved.wait(10)
    thread.join(10)

    record = Record.objects.get()
    assert (record.is_featured, record.texts["es"]["summary"]) == (True, "Después")


@pytest.mark.django_db(transaction=True)
def test_put_waits_for_names_that_are_being_changed():
    """Or it would keep the old name, and the job after the change would not know of its record."""
    topic, draft = make_term("Old name"), make_draft()
    draft.terms.set([topic])
    is_published = threading.Event()

    def publish_meanwhile():
        try:
            publish(draft.pk)
            is_published.set()
        finally:
            connection.close()

    thread = threading.Thread(target=publish_meanwhile)
    with transaction.atomic():
        topic.labels.update(label="New name")
        tell_terms([topic])
        thread.start()
        assert not is_published.wait(0.5)
    thread.join(10)
    run_waiting_jobs()

    assert is_published.is_set()
    assert list(reindexing.differences()) == []


def test_addresses_of_records_have_no_language_prefix(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]

    with translation.override("es"):
        make_resource(slug="lignite")

    assert Record.objects.get().path == "/resources/lignite/"


def test_terms_that_change_are_found_by_their_new_names():
    topic = make_term("Finance")
    resource = make_resource(terms=(topic,))
    assert refs("dinero") == []

    make_label(topic, "es", "Dinero")
    tell_terms([topic])
    run_waiting_jobs()

    assert refs("dinero") == [ref_of(resource)]
    assert list(reindexing.differences()) == []


def test_term_that_moves_takes_its_records_along():
    country, region = make_term("Chile", "place"), make_term("Tocopilla", "place", parent=None)
    make_resource(terms=(region,))

    region.parent = country
    region.save()
    tell_terms([region])
    run_waiting_jobs()

    assert Record.objects.about(country.pk).count() == 1


def test_organisation_that_changes_is_renewed_in_its_records():
    organisation = make_organisation("Old name")
    resource = make_resource()
    resource.credits.create(role="publisher", organisation=organisation)
    saved(resource)

    organisation.name = "New name"
    organisation.save()
    tell_organisations([organisation])
    run_waiting_jobs()

    assert Record.objects.get().publisher_names == ["New name"]
    assert list(reindexing.differences()) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("UPDATE catalogue_record SET kind = 'tool'", "kind differ"),
        ("UPDATE catalogue_record SET vector = ''", "vector differ"),
        ("UPDATE catalogue_record SET config_version = 0", "config_version differ"),
        ("UPDATE knowledge_edition SET title = 'Other'", "sort_title, texts, checksum differ"),
        ("DELETE FROM catalogue_record", "no record"),
        (
            "UPDATE knowledge_resource SET status = 'draft', stage = 'draft'",
            "a record of what is not public",
        ),
    ],
)
def test_reindex_check_finds_each_difference_and_reindex_mends_it(change, difference):
    resource = make_resource("Lignite", terms=(make_term("Coal"),))
    with connection.cursor() as cursor:
        cursor.execute(change)

    with pytest.raises(CommandError) as refused:
        call_command("reindex", "--check")
    call_command("reindex")

    first, *_ = str(refused.value).splitlines()
    assert first == f"{ref_of(resource)}: {difference}"
    assert list(reindexing.differences()) == []


def test_reindex_drops_records_without_a_source():
    make_resource()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_record SET ref = 'knowledge.resource:999999'")
    assert list(reindexing.differences())[-1] == (
        "knowledge.resource:999999: a record without a source"
    )

    call_command("reindex")

    assert [record.ref for record in Record.objects.all()] == [ref_of(Resource.objects.get())]
