from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from hub.accounts.tests.factories import make_member, verified
from hub.members import invitations, memberships, policy
from hub.members.models import Invitation
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
    return make_editor(own, name="Ana")


def token_of(message):
    """The token in the link of a letter."""
    [link] = {word for word in message.text.split() if "/account/invitation/" in word}
    return urlsplit(link).path.split("/")[-2]


def invited(editor, own, email="ben@example.org", role=AUTHOR):
    invitation = invitations.invite(editor, own, email, role)
    return invitation, token_of(Message.objects.latest("pk"))


def test_who_is_invited_gets_the_role(editor, own):
    ben = make_member("Ben@example.org")

    _invitation, token = invited(editor, own)
    invitations.accept(invitations.find(token), ben)

    assert ben.memberships.get().role == AUTHOR
    assert ben.is_staff


def test_the_letter_says_who_invites_and_for_what(editor, own):
    invited(editor, own)

    message = Message.objects.get()
    assert message.to == "ben@example.org"
    for words in ("Ana", "Coal Valley Institute", "Author: writes drafts"):
        assert words in message.text
    assert "Ana" not in message.subject


@pytest.mark.parametrize("role", [AUTHOR, DELEGATE])
def test_only_who_leads_the_organisation_invites(own, role):
    others = make_editor(make_organisation())
    for person in (make_editor(own, role), others, make_member()):
        with pytest.raises(PermissionDenied):
            invitations.invite(person, own, "ben@example.org", AUTHOR)

    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_the_secretariat_invites_for_all(own):
    assert invitations.invite(make_user(is_secretariat=True), own, "ben@example.org", EDITOR)


def test_an_invitation_is_for_one_use(editor, own):
    ben = make_member("ben@example.org")
    invitation, token = invited(editor, own)
    invitations.accept(invitation, ben)
    ben.memberships.all().delete()

    assert invitations.find(token) is None
    with pytest.raises(Invitation.DoesNotExist):
        invitations.accept(invitation, ben)
    assert not ben.memberships.exists()


def test_an_invitation_is_for_one_address(editor, own):
    invitation, _token = invited(editor, own)
    unverified = make_user("ben@example.org")

    for person in (make_member("eve@example.org"), unverified):
        with pytest.raises(PermissionDenied):
            invitations.accept(invitation, person)

    assert invitations.accept(invitation, verified(unverified))


def test_an_invitation_runs_out_after_three_days(editor, own):
    invitation, token = invited(editor, own)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=72, seconds=1))

    assert invitations.find(token) is None
    with pytest.raises(Invitation.DoesNotExist):
        invitations.accept(invitation, make_member("ben@example.org"))


def test_a_second_letter_makes_the_first_worthless(editor, own):
    _first, old = invited(editor, own)
    again, new = invited(editor, own, "BEN@example.org", DELEGATE)

    assert invitations.find(old) is None
    assert invitations.find(new) == again
    assert Invitation.objects.get().role == DELEGATE


def test_what_is_withdrawn_is_worthless(editor, own):
    invitation, token = invited(editor, own)

    with pytest.raises(PermissionDenied):
        invitations.withdraw(make_editor(make_organisation()), invitation)
    invitations.withdraw(editor, invitation)

    assert invitations.find(token) is None
    assert invited(editor, own)[0] != invitation


def test_who_has_the_role_is_not_invited_to_it(editor, own):
    make_editor(own, AUTHOR, email="ben@example.org")

    with pytest.raises(ValidationError):
        invitations.invite(editor, own, "Ben@Example.org", AUTHOR)
    assert invitations.invite(editor, own, "ben@example.org", EDITOR)


def test_an_accepted_invitation_changes_the_role_that_somebody_has(editor, own):
    ben = verified(make_editor(own, AUTHOR, email="ben@example.org"))
    invitation, _token = invited(editor, own, role=EDITOR)

    invitations.accept(invitation, ben)

    assert ben.memberships.get().role == EDITOR


