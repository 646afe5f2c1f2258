import pytest
from django.core.management import CommandError, call_command

from events.models import Event, Session
from hub import starter
from hub.catalogue import reindexing
from hub.catalogue.models import Record
from hub.models import LoadedRow
from hub.partners.models import Organisation
from hub.portal.models import Quote
from hub.vocabulary.models import Term, TermLabel
from knowledge.models import Credit, Link, Resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    """A starter folder of the test's own, with the smallest files that load."""
    settings.STARTER_DIR = tmp_path
    write(
        tmp_path,
        "vocabulary.csv",
        "scheme,term,language,label,alternatives,description",
        "topic,finance,en,Finance,money;funding,What it costs.",
        "topic,finance,es,Financiamiento,,",
        "sector,coal power,en,Coal power,,",
    )
    write(
        tmp_path,
        "region_labels.csv",
        "scheme,term,language,label,alternatives,description",
        "place,CO/Cesar,en,Cesar,,",
        "place,CO/Cesar,mn,Сесар,,",
    )
    write(
        tmp_path,
        "countries_regions.csv",
        "country_iso2,country,region,latitude,longitude,kind,summary,source_url",
        "CO,Colombia,Cesar,9.34,-73.65,coal,Large mines.,https://example.org/cesar",
    )
    write(
        tmp_path,
        "organisations.csv",
        "name,acronym,kind,country_iso2,website,stakeholder_group,summary,source_url",
        "Institute One,ONE,implementing partner,CO,,research,Works.,https://example.org/one",
        "Institute Two,TWO,implementing partner,,,research,Works.,https://example.org/two",
    )
    write(tmp_path, "resources.csv", RESOURCE_HEADER, resource_row("A work"))
    write(tmp_path, "read_first.csv", "title", "A work")
    write(
        tmp_path,
        "quotes.csv",
        "position,person,role,organisation,words,source_url",
        "1,Ana Díaz,Head,Institute One,She hopes for much.,https://example.org/said",
    )
    write(
        tmp_path,
        "read_first_by_term.csv",
        "scheme,term,title",
        "topic,finance,A work",
        "place,CO,A work",
        "place,CO/Cesar,A work",
    )
    write(
        tmp_path,
        "events.csv",
        EVENT_HEADER,
        event_row("A forum"),
    )
    write(tmp_path, "event_sessions.csv", SESSION_HEADER, session_row("A panel"))
    write(tmp_path, "example_event.csv", EXAMPLE_HEADER)
    write(tmp_path, "rounds.csv", ROUND_HEADER)
    write(tmp_path, "milestones.csv", MILESTONE_HEADER)
    write(tmp_path, "example_round.csv", ROUND_EXAMPLE_HEADER)
    write(tmp_path, "example_slots.csv", "round,week,day,starts,ends,timezone,buffer")
    write(tmp_path, "example_meetings.csv", MEETING_EXAMPLE_HEADER)
    write(tmp_path, "example_findings.csv", "round,area,kind,text,readers")
    write(tmp_path, "working_groups.csv", "name,sector,lead,summary,source_url")
    return tmp_path


EVENT_HEADER = (
    "title,title_language,kind,mode,start,end,timezone,venue,city,country_iso2,organisers,topics,"
    "url,summary,source_url"
)
SESSION_HEADER = (
    "event,session,kind,start,end,timezone,mode,speakers,organisations,summary,source_url"
)
EXAMPLE_HEADER = (
    "of,title,kind,mode,start,end,timezone,place,city,country_iso2,languages,topics,capacity,"
    "capacity_online,question,summary,body"
)
ROUND_HEADER = (
    "title,summary,call,starts,ends,timezone,activities,convenors,topics,contact_name,"
    "contact_email,website,synthesis,source_url"
)
MILESTONE_HEADER = "round,title,activity,starts,ends,summary"
MEETING_EXAMPLE_HEADER = "round,title,summary,mode,week,day,starts,ends,timezone,capacity"
ROUND_EXAMPLE_HEADER = f"of,activity,{ROUND_HEADER}"


def event_row(title, kind="conference", start="2022-10-24T14:30", zone="Europe/Brussels"):
    return (
        f"{title},,{kind},hybrid,{start},,{zone},,Brussels,BE,ONE;Somebody,finance,"
        "https://example.org/forum,It says.,https://example.org/seen"
    )


