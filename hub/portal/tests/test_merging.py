"""Two terms become one: in every table, in search, at the old address."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from hub import starter
from hub.catalogue import reindexing
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.catalogue.tests.finding import refs
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from hub.portal.models import ReadFirst
from hub.tests.pages import form_of, links_of
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary import merging
from hub.vocabulary.models import FormerAddress, Scheme, Term
from hub.vocabulary.tests.factories import make_label, make_term
from hub.vocabulary.uses import columns, relations, uses_of
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> Term:
    return make_term("Retraining", slug="retraining")


@pytest.fixture
def stays() -> Term:
    return make_term("Skills", slug="skills")


@pytest.fixture
def secretariat(client) -> Client:
    client.force_login(make_user(is_secretariat=True))
    return client


def words_of(term: Term) -> dict[str, tuple[str, list[str]]]:
    return {label.language: (label.label, label.alternatives) for label in term.labels.all()}


# What a merge moves


def test_all_that_named_the_one_names_the_other(gone, stays):
    both, one = make_resource(terms=[gone, stays]), make_draft(terms=[gone])
    person = make_person(expertise=[gone])
    record = Record.objects.get(ref=ref_of(both))
    ReadFirst.objects.create(term=gone, record=record)
    ReadFirst.objects.create(term=stays, record=record)

    merging.merge(gone, stays)

    assert (list(both.terms.all()), list(one.terms.all())) == ([stays], [stays])
    assert list(person.expertise.all()) == [stays]
    assert [one.term for one in ReadFirst.objects.all()] == [stays]
    assert not Term.objects.filter(slug="retraining").exists()


def test_organisations_and_terms_below_move(stays):
    gone, stays = make_term("Old", Scheme.PLACE), make_term("New", Scheme.PLACE)
    region, there = make_term("Region", Scheme.PLACE, gone), make_organisation(place=gone)

    merging.merge(gone, stays)

    region.refresh_from_db()
    there.refresh_from_db()
    assert (region.parent, there.place) == (stays, stays)


def test_words_become_other_words_each_once(gone, stays):
    gone.labels.update(alternatives=["Reskilling", "skills", "Up-skilling"])
    stays.labels.update(alternatives=["RESKILLING"])
    make_label(gone, "es", "Reconversión", description="De oficio.")
    make_label(gone, "th", "ฝึกอบรม")
    make_label(stays, "es", "Competencias")

    merging.merge(gone, stays)

    assert words_of(stays) == {
        "en": ("Skills", ["RESKILLING", "Retraining", "Up-skilling"]),
        "es": ("Competencias", ["Reconversión"]),
        "th": ("ฝึกอบรม", []),
    }
    assert stays.labels.get(language="es").description == "De oficio."


def test_related_terms_move_and_none_is_related_to_itself(gone, stays):
    other, third = make_term("Other"), make_term("Third")
    gone.related.set([stays, other, third])
    stays.related.add(other)

    merging.merge(gone, stays)

    assert set(stays.related.all()) == {other, third}
    assert [list(one.related.all()) for one in (other, third)] == [[stays], [stays]]


def test_what_the_one_that_stays_does_not_say_it_takes_over():
    gone = make_term("A", Scheme.PLACE, code="XA", latitude=1.0, longitude=2.0)
    stays = make_term("B", Scheme.PLACE, source_url="https://example.org/b")

    merging.merge(gone, stays)

    stays.refresh_from_db()
    assert (stays.code, stays.latitude, stays.longitude) == ("XA", 1.0, 2.0)
    assert stays.source_url == "https://example.org/b"


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_term_may_be_merged_into_one_below_it(depth):
    top = make_term("Top")
    chain = [make_term("Gone", parent=top)]
    for number in range(depth):
        chain.append(make_term(f"Below {number}", parent=chain[-1]))

    stays = merging.merge(chain[0], chain[-1])

    assert stays.parent == top
    for place, term in enumerate(chain[1:-1], 1):
        above = [top.pk, stays.pk, *(one.pk for one in chain[1 : place + 1])]
        assert Term.objects.with_ancestors([term.pk]) == sorted(above)


def test_terms_of_two_schemes_and_a_term_with_itself_are_refused(gone):
    place = make_term("Spain", Scheme.PLACE)
    work = make_draft(terms=[gone])

    for other, code in ((place, "scheme"), (gone, "same")):
        with pytest.raises(ValidationError) as refused:
            merging.merge(gone, other)
        assert refused.value.code == code

    assert list(work.terms.all()) == [gone]


def test_of_two_who_merge_at_once_the_later_is_told(gone, stays):
    there, third = Term.objects.get(pk=gone.pk), make_term("Learning")
    merging.merge(gone, stays)

    with pytest.raises(ValidationError) as refused:
        merging.merge(there, third)

    assert refused.value.code == "gone"


def test_relations_of_every_app_are_found_by_themselves():
    assert {f"{one.model._meta.label}.{one.name}" for one in relations()} == {
        "vocabulary.Term.parent",
        "partners.Organisation.place",
        "partners.Person.expertise",
        "newsletter.Subscription.terms",
        "knowledge.Resource.terms",
        "knowledge.Collection.terms",
        "knowledge.Contribution.region",
        "events.Event.terms",
        "events.Event.country",
        "taskforce.Round.terms",
        "taskforce.Participation.proposed_country",
        "taskforce.Finding.sectors",
        "taskforce.WorkingGroup.sector",
    }
    found = {f"{one.model._meta.label}.{one.name}" for one in columns()}
    assert "knowledge.Resource_terms.term" in found
    assert "portal.ReadFirst.term" in found
    # The tables of what happened to rows are no relations.
    models = {name.split(".")[1] for name in found} - {"Event"}
    assert not any(name.endswith("Event") for name in models)


@pytest.fixture
def round_model():
    """A model of an app that comes later, whose rows are no part of a term."""

    class Round(models.Model):
        topic = models.ForeignKey(Term, models.PROTECT, related_name="+")
        year = models.IntegerField()

        class Meta:
            app_label = "portal"
            constraints = [models.UniqueConstraint(name="round_once", fields=["topic", "year"])]

    with connection.schema_editor() as editor:
        editor.create_model(Round)
    yield Round
    from django.apps import apps

    del apps.all_models["portal"]["round"]
    apps.clear_cache()


def test_a_model_that_comes_later_joins_in_and_its_doubles_are_for_people(gone, stays, round_model):
    first = round_model.objects.create(topic=gone, year=2026)
    second = round_model.objects.create(topic=stays, year=2026)
    work = make_draft(terms=[gone])
    assert {str(use) for use in uses_of(gone)} == {"1 round", "1 resource"}

    with pytest.raises(ValidationError) as refused:
        merging.merge(gone, stays)
    assert (list(work.terms.all()), FormerAddress.objects.count()) == ([gone], 0)
    assert words_of(stays) == {"en": ("Skills", [])}
    second.delete()
    merging.merge(gone, stays)

    first.refresh_from_db()
    assert (refused.value.code, first.topic) == ("double", stays)


# What readers meet


def test_records_are_renewed_and_found_by_the_words_of_both(gone, stays):
    below = make_term("Apprenticeships", parent=gone)
    own, lower = make_resource("One", terms=[gone]), make_resource("Two", terms=[below])
    make_label(gone, "es", "Reconversión laboral")

    merging.merge(gone, stays)
    run_waiting_jobs()

    assert list(reindexing.differences()) == []
    assert set(refs("retraining")) == {ref_of(own), ref_of(lower)}
    assert set(refs("reconversion laboral")) == {ref_of(own), ref_of(lower)}


def test_the_old_page_leads_to_the_new_one_for_good(client, gone, stays):
    third = make_term("Learning", slug="learning")
    merging.merge(gone, stays)
    merging.merge(stays, third)

    answers = [client.get(f"/topics/{slug}/?sort=oldest") for slug in ("retraining", "skills")]

    assert {(one.status_code, one["Location"]) for one in answers} == {
        (301, "/topics/learning/?sort=oldest")
    }
    assert client.get("/sectors/retraining/").status_code == 404


def test_lists_by_the_old_address_find_the_same(client, gone, stays):
    work = make_resource("A work", terms=[gone])
    merging.merge(gone, stays)
    run_waiting_jobs()

    page = client.get("/resources/?topic=retraining")

    assert [card.record.ref for card in page.context["cards"]] == [ref_of(work)]
    assert "topic=skills" in page.content.decode()
    assert "left out" not in page.content.decode()


def test_a_new_term_may_have_an_old_address(client, gone, stays):
    merging.merge(gone, stays)
    new = make_term("Retraining anew", slug="retraining")

    assert client.get("/topics/retraining/").status_code == 200
    merging.merge(new, make_term("Third", slug="third"))
    assert client.get("/topics/retraining/")["Location"] == "/topics/third/"


# Terms in use


def use_a_term(way: str, term: Term) -> None:
    if way == "work":
        make_draft(terms=[term])
    elif way == "person":
        make_person(expertise=[term])
    elif way == "organisation":
        make_organisation(place=term)
    else:
        make_term("Below", Scheme.PLACE, term)


def delete_by_hand(term: Term) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vocabulary_termlabel WHERE term_id = %s", [term.pk])
        cursor.execute("DELETE FROM vocabulary_term WHERE id = %s", [term.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("way", ["work", "person", "organisation", "child"])
def test_a_term_in_use_cannot_vanish_whatever_way_it_is_deleted(way):
    term = make_term("Spain", Scheme.PLACE)
    use_a_term(way, term)

    with pytest.raises(ProtectedError):
        term.delete()
    with pytest.raises(ProtectedError):
        Term.objects.filter(pk=term.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_by_hand(term)

    assert Term.objects.filter(pk=term.pk).exists()


def test_the_page_of_deletion_says_what_uses_a_term(secretariat, gone):
    make_draft(terms=[gone])
    make_draft(terms=[gone])
    make_person(expertise=[gone])
    address = reverse("admin:vocabulary_term_delete", args=[gone.pk])

    for page in (secretariat.get(address), secretariat.post(address, {"post": "yes"})):
        assert "“Retraining” is in use" in page.content.decode()
        assert f"/admin/knowledge/resource/?terms__id__exact={gone.pk}" in links_of(page)
        assert f"/admin/partners/person/?expertise__id__exact={gone.pk}" in links_of(page)
    listed = secretariat.get(f"/admin/knowledge/resource/?terms__id__exact={gone.pk}")
    assert listed.context["cl"].result_count == 2


def test_terms_in_use_are_not_deleted_in_bulk_either(secretariat, gone, stays):
    make_draft(terms=[gone])
    data = {"action": "delete_selected", "index": 0, "post": "yes"}

    secretariat.post("/admin/vocabulary/term/", data | {"_selected_action": [gone.pk, stays.pk]})

    assert Term.objects.count() == 2


# At the desk


def merge_page(term: Term) -> str:
    return reverse("admin:vocabulary_term_merge", args=[term.pk])


def test_a_merge_is_shown_before_it_is_done(secretariat, gone, stays):
    gone.labels.update(alternatives=["Reskilling"])
    make_resource(terms=[gone])
    form = form_of(secretariat.get(merge_page(gone)), "merge_form") | {"into": stays.pk}

    shown = secretariat.post(merge_page(gone), form)

    text = shown.content.decode()
    assert "Retraining, Reskilling" in text
    assert "1 resource" in text
    assert Term.objects.filter(pk=gone.pk).exists()

    done = secretariat.post(merge_page(gone), form_of(shown, "merge_form"), follow=True)

    assert done.redirect_chain == [(reverse("admin:vocabulary_term_change", args=[stays.pk]), 302)]
    assert "“Retraining” was merged into “Skills”." in done.content.decode()
    assert not Term.objects.filter(pk=gone.pk).exists()


def test_only_terms_of_its_scheme_are_offered_and_taken(secretariat, gone, stays):
    place = make_term("Spain", Scheme.PLACE)

    for into in (place.pk, gone.pk, "", "x", 999_999):
        page = secretariat.post(merge_page(gone), {"into": into, "confirmed": "1"})
        assert (page.status_code, list(page.context["form"].errors)) == (200, ["into"])

    assert Term.objects.filter(pk=gone.pk).exists()


def test_only_the_secretariat_merges(client, gone, stays):
    client.force_login(make_editor(make_organisation()))

    answer = client.post(merge_page(gone), {"into": stays.pk, "confirmed": "1"})

    assert (answer.status_code, Term.objects.count()) == (403, 2)


def test_the_history_of_the_one_that_stays_tells_of_it(secretariat, gone, stays):
    secretariat.post(merge_page(gone), {"into": stays.pk, "confirmed": "1"})

    page = secretariat.get(reverse("admin:vocabulary_term_history", args=[stays.pk]))

    assert "“Retraining” was merged into “Skills”." in page.content.decode()


def test_rows_loaded_later_mean_the_one_that_stays(gone, stays):
    starter.LoadedRow.objects.create(
        filename="vocabulary.csv", key="topic / Retraining / en", object_id=gone.labels.get().pk
    )
    from hub.vocabulary.starter import term_ids

    merging.merge(gone, stays)

    assert term_ids() == {("topic", "Retraining"): stays.pk}
