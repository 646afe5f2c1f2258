import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.test import Client

from conftest import Browser
from hub import limits
from hub.accounts.tests.factories import make_member, verified
from hub.members import calendar, invitations, memberships, requests
from hub.members.models import CalendarFeed, Invitation, RoleRequest
from hub.notices.calendar import Invitation as Entry
from hub.notices.calendar import Method
from hub.notices.models import Message
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.registry import Registry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
AUTHOR, EDITOR, DELEGATE = Membership.Role.values
HOUR = timedelta(hours=1)


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute", slug="cvi")


@pytest.fixture
def editor(own):
    return verified(make_editor(own, name="Ana"))


def path_of(organisation) -> str:
    return f"/account/organisations/{organisation.slug}/"


def browser_of(user: User) -> Client:
    browser = Browser()
    browser.force_login(user)
    return browser


class TestOwnPage:
    def test_it_is_for_who_is_signed_in(self, client):
        for path in ("/account/", "/account/settings/", "/account/ask/", "/account/erase/"):
            answer = client.get(path)

            assert answer.status_code == 302
            assert urlsplit(answer["Location"]).path == "/account/login/"

    def test_it_shows_organisations_requests_and_invitations(self, own, editor):
        ben = make_member("ben@example.org", name="Ben")
        requests.ask(ben, own, "I run the programme.")
        invitations.invite(editor, own, "BEN@example.org", AUTHOR)

        page = browser_of(ben).get("/account/").content.decode()

        assert "Ben, ben@example.org" in page
        assert "You asked to speak for it." in page
        assert "Coal Valley Institute invites you." in page

    def test_what_waits_for_an_editor_is_on_their_page(self, own, editor):
        requests.ask(make_member(), own, "I run the programme.")

        assert (
            "1 person asks you for a role" in browser_of(editor).get("/account/").content.decode()
        )

    def test_nobody_keeps_it(self, editor):
        answer = browser_of(editor).get("/account/")

        assert answer["Cache-Control"] == "private, no-store"

    def test_name_and_time_zone_are_changed(self, editor):
        browser = browser_of(editor)

        browser.post("/account/settings/", {"name": " Ana  Ríos ", "timezone": "America/Bogota"})

        editor.refresh_from_db()
        assert (editor.name, editor.timezone) == ("Ana  Ríos", "America/Bogota")

    def test_what_is_no_time_zone_is_told(self, editor):
        answer = browser_of(editor).post("/account/settings/", {"timezone": "Mars/Olympus"})

        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()


