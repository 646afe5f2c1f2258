"""OAI-PMH: every answer is valid by the schemas of the standards, and nothing that changes is missed."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from django.db import connection, transaction
from django.utils.timezone import now
from lxml import etree
from sickle import Sickle
from sickle.response import OAIResponse

from conftest import Browser
from hub.catalogue import services
from hub.catalogue.models import Departed, Record
from hub.catalogue.oai import harvest, views
from hub.catalogue.oai.asking import VERBS
from hub.catalogue.sources import Publisher, RecordDraft, Text, ref_of
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Identifier, Link
from knowledge.services import publish, saved, withdraw
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
NS = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "mods": "http://www.loc.gov/mods/v3",
}
SCHEMAS = Path(__file__).parent / "schemas"
BASE = "https://hub.example.org/oai"
ODD = [
    "",
    "\0",
    "\x1b[31m",
    "’ OR 1=1 --",
    "x" * 100_000,
    "\ud800",
    "２０２２",
    "-1",
    "<a/>",
    "a b",
]


class Local(etree.Resolver):
    """Schemas name each other by addresses; here they are files."""

    def resolve(self, url, _public_id, context):
        return self.resolve_filename(str(SCHEMAS / url.rpartition("/")[2]), context)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The three schemas as one, so that what stands within an answer is proved too."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{file}"/>'
        for namespace, file in [
            ("http://www.openarchives.org/OAI/2.0/", "OAI-PMH.xsd"),
            ("http://www.openarchives.org/OAI/2.0/oai_dc/", "oai_dc.xsd"),
            (NS["mods"], "mods-3-4.xsd"),
        ]
    )
    xs = "http://www.w3.org/2001/XMLSchema"
    return etree.XMLSchema(
        etree.fromstring(f'<xs:schema xmlns:xs="{xs}">{imports}</xs:schema>', parser)
    )


@pytest.fixture
def ask(schema, client):
    """Asks, and answers the tree of what it was told, which is valid."""

    def ask(verb: str, **arguments: str) -> etree._Element:
        response = client.get("/oai", {"verb": verb} | arguments)
        assert (response.status_code, response["Content-Type"]) == (200, views.TYPE)
        root = etree.fromstring(response.content)
        schema.assertValid(root)
        return root

    return ask


def fault(root: etree._Element) -> str:
    return root.find("oai:error", NS).get("code")


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text for element in root.findall(f".//{path}", NS)]


def identifiers(root: etree._Element) -> list[str]:
    return texts(root, "oai:header/oai:identifier")


def deleted(root: etree._Element) -> list[str]:
    return texts(root, "oai:header[@status='deleted']/oai:identifier")


def name_of(source) -> str:
    return harvest.identifier_of(ref_of(source))


def move_back(source, **ago: float) -> None:
    """Let the record be as old as this."""
    then = now() - timedelta(**ago)
    type(source).objects.filter(pk=source.pk).update(publish_at=then)
    services.put(source)
    Record.objects.filter(ref=ref_of(source)).update(changed_at=then)


def test_the_hub_says_what_it_is(ask):
    make_resource("Mine closure")

    told = ask("Identify").find("oai:Identify", NS)

    said = {element.tag.partition("}")[2]: element.text for element in told}
    assert said["baseURL"] == BASE
    assert said["protocolVersion"] == "2.0"
    assert said["deletedRecord"] == "persistent"
    assert said["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert datetime.fromisoformat(said["earliestDatestamp"]) <= now()


def test_a_work_is_told_in_both_formats(ask):
    place = make_term("Silesia", scheme="place", slug="silesia")
    topic = make_term("Finance", slug="finance")
    partner = make_organisation("ILO", slug="ilo", is_partner=True)
    work = make_resource(
        "Zechen & <Schächte>\x0b",
        summary="What “remains”.",
        language="de",
        owner=partner,
        terms=(place, topic),
        licence="CC BY 4.0",
    )
    Identifier.objects.create(resource=work, scheme="doi", value="10.1787/1")
    Link.objects.create(resource=work, url="https://x.example/a?b=1&c=2", kind="work")

    dc = ask("GetRecord", metadataPrefix="oai_dc", identifier=name_of(work))
    mods = ask("GetRecord", metadataPrefix="mods", identifier=name_of(work))

    title = dc.find(".//dc:title", NS)
    assert title.text == "Zechen & <Schächte>"
    assert title.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert texts(dc, "dc:identifier") == [work.permanent_url, "doi:10.1787/1"]
    assert texts(dc, "dc:source") == ["https://x.example/a?b=1&c=2"]
    assert texts(dc, "dc:subject") == ["Finance"]
    assert texts(dc, "dc:coverage") == ["Silesia"]
    assert texts(dc, "dc:rights") == ["CC BY 4.0"]
    assert texts(dc, "oai:setSpec") == ["kind:report", "partner:ilo"]
    assert texts(mods, "mods:titleInfo/mods:title") == ["Zechen & <Schächte>"]
    assert texts(mods, "mods:identifier[@type='doi']") == ["10.1787/1"]
    assert texts(mods, "mods:topic") + texts(mods, "mods:geographic") == ["Finance", "Silesia"]
    assert texts(mods, "mods:accessCondition") == ["CC BY 4.0"]


def test_formats_and_sets_are_listed(ask):
    work = make_resource("Mine closure")
    make_organisation("ILO", slug="ilo", is_partner=True)
    make_organisation("Somebody", slug="somebody", is_partner=False)

    assert texts(ask("ListMetadataFormats"), "oai:metadataPrefix") == ["oai_dc", "mods"]
    of_one = ask("ListMetadataFormats", identifier=name_of(work))
    assert texts(of_one, "oai:metadataPrefix") == ["oai_dc", "mods"]
    specs = texts(ask("ListSets"), "oai:setSpec")
    assert {"kind:report", "kind:conference", "kind:taskforce-round", "partner:ilo"} <= set(specs)
    assert "partner:somebody" not in specs


def test_a_set_has_its_records_alone(ask):
    ilo = make_organisation("ILO", slug="ilo", is_partner=True)
    of_ilo = make_resource("By the ILO", owner=ilo, kind="report")
    other = make_resource("By others", kind="tool")

    def found(spec: str) -> set[str]:
        return set(identifiers(ask("ListIdentifiers", metadataPrefix="oai_dc", set=spec)))

    assert found("partner:ilo") == found("kind:report") == {name_of(of_ilo)}
    assert found("partner") >= {name_of(of_ilo)}
    assert found("kind:tool") == {name_of(other)}
    assert found("kind") == {name_of(of_ilo), name_of(other)}
    for spec in ("partner:nobody", "kind:poem", "colour:red", "partner:ilo:sub"):
        none = ask("ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert fault(none) == "noRecordsMatch"


def test_what_was_withdrawn_is_told_as_deleted_in_its_sets(ask):
    ilo = make_organisation("ILO", slug="ilo", is_partner=True)
    work = make_resource("Secret words", owner=ilo)
    before = now()
    withdraw(work.pk, reason="It was wrong.")

    for prefix in ("oai_dc", "mods"):
        told = ask("ListRecords", metadataPrefix=prefix, set="partner:ilo", **since(before))
        assert deleted(told) == [name_of(work)]
        assert b"Secret" not in etree.tostring(told)
    one = ask("GetRecord", metadataPrefix="oai_dc", identifier=name_of(work))
    assert deleted(one) == [name_of(work)]
    assert one.find(".//oai:metadata", NS) is None


def test_what_is_gone_without_a_tombstone_is_told_as_deleted_until_it_is_back(ask):
    work = make_resource("Mine closure")
    services.remove(ref_of(work))

    listed = ask("ListIdentifiers", metadataPrefix="oai_dc")
    assert deleted(listed) == [name_of(work)]
    assert deleted(ask("GetRecord", metadataPrefix="mods", identifier=name_of(work)))

    services.put(work)
    assert deleted(ask("ListIdentifiers", metadataPrefix="oai_dc")) == []
    assert not Departed.objects.exists()


def test_drafts_and_what_is_to_come_are_not_told_nor_that_they_went(ask):
    make_draft("Draft")
    coming = make_draft("Coming")
    publish(coming.pk, at=now() + timedelta(hours=1))
    for argument in ({}, {"from": "2000-01-01"}):
        listed = ask("ListRecords", metadataPrefix="oai_dc", **argument)
        assert fault(listed) == "noRecordsMatch"
    one = ask("GetRecord", metadataPrefix="oai_dc", identifier=name_of(coming))
    assert fault(one) == "idDoesNotExist"

    services.remove(ref_of(coming))
    assert not Departed.objects.exists()


def since(moment: datetime) -> dict[str, str]:
    return {"from": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def test_what_changed_since_is_told_and_what_was_put_again_is_not(ask):
    changed, again = make_resource("Changed"), make_resource("Put again")
    for work in (changed, again):
        move_back(work, days=3)
    changed.links.create(url="https://x.example/report", kind="work")
    saved(changed)
    services.put(again)

    recent = ask("ListIdentifiers", metadataPrefix="oai_dc", **since(now() - timedelta(days=1)))
    old = ask(
        "ListIdentifiers", metadataPrefix="oai_dc", until=f"{now() - timedelta(days=2):%Y-%m-%d}"
    )

    assert identifiers(recent) == [name_of(changed)]
    assert identifiers(old) == [name_of(again)]


def test_a_scheduled_work_bears_the_moment_at_which_it_came_out(ask):
    work = make_resource("Came out")
    Record.objects.filter(ref=ref_of(work)).update(
        changed_at=now() - timedelta(days=9), published_at=now() - timedelta(days=1)
    )

    told = ask("ListIdentifiers", metadataPrefix="oai_dc", **since(now() - timedelta(days=2)))

    assert identifiers(told) == [name_of(work)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Steal"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "kind"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "mods"]}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:1"}, "idDoesNotExist"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2022"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2022-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "9999-12-31"}, "badArgument"),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2022-01-02",
                "until": "2022-01-01",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2022-01-02",
                "until": "2022-01-03T00:00:00Z",
            },
            "badArgument",
        ),
    ],
)
def test_what_is_not_in_order_is_said_by_its_code(client, schema, arguments, code):
    for response in (client.get("/oai", arguments), client.post("/oai", arguments)):
        root = etree.fromstring(response.content)
        schema.assertValid(root)
        assert (response.status_code, fault(root)) == (200, code)
        if code in ("badVerb", "badArgument"):
            assert root.find("oai:request", NS).attrib == {}


@pytest.mark.parametrize("name", ["verb", "metadataPrefix", "identifier", "set", "from", "until"])
def test_odd_arguments_are_answered_in_order(client, schema, name):
    make_resource("Mine closure")
    for verb in VERBS:
        for odd in ODD:
            asked = {"verb": verb, "metadataPrefix": "oai_dc"} | {name: odd}
            body = urlencode(asked, errors="surrogatepass")
            response = client.post("/oai", body, "application/x-www-form-urlencoded")
            assert response.status_code == 200
            schema.assertValid(etree.fromstring(response.content))


def test_asking_changes_nothing_and_needs_no_token(client):
    strict = Browser(enforce_csrf_checks=True)

    response = strict.post("/oai", {"verb": "Identify"})

    assert response.status_code == 200
    assert not response.cookies
    assert client.put("/oai").status_code == 405


def test_who_asks_too_often_is_told_when_to_come_again(client, monkeypatch):
    monkeypatch.setattr(
        views, "FROM_CLIENT", views.limits.Limit("harvest", 2, timedelta(minutes=10))
    )
    answers = [client.get("/oai?verb=Identify") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 503]
    assert int(answers[2]["Retry-After"]) == 300


def drafts(count: int):
    moment = now() - timedelta(days=1)
    for number in range(count):
        text = Text(title=f"Coal & steel {number}", summary="What was learned. " * 20)
        yield (
            f"test.work:{number}",
            RecordDraft(
                kind="report",
                path=f"/resources/{number}/",
                published_at=moment,
                updated_at=moment,
                languages=("en",),
                texts={"en": text, "es": Text(title=f"Carbón {number}")},
                people=("Ana Ruiz",),
                publishers=(Publisher("ilo", "ILO"),),
            ),
        )


class Harvester(Sickle):
    """The client as it is, asking this process in place of the network."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(BASE)
        self.browser, self.largest = browser, 0
        self.held: list[int] = []  # bytes of memory after each request

    def harvest(self, **arguments: str) -> OAIResponse:
        answer = self.browser.get("/oai", arguments)
        self.held.append(psutil.Process().memory_info().rss)
        self.largest = max(self.largest, len(answer.content))
        answer.text, answer.encoding = answer.content.decode(), "utf-8"
        return OAIResponse(answer, params=arguments)


