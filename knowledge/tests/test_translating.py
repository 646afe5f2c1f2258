"""How a work stands in each language, and what is of another original than the present one."""

import pytest
from django.core.exceptions import ValidationError

from hub.catalogue.tests.finding import refs
from hub.partners.tests.factories import make_user
from knowledge import services, translating
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource, pending_of
from knowledge.translating import Status, status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Resource:
    return make_draft("On pits", summary="About lamplighters.")


def translate(work: Resource, language: str = "es", method: str = "human", **texts) -> Edition:
    fresh = Resource.objects.get(pk=work.pk)
    translating.save(
        work.pk,
        language,
        texts or {"title": "De minas"},
        method=method,
        of=fresh.original.digest,
        instead_of=translating.digest_in(fresh, language),
        by=make_user(is_secretariat=True),
    )
    out(work)
    return work.editions.filter(language=language).first()


def out(work: Resource) -> None:
    """Publish what lies beside the work, if anything does."""
    if Resource.objects.get(pk=work.pk).pending:
        services.publish(work.pk)


def change(work: Resource, **texts: str) -> None:
    """Change the original as anything might."""
    Edition.objects.filter(resource=work, is_original=True).update(**texts)


def state(work: Resource, language: str = "es") -> Status:
    return status_of(Resource.objects.get(pk=work.pk), language)


def outdated() -> list[str]:
    return sorted(edition.language for edition in Edition.objects.outdated())


@pytest.mark.parametrize(
    ("method", "wanted"),
    [("human", "human"), ("machine", "machine"), ("machine_checked", "checked")],
)
def test_a_translation_stands_as_it_was_made(work, method, wanted):
    translate(work, method=method)

    assert (state(work, "en"), state(work), state(work, "th")) == ("original", wanted, "missing")


@pytest.mark.parametrize("field", ["title", "subtitle", "summary", "body"])
def test_a_translation_is_out_of_date_once_the_original_says_something_else(work, field):
    translate(work)
    translate(work, "th", title="เหมือง")

    change(work, **{field: "Another text"})

    assert (state(work), state(work, "th"), outdated()) == ("outdated", "outdated", ["es", "th"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("About lamplighters.", "  About  lamplighters. "),
        ("About lamplighters.", "About\r\nlamplighters."),
        ("About lamplighters.", "About\u00a0lamp\u00adlighters.\u200b"),
        ("ชาวเหมืองถ่านหิน", "ชาวเหมือง ถ่านหิน"),
        ("<p>One</p><p>Two&nbsp;three</p>", "<p>One</p>\n\n<p>Two three</p>"),
    ],
)
def test_spaces_alone_make_nothing_out_of_date(work, before, after):
    change(work, summary=before)
    translate(work)

    change(work, summary=after)

    assert (state(work), outdated()) == ("human", [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": "On pits", "subtitle": "and ponies"}, {"title": "On pits and ponies"}),
        ({"summary": "It is"}, {"summary": "It is not"}),
        ({"summary": "A resume"}, {"summary": "A résumé"}),
        ({"summary": "Нүүрс"}, {"summary": "нүүрс"}),
    ],
)
def test_every_other_change_does(work, before, after):
    blank = {"title": "On pits", "subtitle": "", "summary": ""}
    change(work, **blank | before)
    translate(work)

    change(work, **blank | after)

    assert state(work) == "outdated"


def test_back_to_the_earlier_text_and_it_is_right_again(work):
    translate(work)
    change(work, summary="Another text")
    change(work, summary="About lamplighters.")

    assert (state(work), outdated()) == ("human", [])


def test_saving_once_more_says_that_it_is_still_right(work):
    translate(work)
    change(work, summary="Another text")

    translate(work)

    assert (state(work), outdated()) == ("human", [])


def test_what_its_translator_has_not_seen_makes_it_out_of_date(work):
    seen = work.original.digest
    change(work, summary="Changed while somebody was writing")

    told = {"of": seen, "instead_of": "", "by": make_user()}
    translating.save(work.pk, "es", {"title": "De minas"}, method="human", **told)

    assert state(work) == "outdated"


def test_of_two_who_translate_at_once_the_later_is_told(work):
    translate(work, title="De minas")

    told = {"of": "", "instead_of": "an older state", "by": make_user()}
    with pytest.raises(ValidationError) as refused:
        translating.save(work.pk, "es", {"title": "Minas"}, method="human", **told)

    assert refused.value.code == "conflict"
    assert work.editions.get(language="es").title == "De minas"


@pytest.mark.parametrize("body", ["", "<p></p>", "<p> </p>"])
def test_a_translation_has_a_text(work, body):
    with pytest.raises(ValidationError) as refused:
        translate(work, title=" ", body=body)

    assert (refused.value.code, work.editions.count()) == ("empty", 1)


def test_the_original_is_no_translation(work):
    with pytest.raises(ValidationError) as refused:
        translate(work, "en")

    assert refused.value.code == "original"


def test_a_translation_is_cleaned_like_any_text(work):
    translate(work, title="De\u202e  minas", body="<p onclick=x>Sí<script>1</script></p>")

    edition = work.editions.get(language="es")
    assert (edition.title, edition.body) == ("De  minas", "<p>Sí</p>")


def test_a_translation_is_found_by_search_once_it_is_out():
    work = make_resource("On pits")

    translate(work, "th", title="คนงานเหมืองถ่านหิน")

    assert refs("เหมืองถ่านหิน", "th") == [f"knowledge.resource:{work.pk}"]


def test_what_was_loaded_is_taken_to_be_of_the_original_as_it_is_published():
    draft = make_draft("On pits")
    Edition.objects.create(resource=draft, language="es", title="De minas", method="machine")

    work = services.publish(draft.pk)
    assert state(work) == "machine"
    change(work, title="On mines")

    assert state(work) == "outdated"


def test_an_unplaced_translation_is_not_called_out_of_date(work):
    Edition.objects.create(resource=work, language="es", title="De minas")
    change(work, title="On mines")

    assert (state(work), outdated()) == ("human", [])


def test_what_readers_can_rely_on_is_by_people_and_of_the_present_original(work):
    translate(work, "es")
    translate(work, "vi", method="machine", title="Mỏ")
    translate(work, "mn", method="machine_checked", title="Уурхай")
    assert in_order() == ["en", "es", "mn"]

    change(work, title="On mines")

    assert in_order() == ["en"]


def in_order() -> list[str]:
    return sorted(edition.language for edition in Edition.objects.in_order())


def test_a_translation_of_what_is_public_waits_to_be_published():
    work = make_resource("On pits", summary="About lamplighters.")
    told = {"of": work.original.digest, "instead_of": "", "by": make_user(is_secretariat=True)}

    translating.save(work.pk, "es", {"title": "De minas"}, method="human", **told)

    (drafted,) = [row for row in pending_of(work)["editions"] if row["language"] == "es"]
    assert (drafted["title"], work.editions.count()) == ("De minas", 1)
    services.publish(work.pk)
    assert (state(work), work.editions.get(language="es").title) == ("human", "De minas")
