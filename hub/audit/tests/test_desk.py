import pytest
from django.urls import reverse

from hub.audit.acts import acting
from hub.audit.telling import shortened
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
CANARY = "quokkazephyr"


def history(client, row):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    return client.get(reverse(name, args=[row.pk]))


def told(response):
    """Each line as it stands: what happened to what, which column, before and after."""
    return [
        (piece.title, line.label, line.before, line.after)
        for entry in response.context["entries"]
        for piece in entry.pieces
        for line in piece.lines
    ]


def test_history_tells_who_changed_what_from_what_to_what(client):
    organisation = make_organisation("Union of Miners")
    editor = make_editor(organisation, name="Ana Silva")
    with acting(account=editor.pk, route="admin/x/", reason="They asked"):
        Organisation.objects.filter(pk=organisation.pk).update(
            name="Union", is_friend=True, is_partner=False
        )
    client.force_login(editor)

    response = history(client, organisation)

    newest = response.context["entries"][0]
    assert (newest.who, newest.whence, newest.reason) == ("Ana Silva", "admin/x/", "They asked")
    assert told(response)[:3] == [
        ("Organisation changed", "Name", "Union of Miners", "Union"),
        ("Organisation changed", "Implementing partner", "yes", "no"),
        ("Organisation changed", "In the Circle of Friends", "no", "yes"),
    ]


def test_history_of_a_resource_has_its_parts_and_names_instead_of_numbers(client):
    owner, term = make_organisation("Union"), make_term("Coal")
    resource = make_draft("Lignite", owner=owner)
    with acting(account=0):
        resource.terms.add(term)
        Edition.objects.filter(resource=resource).update(title="Brown coal")
        resource.tags.add("peat")
    client.force_login(make_editor(owner))

    lines = told(history(client, resource))

    assert ("Topic, sector or place added", "Term", "", "Coal") in lines
    assert ("Edition changed", "Title", "Lignite", "Brown coal") in lines
    assert ("Free tag added", "Tag", "", "peat") in lines
    assert ("Resource added", "Owner", "", "Union") in lines
    assert "resource" not in {label.lower() for _title, label, *_ in lines}


def test_history_of_anothers_row_answers_like_that_of_a_missing_one(client):
    theirs = make_draft(CANARY, owner=make_organisation(CANARY))
    client.force_login(make_editor(make_organisation()))

    foreign = history(client, theirs)
    missing = client.get(reverse("admin:knowledge_resource_history", args=[999_999_999]))

    assert (foreign.status_code, foreign.url) == (missing.status_code, missing.url)
    followed = client.get(
        reverse("admin:knowledge_resource_history", args=[theirs.pk]), follow=True
    )
    assert CANARY not in followed.content.decode()


def test_history_names_nothing_that_its_reader_may_not_see(client):
    owner = make_organisation("Union")
    mine = make_resource("Mine", owner=owner)
    hidden = make_resource(CANARY, owner=make_organisation("Other"))
    secretariat = make_user(f"{CANARY}@example.org", is_secretariat=True)
    with acting(account=secretariat.pk):
        services.withdraw(mine.pk, reason="Outdated", replaced_by=hidden)
    services.withdraw(hidden.pk, reason="Wrong")
    client.force_login(make_editor(owner))

    response = history(client, mine)

    assert ("Resource changed", "Replaced by", "", f"no. {hidden.pk}") in told(response)
    assert response.context["entries"][0].who == f"Account no. {secretariat.pk}"
    assert CANARY not in response.content.decode()


def test_history_tells_those_who_oversee_the_address_of_who_acted(client):
    editor = make_editor(organisation := make_organisation(), email="ana@example.org", name="Ana")
    with acting(account=editor.pk):
        Organisation.objects.filter(pk=organisation.pk).update(acronym="U")
    client.force_login(make_user(is_secretariat=True))

    assert history(client, organisation).context["entries"][0].who == "Ana (ana@example.org)"


@pytest.mark.parametrize(
    ("context", "who"),
    [
        ({"job": "hub.x"}, "The hub itself, in the background"),
        ({"command": "load_starter"}, "The hub's keepers, by a command"),
        ({"account": 999_999}, "Account no. 999999"),
        ({"method": "POST"}, "Nobody who was signed in"),
    ],
)
def test_history_tells_what_acted_where_nobody_did(client, context, who):
    with acting(**context):
        organisation = make_organisation()
    client.force_login(make_user(is_superuser=True))

    assert history(client, organisation).context["entries"][-1].who == who


def test_history_escapes_what_people_wrote(client):
    organisation = make_organisation("<script>alert(1)</script>")
    client.force_login(make_user(is_superuser=True))

    page = history(client, organisation).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "999999999999999999999"])
def test_history_is_paged_and_odd_pages_are_pages(client, page):
    organisation = make_organisation()
    for number in range(30):
        with acting(account=number):
            Organisation.objects.filter(pk=organisation.pk).update(acronym=f"A{number}")
    client.force_login(make_user(is_superuser=True))
    address = reverse("admin:partners_organisation_history", args=[organisation.pk])

    response = client.get(address, {"p": page})

    assert response.status_code == 200
    assert 0 < len(response.context["entries"]) <= 25


@pytest.mark.parametrize("count", [1, 20])
def test_history_asks_the_same_number_of_questions_however_long(
    client, django_assert_max_num_queries, count
):
    organisation = make_organisation()
    client.force_login(make_user(is_superuser=True))
    for number in range(count):
        with acting(account=number):
            Organisation.objects.filter(pk=organisation.pk).update(acronym=f"A{number}")

    with django_assert_max_num_queries(10):
        history(client, organisation)


def test_history_of_an_account_has_its_memberships(client):
    user = make_editor(make_organisation("Union"))
    client.force_login(make_user(is_superuser=True))

    assert ("Membership added", "Organisation", "", "Union") in told(history(client, user))


def test_history_has_no_address_of_a_person_for_those_who_may_not_see_the_person(client):
    person = make_person("Ana", organisation=make_organisation(), email=f"{CANARY}@example.org")
    client.force_login(make_editor(make_organisation()))

    assert history(client, person).status_code == 302


def test_of_long_texts_what_lies_around_the_difference_is_shown():
    text = "a" * 1000

    before, after = shortened(text + "x" + text, text + "yz" + text)

    assert (before, after) == (
        f"… {'a' * 120}x{'a' * 120} …",
        f"… {'a' * 120}yz{'a' * 120} …",
    )
    assert shortened("", text) == ("", text)
    assert len(shortened("", "b" * 10_000)[1]) < 2000


def test_a_deleted_row_has_no_page_any_more(client):
    resource = make_draft("Lignite")
    pk = resource.pk
    Resource.objects.get(pk=pk).delete()
    client.force_login(make_user(is_superuser=True))

    assert client.get(reverse("admin:knowledge_resource_history", args=[pk])).status_code == 302