def session_row(title, event="A forum", kind="panel", speakers="Ana Díaz;Bo Li", names="ONE"):
    return (
        f"{event},{title},{kind},2022-10-24T14:30,2022-10-24T16:00,Europe/Brussels,online,"
        f"{speakers},{names},It says.,https://example.org/seen"
    )


RESOURCE_HEADER = (
    "title,type,publisher,authors,year,date,language,countries,regions,topics,sectors,url,"
    "summary,source_url"
)


def resource_row(
    title,
    publisher="",
    kind="report",
    language="en",
    date="",
    topics="finance",
    regions="Cesar",
    url="https://example.org/work",
):
    return (
        f"{title},{kind},{publisher},Ana Díaz,2023,{date},{language},CO,{regions},{topics},"
        f"coal power,{url},It says.,https://example.org/seen"
    )


def write(folder, name, *lines):
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def snapshot():
    models = [Term, TermLabel, Organisation, Quote, Resource, Credit, Link, Record, LoadedRow]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_load_starter_loads_all_that_refers_to_each_other(folder):
    call_command("load_starter")

    resource = Resource.objects.get()
    assert {str(term) for term in resource.terms.all()} == {
        "Finance",
        "Coal power",
        "Colombia",
        "Cesar",
    }
    assert resource.is_featured
    assert resource.source_url == "https://example.org/seen"
    assert list(reindexing.differences()) == []


def test_load_starter_changes_nothing_the_second_time(folder, capsys):
    call_command("load_starter")
    before = snapshot()
    capsys.readouterr()

    call_command("load_starter")

    assert snapshot() == before
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Nothing to add: all of it was loaded before."
    )


def test_load_starter_leaves_what_people_changed_or_deleted(folder):
    call_command("load_starter")
    Organisation.objects.filter(acronym="ONE").update(name="Renamed", slug="renamed")
    Organisation.objects.filter(acronym="TWO").delete()
    before = snapshot()

    call_command("load_starter")

    assert snapshot() == before


def test_load_starter_missing_goes_on_where_it_was_interrupted(folder):
    (folder / "resources.csv").unlink()
    with pytest.raises(CommandError):
        call_command("load_starter")
    write(folder, "organisations.csv", "name", "New")
    write(folder, "resources.csv", RESOURCE_HEADER, resource_row("A work"))

    call_command("load_starter", missing=True)

    assert Organisation.objects.filter(name="New").count() == 0
    assert [str(resource) for resource in Resource.objects.public()] == ["A work"]


def test_load_starter_keeps_nothing_of_a_file_with_bad_rows(folder):
    write(
        folder,
        "resources.csv",
        RESOURCE_HEADER,
        resource_row("Good"),
        resource_row("Bad topic", topics="astrology"),
        resource_row("Bad kind", kind="poem"),
        resource_row("Bad language", language="xx"),
        resource_row("Bad link", url="javascript:alert(1)"),
        resource_row("Bad day", date="2020-13-99"),
        resource_row('"Two\nlines"', topics="alchemy"),
        "Too few columns,report",
    )

    with pytest.raises(CommandError) as refused:
        call_command("load_starter")

    lines = str(refused.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "resources.csv:3",
        "resources.csv:4",
        "resources.csv:5",
        "resources.csv:6",
        "resources.csv:7",
        "resources.csv:8",
        "resources.csv:10",
        "Nothing of resources.csv was loaded.",
    ]
    assert lines[0] == "resources.csv:3: topic “astrology” is not known"
    assert lines[4] == "resources.csv:7: date “2020-13-99” is not a day"
    assert (Resource.objects.count(), Record.objects.count()) == (0, 0)
    assert Organisation.objects.filter(acronym="ONE").count() == 1


def test_load_starter_names_the_rule_that_a_row_breaks(folder):
    write(
        folder,
        "organisations.csv",
        "name,acronym,kind,country_iso2,website,stakeholder_group,summary,source_url",
        "Same,ONE,research,,,research,,https://example.org/",
        "Same ,TWO,research,,,research,,https://example.org/",
        "Elsewhere,THREE,research,QQ,,research,,https://example.org/",
    )
    Organisation.objects.create(name="Same", slug="same", kind="research")

    with pytest.raises(CommandError) as refused:
        call_command("load_starter")

    assert str(refused.value).splitlines()[:3] == [
        "organisations.csv:2: An organisation with this name exists already.",
        "organisations.csv:3: An organisation with this name exists already.",
        "organisations.csv:4: country “QQ” is not an ISO 3166-1 code",
    ]


