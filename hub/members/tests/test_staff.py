"""What staff do on the pages of organisations is guarded and noted like what they do at the desk."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Browser
from hub import desk
from hub.accounts.tests.acting import PASSWORD, add_app
from hub.accounts.tests.factories import make_member, verified
from hub.audit.models import Access
from hub.members import admin as own_admin
from hub.members import invitations, memberships, requests
from hub.members.models import Invitation, RoleRequest
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
AUTHOR, EDITOR, DELEGATE = Membership.Role.values
PAGE = "/account/organisations/cvi/"


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute", slug="cvi")


@pytest.fixture
def editor(own):
    return verified(make_editor(own, name="Ana"))


@pytest.fixture
def secretariat():
    return verified(make_user(is_secretariat=True))


def browser_of(user: User) -> Client:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def acts(own, editor):
    """What staff may do here: for each its address and what is posted to it."""
    invited = invitations.invite(editor, own, "eva@example.org", AUTHOR)
    asked = requests.ask(make_member(), own, "I work there.")
    author = make_editor(own, AUTHOR).memberships.get()
    return {
        PAGE: {"email": "ben@example.org", "role": EDITOR},
        f"{PAGE}roles/{author.pk}/": {"role": EDITOR},
        f"/account/requests/{asked.pk}/": {"grant": "1"},
        f"/account/invitations/{invited.pk}/": {},
    }


def state() -> list:
    """All that these acts could change."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Membership, Invitation, RoleRequest)
    ]


@pytest.mark.parametrize("role", ["editor", "secretariat"])
def test_staff_without_a_second_step_have_no_power_here(acts, editor, secretariat, settings, role):
    settings.REQUIRE_STAFF_MFA = True
    user = {"editor": editor, "secretariat": secretariat}[role]
    browser, before = browser_of(user), state()

    answers = [browser.post(path, told) for path, told in acts.items()]
    looks = [browser.get(path) for path in (PAGE, "/account/requests/", "/account/organisations/")]

    assert {answer["Location"] for answer in answers + looks} == {reverse("mfa_index")}
    assert state() == before
    assert not Access.objects.filter(act="listed").exists()

    add_app(user)
    assert browser.get(PAGE).status_code == 200
    assert all(browser.post(path, told).status_code == 302 for path, told in acts.items())
    assert state() != before


def test_who_has_no_desk_needs_no_second_step(own, editor, settings):
    settings.REQUIRE_STAFF_MFA = True
    delegate = make_editor(own, DELEGATE)
    path = f"{PAGE}roles/{delegate.memberships.get().pk}/"

    assert browser_of(delegate).get(PAGE).status_code == 200
    assert browser_of(delegate).post(path, {"end": "1"}).status_code == 302
    assert not delegate.memberships.exists()


def test_long_after_signing_in_staff_say_once_more_who_they_are(acts, editor):
    browser, before = browser_of(editor), state()
    browser.get("/account/")
    session = browser.session
    session["signed_in_at"] -= 3000
    session.save()

    answers = [browser.post(path, told) for path, told in acts.items()]

    assert {urlsplit(answer["Location"]).path for answer in answers} == {
        reverse("account_reauthenticate")
    }
    assert state() == before
    assert browser.get(PAGE).status_code == 200

    asked = browser.post(PAGE, acts[PAGE])["Location"]
    browser.post(asked, {"password": PASSWORD})
    assert Invitation.objects.filter(email="ben@example.org").exists()


def test_who_looks_at_people_here_is_noted(own, editor):
    asked = requests.ask(make_member(), own, "I work there.")
    author = make_editor(own, AUTHOR).memberships.get()
    browser = browser_of(editor)

    for path in (PAGE, "/account/requests/", f"{PAGE}roles/{author.pk}/"):
        browser.get(path)

    people, waiting, one = Access.objects.filter(act__in=["listed", "viewed"]).order_by("pk")
    assert {people.account, waiting.account, one.account} == {editor.pk}
    assert people.detail["kind"] == "partners.membership"
    assert set(people.detail["shown"]) == {author.pk, editor.memberships.get().pk}
    assert waiting.detail == {"kind": "members.rolerequest", "shown": [asked.pk]}
    assert (one.act, one.model, one.object_id) == ("viewed", "partners.membership", author.pk)


def test_a_new_address_of_a_calendar_is_noted(editor):
    browser_of(editor).post("/account/calendar/")

    noted = Access.objects.get(act="renewed_calendar")
    assert (noted.account, noted.object_id) == (editor.pk, editor.pk)


def test_the_desk_tells_who_waits(own, editor, secretariat):
    requests.ask(make_member(), own, "I work there.")
    make_organisation("Wind Coast Union")

    assert own_admin.tasks in list(desk.inbox)
    assert "People who ask for a role" in browser_of(editor).get("/admin/").content.decode()
    assert [task.count for task in own_admin.tasks(editor)] == [1]
    assert [task.count for task in own_admin.tasks(secretariat)] == [1, 1]
    assert [task.count for task in own_admin.tasks(make_editor(own, AUTHOR))] == [0]
    for task in own_admin.tasks(secretariat):
        assert browser_of(secretariat).get(task.url).status_code == 200


def test_each_role_invitation_and_request_has_a_page_at_the_desk(own, editor, secretariat):
    ben = make_member(name="Ben")
    asked = requests.ask(ben, own, "I work there.")
    requests.decide(editor, asked, is_granted=True)
    invited = invitations.invite(editor, own, "eva@example.org", AUTHOR)
    invitations.withdraw(editor, invited)
    memberships.change(editor, ben.memberships.get(), AUTHOR)
    browser = browser_of(secretariat)

    for row, told in ((asked, "I work there."), (invited, "Ana"), (ben.memberships.get(), "Ben")):
        label = f"{row._meta.app_label}_{row._meta.model_name}"
        listed = browser.get(reverse(f"admin:{label}_changelist"))
        page = browser.get(reverse(f"admin:{label}_change", args=[row.pk]))
        history = browser.get(reverse(f"admin:{label}_history", args=[row.pk]))

        assert own.name in listed.content.decode()
        assert told in page.content.decode()
        assert PAGE in page.content.decode()
        assert "/admin/partners/user/" not in page.content.decode()  # for administrators
        assert len(history.context["entries"]) >= 1
        assert browser.post(reverse(f"admin:{label}_change", args=[row.pk])).status_code == 403
        kinds = {"listed": "", "viewed": row._meta.label_lower}
        for act, model in kinds.items():
            assert Access.objects.filter(account=secretariat.pk, act=act, model=model).exists()
        assert browser_of(editor).get(reverse(f"admin:{label}_changelist")).status_code == 403
