"""What a harvester reads: answers and faults in the XML of the protocol (section 3.2)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from lxml import etree

from hub.catalogue.cards import cards_for
from hub.catalogue.models import Record
from hub.catalogue.oai import asking, harvest
from hub.catalogue.oai.asking import TOKEN_LASTS, Asked, Fault
from hub.catalogue.oai.details import Details, details_of
from hub.catalogue.oai.formats import FORMATS, XSI, Described, Format
from hub.catalogue.oai.harvest import IDENTIFIERS_SHOWN, RECORDS_SHOWN, Header
from hub.links import absolute

OAI = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = f"{OAI} {OAI}OAI-PMH.xsd"
PATH = "/oai"
# What is told is the same for all readers, so it is in one language.
LANGUAGE = "en"


def answer(given: QueryDict) -> bytes:
    """The whole answer to a request with these arguments, whatever they are."""
    now = harvest.horizon()
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", SCHEMA)
    _add(root, "responseDate", _moment(now))
    request = _add(root, "request", absolute(PATH))
    try:
        with translation.override(LANGUAGE):
            asked = asking.read(given)
            for name, value in asked.arguments.items():
                request.set(name, value)
            root.append(ANSWERS[asked.verb](asked, now))
    except Fault as fault:
        _add(root, "error", fault.words, code=fault.code)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _identify(asked: Asked, now: datetime) -> etree._Element:
    told = _element("Identify")
    _add(told, "repositoryName", "Just Transition Hub")
    _add(told, "baseURL", absolute(PATH))
    _add(told, "protocolVersion", "2.0")
    _add(told, "adminEmail", settings.CONTACT_EMAIL)
    _add(told, "earliestDatestamp", _moment(harvest.earliest(now)))
    _add(told, "deletedRecord", "persistent")
    _add(told, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    _add(told, "compression", "gzip")
    return told


def _list_formats(asked: Asked, now: datetime) -> etree._Element:
    if asked.identifier:
        harvest.header_of(asked.identifier)
    told = _element("ListMetadataFormats")
    for one in FORMATS.values():
        row = _add(told, "metadataFormat")
        _add(row, "metadataPrefix", one.prefix)
        _add(row, "schema", one.schema)
        _add(row, "metadataNamespace", one.namespace)
    return told


def _list_sets(asked: Asked, now: datetime) -> etree._Element:
    told = _element("ListSets")
    for spec, name in harvest.sets().items():
        row = _add(told, "set")
        _add(row, "setSpec", spec)
        _add(row, "setName", name)
    return told


def _list_identifiers(asked: Asked, now: datetime) -> etree._Element:
    _format(asked)
    page = harvest.page(asked, IDENTIFIERS_SHOWN, now)
    told = _element("ListIdentifiers")
    sets = harvest.sets_of(page.headers)
    for header in page.headers:
        told.append(_header(header, sets))
    return _with_token(told, page, now)


def _list_records(asked: Asked, now: datetime) -> etree._Element:
    chosen = _format(asked)
    page = harvest.page(asked, RECORDS_SHOWN, now)
    told = _element("ListRecords")
    _add_records(told, page.headers, chosen)
    return _with_token(told, page, now)


def _get_record(asked: Asked, now: datetime) -> etree._Element:
    chosen = _format(asked)
    told = _element("GetRecord")
    _add_records(told, [harvest.header_of(asked.identifier)], chosen)
    return told


ANSWERS: dict[str, Callable[[Asked, datetime], etree._Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
    "GetRecord": _get_record,
}


def _format(asked: Asked) -> Format:
    if asked.prefix not in FORMATS:
        raise Fault("cannotDisseminateFormat", f"There are: {', '.join(FORMATS)}.")
    return FORMATS[asked.prefix]


def _add_records(told: etree._Element, headers: list[Header], chosen: Format) -> None:
    sets, described = harvest.sets_of(headers), _described(headers)
    for header in headers:
        record = _add(told, "record")
        # Gone meanwhile is gone: nothing is said of what the catalogue has no more.
        record.append(_header(header, sets, is_deleted=header.ref not in described))
        if header.ref in described:
            _add(record, "metadata").append(chosen.describe(described[header.ref]))


def _described(headers: Iterable[Header]) -> dict[str, Described]:
    refs = [header.ref for header in headers if not header.is_deleted]
    records = Record.objects.public().shown().filter(ref__in=refs)
    details = details_of(refs)
    return {
        card.record.ref: Described(card, details.get(card.record.ref, Details()))
        for card in cards_for(records, LANGUAGE)
    }


def _header(
    header: Header, sets: dict[str, list[str]], *, is_deleted: bool = False
) -> etree._Element:
    told = _element("header")
    if header.is_deleted or is_deleted:
        told.set("status", "deleted")
    _add(told, "identifier", harvest.identifier_of(header.ref))
    _add(told, "datestamp", _moment(header.stamp))
    for spec in sets[header.ref]:
        _add(told, "setSpec", spec)
    return told


def _with_token(told: etree._Element, page: harvest.Page, now: datetime) -> etree._Element:
    if page.token is not None:
        token = _add(told, "resumptionToken", page.token, cursor=str(page.cursor))
        if page.token:
            token.set("expirationDate", _moment(now + TOKEN_LASTS))
    return told


def _element(name: str) -> etree._Element:
    return etree.Element(f"{{{OAI}}}{name}", nsmap={None: OAI})


def _add(above: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(above, f"{{{OAI}}}{name}", attributes)
    element.text = text or None
    return element


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
