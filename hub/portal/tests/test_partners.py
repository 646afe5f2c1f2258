import pytest
from django.db import IntegrityError, transaction

from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.portal.models import Quote
from hub.portal.partners import group_of
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Credit
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db

Kind = Organisation.Kind


def make_other(name: str, **fields) -> Organisation:
    return make_organisation(name, **{"is_partner": False, "kind": Kind.RESEARCH, **fields})


def organisations(listed) -> list[str]:
    return [one.name for one in listed]


def test_partner_list_keeps_apart_what_each_is_to_the_hub(client):
    make_organisation("Partner")
    make_other("Donor", kind=Kind.DONOR, is_donor=True)
    make_other("Funder of other work", kind=Kind.DONOR)
    make_other("Project", kind=Kind.PROJECT)
    make_other("Friend", is_friend=True)
    make_other("Institute")
    Organisation.objects.desk()

    shown = client.get("/partners/").context

    parts = ("partners", "donors", "projects", "friends")
    assert [organisations(shown[part]) for part in parts] == [
        ["Partner"],
        ["Donor"],
        ["Project"],
        ["Friend"],
    ]
    groups = {str(group.label): organisations(group.organisations) for group in shown["groups"]}
    assert groups == {"Research": ["Institute"], "Funders and banks": ["Funder of other work"]}
    assert shown["others_count"] == 2


@pytest.mark.parametrize(
    ("kind", "stakeholders", "group"),
    [
        (Kind.DONOR, "government", "finance"),
        (Kind.INTERNATIONAL, "government", "international organisation"),
        (Kind.INTERNATIONAL, "employers", "employers"),
        (Kind.REGIONAL_GOVERNMENT, "government", "government"),
        (Kind.RESEARCH, "", ""),
    ],
)
def test_group_of_says_under_which_heading_one_looks(kind, stakeholders, group):
    assert group_of(Organisation(kind=kind, stakeholder_group=stakeholders)) == group


def test_partner_list_without_members_says_what_the_circle_is(client):
    content = client.get("/partners/").content.decode()

    assert Page(content).count("h1") == 1
    assert "No member is named here yet." in content


def test_partner_list_names_the_members_of_the_circle(client):
    friend = make_other("Friend", is_friend=True)

    content = client.get("/partners/").content.decode()

    assert "No member is named here yet." not in content
    assert content.count(f'href="{friend.get_absolute_url()}"') == 1


def test_partner_list_sorts_governments_by_country(client):
    spain = make_term("Spain", Scheme.PLACE)
    asturias = make_term("Asturias", Scheme.PLACE, spain)
    for name, place in (("Asturias", asturias), ("Ministry", spain), ("Nowhere", None)):
        make_other(name, kind=Kind.GOVERNMENT, stakeholder_group="government", place=place)

    (group,) = client.get("/partners/").context["groups"]

    countries = [
        (one.label and one.label.label, organisations(one.governments)) for one in group.countries
    ]
    assert countries == [("Spain", ["Asturias", "Ministry"]), (None, ["Nowhere"])]


def test_partner_list_counts_the_works_that_are_public(client):
    busy, idle = make_organisation("Busy"), make_organisation("Idle")
    for number in range(3):
        draft = make_draft(f"Work {number}", owner=idle)
        Credit.objects.create(resource=draft, role="publisher", organisation=busy)
        if number:
            services.publish(draft.pk)

    shown = client.get("/partners/").context["partners"]

    assert [(one.name, one.count) for one in shown] == [("Busy", 2), ("Idle", 0)]
    assert client.get(shown[0].works_url).context["total"] == 2


def test_a_partner_is_no_friend():
    partner = make_organisation()

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=partner.pk).update(is_friend=True)


def test_an_editor_does_not_make_their_organisation_a_donor_or_friend(client):
    organisation = make_other("Institute", slug="institute")
    client.force_login(make_editor(organisation))
    data = {
        "name": "Renamed",
        "kind": Kind.RESEARCH,
        "stakeholder_group": "research",
        "is_donor": "on",
        "is_friend": "on",
    }

    client.post(f"/admin/partners/organisation/{organisation.pk}/change/", data)

    organisation.refresh_from_db()
    assert (organisation.name, organisation.is_donor, organisation.is_friend) == (
        "Renamed",
        False,
        False,
    )


def test_partner_detail_says_what_one_is_to_the_hub(client):
    standings = {
        make_organisation(): "Implementing partner",
        make_other("", kind=Kind.DONOR, is_donor=True): "Donor of the hub",
        make_other("", kind=Kind.DONOR): "Funder",
        make_other("", is_friend=True): "In the Circle of Friends",
        make_other("", kind=Kind.PROJECT): "Project",
    }

    for organisation, standing in standings.items():
        content = client.get(organisation.get_absolute_url()).content.decode()
        assert f'<p class="tag">{standing}</p>' in content


def test_partner_detail_shows_works_of_others_in_its_care(client):
    partner, other = make_organisation("Partner", slug="partner"), make_organisation()
    kept = make_draft("Kept", owner=partner)
    Credit.objects.create(resource=kept, role="publisher", organisation=other)
    own = make_draft("Own", owner=partner)
    Credit.objects.create(resource=own, role="publisher", organisation=partner)
    for draft in (kept, own):
        services.publish(draft.pk)
    make_draft("Draft", owner=partner)
    make_resource("Elsewhere", owner=other)

    shown = client.get("/partners/partner/").context

    assert [card.title for card in shown["cards"]] == ["Own"]
    assert [card.title for card in shown["of_others"]] == ["Kept"]


def test_partner_detail_shows_its_people_and_what_it_says(client):
    partner, other = make_organisation(slug="partner"), make_organisation()
    make_person("Zoë", organisation=partner)
    make_person("Álvaro", organisation=partner)
    make_person("Hidden", organisation=partner, is_listed=False)
    make_person("Elsewhere", organisation=other)
    Quote.objects.create(person="Ana", organisation=partner, words="Hopes for much.")
    Quote.objects.create(person="Ben", organisation=other, words="Hopes for more.")

    shown = client.get("/partners/partner/").context

    assert [person.name for person in shown["people"]] == ["Álvaro", "Zoë"]
    assert [quote.person for quote in shown["quotes"]] == ["Ana"]
