"""Translations at the desk: side by side, by state, and on the board."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from hub.catalogue.models import UsageDay
from hub.catalogue.sources import ref_of
from hub.catalogue.usage import months_before
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of, links_of
from knowledge import drafting, services, translating
from knowledge.inbox import tasks
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource
from knowledge.tests.test_translating import change, out, state, translate
from knowledge.translation_board import Waiting
from tests.pages import queries_of

pytestmark = pytest.mark.django_db
BOARD = "/admin/knowledge/resource/languages/"
SAMPLES = {
    "es": "Diálogo social “justo”",
    "th": "การเปลี่ยนผ่านที่เป็นธรรม",
    "vi": "Chuyển dịch công bằng ở vùng than",
    "mn": "Шударга шилжилт: өнгө үзэмж",
    "ar": "الانتقال العادل",
}


@pytest.fixture
def work(own) -> Resource:
    return make_resource("On pits", summary="About lamplighters.", owner=own)


def page_of(resource: Resource, language: str = "") -> str:
    address = reverse("admin:knowledge_resource_translate", args=[resource.pk])
    return f"{address}?language={language}" if language else address


# Side by side


@pytest.mark.parametrize("language", SAMPLES)
def test_a_translation_is_written_beside_its_original_and_read_on_its_page(editor, work, language):
    text = SAMPLES[language]
    opened = editor.get(page_of(work, language))
    assert "About lamplighters." in opened.content.decode()
    form = form_of(opened, "translate_form") | {"title": text, "summary": text}

    saved = editor.post(page_of(work, language), form)
    waiting = form_of(editor.get(page_of(work, language)), "translate_form")
    assert (waiting["title"], work.editions.count()) == ([text], 1)
    out(work)

    assert saved.status_code == 302
    edition = work.editions.get(language=language)
    assert (edition.title, edition.summary, edition.method) == (text, text, "human")
    assert state(work, language) == "human"
    again = form_of(editor.get(page_of(work, language)), "translate_form")
    assert (again["title"], again["summary"]) == ([text], [text])
    public = editor.get(work.get_absolute_url()).content.decode()
    assert f'<i lang="{language}">' in public


@pytest.mark.parametrize(("language", "direction"), [("th", "ltr"), ("ar", "rtl")])
def test_each_field_says_its_language_and_direction(editor, work, language, direction):
    change(work, body="<p>A body</p>", subtitle="A subtitle")
    page = " ".join(editor.get(page_of(work, language)).content.decode().split())

    for name in ("title", "subtitle", "summary"):
        field = page.partition(f'name="{name}"')[2].partition(">")[0]
        assert f'lang="{language}" dir="{direction}"' in field
    assert page.count(f'<div lang="{language}" dir="{direction}">') == 4
    assert page.count('lang="en" dir="ltr">') >= 4


def test_what_is_refused_is_said_and_nothing_is_lost(editor, work):
    form = form_of(editor.get(page_of(work, "es")), "translate_form")
    typed = {"title": "x" * 301, "summary": "Sobre faroleros", "body": "<p>Más</p>"}

    refused = editor.post(page_of(work, "es"), form | typed)

    assert list(refused.context["form"].errors) == ["title"]
    again = form_of(refused, "translate_form")
    assert {name: again[name] for name in typed} == {name: [typed[name]] for name in typed}
    assert state(work) == "missing"


def test_an_empty_translation_is_refused_in_words(editor, work):
    form = form_of(editor.get(page_of(work, "es")), "translate_form")

    refused = editor.post(page_of(work, "es"), form)

    assert "Write a title or a summary at least." in refused.content.decode()


def test_the_later_of_two_sees_both_texts_and_decides(editor, work):
    mine = form_of(editor.get(page_of(work, "es")), "translate_form") | {"title": "Mi título"}
    translate(work, title="Su título")

    told = editor.post(page_of(work, "es"), mine)

    assert "Somebody else has changed this translation" in told.content.decode()
    assert "Su título" in told.content.decode()
    assert work.editions.get(language="es").title == "Su título"
    second = form_of(told, "translate_form")
    assert second["title"] == ["Mi título"]
    assert editor.post(page_of(work, "es"), second).status_code == 302
    out(work)
    assert work.editions.get(language="es").title == "Mi título"


def test_a_person_marks_a_machine_translation_as_checked(editor, work):
    translate(work, method="machine")
    opened = editor.get(page_of(work, "es"))
    assert 'name="_checked"' in opened.content.decode()

    editor.post(page_of(work, "es"), form_of(opened, "translate_form") | {"_checked": "1"})
    out(work)

    assert state(work) == "checked"
    assert 'name="_checked"' not in editor.get(page_of(work, "es")).content.decode()
    assert LogEntry.objects.latest("pk").get_change_message() == "Translation into Spanish saved."


def test_saved_as_it_is_it_fits_the_original_again(editor, work):
    translate(work)
    change(work, summary="Another text")
    opened = editor.get(page_of(work, "es"))
    assert "If it still fits, save it as it is." in opened.content.decode()

    editor.post(page_of(work, "es"), form_of(opened, "translate_form"))
    out(work)

    assert state(work) == "human"


def test_what_the_original_said_then_stands_beside_what_it_says_now(editor, work):
    translate(work)
    change(work, summary="About locksmiths.")
    change(work, summary="About welders.")

    pairs = editor.get(page_of(work, "es")).context["pairs"]

    assert [(pair.original, pair.then) for pair in pairs] == [
        ("On pits", ""),
        ("", ""),
        ("About welders.", "About lamplighters."),
        ("", ""),
    ]
    assert "As it was when this was translated" in editor.get(page_of(work, "es")).content.decode()


def test_a_page_lists_how_the_work_stands_in_each_language(editor, work):
    translate(work, "vi", method="machine", title="Mỏ")
    translate(work, "fr", title="Des mines")

    page = editor.get(page_of(work))

    assert [(code, str(status)) for code, _n, _o, status in page.context["languages"]] == [
        ("en", "original"),
        ("es", "missing"),
        ("id", "missing"),
        ("mn", "missing"),
        ("th", "missing"),
        ("vi", "machine"),
        ("fr", "human"),
    ]
    assert "?language=vi" in links_of(page)


def test_languages_that_cannot_be_are_not_found(editor, work):
    statuses = [
        editor.get(page_of(work, code)).status_code for code in ("en", "xx", "es'", "%E0%B9%80")
    ]

    assert statuses == [404] * 4


def test_a_draft_without_an_original_says_what_is_missing(editor, own):
    draft = Resource.objects.create(slug="bare", kind="report", languages=["en"], owner=own)

    page = editor.get(page_of(draft))

    assert "give the work its original edition first" in page.content.decode()
    assert editor.get(page_of(draft, "es")).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_work_of_others_answers_like_none(editor, method):
    other = make_resource("Theirs", owner=make_organisation())
    send = getattr(editor, method)
    data = {"title": "Mío", "of": "x", "method": "human"} if method == "post" else {}

    answers = [
        send(address, data).status_code
        for address in (page_of(other), page_of(other, "es"))
        for address in (address, address.replace(str(other.pk), "999999", 1))
    ]

    assert (answers, other.editions.count()) == ([404] * 4, 1)


def test_an_author_translates_drafts_and_beside_what_is_public(client, own, work):
    client.force_login(make_editor(own, Membership.Role.AUTHOR))
    draft = make_draft("A draft", owner=own)

    answers = [client.get(page_of(one, "es")).status_code for one in (work, draft)]

    assert answers == [200, 200]


# The form of the work


def test_the_form_of_the_work_says_what_its_editions_are_of(editor, work):
    translate(work)
    translate(work, "vi", title="Mỏ")
    address = reverse("admin:knowledge_resource_change", args=[work.pk])
    form = form_of(editor.get(address), "resource_form")
    numbers = {form[f"editions-{n}-language"][0]: n for n in range(3)}

    editor.post(
        address,
        form
        | {
            f"editions-{numbers['en']}-summary": "Another text",
            f"editions-{numbers['es']}-summary": "Otro texto",
        },
    )
    out(work)

    assert (state(work, "es"), state(work, "vi")) == ("human", "outdated")


# The inbox


def test_translations_out_of_date_wait_in_the_inbox(editor, own, work):
    translate(work)
    other = make_resource(owner=make_organisation())
    translate(other)
    person = own.memberships.get().user
    for one in (work, other):
        change(one, summary="Another text")

    [task] = [task for task in tasks(person) if task.label == "Translations out of date"]

    assert task.count == 1
    assert [row.pk for row in editor.get(task.url).context["cl"].result_list] == [work.pk]


# What readers are told


def test_readers_are_told_of_a_machine_and_of_an_older_text(client):
    work = make_resource("Diálogo", language="es", summary="Un resumen.")
    said = []
    for method in ("machine", "machine_checked"):
        translate(work, "en", method=method, summary="A summary.", body="<p>More</p>")
        said.append(client.get(work.get_absolute_url()).content.decode())
    change(work, summary="Otro resumen.")
    services.saved(work)
    said.append(client.get(work.get_absolute_url()).content.decode())

    machine = "A machine has translated this text, and nobody has checked it yet."
    older = "This text is older than the original, which has changed since."
    assert [(page.count(machine), page.count(older)) for page in said] == [(2, 0), (0, 0), (0, 2)]


def test_the_original_has_no_note(client, work):
    translate(work, "es", method="machine", summary="Sobre faroleros")

    assert "A machine has translated" not in client.get(work.get_absolute_url()).content.decode()


# The board


def read(work: Resource, count: int, day: date | None = None, metric: str = "view") -> None:
    day = day or timezone.now().date()
    UsageDay.objects.create(record_id=ref_of(work), day=day, metric=metric, count=count)


def board(client, **asked: str) -> list[tuple[str, int, str]]:
    entries = client.get(BOARD, asked).context["entries"]
    return [(str(one.resource), one.reads, str(one.status)) for one in entries]


def test_the_board_shows_what_is_read_most_and_not_yet_in_spanish(editor, own):
    today = timezone.now().date()
    titles = ["missing", "machine", "outdated", "human", "checked", "unread"]
    works = {title: make_resource(title, owner=own) for title in titles}
    works["original"] = make_resource("original", language="es", owner=own)
    for title in ("machine", "outdated", "human", "checked"):
        method = {"machine": "machine", "checked": "machine_checked"}.get(title, "human")
        translate(works[title], method=method)
    change(works["outdated"], summary="Another text")
    for number, work in enumerate(works.values(), 1):
        if work != works["unread"]:
            read(work, number)
    read(works["missing"], 100, months_before(today, 2))
    read(works["machine"], 1000, months_before(today, 2) - timedelta(days=1))
    read(works["machine"], 1000, metric="download")

    assert board(editor) == [
        ("missing", 101, "missing"),
        ("outdated", 3, "outdated"),
        ("machine", 2, "machine"),
        ("unread", 0, "missing"),
    ]
    assert board(editor, wanted="missing") == [
        ("missing", 101, "missing"),
        ("unread", 0, "missing"),
    ]
    assert board(editor, wanted="machine") == [("machine", 2, "machine")]
    assert board(editor, wanted="outdated") == [("outdated", 3, "outdated")]
    assert len(board(editor, language="th")) == 7


def test_the_board_tells_what_waits_in_a_draft_and_who_began_it(client, editor, own, work):
    ana = make_editor(own, name="Ana Díaz")
    elsewhere = make_resource("Elsewhere", owner=own)
    text = {"title": "Sobre minas"}
    draft_of(ana, work, text)
    draft_of(ana, work, {"title": "Sobre las minas"}, by=make_editor(own, name="Ben"))
    draft_of(ana, elsewhere, text, language="th")

    entries = {str(one.resource): one for one in editor.get(BOARD).context["entries"]}
    page = " ".join(strip_tags(editor.get(BOARD).content.decode()).split())

    assert {title: one.waiting for title, one in entries.items()} == {
        "On pits": Waiting(ana),
        "Elsewhere": None,
    }
    assert "Not there yet Waiting in a draft, begun by Ana Díaz" in page
    out(work)
    assert board(editor) == [("Elsewhere", 0, "missing")]


def draft_of(who, work: Resource, texts: dict, language: str = "es", by=None) -> None:
    """Have somebody write a translation, beside what is public."""
    with drafting.in_place(Resource.objects.get(pk=work.pk)) as drafted:
        states = {
            "of": drafted.original.digest,
            "instead_of": translating.digest_in(drafted, language),
        }
    translating.save(work.pk, language, texts, method="human", by=by or who, **states)


def test_the_board_leads_to_the_translation(editor, work):
    page = editor.get(BOARD, {"language": "mn"})

    assert page_of(work, "mn") in links_of(page)
    assert "Most read, not yet in Mongolian" in page.content.decode()


def test_the_board_shows_public_works_of_ones_own(editor, own, work):
    make_draft("A draft", owner=own)
    services.withdraw(make_resource(owner=own).pk, reason="Old")
    make_resource("Theirs", owner=make_organisation())

    assert board(editor) == [("On pits", 0, "missing")]


def test_an_author_translates_from_the_board(client, own, work):
    client.force_login(make_editor(own, Membership.Role.AUTHOR))

    page = client.get(BOARD)

    assert board(client) == [("On pits", 0, "missing")]
    assert page_of(work, "es") in links_of(page)


def test_an_empty_board_says_so(editor):
    assert "no public work of yours waits for this" in editor.get(BOARD).content.decode()


@pytest.mark.parametrize("asked", [{"language": "xx"}, {"wanted": "all"}, {"language": "es\ufffd"}])
def test_what_the_board_does_not_know_is_not_found(editor, asked):
    assert editor.get(BOARD, asked).status_code == 404


def test_the_board_has_pages(editor, own):
    for _ in range(26):
        make_resource(owner=own)

    first, last = (editor.get(BOARD, {"page": number}).context for number in ("", "99"))

    assert [len(one["entries"]) for one in (first, last)] == [25, 1]


def test_the_pages_cost_the_same_for_many_works(editor, own, work):
    found = []
    editor.get(BOARD)  # what the desk remembers from its first page on
    for count in (1, 12):
        for _ in range(count):
            translate(make_resource(owner=own), method="machine")
        found.append([queries_of(editor, path) for path in (BOARD, page_of(work, "es"))])

    # Of the board its own five: how many works, those of the page, which may be changed, editions, and
    # what waits in drafts.
    assert found == [[12, 10], [12, 10]]


def test_the_secretariat_sees_the_works_of_all(client, work):
    client.force_login(make_user(is_secretariat=True))

    assert [title for title, _reads, _status in board(client)] == ["On pits"]


def test_editions_of_the_form_need_no_state_of_their_own(editor, own):
    """A translation added in the form of the work is of the original beside it."""
    draft = make_draft("On pits", owner=own)
    address = reverse("admin:knowledge_resource_change", args=[draft.pk])
    form = form_of(editor.get(address), "resource_form")
    form |= {
        "editions-TOTAL_FORMS": "2",
        "editions-1-language": "es",
        "editions-1-title": "De minas",
        "editions-1-method": "machine",
    }

    editor.post(address, form)

    assert state(draft) == "machine"
    original, spanish = Edition.objects.order_by("language").filter(resource=draft)
    assert spanish.source_digest == original.digest
