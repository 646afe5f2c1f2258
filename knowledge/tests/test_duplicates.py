"""Works that are in the hub twice: refused by the database, told in words, found by their looks."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from conftest import Browser
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from knowledge import comparing_works, duplicates, services
from knowledge.models import Edition, Identifier, Link, Resource, TwoWorks
from knowledge.tests.factories import make_draft, make_file, make_link, make_resource
from knowledge.tests.test_admin import errors_of, page_of, row

pytestmark = pytest.mark.django_db

TITLE = "A just transition for coal miners in the Western Balkans"


def make_doi(resource: Resource, value: str = "10.1234/coal") -> Identifier:
    return Identifier.objects.create(resource=resource, scheme="doi", value=value)


def names_of(found) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(pair.other), pair.why) for pair in found]


def form_with(client: Client, resource: Resource, **values) -> dict:
    form = form_of(client.get(page_of(resource)), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith("cover_picture")}
    prefixes = {name.partition("-")[0] for name in values}
    return form | {f"{prefix}-TOTAL_FORMS": "1" for prefix in prefixes} | values


def identifier_values(value: str, scheme: str = "doi") -> dict:
    return row("identifiers", 0, scheme=scheme, value=value)


def link_values(url: str, kind: str = "work") -> dict:
    return row("links", 0, url=url, kind=kind, position="0")


# What the database refuses


def test_one_address_leads_to_one_work():
    make_link(url="https://www.ilo.org/report/")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_link(url="http://ilo.org/report?utm_source=mail")


@pytest.mark.parametrize("kind", ["listed", "mirror"])
def test_a_page_that_lists_works_may_be_that_of_several(kind):
    make_link(url="https://ilo.org/reports")

    make_link(url="https://ilo.org/reports", kind=kind)
    make_link(url="https://ilo.org/reports", kind=kind)

    assert Link.objects.filter(canonical="ilo.org/reports").count() == 3


def test_the_spelling_follows_the_address_whichever_way_it_is_saved():
    link = make_link(url="https://ilo.org/a")

    link.url = "https://www.ilo.org/b/"
    link.save()

    link.refresh_from_db()
    assert link.canonical == "ilo.org/b"


@pytest.mark.parametrize("is_link_first", [True, False])
def test_a_doi_as_address_and_as_identifier_is_one_name(is_link_first):
    acts = [
        lambda: make_doi(make_draft()),
        lambda: make_link(url="https://doi.org/10.1234/COAL"),
    ]
    first, second = reversed(acts) if is_link_first else acts
    first()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        second()

    assert duplicates.is_refusal(refused.value)


def test_one_work_may_give_its_doi_both_ways():
    work = make_draft()

    make_doi(work)
    make_link(work, url="https://doi.org/10.1234/coal")

    assert (work.links.count(), work.identifiers.count()) == (1, 1)


def test_a_book_has_one_isbn_in_both_its_lengths():
    Identifier.objects.create(resource=make_draft(), scheme="isbn", value="9780306406157")

    with pytest.raises(ValidationError):
        Identifier(resource=make_draft(), scheme="isbn", value="0-306-40615-2").full_clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("as_link", [False, True])
def test_of_two_who_add_one_doi_at_once_the_second_is_refused(as_link):
    one, other = make_draft(), make_draft()

    def add() -> str:
        try:
            if as_link:
                make_link(other, url="https://doi.org/10.1234/coal")
            else:
                make_doi(other)
        except IntegrityError as error:
            return "refused" if duplicates.is_refusal(error) else repr(error)
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        make_doi(one)
        second = pool.submit(add)
        time.sleep(0.3)  # so that it comes before the first is committed

    assert second.result() == "refused"


# What the form says


def test_a_double_is_refused_at_the_field_with_a_link_to_the_other(editor, own):
    mine, other = make_draft(owner=own), make_draft("The Silesian report", owner=own)
    make_doi(other)

    response = editor.post(
        page_of(mine), form_with(editor, mine, **identifier_values("https://doi.org/10.1234/COAL"))
    )

    said = errors_of(response)["identifiers-0-value"]
    assert [text.split(">")[1] for text in said] == ["The Silesian report</a"]
    assert page_of(other) in said[0]
    assert not mine.identifiers.exists()


def test_of_a_foreign_draft_nothing_is_told(editor, own):
    mine = make_draft(owner=own)
    make_doi(make_draft("Secret of the Wind Coast"))

    response = editor.post(
        page_of(mine), form_with(editor, mine, **identifier_values("10.1234/coal"))
    )

    assert errors_of(response)["identifiers-0-value"] == [
        "This DOI is taken. Ask the secretariat about it."
    ]
    assert "Secret of" not in response.content.decode()


def test_a_foreign_work_that_is_public_is_named_by_its_page(editor, own):
    mine, public = make_draft(owner=own), make_resource("Known to all")
    make_link(public, url="https://ilo.org/report")

    response = editor.post(
        page_of(mine), form_with(editor, mine, **link_values("http://www.ilo.org/report/"))
    )

    said = errors_of(response)["links-0-url"][0]
    assert public.get_absolute_url() in said
    assert said.endswith("If the page lists several works, say so as its kind.")


def test_a_link_moves_to_another_address_with_its_spelling(editor, own):
    mine = make_draft(owner=own)
    link = make_link(mine, url="https://ilo.org/a")
    form = form_of(editor.get(page_of(mine)), "resource_form")
    form = {name: value for name, value in form.items() if not name.endswith("cover_picture")}

    editor.post(page_of(mine), form | {"links-0-url": "https://www.ilo.org/b"})

    link.refresh_from_db()
    assert (link.url, link.canonical) == ("https://www.ilo.org/b", "ilo.org/b")


@pytest.mark.django_db(transaction=True)
def test_who_is_a_moment_late_reads_it_at_the_field(client):
    own = make_organisation()
    client.force_login(make_editor(own))
    mine, other = make_draft(owner=own), make_draft("The quicker one", owner=own)
    form = form_with(client, mine, **identifier_values("10.1234/coal"))

    def send():
        try:
            return client.post(page_of(mine), form)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        make_doi(other)
        answer = pool.submit(send)
        time.sleep(1.5)  # its form is valid by now, and it waits for the database

    response = answer.result()
    assert response.status_code == 200
    assert "The quicker one" in errors_of(response)["identifiers-0-value"][0]


# What looks like it


def test_a_similar_title_is_found_with_its_reason():
    work = make_draft(TITLE)
    make_draft("A Just Transition for Coal Miners in the Western Balkans.")
    make_draft("Retraining in the Ruhr")

    found = duplicates.likely(make_user(is_secretariat=True), work)

    assert [pair.reason for pair in found] == ["its title is almost the same"]


def test_a_translated_title_is_found_too():
    work = make_draft("Después del carbón: una transición justa", language="es")
    Edition.objects.create(resource=work, language="en", title=TITLE)
    other = make_draft(TITLE)

    assert [p.other for p in duplicates.likely(make_user(is_superuser=True), work)] == [other]


def test_titles_with_another_number_are_two_works():
    work = make_draft("Annual report of the platform 2023")
    make_draft("Annual report of the platform 2024")

    assert duplicates.likely(make_user(is_secretariat=True), work) == []


def test_the_same_file_and_the_same_copy_are_found(folder):
    work, other, third = make_draft("One"), make_draft("Another"), make_draft("Third thing")
    file = make_file(work, "Words")
    make_file(other, content=file.resource.files.get() and (folder / file.path).read_bytes())
    make_link(work, url="https://scribd.com/doc/1", kind="mirror")
    make_link(third, url="https://www.scribd.com/doc/1/", kind="mirror")

    found = duplicates.likely(make_user(is_secretariat=True), work)

    assert names_of(found) == [("Another", ("file",)), ("Third thing", ("address",))]


def test_of_others_only_what_is_public_is_named():
    own = make_organisation()
    work = make_draft(TITLE, owner=own)
    public, mine = make_resource(TITLE), make_draft(TITLE, owner=own)
    make_draft(TITLE)

    found = duplicates.likely(make_editor(own), work)

    assert {pair.other for pair in found} == {public, mine}


def test_two_works_are_remembered_from_both_sides_and_forgotten():
    user = make_user(is_secretariat=True)
    one, other = make_draft(TITLE), make_draft(TITLE)

    duplicates.say_two(other.pk, one.pk)
    duplicates.say_two(one.pk, other.pk)

    assert TwoWorks.objects.count() == 1
    assert [duplicates.likely(user, work) for work in (one, other)] == [[], []]
    assert duplicates.said_two(user, other) == [one]
    duplicates.take_back(other.pk, one.pk)
    assert [pair.other for pair in duplicates.likely(user, other)] == [one]


def test_the_word_of_one_side_hides_the_pair_from_the_other_never(own):
    partner = make_organisation("Wind Coast", is_partner=True)
    mine, theirs = make_resource(TITLE, owner=own), make_resource(TITLE, owner=partner)
    us, them = make_editor(own), make_editor(partner)
    comparing_works.compare([mine.pk, theirs.pk])

    duplicates.say_two(mine.pk, theirs.pk, for_both=False)
    comparing_works.compare([mine.pk, theirs.pk])

    listed = duplicates.works_with_doubles
    assert duplicates.likely(us, mine) == []
    assert [pair.other for pair in duplicates.likely(them, theirs)] == [mine]
    assert list(listed(us, Resource.objects.filter(owner=own))) == []
    assert list(listed(them, Resource.objects.filter(owner=partner))) == [theirs]
    assert duplicates.said_two(them, theirs) == []
    duplicates.say_two(theirs.pk, mine.pk, for_both=False)
    assert duplicates.likely(them, theirs) == []
    duplicates.take_back(theirs.pk, mine.pk, for_both=False)
    assert [pair.other for pair in duplicates.likely(them, theirs)] == [mine]
    assert duplicates.likely(us, mine) == []


def test_each_pair_among_many_is_found_once():
    works = [make_draft(f"{TITLE}{'!' * number}") for number in range(4)]

    found = duplicates.likely_among(make_user(is_secretariat=True), works)

    assert len({frozenset((pair.one, pair.other)) for pair in found}) == len(found) == 6


# At the desk


def test_the_page_of_a_work_says_what_it_looks_like(editor, own):
    mine, other = make_draft(TITLE, owner=own), make_draft(TITLE, owner=own)

    page = editor.get(page_of(mine)).content.decode()

    assert f"{page_of(mine, 'double')}?with={other.pk}" in page
    assert "its title is almost the same" in page


def test_side_by_side_says_in_words_what_differs(editor, own):
    mine = make_draft(TITLE, owner=own, licence="CC BY 4.0")
    other = make_draft(TITLE, owner=own, kind="article", licence="CC BY 4.0")
    make_doi(other)

    page = editor.get(page_of(mine, "double"), {"with": other.pk})

    lines = {line.label: line.verdict for line in page.context["tables"][0].lines}
    assert (lines["Licence"], lines["Kind"], lines["Identifiers"]) == (
        "the same",
        "different",
        "in one alone",
    )
    assert "different" in page.content.decode()


def test_of_a_foreign_public_work_the_desk_shows_what_readers_see(editor, own):
    mine = make_draft(TITLE, owner=own, curator_note="Ask Anna")
    public = make_resource(TITLE, curator_note="Told in confidence")

    page = editor.get(page_of(mine, "double"), {"with": public.pk})

    assert page.status_code == 200
    assert "Told in confidence" not in page.content.decode()
    assert not page.context["can_merge"]


def test_they_are_said_to_be_two_and_not(editor, own):
    mine, other = make_draft(TITLE, owner=own), make_draft(TITLE, owner=own)

    editor.post(page_of(mine, "separate"), {"with": other.pk})
    said = editor.get(page_of(other, "double"), {"with": mine.pk})
    editor.post(page_of(other, "separate"), {"with": mine.pk, "undo": "1"})

    assert said.context["is_said_two"]
    assert not TwoWorks.objects.exists()


def test_who_curates_one_of_two_speaks_for_that_one_alone(client, own):
    partner = make_organisation("Wind Coast", is_partner=True)
    mine, theirs = make_draft(TITLE, owner=own), make_resource(TITLE, owner=partner)
    services.publish(mine.pk)
    client.force_login(make_editor(own))
    client.post(page_of(mine, "separate"), {"with": theirs.pk})
    there = Browser()
    there.force_login(make_editor(partner))

    page = there.get(page_of(theirs))
    double = there.get(page_of(theirs, "double"), {"with": mine.pk})
    there.post(page_of(theirs, "separate"), {"with": mine.pk, "undo": "1"})

    assert [one.page for one in page.context["findings"] if one.page]
    assert (double.context["is_said_two"], double.context["is_said_of_other"]) == (False, True)
    assert "Those who curate the other entry have said" in double.content.decode()
    assert TwoWorks.objects.get().sides == {(mine.pk, theirs.pk)}


@pytest.mark.parametrize("page", ["double", "separate", "merge"])
def test_foreign_works_answer_like_those_that_are_not_there(editor, own, page):
    mine, foreign = make_draft(TITLE, owner=own), make_draft(TITLE)
    missing = foreign.pk + 1000

    def ask(resource_pk: int, other: object) -> tuple[int, str]:
        address = f"/admin/knowledge/resource/{resource_pk}/{page}/"
        if page == "separate":
            response = editor.post(address, {"with": other})
        else:
            response = editor.get(address, {"with": other})
        return response.status_code, response.get("Location", "")

    answers = {
        ask(mine.pk, foreign.pk),
        ask(mine.pk, missing),
        ask(foreign.pk, mine.pk),
        ask(missing, mine.pk),
        *(ask(mine.pk, odd) for odd in ("", "x", "1" * 40, "²", "-1", mine.pk)),
    }

    assert answers == {(404, "")}
    assert not TwoWorks.objects.exists()


@pytest.mark.parametrize(("role", "answer"), [("AUTHOR", 302), ("DELEGATE", 302)])
def test_whoever_may_change_a_work_says_that_it_is_another(client, own, role, answer):
    client.force_login(make_editor(own, role=getattr(Membership.Role, role)))
    public, draft = make_resource(TITLE, owner=own), make_draft(TITLE, owner=own)

    said = client.post(page_of(public, "separate"), {"with": draft.pk})

    assert said.status_code == answer  # who has no desk is led to the way in
    assert TwoWorks.objects.exists() is (role == "AUTHOR")


def test_doubles_are_looked_for_among_those_chosen(editor, own):
    mine = make_draft(TITLE, owner=own)
    public, foreign = make_resource(TITLE), make_draft(f"{TITLE}!")
    data = {"action": "look_for_duplicates", "_selected_action": [mine.pk, foreign.pk]}

    page = editor.post("/admin/knowledge/resource/", data)

    assert [(pair.one, pair.other) for pair in page.context["pairs"]] == [(mine, public)]


def test_a_withdrawn_work_keeps_its_name(editor, own):
    gone = make_resource(owner=make_organisation())
    make_doi(gone)
    services.withdraw(gone.pk, reason="Wrong")
    mine = make_draft(owner=own)

    response = editor.post(
        page_of(mine), form_with(editor, mine, **identifier_values("10.1234/coal"))
    )

    assert (
        "This DOI is taken. Ask the secretariat about it."
        in errors_of(response)["identifiers-0-value"][0]
    )


def test_thousands_of_names_take_a_thousand_locks_and_no_more():
    """As a large import writes them: the database has room for some six thousand in all."""
    resource = make_resource()

    Identifier.objects.bulk_create(
        Identifier(resource=resource, scheme="doi", value=f"10.1/{number}")
        for number in range(3000)
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert 900 < cursor.fetchone()[0] <= 1024