class TestOrganisation:
    def test_an_editor_invites(self, own, editor):
        answer = browser_of(editor).post(
            "/account/organisations/cvi/", {"email": "ben@example.org", "role": AUTHOR}
        )

        assert answer.status_code == 302
        assert Invitation.objects.get().email == "ben@example.org"
        assert Message.objects.get().to == "ben@example.org"

    def test_what_cannot_be_sent_is_told_and_nothing_is_lost(self, own, editor):
        answer = browser_of(editor).post(
            "/account/organisations/cvi/", {"email": "ben@", "role": AUTHOR}
        )

        assert answer.status_code == 422
        assert 'value="ben@"' in answer.content.decode()

    @pytest.mark.parametrize("role", [AUTHOR, DELEGATE])
    def test_others_of_it_look_and_do_not_touch(self, own, editor, role):
        browser = browser_of(make_editor(own, role))

        assert "Invite somebody" not in browser.get("/account/organisations/cvi/").content.decode()
        answer = browser.post(
            "/account/organisations/cvi/", {"email": "ben@example.org", "role": EDITOR}
        )
        assert answer.status_code == 403
        of_editor = f"/account/organisations/cvi/roles/{editor.memberships.get().pk}/"
        assert browser.get(of_editor).status_code == 404
        assert browser.post(of_editor, {"end": "1"}).status_code == 404
        assert editor.memberships.exists()

    def test_for_all_others_it_is_not_there(self, own, editor):
        membership = editor.memberships.get()
        invitation = invitations.invite(editor, own, "ben@example.org", AUTHOR)
        other = browser_of(make_editor(make_organisation()))

        for path in (
            "/account/organisations/cvi/",
            f"/account/organisations/cvi/roles/{membership.pk}/",
        ):
            assert other.get(path).status_code == 404
            assert other.post(path, {"end": "1"}).status_code == 404
        assert other.post(f"/account/invitations/{invitation.pk}/").status_code == 404
        assert Invitation.objects.open().exists()
        assert editor.memberships.exists()

    def test_there_are_so_many_invitations_a_day(self, own, editor):
        for _number in range(invitations.A_DAY.number):
            limits.take(invitations.A_DAY, str(editor.pk))

        answer = browser_of(editor).post(
            "/account/organisations/cvi/", {"email": "ben@example.org", "role": AUTHOR}
        )

        assert answer.status_code == 429
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("role", [AUTHOR, DELEGATE])
    def test_only_who_leads_it_sees_addresses(self, own, editor, role):
        nameless = make_editor(own, name="", email="zoe@example.org")
        other = make_editor(own, role, email="tom@example.org")

        page = browser_of(other).get("/account/organisations/cvi/").content.decode()
        assert "Ana" in page
        assert f"Account no. {nameless.pk}" in page
        assert "tom@example.org" in page
        assert not {editor.email, nameless.email} & set(re.findall(r"[\w.+]+@[\w.]+", page))

        assert nameless.email in browser_of(editor).get(path_of(own)).content.decode()

    def test_the_secretariat_finds_all_and_which_partner_has_no_editor(self, own, editor):
        make_organisation("Wind Coast Union", slug="wcu")
        browser = browser_of(make_user(is_secretariat=True))
        assert "/account/organisations/" in browser.get("/account/").content.decode()

        answer = browser.get("/account/organisations/")
        page = answer.content.decode()

        assert path_of(own) in page
        assert "/account/organisations/wcu/" in page
        assert page.count("No editor") == len(answer.context["orphans"]) == 1
        theirs = browser_of(editor).get("/account/organisations/").content.decode()
        assert path_of(own) in theirs
        assert "/account/organisations/wcu/" not in theirs

    def test_times_are_those_of_the_readers_zone(self, own, editor):
        invitation = invitations.invite(editor, own, "ben@example.org", AUTHOR)
        Invitation.objects.update(sent_at=F("sent_at") - timedelta(minutes=5))
        invitation.refresh_from_db()
        User.objects.filter(pk=editor.pk).update(timezone="Asia/Kolkata")

        page = browser_of(editor).get(path_of(own)).content.decode()

        ends_at = invitation.ends_at.astimezone(ZoneInfo("Asia/Kolkata"))
        assert f"{ends_at:%H:%M} (Asia/Kolkata)" in page

    def test_an_invitation_that_nobody_backs_is_shown_as_such(self, own, editor):
        other = make_editor(own)
        invitations.invite(other, own, "ben@example.org", AUTHOR)
        memberships.end(editor, other.memberships.get())

        page = browser_of(editor).get(path_of(own)).content.decode()

        assert "Whoever sent it can no longer invite." in page

    def test_the_last_editor_is_told_why_they_cannot_leave(self, own, editor):
        path = f"/account/organisations/cvi/roles/{editor.memberships.get().pk}/"

        answer = browser_of(editor).post(path, {"end": "1"})

        assert answer.status_code == 422
        assert "would have no editor" in answer.content.decode()

    def test_a_role_is_changed_and_taken_away(self, own, editor):
        author = make_editor(own, AUTHOR)
        path = f"/account/organisations/cvi/roles/{author.memberships.get().pk}/"
        browser = browser_of(editor)

        browser.post(path, {"role": DELEGATE})
        assert author.memberships.get().role == DELEGATE
        assert browser.post(path, {"role": "owner"}).status_code == 422
        browser.post(path, {"end": "1"})

        assert not author.memberships.exists()


