"""What is taken out comes back as it was; what comes in is a draft, or a change of one's own."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.db import connection
from openpyxl import Workbook

from hub.audit.models import Access
from hub.audit.recording import recording_of
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.vocabulary.tests.factories import make_term
from knowledge import merging, services, taking_out
from knowledge.bringing_in import course, refused
from knowledge.models import Credit, Edition, Identifier, Import, Link, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


def brought(user, content, *, form="csv", owner=None, **asked):
    """An import of this content, read and ready to be looked at."""
    content = content.encode() if isinstance(content, str) else content
    asked = {"file_name": "works.csv", "kind": "report", "language": "en", **asked}
    owner = owner or user.memberships.first().organisation
    batch = course.begin(user, owner=owner, form=form, content=content, **asked)
    course.read(batch.pk)
    batch.refresh_from_db()
    return batch


def written(batch, *, chosen=()):
    """The import after its person has agreed, and has said of the ``chosen`` rows, by their numbers,
    that they are works of their own."""
    if chosen:
        course.choose(batch.pk, chosen, chosen)
    course.agree(batch.pk)
    course.apply(batch.pk)
    batch.refresh_from_db()
    return batch


def outcomes(batch):
    return [row.outcome for row in batch.rows.all()]


def errors(batch):
    return [row.errors for row in batch.rows.all()]


def table(*rows, columns="title"):
    return "\n".join([columns, *rows]) + "\n"


def taken_out(form="csv", resources=None):
    rows = Resource.objects.all() if resources is None else resources
    return taking_out.written(rows, taking_out.FORMATS[form]).read()


@pytest.fixture
def person(own):
    return make_editor(own)


def make_full_draft(own, **fields):
    work = make_draft(
        "=Títle; with – signs",
        owner=own,
        summary="First line.\nSecond “line”, with; signs.",
        terms=(make_term("Retraining"), make_term("Coal", "sector"), make_term("Cesar", "place")),
        publishers=("Union of Miners", "ILO"),
        published_on=date(2023, 5, 1),
        published_precision="month",
        licence="CC BY 4.0",
        review_by=date(2027, 1, 31),
        **fields,
    )
    Credit.objects.create(resource=work, role="author", name="Pérez, Ana", position=2)
    work.tags.add("miners", "Fair wages")
    work.co_owners.add(make_organisation("Partner", is_partner=True))
    Identifier.objects.create(resource=work, scheme="doi", value="10.1/x")
    Link.objects.create(resource=work, url="https://example.org/work?id=1")
    return work


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_taken_out_comes_back_the_same(own, person, form):
    make_full_draft(own)
    make_resource("Public", owner=own)
    foreign = make_draft("Trabajo", owner=own, language="es")
    Edition.objects.create(resource=foreign, language="en", summary="The hub's own words.")

    batch = brought(person, taken_out(form), form=form)

    assert outcomes(batch) == ["same"] * 3
    assert [row.warnings for row in batch.rows.all()] == [[]] * 3
    assert batch.notes == []


def test_a_table_becomes_drafts_with_all_that_it_tells(own, person):
    union = make_organisation("Union of Miners", acronym="UM")
    coal = make_term("Coal mining", "sector")
    colombia = make_term("Colombia", "place", code="CO")
    content = (
        "title,type,publisher,authors,year,language,countries,sectors,url,doi,tags,summary\n"
        'A work,Policy document,um;Other,"Pérez, Ana; Ben",2023,Spanish;en,CO,coal MINING,'
        'example.org/a,https://doi.org/10.1/ABC,miners; wages,"Words\nof it"\n'
    )

    batch = written(brought(person, content))

    work = Resource.objects.get()
    assert batch.state == "done"
    assert (work.status, work.kind, work.languages) == ("draft", "policy-document", ["es", "en"])
    assert (work.slug, work.owner) == ("a-work", own)
    assert (work.published_on, work.published_precision) == (date(2023, 1, 1), "year")
    assert (work.original.title, work.original.language) == ("A work", "es")
    assert work.summary == "Words\nof it"
    assert set(work.terms.all()) == {coal, colombia}
    assert set(work.tags.names()) == {"miners", "wages"}
    assert [(one.name, one.organisation) for one in work.credits.all()] == [
        ("um", union),
        ("Other", None),
        ("Pérez, Ana", None),
        ("Ben", None),
    ]
    assert work.work_url == "https://example.org/a"
    assert [str(one) for one in work.identifiers.all()] == ["DOI 10.1/abc"]
    assert batch.rows.get().resource == work


def test_new_works_of_one_title_have_addresses_of_their_own(own, person):
    make_draft("Same", slug="same", owner=own)

    written(brought(person, table("Same", "Same", "Same")), chosen=[1, 2, 3])

    assert set(Resource.objects.values_list("slug", flat=True)) == {
        *("same", "same-2", "same-3", "same-4")
    }


def test_a_new_work_takes_no_address_that_a_merged_one_had(own, person):
    stays, goes = make_draft("T", owner=own, slug="t"), make_draft("T", owner=own, slug="t-2")
    merging.merge(stays.pk, goes.pk)

    written(brought(person, table("T")), chosen=[1])

    assert {work.slug for work in Resource.objects.all()} == {"t", "t-3"}


def test_a_changed_row_says_what_changes_and_changes_that_alone(own, person):
    work = make_full_draft(own)
    columns = "public_id,title,authors,identifiers,topics,url,tags,summary,date,kind"
    row = (
        f'{work.public_id},New title,"Ben; Pérez, Ana",isbn:978-92-2,,https://example.org/b,wages,'
        "Short,2024-02-29,tool"
    )

    batch = brought(person, table(row, columns=columns))
    seen = {column: (before, after) for column, before, after in batch.rows.get().changes}
    written(batch)

    work = Resource.objects.get()
    assert seen["title"] == ("=Títle; with – signs", "New title")
    assert seen["topics"] == ("Retraining", "")
    assert seen["date"] == ("2023-05", "2024-02-29")
    assert (str(work), work.summary, work.kind) == ("New title", "Short", "tool")
    assert work.authors() == ["Ben", "Pérez, Ana"]
    assert [one.name for one in work.publishers()] == ["Union of Miners", "ILO"]
    assert [str(one) for one in work.identifiers.all()] == ["ISBN 978922"]
    assert {str(term) for term in work.terms.all()} == {"Coal", "Cesar"}
    assert set(work.tags.names()) == {"wages"}
    assert [link.url for link in work.links.all()] == ["https://example.org/b"]
    assert (work.published_on, work.published_precision) == (date(2024, 2, 29), "day")
    assert (work.licence, work.review_by) == ("CC BY 4.0", date(2027, 1, 31))


def test_another_spelling_of_the_same_is_the_same(own, person):
    work = make_full_draft(own)
    columns = "public_id,identifiers,tags,sectors,kind"
    row = f"{work.public_id},doi:https://doi.org/10.1/X,miners;Fair wages,COAL,Report"

    batch = brought(person, table(row, columns=columns))

    assert outcomes(batch) == ["same"]


def test_what_is_public_is_changed_beside_and_what_was_withdrawn_waits(own, person):
    public = make_resource("Public", owner=own)
    withdrawn = make_resource("Withdrawn", owner=own)
    services.withdraw(withdrawn.pk, reason="Old")
    rows = [f"{work.public_id},Other,2027-05-01" for work in (public, withdrawn)]

    batch = brought(person, table(*rows, columns="public_id,title,review_by"))
    assert [row.is_held for row in batch.rows.all()] == [False, True]
    assert "a draft beside it" in batch.rows.first().warnings[0]
    written(batch)

    assert {str(work) for work in Resource.objects.all()} == {"Public", "Withdrawn"}
    public.refresh_from_db()
    revision = public.pending
    assert (public.review_by, public.stage) == (date(2027, 5, 1), "draft")
    assert (revision.author, revision.note) == (person, "Brought in from works.csv")
    services.publish(public.pk)
    assert str(Resource.objects.get(pk=public.pk)) == "Other"


def test_what_a_draft_beside_has_changed_already_is_not_undone(own, person):
    """A table from before the draft was begun, with one change more."""
    public = make_resource("Public", owner=own, licence="CC BY 4.0")
    columns = "public_id,title,licence,tags"

    written(brought(person, table(f"{public.public_id},Other,CC BY 4.0,", columns=columns)))
    again = brought(person, table(f"{public.public_id},Public,CC0,wages", columns=columns))
    assert again.rows.get().changes == [["tags", "", "wages"], ["licence", "CC BY 4.0", "CC0"]]
    written(again)
    same = brought(person, table(f"{public.public_id},Other,CC0,wages", columns=columns))

    assert outcomes(same) == ["same"]
    services.publish(public.pk)
    work = Resource.objects.get()
    assert (str(work), work.licence, [*work.tags.names()]) == ("Other", "CC0", ["wages"])


def test_what_an_author_changes_reaches_no_reader(own):
    author = make_editor(own, role=Membership.Role.AUTHOR)
    draft, public = make_draft("Draft", owner=own), make_resource("Public", owner=own)
    rows = [f"{work.public_id},Other" for work in (draft, public)]

    batch = brought(author, table(*rows, columns="public_id,title"))

    written(batch)
    assert outcomes(batch) == ["changed", "changed"]
    assert {str(work) for work in Resource.objects.all()} == {"Other", "Public"}
    assert Resource.objects.get(pk=public.pk).stage == "draft"


@pytest.mark.parametrize(
    ("columns", "row", "words"),
    [
        ("title,kind", "A,novel", "kind: “novel” is not known."),
        ("title,languages", "A,Klingon", "languages: “Klingon” is not known."),
        ("title,date", "A,45000", "date: Write a date as 2026, 2026-03 or 2026-03-31."),
        ("title,date", "A,2023-02-30", "date: There is no such day."),
        ("title,topics", "A,Coal", "topics: “Coal” is not known."),
        ("title,url", "A,javascript:alert(1)", "url: Enter a valid URL."),
        ("title,url", "A,ftp://example.org/x", "url: Enter a valid URL."),
        ("title,identifiers", "A,11.1/x", None),
        ("title,identifiers", "A,doi:11.1/x", "identifiers: A DOI begins with 10."),
        ("title,review_by", "A,2023", "review_by: Write a day as 2026-03-31."),
        ("title,licence", f"A,{'x' * 61}", None),
        ("title,summary", f"A,{'x' * 2001}", None),
        ("title,summary", f"A,{'x' * 300_000}", None),
        ("title,summary", "A,a\x00b", "summary: holds signs that are no text"),
        ("title,kind", ",report", "title: the original needs the title of the work."),
        ("title,owner", "A,Nobody", None),
        ("title,kind", "A,report,more", "3 cells under 2 columns"),
    ],
)
def test_what_does_not_fit_is_an_error_in_words_at_its_row(own, person, columns, row, words):
    make_term("Coal", "sector")

    batch = brought(person, table("Good,", row, columns=columns))

    assert (batch.state, outcomes(batch)) == ("ready", ["new", "error"])
    [told] = errors(batch)[1]
    assert words is None or told == words
    written(batch)
    assert [str(work) for work in Resource.objects.all()] == ["Good"]


def test_a_work_that_is_here_already_is_refused_and_named(own, person):
    work = make_full_draft(own)
    public = make_resource("Theirs", owner=make_organisation())
    Identifier.objects.create(resource=public, scheme="isbn", value="9789221234567")
    rows = [
        "A,doi:10.1/X,",
        "B,isbn:978-92-2-123456-7,",
        "C,,http://www.example.org/work/?id=1&utm_source=x#top",
        "D,doi:10.1/new,",
        "E,,https://doi.org/10.1/new",
    ]

    batch = brought(person, table(*rows, columns="title,identifiers,url"))

    assert outcomes(batch) == ["error", "error", "error", "new", "error"]
    assert errors(batch) == [
        [f"DOI 10.1/x is in the library already: “=Títle; with – signs”, {work.public_id}."],
        ["ISBN 9789221234567 is in the library already: “Theirs”, of another owner."],
        [
            "address example.org/work?id=1 is in the library already: "
            f"“=Títle; with – signs”, {work.public_id}."
        ],
        [],
        ["DOI 10.1/new stands in line 5 already."],
    ]


def test_a_like_title_is_a_hint(own, person):
    make_resource("On Pits")

    batch = brought(person, table("on pits", "New", "new"))

    assert outcomes(batch) == ["new"] * 3
    assert [len(row.warnings) for row in batch.rows.all()] == [1, 0, 1]


def test_a_corrected_file_makes_no_doubles_of_what_came_before(own, person):
    rows = ["One", "Dós – año", "Three"]
    written(brought(person, table(*rows)))

    batch = brought(person, table(*rows, "Four", "dos – ano"))

    assert outcomes(batch) == ["like", "like", "like", "new", "like"]
    assert [str(row.resource or "") for row in batch.rows.all()] == [*rows, "", "Dós – año"]
    written(batch, chosen=[3])
    titles = sorted(str(work) for work in Resource.objects.all())
    assert titles == sorted([*rows, "Three", "Four"])
    made = batch.rows.get(number=3).resource
    assert (str(made), made.slug) == ("Three", "three-2")


def test_of_one_title_what_has_a_name_or_another_owner_is_no_double(own, person):
    make_draft("On pits", owner=own)
    partner = make_organisation("Wind Coast", is_partner=True)
    make_editor(partner)
    make_draft("On wind", owner=partner)

    batch = brought(
        person,
        table(
            "On pits,doi:10.1/x,",
            "On pits,,https://e.org/a",
            "On wind,,",
            columns="title,identifiers,url",
        ),
    )

    assert outcomes(batch) == ["new"] * 3


def test_rows_of_one_title_in_a_long_file_come_in_though_the_first_is_there_by_then(own, person):
    titles = [
        "Annual report",
        *(f"Work {number}" for number in range(course.BATCH)),
        "Annual report",
    ]

    batch = written(brought(person, table(*titles)))

    assert (batch.state, batch.problem) == ("done", "")
    assert Resource.objects.count() == course.BATCH + 2


def test_what_is_ticked_is_a_double_no_more_once_that_work_is_gone(own, person):
    there = make_draft("On pits", owner=own)
    batch = brought(person, table("On pits"))
    course.choose(batch.pk, [1], [1])
    course.agree(batch.pk)

    services.discard(there.pk)
    course.apply(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("ready", ["new"])
    assert not batch.rows.get().is_chosen
    written(batch)
    assert Resource.objects.count() == 1


def refused_of(batch):
    return refused.as_table(batch.rows.refused()).read()


def test_refused_rows_are_taken_out_with_their_reasons_and_come_in_corrected(own, person):
    rows = ["Good,report,", "'=Bad,novel,A; B"]
    batch = written(brought(person, table(*rows, columns="title,kind,authors")))

    taken = refused_of(batch)

    [told] = csv.DictReader(StringIO(taken.decode("utf-8-sig")))
    assert told == {
        "title": "'=Bad",
        "kind": "novel",
        "authors": "A; B",
        "reasons": "Line 3: kind: “novel” is not known.",
    }
    again = brought(person, taken)
    assert (outcomes(again), again.notes) == (["error"], [])
    corrected = written(brought(person, taken.replace(b"novel", b"report")))
    assert outcomes(corrected) == ["new"]
    work = corrected.rows.get().resource
    assert (str(work), work.authors()) == ("=Bad", ["A", "B"])


def test_refused_references_become_a_table_that_keeps_their_keywords(own, person):
    term = make_term("Retraining")
    text = "@misc{a, title={Pits}, year={soon}, keywords={Retraining, miners}, author={A and B}}"

    taken = refused_of(brought(person, text, form="bibtex")).replace(b"soon", b"2023")

    work = written(brought(person, taken)).rows.get().resource
    assert (list(work.terms.all()), [str(tag) for tag in work.tags.all()]) == ([term], ["miners"])
    assert work.authors() == ["A", "B"]


@pytest.mark.parametrize("is_change", [False, True])
def test_a_row_that_the_database_refuses_is_named_and_left_out(own, person, is_change):
    """By a rule that no plan looks at."""
    with connection.cursor() as cursor:
        rule = "ALTER TABLE knowledge_edition ADD CONSTRAINT odd CHECK (title <> 'Odd')"
        cursor.execute(rule)
    there = make_draft("There", owner=own)
    odd = f"{there.public_id if is_change else ''},Odd"
    batch = brought(person, table(",One", odd, ",Two", columns="public_id,title"))

    written(batch)

    assert batch.state == "ready"
    assert batch.problem.startswith("Line 3, “Odd”, was refused by the database")
    assert outcomes(batch) == ["new", "error", "new"]
    written(batch)
    assert batch.state == "done"
    assert {str(work) for work in Resource.objects.all()} == {"There", "One", "Two"}
    assert b"Odd" in refused_of(batch)


def test_nothing_of_another_partner_is_changed_or_told(own, person):
    other = make_organisation("Wind Coast", is_partner=True)
    secret = make_draft("CANARY", owner=other, summary="CANARY")
    Identifier.objects.create(resource=secret, scheme="doi", value="10.1/secret")
    Link.objects.create(resource=secret, url="https://example.org/secret")
    public = make_resource("Public of theirs", owner=other)
    columns = "public_id,title,identifiers,url,owner,co_owners"
    rows = [
        f"{secret.public_id},Mine now,,,,",
        f"{public.public_id},Mine now,,,,",
        "zzzzzzz,Mine now,,,,",
        ",By DOI,doi:10.1/secret,,,",
        ",By address,,https://example.org/secret,,",
        ",For them,,,Wind Coast,",
        ",For nobody,,,Nobody at all,",
        ",canary,,,,",
    ]
    before = taken_out(resources=Resource.objects.filter(owner=other))

    batch = brought(person, table(*rows, columns=columns))

    said = json.dumps(
        [[row.title, row.errors, row.warnings, row.changes] for row in batch.rows.all()]
    )
    missing, foreign = errors(batch)[2], errors(batch)[:2]
    assert outcomes(batch) == ["error"] * 7 + ["new"]
    assert foreign == [missing, missing]
    assert "CANARY" not in said
    assert [row.resource_id for row in batch.rows.all()] == [None] * 8
    assert batch.rows.last().warnings == []  # of a draft that is another's nobody is told
    written(batch)
    assert taken_out(resources=Resource.objects.filter(owner=other)) == before


def test_owners_are_set_for_new_works_alone(own):
    both = make_editor(own)
    second = make_organisation("Second", is_partner=True)
    Membership.objects.create(user=both, organisation=second, role="author")
    work = make_draft("There", owner=own)
    columns = "public_id,title,owner,co_owners"
    rows = [
        ",A,Second,",
        f",B,,{second}",
        f",C,Second,{second}",
        f"{work.public_id},There,Second,",
        f"{work.public_id},There,,Second",
    ]

    batch = brought(both, table(*rows, columns=columns), owner=own)

    assert outcomes(batch) == ["new", "new", "error", "error", "error"]
    written(batch)
    new = {str(one): one for one in Resource.objects.exclude(pk=work.pk)}
    assert new["A"].owner == second
    assert (new["B"].owner, list(new["B"].co_owners.all())) == (own, [second])


def test_the_secretariat_brings_in_for_any_partner(own):
    partner = make_organisation("Wind Coast", is_partner=True)

    batch = brought(make_user(is_secretariat=True), table("A"), owner=partner)

    written(batch)
    assert Resource.objects.get().owner == partner


def test_who_did_it_stands_in_the_history_and_in_the_notes(own, person):
    work = make_draft("There", owner=own)
    rows = [",New", f"{work.public_id},Changed"]

    written(brought(person, table(*rows, columns="public_id,title")))

    events = recording_of(Resource).events.objects.filter(id=Resource.objects.get(slug="new").pk)
    assert events.get().pgh_context["account"] == person.pk
    changed = recording_of(Edition).events.objects.filter(resource=work.pk, pgh_label="update")
    assert changed.get().pgh_context["account"] == person.pk
    assert changed.get().pgh_context["reason"] == "Brought in from works.csv"
    note = Access.objects.get(act="imported")
    assert (note.account, note.detail["rows"]) == (person.pk, 2)


def test_a_change_meanwhile_stops_all_and_asks_again(own, person):
    work = make_draft("There", owner=own)
    rows = [",New", f"{work.public_id},Changed"]
    batch = brought(person, table(*rows, columns="public_id,title"))
    course.agree(batch.pk)

    services.publish(work.pk)
    services.withdraw(work.pk, reason="Old")
    course.apply(batch.pk)

    batch.refresh_from_db()
    assert batch.state == "ready"
    assert batch.problem.startswith("Works have changed since you looked")
    assert [(row.outcome, row.is_held) for row in batch.rows.all()] == [
        ("new", False),
        ("changed", True),
    ]
    assert [str(one) for one in Resource.objects.all()] == ["There"]
    written(batch)
    assert {str(one) for one in Resource.objects.all()} == {"There", "New"}


def test_whoever_lost_their_role_writes_nothing(own, person):
    batch = brought(person, table("New"))
    course.agree(batch.pk)

    person.memberships.all().delete()
    course.apply(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("ready", ["error"])
    assert not Resource.objects.exists()


def test_both_jobs_run_twice_do_it_once(own, person):
    batch = brought(person, table("New"))
    course.read(batch.pk)
    assert outcomes(batch) == ["new"]

    written(batch)
    course.apply(batch.pk)

    assert Resource.objects.count() == 1


def test_the_file_is_gone_once_it_is_read(own, person):
    batch = brought(person, table("New"))

    assert batch.content is None
    written(batch)
    assert [row.cells for row in batch.rows.all()] == [{}]


def xlsx(*rows):
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_s_days_and_numbers_are_read_as_they_look(own, person):
    content = xlsx(
        ["title", "date", "review_by"],
        ["A", date(2023, 5, 4), date(2027, 1, 31)],
        ["B", 2023, None],
        [None, None, None],
        [2024, 45000, None],
        ["x" * 30_000, "=1+1", None],
    )

    batch = brought(person, content, form="xlsx")

    assert outcomes(batch) == ["new", "new", "error", "error"]
    assert [row.line for row in batch.rows.all()] == [2, 3, 5, 6]
    written(batch)
    works = {str(work): work for work in Resource.objects.all()}
    assert (works["A"].published_on, works["A"].review_by) == (date(2023, 5, 4), date(2027, 1, 31))
    assert works["B"].published_precision == "year"


def test_imports_of_others_are_not_there(own, person):
    mine = brought(person, table("New"))
    colleague, secretariat = make_editor(own), make_user(is_secretariat=True)

    assert list(Import.objects.of(person)) == [mine]
    assert list(Import.objects.of(secretariat)) == [mine]
    assert list(Import.objects.of(colleague)) == []


def test_a_title_that_is_almost_that_of_a_work_is_told_of(own):
    make_resource("Just transition in the coal valley of Cesar", owner=own)
    make_draft("Wind after coal in Boyaca", owner=make_organisation("Another"))

    batch = brought(
        make_editor(own),
        table(
            "Just transition in the coal valleys of Cesar",
            "Wind after coals in Boyaca",
            "Of something else",
        ),
    )

    first, hidden, other = [row.warnings for row in batch.rows.all()]
    assert [one.split(":")[0] for one in first] == ["A work has almost the same title"]
    assert (hidden, other) == ([], [])
