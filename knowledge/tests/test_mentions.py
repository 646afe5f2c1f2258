"""A term that a draft or the search of a list names is in use."""

import pytest
from django.db.models import ProtectedError

from hub.partners.tests.factories import make_user
from hub.vocabulary.models import FormerAddress, Term
from hub.vocabulary.tests.factories import make_term
from hub.vocabulary.uses import uses_of
from knowledge.tests.factories import make_list_draft, make_resource
from knowledge.tests.test_admin import page_of
from knowledge.tests.test_drafts import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def term() -> Term:
    return make_term("Retraining")


def test_a_term_that_only_a_draft_bears_stays_until_that_is_public(editor, own, term):
    resource = make_resource("On pits", owner=own, summary="About lamplighters.")
    send(editor, resource, terms=[term.pk])

    with pytest.raises(ProtectedError):
        term.delete()
    told = [str(use) for use in uses_of(term)]
    editor.post(page_of(resource, "publish"))

    assert told == ["1 draft beside a public work"]
    assert [*resource.terms.all()] == [term]


def test_a_term_that_the_search_of_a_list_asks_for_stays(own, term):
    FormerAddress.objects.create(scheme=term.scheme, slug="upskilling", term=term)
    for query in (f"{term.scheme}=finance&{term.scheme}={term.slug}", f"{term.scheme}=upskilling"):
        make_list_draft("To begin with", owner=own, query=query)

    with pytest.raises(ProtectedError):
        Term.objects.filter(pk=term.pk).delete()

    assert [str(use) for use in uses_of(term)] == ["2 searches of reading lists"]


def test_words_that_only_look_like_the_address_of_a_term_are_no_use(own, term):
    make_list_draft(
        "To begin with", owner=own, query=f"q={term.slug}&{term.scheme}=old-{term.slug}"
    )

    assert uses_of(term) == []


def test_the_desk_says_what_keeps_a_term(client, own, term):
    client.force_login(make_user(is_secretariat=True))
    make_list_draft("To begin with", owner=own, query=f"{term.scheme}={term.slug}")

    page = client.get(f"/admin/vocabulary/term/{term.pk}/delete/").content.decode()

    assert "1 search of a reading list" in page
