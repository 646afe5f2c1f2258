"""Imports at the partner desk, as a person meets them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.audit.models import Access
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of, links_of
from hub.tests.queue import run_waiting_jobs
from knowledge import services
from knowledge.models import Import, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/knowledge/import/", "/admin/knowledge/import/add/"
TABLE = "title,kind\nOne,report\nTwo,novel\nThree,tool\n"


def page_of(batch):
    return f"{LIST}{batch.pk}/change/"


def asked(own, **values):
    return {"owner": own.pk, "kind": "report", "language": "en", "form": "", "pasted": "", **values}


def sent(client, own, **values):
    return client.post(ADD, asked(own, **values))


def file(content=TABLE, name="works.csv"):
    content = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, content, "application/octet-stream")


def read(client, own, **values):
    """An import that was sent and read."""
    assert sent(client, own, **values).status_code == 302
    assert run_waiting_jobs()[-1] == "read_import"
    return Import.objects.latest("pk")


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_file_goes_from_the_form_to_drafts(editor, own):
    response = sent(editor, own, upload=file())
    batch = Import.objects.get()
    waiting = editor.get(response["Location"])
    run_waiting_jobs()
    seen = editor.get(page_of(batch))
    agreed = editor.post(f"{LIST}{batch.pk}/agree/")
    running = editor.get(page_of(batch))
    assert run_waiting_jobs() == ["read_import", "apply_import"]
    done = editor.get(page_of(batch))

    assert waiting["Refresh"] == "2"
    assert "The file waits to be read." in text_of(waiting)
    assert "Refresh" not in seen
    assert "Add 2 drafts" in text_of(seen)
    assert "1 row with an error is left out." in text_of(seen)
    assert "“novel” is not known." in text_of(seen)
    assert (agreed.status_code, agreed["Location"]) == (302, page_of(batch))
    assert "0 of 2 works are written." in text_of(running)
    assert "2 works were written." in text_of(done)
    works = Resource.objects.all()
    assert {str(work) for work in works} == {"One", "Three"}
    assert {f"/admin/knowledge/resource/{work.pk}/change/" for work in works} <= set(links_of(done))


def test_a_text_is_pasted_and_its_format_found_out(editor, own):
    batch = read(editor, own, pasted="@misc{a, title = {On pits}, year = 2023}", kind="guide")

    assert (batch.form, batch.file_name, batch.rows.get().title) == (
        *("bibtex", "Pasted text"),
        "On pits",
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choose a file, or paste a text below."),
        ({"pasted": "a", "upload": True}, "Choose a file or paste a text, not both."),
        ({"upload": file("")}, "The file is empty."),
        ({"pasted": " \n "}, "Choose a file, or paste a text below."),
        ({"pasted": "x" * 500_001}, "Ensure this value has at most 500000 characters"),
        ({"upload": file(b"x" * (10 * 1024 * 1024 + 1))}, "The file has more than 10 MB."),
        ({"upload": file(b"PK\x03\x04 and no more", "a.xlsx")}, "This is no workbook"),
        ({"upload": file(b"title\na\n", "a.csv"), "form": "xlsx"}, "This is no workbook"),
        ({"pasted": "title\na\n", "form": "docx"}, "docx is not one of the available choices"),
        ({"pasted": "title\na\n", "kind": "novel"}, "novel is not one of the available choices"),
    ],
)
def test_what_cannot_be_taken_is_told_at_the_field(editor, own, values, words):
    if values.get("upload") is True:
        values = values | {"upload": file()}
    page = sent(editor, own, **values)

    assert page.status_code == 200
    assert words in text_of(page)
    assert "Please correct what is marked below." in text_of(page)
    if len(pasted := values.get("pasted", "").strip()) in range(1, 100):
        assert pasted in page.content.decode()
    assert not Import.objects.exists()


def test_an_owner_that_is_not_one_s_own_cannot_be_chosen(editor, own):
    page = sent(editor, make_organisation("Other", is_partner=True), pasted=TABLE)

    assert "Select a valid choice" in text_of(page)
    assert not Import.objects.exists()


def test_rows_are_shown_by_what_comes_of_them(editor, own):
    withdrawn = services.withdraw(make_resource(owner=own).pk, reason="Old")
    draft = make_draft("Old title", owner=own)
    rows = [f",{title}" for title in ("A", "B", "A")]
    changed = [f"{draft.public_id},New title", f"{withdrawn.public_id},Else", "x,y"]
    batch = read(editor, own, pasted="\n".join(["public_id,title", *rows, *changed]))

    def titles(query):
        page = editor.get(page_of(batch) + query)
        return [row.title for row in page.context["rows"]]

    assert titles("") == ["A", "B", "A", "New title", "Else", "y"]
    assert titles("?outcome=new") == ["A", "B", "A"]
    assert titles("?outcome=changed") == ["New title", "Else"]
    assert titles("?outcome=error") == ["y"]
    assert titles("?outcome=same") == []
    assert len(titles("?outcome=nonsense&page=99")) == 6
    page = text_of(editor.get(page_of(batch)))
    assert "<del>Old title</del>" in page
    assert "<ins>New title</ins>" in page
    assert "Changed, waits" in page
    assert "Add 3 drafts and change 1 work" in page


def test_rows_come_in_pages(editor, own):
    batch = read(editor, own, pasted="title\n" + "".join(f"Work {n}\n" for n in range(150)))

    page = editor.get(f"{page_of(batch)}?outcome=new&page=2")

    assert len(page.context["rows"]) == 50
    assert "?outcome=new&amp;page=1" in page.content.decode()


@pytest.mark.parametrize("is_read", [True, False])
def test_a_cancelled_import_is_gone(editor, own, is_read):
    sent(editor, own, pasted=TABLE)
    if is_read:
        run_waiting_jobs()
    batch = Import.objects.get()

    page = editor.post(f"{LIST}{batch.pk}/cancel/", follow=True)
    run_waiting_jobs()

    assert "Pasted text was cancelled. Nothing of it is kept." in text_of(page)
    assert not Import.objects.exists()
    assert not Resource.objects.exists()


def test_what_was_agreed_to_twice_is_written_once(editor, own):
    batch = read(editor, own, pasted=TABLE)

    for _time in range(2):
        editor.post(f"{LIST}{batch.pk}/agree/")
    run_waiting_jobs()

    assert Resource.objects.count() == 2


def test_an_import_of_another_answers_like_one_that_is_not_there(client, own):
    client.force_login(make_editor(make_organisation("Other")))
    colleague = make_editor(own)
    theirs = Import.objects.create(
        user=colleague,
        owner=own,
        file_name="CANARY",
        form="csv",
        kind="tool",
        language="en",
        content=b"a",
    )

    theirs.rows.create(number=1, line=2, outcome="error", errors=["CANARY"], cells={"title": "C"})
    for act in ("change", "history", "delete", "agree", "choose", "refused", "cancel"):
        for method in (client.get, client.post):
            foreign = method(f"{LIST}{theirs.pk}/{act}/")
            missing = method(f"{LIST}{theirs.pk + 1}/{act}/")
            assert foreign.status_code == missing.status_code, act
            assert foreign.get("Location") == missing.get("Location")
    assert "CANARY" not in text_of(client.get(LIST))
    theirs.refresh_from_db()
    assert theirs.state == "waiting"


def test_authors_bring_in_drafts_and_the_secretariat_for_all(client, own):
    client.force_login(make_editor(own, role=Membership.Role.AUTHOR))
    read(client, own, pasted=TABLE)
    client.force_login(make_user(is_secretariat=True))

    page = client.get(ADD)

    partner = make_organisation("Wind Coast", is_partner=True)
    batch = read(client, partner, pasted=TABLE)
    assert "Owner of new works" in text_of(page)
    assert batch.owner == partner
    assert len(client.get(LIST).context["cl"].queryset) == 2


def test_the_way_there_is_in_the_list_of_resources(editor):
    assert ADD in links_of(editor.get("/admin/knowledge/resource/"))
    assert ADD in links_of(editor.get(LIST))


def test_what_a_file_says_is_shown_as_text(editor, own):
    batch = read(editor, own, pasted="title,kind,<b>\n<script>alert(1)</script>,<i>x</i>,c\n")

    page = editor.get(page_of(batch)).content.decode()

    assert "<script>alert" not in page
    assert "<i>x</i>" not in page
    assert "left out: &lt;b&gt;." in page


def test_what_is_perhaps_there_comes_in_once_it_is_ticked(editor, own):
    there = [make_draft(title, owner=own) for title in ("One", "Three")]
    batch = read(editor, own, pasted="title\nOne\nTwo\nThree\n")

    seen = editor.get(page_of(batch))
    form = form_of(seen, "choose_form")
    editor.post(f"{LIST}{batch.pk}/choose/", form | {"shown": [1, 3], "chosen": [3]})
    chosen = editor.get(page_of(batch))
    editor.post(f"{LIST}{batch.pk}/agree/", {"shown": [1, 3], "chosen": [1]})
    run_waiting_jobs()
    done = editor.get(page_of(batch))

    assert "2 rows are perhaps there already" in text_of(seen)
    assert f"/admin/knowledge/resource/{there[0].pk}/change/" in links_of(seen)
    assert "“One”</a> has the same title and owner" in text_of(seen)
    assert "Add 1 draft" in text_of(seen)
    assert "Add 2 drafts" in text_of(chosen)
    assert sorted(str(work) for work in Resource.objects.all()) == ["One", "One", "Three", "Two"]
    assert "It came in as another work." in text_of(done)
    assert "It was left out." in text_of(done)


def test_ticks_hold_for_the_page_that_showed_them(editor, own):
    rows = [f"Work {number}" for number in range(120)]
    for row in rows:
        make_draft(row, owner=own)
    batch = read(editor, own, pasted="title\n" + "\n".join(rows))
    pages = [editor.get(f"{page_of(batch)}?outcome=like&page={number}") for number in (1, 2)]

    answers = [
        editor.post(f"{LIST}{batch.pk}/choose/", form_of(page, "choose_form") | ticked)
        for page, ticked in zip(
            pages,
            [
                {"shown": range(1, 101), "chosen": [1, 2]},
                {"shown": range(101, 121), "chosen": [120]},
            ],
            strict=True,
        )
    ]

    assert list(batch.rows.to_write().values_list("number", flat=True)) == [1, 2, 120]
    assert answers[1]["Location"] == f"{page_of(batch)}?outcome=like&page=2"


@pytest.mark.parametrize("odd", ["", "x", "²", "-1", "9" * 18, "9" * 400])
def test_odd_ticks_are_no_error(editor, own, odd):
    batch = read(editor, own, pasted=TABLE)
    sent = {"shown": [odd, "1"], "chosen": [odd, "1"], "page": odd, "outcome": odd}

    assert editor.post(f"{LIST}{batch.pk}/choose/", sent, follow=True).status_code == 200
    assert not batch.rows.filter(is_chosen=True).exists()


def test_the_rows_with_errors_are_taken_out_and_it_is_noted(editor, own):
    batch = read(editor, own, pasted=TABLE)

    taken = editor.get(f"{LIST}{batch.pk}/refused/")

    assert f"{LIST}{batch.pk}/refused/" in links_of(editor.get(page_of(batch)))
    assert b"Two,novel" in b"".join(taken)
    assert taken["Content-Disposition"].startswith('attachment; filename="refused-')
    note = Access.objects.get(act="exported")
    assert (note.detail["model"], note.detail["rows"]) == ("knowledge.importrow", 1)
    whole = read(editor, own, pasted="title\nAlone\n")
    assert editor.get(f"{LIST}{whole.pk}/refused/").status_code == 404
