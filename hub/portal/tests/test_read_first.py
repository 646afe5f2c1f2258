"""What to read first on the page of a term, and how the secretariat chooses it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.portal.models import ReadFirst
from hub.tests.pages import form_of
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> Term:
    return make_term("Finance", slug="finance")


@pytest.fixture
def secretariat(client):
    client.force_login(make_user(is_secretariat=True))
    return client


def choose(term: Term, resource: Resource, position: int = 0) -> ReadFirst:
    record = Record.objects.get(ref=ref_of(resource))
    return ReadFirst.objects.create(term=term, record=record, position=position)


def titles(response, part: str) -> list[str]:
    return [card.title for card in response.context[part]]


@pytest.mark.parametrize("scheme", Scheme.values)
def test_works_to_read_first_stand_in_their_order_and_once(client, scheme):
    term = make_term("Named", scheme)
    works = [make_resource(f"Work {number}", terms=[term]) for number in range(3)]
    choose(term, works[1], 2)
    choose(term, works[0], 1)
    choose(make_term("Another"), works[2])

    page = client.get(term.get_absolute_url())

    assert titles(page, "read_first") == ["Work 0", "Work 1"]
    assert titles(page, "cards") == ["Work 2"]


def test_a_chosen_work_need_not_bear_the_term_and_names_its_own(client, finance):
    spain = make_term("Spain", Scheme.PLACE)
    choose(finance, make_resource("Of Spain", terms=[spain]))

    page = client.get("/topics/finance/")

    lead = page.context["read_first"][0]
    assert (lead.title, [place.label for place in lead.places]) == ("Of Spain", ["Spain"])
    assert page.context["total"] == 0


def test_only_public_works_are_shown(client, finance):
    withdrawn, coming, public = (
        make_resource(title) for title in ("Withdrawn", "Coming", "Public")
    )
    for work in (withdrawn, coming, public):
        choose(finance, work)
    services.withdraw(withdrawn.pk, reason="Told twice")
    Record.objects.filter(ref=ref_of(coming)).update(published_at=timezone.now() + timedelta(1))

    assert titles(client.get("/topics/finance/"), "read_first") == ["Public"]


# At the desk


def address_of(term: Term) -> str:
    return reverse("admin:vocabulary_term_change", args=[term.pk])


def paste(client, term: Term, *addresses: str) -> tuple[int, list[str]]:
    """Add these addresses at the desk; the status and what is said about them."""
    form = form_of(client.get(address_of(term)), "term_form")
    rows = int(form["read_first-TOTAL_FORMS"][0])
    for number, address in enumerate(addresses, rows):
        form |= {
            f"read_first-{number}-record": address,
            f"read_first-{number}-position": str(number + 1),
            f"read_first-{number}-term": str(term.pk),
            f"read_first-{number}-id": "",
        }
    form["read_first-TOTAL_FORMS"] = str(rows + len(addresses))
    response = client.post(address_of(term), form)
    errors = response.context["errors"] if response.context else []
    return response.status_code, [str(error) for error in errors]


@pytest.mark.parametrize(
    "form",
    [
        "https://hub.example.org{}",
        "{}",
        "/en{}",
        "hub.example.org{}?back=x#top",
        "  https://hub.example.org{}  ",
        pytest.param("{}?back=" + "%2525C3" * 500, id="out of a list with many filters"),
    ],
)
def test_a_work_is_chosen_by_the_address_of_its_page(secretariat, settings, finance, form):
    settings.ALLOWED_HOSTS = ["hub.example.org", "testserver", "localhost"]
    work = make_resource("A work")

    status, _said = paste(secretariat, finance, form.format(work.get_absolute_url()))

    assert status == 302
    assert [str(one) for one in ReadFirst.objects.filter(term=finance)] == ["A work"]
    assert "A work" in secretariat.get(address_of(finance)).content.decode()


def make_withdrawn() -> Resource:
    return services.withdraw(make_resource().pk, reason="Told twice")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: "https://example.com/resources/x/", "This is an address of example.com."),
        (lambda: "/resources/never-heard-of/", "No work stands at this address."),
        (lambda: "/topics/finance/", "No work stands at this address."),
        (lambda: "https://[broken", "No work stands at this address."),
        (lambda: "/resources/x%00y/", "No work stands at this address."),
        (lambda: make_draft().get_absolute_url(), "No work stands at this address."),
        (lambda: make_withdrawn().get_absolute_url(), "The work at this address was withdrawn."),
        (
            lambda: make_resource(
                at=timezone.make_aware(timezone.datetime(2999, 5, 4))
            ).get_absolute_url(),
            "The work at this address becomes public on 4 May 2999.",
        ),
    ],
    ids=["foreign", "unknown", "no work", "nonsense", "NUL", "draft", "withdrawn", "scheduled"],
)
def test_an_address_that_will_not_do_is_refused_in_words(secretariat, finance, make, said):
    status, errors = paste(secretariat, finance, make())

    assert status == 200
    assert said in " ".join(errors)
    assert ReadFirst.objects.count() == 0


def test_a_work_stands_in_a_list_once(secretariat, finance):
    work = make_resource()

    status, _errors = paste(secretariat, finance, *[work.get_absolute_url()] * 2)

    assert (status, ReadFirst.objects.count()) == (200, 0)


def test_a_chosen_work_that_was_withdrawn_does_not_stand_in_the_way(secretariat, finance):
    work = make_resource()
    choose(finance, work)
    services.withdraw(work.pk, reason="Told twice")

    status, errors = paste(secretariat, finance, make_resource().get_absolute_url())

    assert (status, errors) == (302, [])
    assert "not public, so not shown" in secretariat.get(address_of(finance)).content.decode()


def test_only_the_secretariat_chooses(client, finance):
    client.force_login(make_editor(make_organisation()))

    assert client.get(address_of(finance)).status_code in (302, 403)


def test_a_term_with_works_to_read_first_may_go_with_them(secretariat, finance):
    choose(finance, make_resource())

    secretariat.post(reverse("admin:vocabulary_term_delete", args=[finance.pk]), {"post": "yes"})

    assert (Term.objects.count(), ReadFirst.objects.count()) == (0, 0)
