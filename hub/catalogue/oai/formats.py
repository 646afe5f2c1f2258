"""Records in the words of libraries: unqualified Dublin Core, which every harvester reads, and MODS
3.4 (loc.gov/standards/mods), which also tells languages, roles and identifiers apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from hub.catalogue.cards import Card, Dated
from hub.catalogue.oai.details import Details
from hub.links import absolute
from hub.texts import for_xml

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DC, OAI_DC = "http://purl.org/dc/elements/1.1/", "http://www.openarchives.org/OAI/2.0/oai_dc/"
MODS = "http://www.loc.gov/mods/v3"
# What a thing is to a library, by its type at schema.org; the rest is text.
RESOURCE_TYPES = {
    "VideoObject": "moving image",
    "PodcastEpisode": "sound recording-nonmusical",
    "Dataset": "software, multimedia",
    "WebSite": "software, multimedia",
}


@dataclass(frozen=True)
class Described:
    """A record with what is known of it in words."""

    card: Card
    details: Details

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """Title and summary by language, those of the work itself first."""
        texts = self.card.record.texts
        order = [*self.card.record.languages, *texts]
        return {code: texts[code] for code in order if code in texts}

    @property
    def address(self) -> str:
        return self.details.address or absolute(self.card.record.path)

    @property
    def dated(self) -> str:
        """The day of the work, as exactly as it is known, or of what takes place."""
        record = self.card.record
        if day := Dated.of(record.issued_on, record.issued_precision):
            return day.iso
        return record.starts_at.date().isoformat() if record.starts_at else ""

    @property
    def subjects(self) -> list[str]:
        return [label.label for label in self.card.labels if label.scheme != "place"]

    @property
    def places(self) -> list[str]:
        return [label.label for label in self.card.labels if label.scheme == "place"]


@dataclass(frozen=True)
class Format:
    prefix: str
    namespace: str
    schema: str
    describe: Callable[[Described], etree._Element] = field(repr=False)


def _dublin_core(told: Described) -> etree._Element:
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    _name_schema(root, OAI_DC, OAI_DC_SCHEMA)
    for name, text, language in _core_of(told):
        _add(root, f"{{{DC}}}{name}", text, language)
    return root


def _core_of(told: Described) -> Iterator[tuple[str, str, str]]:
    """The elements of Dublin Core, each with its language where it has one."""
    record, details = told.card.record, told.details
    for code, text in told.texts.items():
        yield "title", text.get("title", ""), code
    for name in record.people:
        yield "creator", name, ""
    for subject in told.subjects:
        yield "subject", subject, "en"
    for code, text in told.texts.items():
        yield "description", text.get("summary", ""), code
    for name in record.publisher_names:
        yield "publisher", name, ""
    yield "date", told.dated, ""
    yield "type", str(told.card.kind.label), "en"
    yield "identifier", told.address, ""
    for scheme, value in details.identifiers:
        yield "identifier", f"{scheme}:{value}", ""
    yield "source", details.work_url, ""
    for code in record.languages:
        yield "language", code, ""
    for place in told.places:
        yield "coverage", place, "en"
    yield "rights", details.licence, ""


def _mods(told: Described) -> etree._Element:
    root = etree.Element(f"{{{MODS}}}mods", nsmap={None: MODS, "xsi": XSI}, version="3.4")
    _name_schema(root, MODS, MODS_SCHEMA)
    record, details = told.card.record, told.details
    for number, (code, text) in enumerate(told.texts.items()):
        if text.get("title"):
            kind = {"type": "translated"} if number else {}
            title = _sub(root, "titleInfo", {XML_LANG: code, **kind})
            _sub(title, "title", text=text["title"])
    for name in record.people:
        _name(root, name, "author", "aut")
    for name in record.publisher_names:
        _name(root, name, "publisher", "pbl", type="corporate")
    kind = RESOURCE_TYPES.get(told.card.kind.schema_type, "text")
    _sub(root, "typeOfResource", text=kind)
    _sub(root, "genre", {XML_LANG: "en"}, text=str(told.card.kind.label))
    if told.dated:
        date = {"encoding": "w3cdtf", "keyDate": "yes"}
        _sub(_sub(root, "originInfo"), "dateIssued", date, text=told.dated)
    for code in record.languages:
        term = {"type": "code", "authority": "rfc4646"}
        _sub(_sub(root, "language"), "languageTerm", term, text=code)
    for code, text in told.texts.items():
        _add(root, f"{{{MODS}}}abstract", text.get("summary", ""), code)
    for subject in told.subjects:
        _sub(_sub(root, "subject", {XML_LANG: "en"}), "topic", text=subject)
    for place in told.places:
        _sub(_sub(root, "subject", {XML_LANG: "en"}), "geographic", text=place)
    _sub(root, "identifier", {"type": "uri"}, text=told.address)
    for scheme, value in details.identifiers:
        _sub(root, "identifier", {"type": scheme}, text=value)
    location = _sub(root, "location")
    if details.work_url:
        _sub(location, "url", {"access": "object in context"}, text=details.work_url)
    _sub(location, "url", {"usage": "primary display"}, text=told.address)
    if details.licence:
        _sub(root, "accessCondition", {"type": "use and reproduction"}, text=details.licence)
    return root


def _name(root: etree._Element, name: str, role: str, code: str, **attributes: str) -> None:
    told = _sub(root, "name", attributes)
    _sub(told, "namePart", text=name)
    roles = _sub(told, "role")
    _sub(roles, "roleTerm", {"type": "text"}, text=role)
    _sub(roles, "roleTerm", {"type": "code", "authority": "marcrelator"}, text=code)


def _name_schema(root: etree._Element, namespace: str, schema: str) -> None:
    root.set(f"{{{XSI}}}schemaLocation", f"{namespace} {schema}")


def _sub(
    above: etree._Element, name: str, attributes: dict[str, str] | None = None, text: str = ""
) -> etree._Element:
    element = etree.SubElement(above, f"{{{MODS}}}{name}", attributes or {})
    element.text = for_xml(text) or None
    return element


def _add(above: etree._Element, tag: str, text: str, language: str) -> None:
    """An element, if there is anything to say."""
    if said := for_xml(text).strip():
        element = etree.SubElement(above, tag, {XML_LANG: language} if language else {})
        element.text = said


OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
MODS_SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-4.xsd"
FORMATS = {
    one.prefix: one
    for one in (
        Format("oai_dc", OAI_DC, OAI_DC_SCHEMA, _dublin_core),
        Format("mods", MODS, MODS_SCHEMA, _mods),
    )
}
