"""A copy of the site without a server: what is in it, where its links lead, what is left out."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from events.models import JoinAddress
from events.tests.factories import make_event
from hub.catalogue import services
from hub.catalogue.models import UsageDay
from hub.partners.tests.factories import make_person
from hub.portal.copying import checking, site
from hub.portal.copying.asking import Hub
from hub.portal.copying.rewriting import Page
from hub.vocabulary.tests.factories import make_term
from knowledge.services import withdraw
from knowledge.tests.factories import make_draft, make_file, make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
# Whatever of it stands in a file of the copy, somebody has found who must not.
CANARY = "zebrafinch"


def copied(folder: Path) -> dict[str, str]:
    """Copy the site and answer the texts of all files."""
    copier = site.Copier(folder)
    copier.copy()
    copier.lead()
    assert copier.copied.faults == []
    assert list(checking.faults(folder)) == []
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode(errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_files_and_styles_are_there_and_lead_to_each_other(tmp_path):
    finance = make_term("Finance", slug="finance")
    work = make_resource("Mine closure", terms=(finance,), slug="mine-closure")
    file = make_file(work, "What was learned.")
    services.put(make_event(slug="coal-week", title="Coal week"))

    files = copied(tmp_path)

    page = files["resources/mine-closure/index.html"]
    assert 'href="../../topics/finance/index.html"' in page
    assert file.get_absolute_url().lstrip("/") in files
    assert 'rel="canonical" href="https://hub.example.org/resources/mine-closure/"' in page
    assert "A copy of https://hub.example.org, made on" in page
    assert "events/coal-week/index.html" in files
    assert "events/coal-week.ics" in files
    [styles] = [text for name, text in files.items() if "css/main" in name]
    assert 'url("../fonts/' in styles


def test_what_needs_the_hub_is_left_out(tmp_path):
    make_resource("Mine closure", slug="mine-closure")
    services.put(make_event(slug="coal-week", title="Coal week", registration="open"))

    files = copied(tmp_path)

    pages = {name: text for name, text in files.items() if name.endswith(".html")}
    for name, text in pages.items():
        for gone in ("<form", "<script src", "<noscript", 'rel="manifest"', 'type="search"'):
            assert gone not in text, f"{gone} in {name}"
    for name in ("contribute", "account", "admin", "search", "events/coal-week/register"):
        assert f"{name}/index.html" not in files
    assert ">Register</a>" in pages["events/coal-week/index.html"].replace("\n", "").replace(
        " </a", "</a"
    )


def test_nothing_that_is_not_for_all_is_in_it(tmp_path):
    make_draft(f"Draft {CANARY}")
    gone = make_resource(f"Gone {CANARY}")
    withdraw(gone.pk, reason="Wrong")
    make_person(f"Unlisted {CANARY}", is_listed=False)
    make_person("Ana Ruiz", email=f"{CANARY}@example.org")
    make_event(title=f"Members {CANARY}", audience="members")
    event = make_event(title="Open")
    JoinAddress.objects.create(event=event, url=f"https://meet.example/{CANARY}")
    services.put(event)

    files = copied(tmp_path)

    assert len(files) > 30
    assert [name for name, text in files.items() if CANARY in text.lower() + name] == []


def test_lists_go_on_page_by_page(tmp_path):
    for number in range(30):
        make_resource(f"Work {number}")

    files = copied(tmp_path)

    assert 'href="index-2.html"' in files["resources/index.html"]
    assert "resources/index-2.html" in files
    assert 'href="index.html"' in files["resources/index-2.html"]


def test_a_copy_is_no_reader(tmp_path):
    make_resource("Mine closure")

    copied(tmp_path)

    assert not UsageDay.objects.exists()


@pytest.mark.parametrize(
    ("html", "rewritten"),
    [
        ('<a href="/x/">A &amp; b</a>', '<a href="X">A &amp; b</a>'),
        ('<a class="a" href="/gone/">B</a>', '<a class="a">B</a>'),
        ('<a href="/x/?a=1&amp;b=2">C</a>', "<a>C</a>"),
        (
            '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
            '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        ),
        ("<form><form></form><p>Q</p></form>R", "R"),
        ('<img src="/x/" srcset="/x/ 1x, /gone/ 2x" alt="">', '<img src="X" srcset="X 1x" alt="">'),
        ('<script src="/x/"></script><p>é&nbsp;&#8211;</p>', "<p>é&nbsp;&#8211;</p>"),
        ('<script type="application/ld+json">{"a":"</p>"}</script>', None),
        ("<!DOCTYPE html><!-- c --><body>T", "<!DOCTYPE html><!-- c --><body>NT"),
    ],
)
def test_a_page_stays_as_it_is_but_for_its_links(html, rewritten):
    page = Page({"/x/": "X"}.get, "N")

    assert page.rewritten(html) == (html if rewritten is None else rewritten)


def test_names_fit_every_file_system():
    long = f"/resources/{'ж' * 200}/"

    name = site.file_of(long)

    assert max(len(part.encode()) for part in name.split("/")) <= 130
    assert name == site.file_of(long)
    assert name != site.file_of(f"/resources/{'ж' * 201}/")


def test_the_check_finds_what_leads_nowhere(tmp_path):
    (tmp_path / "index.html").write_text(
        '<a href="gone.html">1</a><a href="other.html#gone">2</a><a href="/x/">3</a>'
        '<a href="../../etc/passwd">4</a><a href="other.html#here">5</a><a href="https://x.org">6</a>'
    )
    (tmp_path / "other.html").write_text('<p id="here"></p>')
    (tmp_path / "main.css").write_text('a { background: url("gone.svg") }')

    assert list(checking.faults(tmp_path)) == [
        "index.html: gone.html leads to no file",
        "index.html: other.html#gone leads to no place in its page",
        "index.html: /x/ leads out of the copy",
        "index.html: ../../etc/passwd leads out of the copy",
        "main.css: gone.svg leads to no file",
    ]


def test_a_fault_of_the_hub_is_no_copy(tmp_path, monkeypatch, settings):
    make_resource("Mine closure")
    settings.STATIC_ROOT = tmp_path / "nothing"
    folder = tmp_path / "copy"

    with pytest.raises(CommandError, match="faults; what there is lies in"):
        call_command("export_site", folder, verbosity=0)

    assert not folder.exists()


def test_nothing_is_written_over(tmp_path):
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_site", tmp_path)


def test_the_hub_answers_without_a_network():
    work = make_resource("Über Kohle", slug="uber-kohle")
    hub = Hub()

    assert hub.ask(work.get_absolute_url()).is_page
    assert hub.ask("/nothing/").status == 404
    assert not hub.ask("/account/login/").is_for_all