def test_an_existing_client_harvests_ten_thousand_records_completely():
    services.put_drafts(drafts(10_000))
    harvester = Harvester(Browser())

    found = [
        (record.header.identifier, record.metadata["title"])
        for record in harvester.ListRecords(metadataPrefix="oai_dc")
    ]

    assert len(found) == 10_000
    assert {name for name, _titles in found} == {
        harvest.identifier_of(f"test.work:{number}") for number in range(10_000)
    }
    assert all(len(titles) == 2 for _name, titles in found)
    assert len(harvester.held) == 100
    assert harvester.largest < 400_000  # each answer is small, however many there are
    assert harvester.held[-1] - harvester.held[20] < 20_000_000
    told = list(harvester.ListIdentifiers(metadataPrefix="mods", set="kind:report"))
    assert len(told) == 10_000


def test_a_page_of_a_list_asks_few_questions(django_assert_max_num_queries, client):
    services.put_drafts(drafts(150))

    with django_assert_max_num_queries(7):
        answer = client.get("/oai?verb=ListRecords&metadataPrefix=mods")

    root = etree.fromstring(answer.content)
    assert len(identifiers(root)) == 100
    assert root.find(".//oai:resumptionToken", NS).get("cursor") == "0"


def test_a_list_is_whole_though_records_change_and_go_while_it_is_read(ask):
    services.put_drafts(drafts(230))
    first = ask("ListRecords", metadataPrefix="oai_dc")
    seen = identifiers(first)
    assert len(seen) == 100
    services.remove("test.work:0")
    newer = make_resource("Came meanwhile")
    token = first.find(".//oai:resumptionToken", NS).text
    while token:
        part = ask("ListRecords", resumptionToken=token)
        seen += identifiers(part)
        token = part.find(".//oai:resumptionToken", NS).text

    assert len(seen) == len(set(seen))
    missing = {harvest.identifier_of(f"test.work:{number}") for number in range(230)} - set(seen)
    assert missing <= {harvest.identifier_of("test.work:0")}
    assert name_of(newer) not in seen


def test_a_token_is_of_its_verb_and_cannot_be_made_up(ask):
    services.put_drafts(drafts(120))
    token = ask("ListRecords", metadataPrefix="oai_dc").find(".//oai:resumptionToken", NS).text

    assert fault(ask("ListIdentifiers", resumptionToken=token)) == "badResumptionToken"
    forged = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    assert fault(ask("ListRecords", resumptionToken=forged)) == "badResumptionToken"


@pytest.mark.django_db(transaction=True)
def test_who_asks_again_from_the_last_answer_on_misses_no_change_that_came_late(client):
    """A change that was begun before an answer and is seen only after it."""
    work = make_resource("Late")
    move_back(work, days=1)
    written, answered = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Record.objects.filter(pk=Record.objects.get(ref=ref_of(work)).pk).update(
                checksum="other"
            )
            services.put(work)
            written.set()
            answered.wait(20)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    assert written.wait(20)
    try:
        answer = etree.fromstring(client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").content)
    finally:
        answered.set()
        other.join()

    from_then = answer.findtext("oai:responseDate", namespaces=NS)
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": from_then}
    again = etree.fromstring(client.get("/oai", asked).content)
    assert identifiers(again) == [name_of(work)]
