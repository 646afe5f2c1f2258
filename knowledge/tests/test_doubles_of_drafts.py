"""Doubles where works are on their way: names of drafts beside what is public, files that readers do
not get, what is found at night, and what nobody else may learn of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hub.partners.models import Organisation, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pdfs import make_pdf
from hub.tests.queue import run_waiting_jobs
from knowledge import checks, comparing_works, drafting, duplicates, inbox, merging, services
from knowledge.admin import ResourceAdmin
from knowledge.jobs import look_for_doubles
from knowledge.models import Comparison, Identifier, Likeness, Link, Resource, TwoWorks
from knowledge.tests.factories import (
    make_draft,
    make_file,
    make_link,
    make_resource,
    pending_of,
)
from knowledge.tests.test_admin import errors_of, page_of, row
from knowledge.tests.test_drafts import opened, send, shown
from knowledge.tests.test_duplicates import (
    TITLE,
    identifier_values,
    link_values,
    make_doi,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def with_parts(prefix: str, values: dict) -> dict:
    return {f"{prefix}-TOTAL_FORMS": "1", **values}


# Names of a draft beside what is public


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (with_parts("identifiers", identifier_values("10.1234/coal")), "identifiers-0-value"),
        (
            with_parts("identifiers", identifier_values("0-306-40615-2", "isbn")),
            "identifiers-0-value",
        ),
        (with_parts("links", link_values("http://www.ilo.org/coal/")), "links-0-url"),
        (with_parts("links", link_values("https://doi.org/10.1234/COAL")), "links-0-url"),
    ],
)
def test_a_draft_beside_a_public_work_is_refused_at_the_field(editor, own, values, field):
    mine, other = make_resource("On pits", owner=own), make_resource("The other", owner=own)
    make_doi(other)
    Identifier.objects.create(resource=other, scheme="isbn", value="9780306406157")
    make_link(other, url="https://ilo.org/coal")

    response = editor.post(page_of(mine), opened(editor, mine) | values)

    assert response.status_code == 200
    assert page_of(other) in errors_of(response)[field][0]
    assert Resource.objects.get(pk=mine.pk).pending is None


@pytest.fixture
def overtaken(editor, own) -> Resource:
    """A public work whose draft has a DOI and an address that another work has got since."""
    mine = make_resource("On pits", owner=own, summary="Of pits.")
    values = {
        **with_parts("identifiers", identifier_values("10.1234/coal")),
        "links-TOTAL_FORMS": "2",
        **link_values("https://ilo.org/coal"),
        **row("links", 1, url="https://ilo.org/annex", kind="mirror", position="1"),
    }
    send(editor, mine, **values)
    other = make_draft("The quicker one")
    make_doi(other)
    make_link(other, url="https://www.ilo.org/coal")
    return mine


def test_a_draft_whose_names_another_has_by_now_opens_and_says_so(editor, overtaken):
    page = editor.get(page_of(overtaken))

    found = [one.text for one in page.context["findings"] if one.is_error]
    left_out = "It is left out below, and of the draft when you save it."
    assert found == [
        f"Another resource has the identifier 10.1234/coal by now. {left_out}",
        f"Another resource is at ilo.org/coal by now. {left_out}",
    ]
    assert "The quicker one" not in shown(page)
    assert "https://ilo.org/annex" in shown(page)


def test_it_is_published_without_what_another_has(editor, overtaken):
    refused = editor.post(page_of(overtaken, "publish"))
    held_up = Resource.objects.get(pk=overtaken.pk).stage

    send(editor, overtaken, **{"editions-0-title": "On deep pits"})
    editor.post(page_of(overtaken, "publish"))

    assert "by now" in shown(refused)
    assert held_up == "draft"
    overtaken.refresh_from_db()
    assert (overtaken.stage, str(overtaken)) == ("", "On deep pits")
    assert [link.url for link in overtaken.links.all()] == ["https://ilo.org/annex"]
    assert not overtaken.identifiers.exists()


def test_a_revision_with_a_name_that_another_has_by_now_is_not_taken_up(editor, own):
    mine = make_draft("On pits", owner=own)
    make_link(mine, url="https://ilo.org/coal")
    first = drafting.keep(mine, make_user()).revision
    mine.links.all().delete()
    make_link(make_draft(), url="https://ilo.org/coal")

    answer = editor.post(
        f"{page_of(mine)[: -len('change/')]}revisions/{first.number}/take-up/", follow=True
    )

    assert "Another resource is at ilo.org/coal by now." in shown(answer)
    assert not mine.links.exists()


def test_the_advice_is_of_the_draft_and_leads_to_both_side_by_side(editor, own):
    mine, other = make_resource("On pits", owner=own), make_resource(TITLE)
    send(editor, mine, **{"editions-0-title": f"{TITLE}!"})

    page = editor.get(page_of(mine))
    double = editor.get(page_of(mine, "double"), {"with": other.pk})

    told = [(one.text, one.url) for one in page.context["findings"] if one.page]
    assert told == [
        (
            f"It looks like “{TITLE}”: its title is almost the same.",
            f"{page_of(mine, 'double')}?with={other.pk}",
        )
    ]
    titles = [line.told for line in double.context["tables"][0].lines if "Title" in line.label]
    assert titles == [((f"{TITLE}!",), (TITLE,))]
    assert pending_of(mine)["editions"][0]["title"] == f"{TITLE}!"


def test_likely_doubles_hold_nothing_up(own):
    make_resource(TITLE)
    mine = make_draft(TITLE, owner=own, summary="Of pits.")

    found = checks.findings(mine, make_editor(own))

    assert [one.is_error for one in found if one.page] == [False]
    checks.insist(mine)


def test_what_was_double_before_holds_up_no_other_change(editor, own):
    mine = make_draft("On pits", owner=own)
    make_link(make_draft(), url="https://ilo.org/coal")
    link = make_link(mine, url="https://www.ilo.org/coal", kind="listed")
    Link.objects.filter(pk=link.pk).update(kind="work", canonical="")

    send(editor, mine, licence="CC0")

    assert Resource.objects.get(pk=mine.pk).licence == "CC0"


# Files that readers do not get


@pytest.fixture
def pair(own, folder) -> tuple[Resource, Resource]:
    """A draft of ours with a file that a public work of others holds back."""
    content = make_pdf("Both have it")
    mine, theirs = make_draft("Mine", owner=own), make_resource("Something else")
    make_file(mine, content=content)
    make_file(theirs, content=content, embargo_until=timezone.now() + timedelta(hours=2))
    return mine, theirs


def test_that_others_hold_a_file_back_is_told_to_nobody_else(editor, own, pair):
    mine, theirs = pair
    users = make_editor(own), make_editor(make_organisation())
    comparing_works.compare([mine.pk, theirs.pk])

    page = editor.get(page_of(mine, "double"), {"with": theirs.pk})
    found = {user: duplicates.likely(user, mine) for user in users}

    assert list(found.values()) == [[], []]
    assert not page.context["likely"]
    assert theirs.files.get().sha256[:8] not in shown(page).partition("PDFs")[2].partition("–")[2]
    assert not Likeness.objects.exists()


def test_who_curates_both_is_told_that_readers_do_not_get_it(pair):
    mine, theirs = pair
    secretariat = make_user(is_secretariat=True)

    said = [[one.reason for one in duplicates.likely(secretariat, work)] for work in (mine, theirs)]

    assert said == [
        ["it has the same file, which readers do not get there"],
        ["it has the same file, and readers get it there"],
    ]


# At night


def waiting_of(user: User) -> int:
    return next(task.count for task in inbox.tasks(user) if task.label == "Likely duplicates")


def doubles_of(organisation: Organisation) -> int:
    return waiting_of(make_editor(organisation))


def test_what_looks_alike_is_found_at_night_and_waits_at_the_desk(own):
    make_draft(TITLE, owner=own)
    make_resource(TITLE)
    before = doubles_of(own)

    look_for_doubles.func()
    run_waiting_jobs()

    assert (before, doubles_of(own)) == (0, 1)
    assert Comparison.objects.count() == 2


def test_the_task_leads_to_a_list_of_as_many_works(editor, own):
    mine = make_draft(TITLE, owner=own)
    make_resource(TITLE)
    comparing_works.compare([mine.pk])

    page = editor.get("/admin/knowledge/resource/?waiting=double")

    assert list(page.context["cl"].result_list) == [mine]


def test_another_partners_draft_waits_for_nobody_else(own):
    mine, foreign = make_draft(TITLE, owner=own), make_draft(TITLE)
    comparing_works.compare([mine.pk, foreign.pk])

    assert Likeness.objects.count() == 1
    assert (doubles_of(own), doubles_of(foreign.owner)) == (0, 0)
    assert waiting_of(make_user(is_secretariat=True)) == 2

    services.publish(foreign.pk)

    # Ours may be known to us alone.
    assert (doubles_of(own), doubles_of(foreign.owner)) == (1, 0)


@pytest.mark.parametrize("act", ["said", "merged", "withdrawn", "retitled"])
def test_a_pair_that_somebody_has_looked_at_waits_no_more(own, act):
    mine, other = make_draft(TITLE, owner=own), make_resource(TITLE, owner=own)
    comparing_works.compare([mine.pk])
    before = doubles_of(own)

    if act == "said":
        duplicates.say_two(mine.pk, other.pk)
    elif act == "merged":
        merging.merge(other.pk, mine.pk)
    elif act == "withdrawn":
        services.withdraw(other.pk, reason="Twice here.", replaced_by=None)
    else:
        edition = mine.editions.get()
        edition.title = "Something else entirely"
        edition.save()
        services.saved(mine)
        comparing_works.compare([mine.pk])

    assert (before, doubles_of(own)) == (2, 0)


def test_only_what_has_changed_is_compared_again_and_the_longest_unseen_first():
    works = [make_draft() for _ in range(3)]
    for work in works:
        comparing_works.compare([work.pk])
    compared = list(comparing_works.turns())

    services.saved(works[2])
    services.saved(works[0])
    new = make_draft()

    assert compared == []
    assert list(comparing_works.turns()) == [[new.pk, works[0].pk, works[2].pk]]


def test_a_work_that_went_meanwhile_is_left_out():
    work = make_draft()
    pk = work.pk
    work.delete()

    comparing_works.compare([pk])

    assert not Comparison.objects.exists()


def test_comparing_twice_finds_the_same():
    one, other = make_draft(TITLE), make_draft(TITLE)

    for _ in range(2):
        comparing_works.compare([one.pk, other.pk])

    assert [(pair.first, pair.second) for pair in Likeness.objects.all()] == [(one, other)]


def test_however_many_pairs_there_are_the_desk_asks_four_questions(
    own, django_assert_max_num_queries
):
    works = [make_draft(TITLE, owner=own) for _ in range(4)]
    comparing_works.compare([work.pk for work in works])
    user = make_editor(own)
    duplicates.works_with_doubles(user, Resource.objects.all()).count()  # who they are is known now

    with django_assert_max_num_queries(4):
        duplicates.works_with_doubles(user, Resource.objects.all()).count()


def test_two_works_are_two_whoever_looks(editor: Client, own):
    mine, other = make_resource(TITLE, owner=own), make_resource(TITLE)
    editor.post(page_of(mine, "separate"), {"with": other.pk})

    page = editor.get(page_of(mine))

    assert TwoWorks.objects.exists()
    assert [one for one in page.context["findings"] if one.page] == []
    assert "Not to be confused" in shown(page)


# How the desk is put together


def test_no_two_parts_of_the_desk_share_a_name_of_their_own():
    """A method with an underscore is no hook of Django's: under another part's name it would be
    called in its stead."""
    owners: dict[str, list[str]] = {}
    for part in ResourceAdmin.__mro__:
        if not part.__module__.startswith("django"):
            for name in vars(part):
                if name.startswith("_") and not name.startswith("__"):
                    owners.setdefault(name, []).append(part.__name__)

    assert {name: parts for name, parts in owners.items() if len(parts) > 1} == {}
