import pytest
from django.core.exceptions import ValidationError

from hub.partners.tests.factories import make_organisation
from knowledge import richtext
from knowledge.models import Credit, Identifier, Link, new_public_id
from knowledge.tests.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        ("doi", "10.1000/ABC", "10.1000/abc"),
        ("doi", "https://doi.org/10.1000/abc", "10.1000/abc"),
        ("doi", "doi: 10.1000/abc ", "10.1000/abc"),
        ("isbn", "978-92-2-031 553-1", "9789220315531"),
        ("handle", "https://hdl.handle.net/10568/1", "10568/1"),
    ],
)
def test_identifier_is_kept_in_one_spelling(scheme, typed, kept):
    identifier = Identifier(resource=make_draft(), scheme=scheme, value=typed)

    identifier.full_clean()

    assert identifier.value == kept


def test_identifier_belongs_to_one_resource():
    Identifier.objects.create(resource=make_draft(), scheme="doi", value="10.1000/abc")

    with pytest.raises(ValidationError) as refused:
        Identifier(
            resource=make_draft(), scheme="doi", value="https://doi.org/10.1000/ABC"
        ).full_clean()

    assert refused.value.messages == ["Another resource has this identifier already."]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org", "x"]
)
def test_link_leads_to_the_web_alone(url):
    with pytest.raises(ValidationError) as refused:
        Link(resource=make_draft(), url=url).full_clean()

    assert "url" in refused.value.message_dict


def test_link_names_its_site():
    assert Link(url="https://www.ilo.org/x").host == "ilo.org"


def test_credit_is_shown_as_the_work_has_it():
    organisation = make_organisation("International Labour Organization", acronym="ILO", slug="ilo")

    credited = [
        Credit(name="ILO Geneva", organisation=organisation),
        Credit(organisation=organisation),
        Credit(name="劳动趋势"),
        Credit(name="!?"),
    ]

    assert [(one.as_publisher().key, one.as_publisher().name) for one in credited] == [
        ("ilo", "ILO Geneva"),
        ("ilo", "ILO"),
        ("laodongqushi", "劳动趋势"),
        ("unnamed", "!?"),
    ]


def test_public_id_is_short_and_has_no_letter_read_as_a_digit():
    ids = [new_public_id() for _ in range(200)]

    assert {len(name) for name in ids} == {7}
    assert set("".join(ids)) & set("ilouILOU") == set()
    assert len(set(ids)) == 200


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>Hello <b>you</b></p>", "<p>Hello you</p>"),
        ("<script>alert(1)</script><p>x</p>", "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener">x</a>'),
        ('<p onclick="x()" style="color:red">x</p>', "<p>x</p>"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<svg><script>x</script></svg>", ""),
    ],
)
def test_rich_text_keeps_the_allowed_alone(html, cleaned):
    assert richtext.clean(html) == cleaned


def test_rich_text_as_plain_words():
    assert richtext.plain("<p>One&nbsp;two</p><p>three</p>").split() == ["One", "two", "three"]
