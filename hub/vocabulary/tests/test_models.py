import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_label, make_term

pytestmark = pytest.mark.django_db


def test_with_ancestors_goes_up_to_the_top():
    country = make_term(scheme="place")
    region = make_term(scheme="place", parent=country)
    town = make_term(scheme="place", parent=region)
    other = make_term(scheme="place")

    ids = Term.objects.with_ancestors([town.pk, other.pk, town.pk])

    assert ids == sorted([country.pk, region.pk, town.pk, other.pk])


def test_with_ancestors_ends_even_in_a_circle():
    first = make_term(scheme="place")
    second = make_term(scheme="place", parent=first)
    Term.objects.filter(pk=first.pk).update(parent=second)

    assert Term.objects.with_ancestors([first.pk]) == [first.pk, second.pk]


def test_term_refuses_a_parent_below_itself():
    country = make_term(scheme="place")
    region = make_term(scheme="place", parent=country)
    country.parent = region

    with pytest.raises(ValidationError) as refused:
        country.full_clean()

    assert refused.value.message_dict == {"parent": ["This would put the term below itself."]}


def test_term_refuses_a_parent_of_another_scheme():
    region = make_term(scheme="place", parent=make_term(scheme="place"))
    region.parent = make_term(scheme="topic")

    with pytest.raises(ValidationError) as refused:
        region.full_clean()

    assert refused.value.message_dict == {"parent": ["The term above must be of the same scheme."]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": "taken"}, "Another term of this scheme has this address."),
        ({"code": "CO"}, "Another term of this scheme has this code."),
        ({"place_kind": ""}, "A place needs a kind of place, other terms have none."),
        (
            {"latitude": 9.3},
            "Give both coordinates, latitude from -90 to 90 and longitude from -180 to 180, "
            "or none.",
        ),
        (
            {"latitude": 91.0, "longitude": 0.0},
            "Give both coordinates, latitude from -90 to 90 and longitude from -180 to 180, "
            "or none.",
        ),
    ],
)
def test_term_constraints_refuse_in_words_and_in_the_database(fields, sentence):
    make_term(scheme="place", slug="taken", code="CO")
    term = Term(**{"scheme": "place", "slug": "new", "place_kind": "country", **fields})

    with pytest.raises(ValidationError) as refused:
        term.full_clean()
    with pytest.raises(IntegrityError):
        term.save()

    assert refused.value.message_dict == {"__all__": [sentence]}


def test_term_of_a_topic_has_no_kind_of_place():
    with pytest.raises(IntegrityError):
        make_term(scheme="topic", place_kind="coal")


def test_label_once_per_language():
    term = make_term("Finance")

    with pytest.raises(IntegrityError):
        make_label(term, "en", "Money")


def test_term_is_called_by_its_english_label():
    term = make_term("Finance")
    make_label(term, "es", "Financiamiento")

    assert str(term) == "Finance"
