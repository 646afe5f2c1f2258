import pytest
from django.urls import reverse

from hub.catalogue import reindexing
from hub.partners.tests.factories import make_organisation, make_user
from hub.tests.pages import form_of
from hub.tests.queue import run_waiting_jobs
from hub.vocabulary.models import Term, TermLabel
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge.services import saved
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat(client):
    client.force_login(make_user(is_secretariat=True))
    return client


def test_saving_a_term_unchanged_leaves_its_words_alone(secretariat):
    term = make_term("Hydrogen and CCUS")
    words = ["carbon capture, utilisation and storage", "CCUS"]
    term.labels.update(alternatives=words)
    make_label(term, "th", "ไฮโดรเจน")
    before = list(TermLabel.objects.values())
    address = reverse("admin:vocabulary_term_change", args=[term.pk])

    response = secretariat.post(address, form_of(secretariat.get(address), "term_form"))

    assert response.status_code == 302
    assert list(TermLabel.objects.values()) == before


@pytest.mark.parametrize("is_draft", [True, False])
def test_a_term_in_use_cannot_be_deleted(secretariat, is_draft):
    term = make_term("Finance")
    resource = make_draft(terms=[term]) if is_draft else make_resource(terms=[term])
    address = reverse("admin:vocabulary_term_delete", args=[term.pk])

    secretariat.post(address, {"post": "yes"})

    assert list(resource.terms.all()) == [term]


def test_a_term_that_nothing_names_can_be_deleted(secretariat):
    term = make_term("Finance")

    secretariat.post(reverse("admin:vocabulary_term_delete", args=[term.pk]), {"post": "yes"})

    assert Term.objects.count() == 0


def test_deleting_an_organisation_renews_the_records_that_named_it(secretariat):
    organisation, resource = make_organisation(), make_resource()
    resource.co_owners.add(organisation)
    saved(resource)
    address = reverse("admin:partners_organisation_delete", args=[organisation.pk])

    secretariat.post(address, {"post": "yes"})
    run_waiting_jobs()

    assert list(reindexing.differences()) == []
