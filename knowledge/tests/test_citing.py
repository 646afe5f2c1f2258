"""Works as other programs cite them, read back by the libraries that read them there."""

import json
from datetime import date

import bibtexparser
import pytest
import rispy

from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge import citing
from knowledge.kinds import KINDS
from knowledge.models import Credit, Identifier, Link, Resource
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Resource:
    work = make_resource(
        "Leaving coal & steel: 100% {of} it",
        kind="report",
        slug="leaving-coal",
        languages=["es", "en"],
        published_on=date(2023, 5, 1),
        published_precision="month",
    )
    work.editions.update(summary="What they did.\nER  - \nTY  - JOUR", subtitle="")
    work.terms.add(make_term("Retraining"))
    ilo = make_organisation("International Labour Organization")
    for position, (role, name, organisation) in enumerate(
        [
            ("author", "Ríos, Ana", None),
            ("author", "Nguyễn Văn An", None),
            ("publisher", "ILO", ilo),
            ("publisher", "Miners and Co", None),
        ]
    ):
        Credit.objects.create(
            resource=work, role=role, name=name, organisation=organisation, position=position
        )
    Identifier.objects.create(resource=work, scheme="doi", value="10.1234/coal_1")
    Link.objects.create(resource=work, url="https://list.example/", kind="listed")
    Link.objects.create(resource=work, url="https://ilo.example/a_{b}.pdf", position=1)
    return work


def found() -> list[Resource]:
    return list(Resource.objects.for_citing())


def test_csl_tells_only_what_is_known(work):
    [item] = json.loads(citing.as_csl_json(found()))

    assert item == {
        "id": "leaving-coal",
        "type": "report",
        "title": "Leaving coal & steel: 100% {of} it",
        "author": [{"family": "Ríos", "given": "Ana"}, {"literal": "Nguyễn Văn An"}],
        "issued": {"date-parts": [[2023, 5]]},
        "publisher": "ILO; Miners and Co",
        "language": "es",
        "abstract": "What they did. ER - TY - JOUR",
        "keyword": "Retraining",
        "DOI": "10.1234/coal_1",
        "URL": "https://ilo.example/a_{b}.pdf",
    }


def test_ris_is_one_entry_whatever_the_texts_say(work):
    [entry] = rispy.loads(citing.as_ris(found()))

    assert entry["type_of_reference"] == "RPRT"
    assert entry["title"] == "Leaving coal & steel: 100% {of} it"
    assert entry["authors"] == ["Ríos, Ana", "Nguyễn Văn An"]
    assert (entry["year"], entry["date"]) == ("2023", "2023/05//")
    assert entry["abstract"] == "What they did. ER - TY - JOUR"
    assert (entry["doi"], entry["urls"]) == ("10.1234/coal_1", ["https://ilo.example/a_{b}.pdf"])


def test_ris_holds_nothing_but_entries(work):
    lines = citing.as_ris(found()).splitlines()

    assert all(line[2:6] == "  - " for line in lines if line)


def test_bibtex_survives_the_signs_of_tex(work):
    [entry] = bibtexparser.loads(citing.as_bibtex(found())).entries

    assert entry["ENTRYTYPE"] == "techreport"
    assert entry["title"] == r"{Leaving coal \& steel: 100\% \{of\} it}"
    assert entry["author"] == "Ríos, Ana and {Nguyễn Văn An}"
    assert (entry["year"], entry["month"]) == ("2023", "5")
    assert entry["institution"] == "ILO; Miners and Co"
    assert entry["doi"] == r"10.1234/coal\_1"
    assert entry["url"] == "https://ilo.example/a_%7Bb%7D.pdf"


@pytest.mark.parametrize("kind", [kind.value for kind in KINDS])
def test_every_kind_is_called_something_everywhere(kind):
    make_resource("A work", kind=kind)

    [item] = json.loads(citing.as_csl_json(found()))
    [ris] = rispy.loads(citing.as_ris(found()))
    [bibtex] = bibtexparser.loads(citing.as_bibtex(found())).entries

    assert all([item["type"], ris["type_of_reference"], bibtex["ENTRYTYPE"]])
    assert item["title"] == ris["title"] == bibtex["title"].strip("{}") == "A work"


def test_a_work_that_is_nowhere_else_is_cited_at_its_permanent_address():
    work = make_resource("A work")

    [item] = json.loads(citing.as_csl_json(found()))

    assert item["URL"] == f"https://hub.example.org/r/{work.public_id}/"