def test_load_starter_names_a_row_whose_work_is_gone_and_a_missing_column(folder):
    write(folder, "read_first.csv", "title", "A work", "Never heard of")
    write(folder, "organisations.csv", "name,acronym", "Institute,I")
    write(folder, "quotes.csv", "person")

    with pytest.raises(CommandError) as no_column:
        call_command("load_starter")
    write(folder, "organisations.csv", "name")
    with pytest.raises(CommandError) as no_work:
        call_command("load_starter")

    assert str(no_column.value).splitlines()[0] == (
        "organisations.csv:2: the column “kind” is missing"
    )
    assert str(no_work.value).splitlines()[0] == (
        "read_first.csv:3: resource “Never heard of” is not known"
    )


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'name\n"never closed'])
def test_load_starter_names_a_file_that_cannot_be_read(folder, content):
    (folder / "organisations.csv").write_bytes(content)

    with pytest.raises(CommandError, match=r"^organisations\.csv: "):
        call_command("load_starter")


@pytest.mark.parametrize(
    ("publisher", "owner", "co_owners"),
    [
        ("", "Just Transition Hub editorial desk", []),
        ("Some Newspaper", "Just Transition Hub editorial desk", []),
        ("Some Newspaper;TWO", "Institute Two", []),
        ("one;Institute Two", "Institute One", ["Institute Two"]),
    ],
)
def test_load_starter_gives_a_resource_to_the_first_partner_that_published_it(
    folder, publisher, owner, co_owners
):
    write(folder, "resources.csv", RESOURCE_HEADER, resource_row("A work", publisher))

    call_command("load_starter")

    resource = Resource.objects.get()
    names = [str(credit) for credit in resource.credits.filter(role="publisher")]
    assert names == [name for name in publisher.split(";") if name]
    assert resource.owner.name == owner
    assert [organisation.name for organisation in resource.co_owners.all()] == co_owners


def test_load_starter_notes_shared_and_missing_addresses_for_curators(folder):
    list_url = "https://example.org/list"
    write(
        folder,
        "resources.csv",
        RESOURCE_HEADER,
        resource_row("A work", url=list_url),
        resource_row("Another", url=list_url),
        resource_row("Third", url=""),
        resource_row("Fourth", url="https://www.scribd.com/doc/1"),
        resource_row("Fifth"),
    )

    call_command("load_starter")

    noted = Resource.objects.exclude(curator_note="").order_by("pk")
    kinds = Link.objects.order_by("resource__pk").values_list("kind", flat=True)
    assert [str(resource) for resource in noted] == ["A work", "Another", "Third", "Fourth"]
    assert list(kinds) == ["listed", "listed", "mirror", "work"]


def test_loaders_run_behind_those_they_refer_to():
    order = [loader.filename for loader in starter.in_order()]

    assert order.index("resources.csv") > order.index("organisations.csv")
    assert order.index("read_first.csv") > order.index("resources.csv")


def test_load_starter_loads_events_with_who_holds_them_and_who_speaks(folder):
    call_command("load_starter")

    event, session = Event.objects.get(), Session.objects.get()
    held = [
        (one.name, one.organisation and one.organisation.acronym) for one in event.organisers.all()
    ]
    spoke = [(one.name, one.organisation_name) for one in session.appearances.all()]
    assert held == [("ONE", "ONE"), ("Somebody", None)]
    assert event.owner.acronym == "ONE"
    assert spoke == [("Ana Díaz", "ONE"), ("Bo Li", "ONE")]
    assert session.released["starts_at"] == "2022-10-24T12:30:00+00:00"
    assert {record.kind for record in Record.objects.happenings(with_parts=True)} == {
        "conference",
        "session",
    }
    assert list(reindexing.differences()) == []


def test_load_starter_names_what_is_wrong_with_events(folder):
    write(
        folder,
        "events.csv",
        EVENT_HEADER,
        event_row("Never", start="2022-03-27T02:30"),
        event_row("Bad kind", kind="party"),
        event_row("Bad time", start="yesterday"),
        event_row("Bad zone", zone="Mars/Base"),
    )

    with pytest.raises(CommandError) as refused:
        call_command("load_starter")

    lines = str(refused.value).splitlines()
    assert "it never comes" in lines[0]
    assert lines[1] == "events.csv:3: kind “party” is not known"
    assert lines[2] == "events.csv:4: start “yesterday” is not a time"
    assert lines[3].startswith("events.csv:5: timezone: “Mars/Base” is no time zone.")
    assert not Event.objects.exists()