def test_an_invitation_takes_no_partner_its_last_editor(editor, own):
    secretariat = make_user(is_secretariat=True)
    ana = verified(editor)
    invitation, _token = invited(secretariat, own, editor.email, AUTHOR)

    with pytest.raises(ValidationError, match="would have no editor"):
        invitations.accept(invitation, ana)
    assert ana.memberships.get().role == EDITOR
    assert Invitation.objects.valid().exists()

    make_editor(own)
    assert invitations.accept(invitation, ana).role == AUTHOR


@pytest.mark.parametrize("loss", ["role taken", "role changed", "account closed"])
def test_an_invitation_ends_with_the_power_of_who_sent_it(editor, own, loss):
    other = make_editor(own)
    invitation, token = invited(other, own, role=EDITOR)
    if loss == "role taken":
        memberships.end(editor, other.memberships.get())
    elif loss == "role changed":
        memberships.change(editor, other.memberships.get(), AUTHOR)
    else:
        type(other).objects.filter(pk=other.pk).update(is_active=False)

    ben = make_member("ben@example.org")
    assert invitations.find(token) is None
    assert not policy.invitations_to(ben).exists()
    with pytest.raises(Invitation.DoesNotExist):
        invitations.accept(invitation, ben)

    again, token = invited(editor, own, role=EDITOR)
    assert invitations.find(token) == again == invitation
    assert invitations.accept(again, ben)


@pytest.mark.parametrize("power", ["is_secretariat", "is_superuser"])
def test_so_it_does_for_who_kept_the_hub(own, power):
    keeper = make_user(**{power: True})
    _invitation, token = invited(keeper, own)
    assert invitations.find(token)

    type(keeper).objects.filter(pk=keeper.pk).update(**{power: False})

    assert invitations.find(token) is None


def test_an_editor_elsewhere_backs_no_invitation(editor, own):
    _invitation, token = invited(editor, own)
    editor.memberships.update(organisation=make_organisation())

    assert invitations.find(token) is None


def test_the_letter_speaks_the_language_and_time_of_who_has_an_account(editor, own, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish"), ("fr", "French")]
    editor.language = "es"
    editor.save()
    make_member("ben@example.org", language="fr", timezone="America/Bogota")

    invited(editor, own, "ben@example.org")
    invited(editor, own, "eva@example.org")

    ben, eva = Message.objects.order_by("pk")
    assert (ben.language, eva.language) == ("fr", "es")
    ends_at = Invitation.objects.get(email="ben@example.org").ends_at
    in_bogota = ends_at.astimezone(ZoneInfo("America/Bogota"))
    assert f"{in_bogota:%H:%M} (America/Bogota)" in ben.text
    assert "(UTC)" in eva.text


@pytest.mark.parametrize("token", ["", "x", "1:1:abc:def", "1:1", "☃", "1" * 500])
def test_forged_tokens_find_nothing(editor, own, token):
    invited(editor, own)

    assert invitations.find(token) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_use_one_letter_at_once_get_one_role(editor, own):
    ben = make_member("ben@example.org")
    invitation, _token = invited(editor, own)

    def accept(_number):
        try:
            return bool(invitations.accept(invitation, ben))
        except Invitation.DoesNotExist:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(accept, range(8))) == 1
    assert ben.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_at_once_leave_one_invitation(editor, own):
    def invite(_number):
        try:
            return invitations.invite(editor, own, "ben@example.org", AUTHOR)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(invite, range(8)))

    assert Invitation.objects.get().link_version == 8
    valid = [one for one in Message.objects.all() if invitations.find(token_of(one))]
    assert len(valid) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_become_authors_at_once_one_stays(editor, own):
    editors = [verified(editor), verified(make_editor(own))]
    secretariat = make_user(is_secretariat=True)
    letters = [invitations.invite(secretariat, own, one.email, AUTHOR) for one in editors]

    def accept(number):
        try:
            return bool(invitations.accept(letters[number], editors[number]))
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(accept, range(2))) == 1
    assert own.memberships.filter(role=EDITOR).count() == 1