class TestInvitation:
    def test_it_shows_on_get_and_acts_on_post(self, own, editor):
        invitation = invitations.invite(editor, own, "ben@example.org", AUTHOR)
        ben = make_member("ben@example.org")
        path, browser = invitation.get_absolute_url(), browser_of(ben)

        assert "Accept" in browser.get(path).content.decode()
        assert not ben.memberships.exists()
        assert browser.post(path)["Location"] == "/account/"

        assert ben.memberships.get().role == AUTHOR
        assert browser.get(path).status_code == 404

    def test_browsers_may_tell_where_its_form_comes_from(self, own, editor):
        """With ``no-referrer`` they send ``Origin: null``, and no form would be accepted."""
        path = invitations.invite(editor, own, "ben@example.org", AUTHOR).get_absolute_url()
        browser = browser_of(make_member("ben@example.org"))

        assert browser.get(path)["Referrer-Policy"] == "same-origin"

    def test_who_is_not_signed_in_is_shown_the_way(self, client, own, editor):
        path = invitations.invite(editor, own, "ben@example.org", AUTHOR).get_absolute_url()

        page = client.get(path).content.decode()
        client.post(path)

        assert "/account/signup/?next=/account/invitation/" in page
        assert not Invitation.objects.exclude(accepted_at=None).exists()

    def test_the_last_editor_is_told_why_they_cannot_accept_less(self, own, editor):
        secretariat = make_user(is_secretariat=True)
        path = invitations.invite(secretariat, own, editor.email, AUTHOR).get_absolute_url()

        answer = browser_of(editor).post(path)

        assert answer.status_code == 422
        assert "would have no editor" in answer.content.decode()

    def test_another_person_cannot_take_it(self, own, editor):
        path = invitations.invite(editor, own, "ben@example.org", AUTHOR).get_absolute_url()
        eve = make_member("eve@example.org")

        page = browser_of(eve).post(path).content.decode()

        assert "you are signed in as eve@example.org" in page
        assert not eve.memberships.exists()


class TestRequests:
    def test_a_member_asks_and_an_editor_answers(self, own, editor):
        ben = make_member("ben@example.org")
        browser_of(ben).post("/account/ask/", {"organisation": own.pk, "words": "I work there."})
        asked = RoleRequest.objects.get()

        browser_of(editor).post(f"/account/requests/{asked.pk}/", {"grant": "1"})

        assert ben.memberships.get().role == DELEGATE

    def test_nobody_else_answers(self, own, editor):
        asked = requests.ask(make_member(), own, "I work there.")
        for person in (make_editor(make_organisation()), make_editor(own, AUTHOR), asked.user):
            answer = browser_of(person).post(f"/account/requests/{asked.pk}/", {"grant": "1"})
            assert answer.status_code == 404

        assert RoleRequest.objects.waiting().exists()

    def test_one_asks_a_few_times_a_day(self, editor):
        browser = browser_of(make_member())
        answers = [
            browser.post("/account/ask/", {"organisation": make_organisation().pk, "words": "I."})
            for _number in range(6)
        ]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 60


class TestCalendar:
    def test_its_address_is_a_secret_that_can_be_renewed(self, client, editor):
        browser = browser_of(editor)
        first, second = (
            browser.post("/account/calendar/").context["address"] for _number in range(2)
        )

        assert client.get(urlsplit(first).path).status_code == 404
        answer = client.get(urlsplit(second).path)
        assert answer["Content-Type"].startswith("text/calendar")
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(b"BEGIN:VCALENDAR")
        assert (
            urlsplit(second).path.split("/")[-1][:-4] not in CalendarFeed.objects.get().secret_hash
        )

    def test_that_of_a_closed_account_is_gone(self, client, editor):
        address = browser_of(editor).post("/account/calendar/").context["address"]
        User.objects.filter(pk=editor.pk).update(is_active=False)

        assert client.get(urlsplit(address).path).status_code == 404

    @pytest.mark.parametrize("secret", ["x", "%00", "é" * 200])
    def test_what_is_no_secret_finds_nothing(self, client, secret):
        assert client.get(f"/account/calendar/{secret}.ics").status_code == 404

    def test_it_holds_what_the_apps_have_for_its_owner(self, client, editor, monkeypatch):
        def meetings(user):
            starts = datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Europe/Berlin"))
            title = f"Meeting of {user.name}"
            yield Entry("meeting-1@x", 0, title, starts, starts + HOUR, method=Method.PUBLISH)

        sources = Registry("a source of calendars")
        sources.register(meetings)
        monkeypatch.setattr(calendar, "sources", sources)
        secret = calendar.renew(editor)

        text = client.get(f"/account/calendar/{secret}.ics").content.decode()

        assert "SUMMARY:Meeting of Ana" in text
        assert "DTSTART;TZID=Europe/Berlin:20261130T090000" in text


def test_odd_numbers_find_nothing(editor):
    browser = browser_of(editor)
    for path in ("ask", "requests", "invitations"):
        assert browser.post(f"/account/{path}/{10**30}/").status_code in (302, 404)
