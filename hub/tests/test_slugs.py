import pytest

from hub.slugs import make_slug, sort_key, unique_slug
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_term


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Mine closure and land rehabilitation", "mine-closure-and-land-rehabilitation"),
        ("Transición justa: ¿y ahora?", "transicion-justa-y-ahora"),
        ("Дискусия в Перник", "diskusiya-v-pernik"),
        ("Chuyển dịch năng lượng", "chuyen-dich-nang-luong"),
        ("แม่เมาะ", "aememaa"),
        ("?!", ""),
        (
            "word " * 40,
            "word-word-word-word-word-word-word-word-word-word-word-word-word-word-word",
        ),
    ],
)
def test_make_slug_writes_plain_latin_letters(text, slug):
    assert make_slug(text, max_length=75) == slug


def test_sort_key_orders_names_as_readers_look_for_them():
    names = ["Zasavje", "Łódzkie", "“Just” talk", "Moravia", "Lublin", "Österreich", "İzmir"]

    ordered = sorted(names, key=sort_key)

    assert ordered == [
        "İzmir",
        "“Just” talk",
        "Łódzkie",
        "Lublin",
        "Moravia",
        "Österreich",
        "Zasavje",
    ]


@pytest.mark.django_db
def test_unique_slug_counts_up():
    make_term(slug="finance")
    make_term(slug="finance-2")

    slugs = [
        unique_slug(text, Term.objects.all(), otherwise="topic")
        for text in ("Finance", "Youth", "?!")
    ]

    assert slugs == ["finance-3", "youth", "topic"]
