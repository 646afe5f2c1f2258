import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from hub.accounts.tests.factories import make_member
from hub.members import memberships, policy, requests
from hub.members.models import RoleRequest
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user

pytestmark = pytest.mark.django_db
AUTHOR, EDITOR, DELEGATE = Membership.Role.values


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(own):
    return make_editor(own, email="ana@example.org")


@pytest.fixture
def ben():
    return make_member("ben@example.org", name="Ben")


class TestAsking:
    def test_a_member_asks_and_an_editor_says_yes(self, own, editor, ben):
        asked = requests.ask(ben, own, "I run the programme.")

        assert list(policy.decidable(editor)) == [asked]
        requests.decide(editor, asked, is_granted=True)

        assert ben.memberships.get().role == DELEGATE
        assert not ben.is_staff
        assert [message.to for message in Message.objects.order_by("pk")] == [
            "ana@example.org",
            "ben@example.org",
        ]

    def test_no_means_no_role(self, own, editor, ben):
        asked = requests.ask(ben, own, "I run the programme.")

        requests.decide(editor, asked, is_granted=False)

        assert not ben.memberships.exists()
        assert "not granted" in Message.objects.latest("pk").text

    def test_where_there_is_no_editor_the_secretariat_is_asked(self, own, ben):
        make_editor(own, AUTHOR)
        make_editor(own, EDITOR, is_active=False)
        make_user("desk@example.org", is_secretariat=True)

        requests.ask(ben, own, "I run the programme.")

        assert Message.objects.get().to == "desk@example.org"

    def test_only_who_leads_the_organisation_decides(self, own, editor, ben):
        asked = requests.ask(ben, own, "I run the programme.")
        others = [make_editor(own, AUTHOR), make_editor(make_organisation()), ben]

        for person in others:
            assert not policy.decidable(person).exists()
            with pytest.raises(PermissionDenied):
                requests.decide(person, asked, is_granted=True)

        assert not ben.memberships.exists()

    def test_one_asks_once(self, own, editor, ben):
        requests.ask(ben, own, "I run the programme.")
        with pytest.raises(ValidationError):
            requests.ask(ben, own, "Please!")

        requests.take_back(make_member(), RoleRequest.objects.get().pk)
        requests.take_back(ben, RoleRequest.objects.get().pk)

        assert requests.ask(ben, own, "Once more.")

    @pytest.mark.django_db(transaction=True)
    def test_who_asks_twice_at_once_is_told_so(self, own, editor, ben):
        def ask():
            try:
                return requests.ask(ben, own, "Once more.")
            except ValidationError as refusal:
                return refusal.code
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            requests.ask(ben, own, "I run the programme.")
            second = pool.submit(ask)
            time.sleep(0.5)  # so that it comes before the first is committed

        assert second.result() == "waits"
        assert RoleRequest.objects.count() == 1

    def test_a_yes_takes_nothing_from_who_was_made_editor_meanwhile(self, own, editor, ben):
        asked = requests.ask(ben, own, "I run the programme.")
        memberships.give(ben, own, EDITOR)

        requests.decide(editor, asked, is_granted=True)

        assert ben.memberships.get().role == EDITOR

    def test_nobody_decides_for_a_closed_account(self, own, editor, ben):
        requests.ask(ben, own, "I run the programme.")
        type(ben).objects.filter(pk=ben.pk).update(is_active=False)

        assert not policy.decidable(editor).exists()

    def test_who_has_a_role_need_not_ask(self, own, editor):
        with pytest.raises(ValidationError):
            requests.ask(editor, own, "I run the programme.")

    def test_what_others_ask_for_becomes_no_link(self, own, editor, ben):
        requests.ask(ben, own, "See https://evil.example/ or www.evil.example, me@evil.example")

        letter = Message.objects.get()
        assert "evil" in letter.text
        assert "evil.example" not in letter.text + letter.html
        assert "Ben" not in letter.subject

    @pytest.mark.django_db(transaction=True)
    def test_two_who_decide_at_once_decide_once(self, own, editor, ben):
        asked = requests.ask(ben, own, "I run the programme.")

        def decide(is_granted):
            try:
                return bool(requests.decide(editor, asked, is_granted=is_granted))
            except RoleRequest.DoesNotExist:
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(decide, [True, False] * 3)) == 1

        asked.refresh_from_db()
        assert ben.memberships.exists() == asked.is_granted
        assert Message.objects.filter(to="ben@example.org").count() == 1


class TestRoles:
    def test_an_editor_changes_the_roles_of_others(self, own, editor):
        author = make_editor(own, AUTHOR)

        memberships.change(editor, author.memberships.get(), EDITOR)

        assert author.memberships.get().role == EDITOR

    def test_nobody_changes_roles_elsewhere(self, own, editor):
        other = make_editor(make_organisation(), AUTHOR)
        own_author = make_editor(own, AUTHOR)

        for act in (memberships.end, lambda by, one: memberships.change(by, one, EDITOR)):
            with pytest.raises(PermissionDenied):
                act(editor, other.memberships.get())
            with pytest.raises(PermissionDenied):
                act(own_author, editor.memberships.get())
        with pytest.raises(PermissionDenied):
            memberships.change(own_author, own_author.memberships.get(), EDITOR)

    def test_everybody_may_give_a_role_up(self, own, editor):
        author = make_editor(own, AUTHOR)

        memberships.end(author, author.memberships.get())

        assert not author.memberships.exists()

    def test_a_partner_keeps_an_editor(self, own, editor):
        make_editor(own, EDITOR, is_active=False)

        with pytest.raises(ValidationError):
            memberships.end(editor, editor.memberships.get())
        with pytest.raises(ValidationError):
            memberships.change(editor, editor.memberships.get(), AUTHOR)

        make_editor(own)
        memberships.end(editor, editor.memberships.get())

    @pytest.mark.django_db(transaction=True)
    def test_of_two_editors_who_leave_at_once_one_stays(self, own, editor):
        other = make_editor(own)

        def leave(person):
            try:
                return memberships.end(person, person.memberships.get())
            except ValidationError:
                return "stays"
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, [editor, other]), key=str) == [None, "stays"]
        assert own.memberships.count() == 1
