"""Every token that the hub gives away, at every door that takes one: each opens its own alone."""

from collections.abc import Callable

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone

from conftest import Browser
from events import consents, feedback, joining, own, selections
from events.models import JoinAddress
from events.tests.factories import make_appearance, make_event, make_registration, make_session
from events.tests.test_feedback import make_past
from hub import links
from hub.accounts.tests.acting import code_for, is_signed_in, sign_up
from hub.accounts.tests.factories import make_member
from hub.catalogue import saved
from hub.catalogue.models import SavedSearch
from hub.contact import services as letters
from hub.members import calendar, invitations
from hub.newsletter import signing_up
from hub.newsletter.tests.factories import make_reader
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from knowledge import reviewing
from knowledge.tests.factories import make_draft
from taskforce import applying, own_seats
from taskforce import invitations as round_invitations
from taskforce import own as taskforce_links
from taskforce.tests.factories import (
    make_group,
    make_group_membership,
    make_participation,
    make_round,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def of_reset(user: User) -> str:
    return default_token_generator.make_token(user)


def of_sign_up(user: User) -> str:
    sign_up(Browser(), "new@example.org")
    return code_for("new@example.org")


def of_letter(user: User) -> str:
    told = {"name": "Ben", "email": "ben@example.org", "words": "Hello", "language": "en"}
    return links.sign(letters.PURPOSE, letters.write(None, **told))


def of_invitation(user: User) -> str:
    own = make_organisation()
    role = Membership.Role.AUTHOR
    invited = invitations.invite(make_editor(own), own, "ben@example.org", role)
    return invited.get_absolute_url().rstrip("/").rpartition("/")[2]


def of_review(user: User) -> str:
    own = make_organisation()
    draft = make_draft(owner=own, summary="A draft.")
    link = reviewing.invite(make_editor(own), draft, name="Bo")
    return link.get_absolute_url().rstrip("/").rpartition("/")[2]


def of_join(user: User) -> str:
    event = make_event()
    JoinAddress.objects.create(event=event, url="https://meet.example.org/1")
    registration = make_registration(event)
    joining.issue(registration)
    return joining.link_of(registration).rstrip("/").rpartition("/")[2]


def of_registration(user: User) -> str:
    return own.token_of(make_registration(make_past()))


def of_feedback(user: User) -> str:
    return feedback.token_of(make_registration(make_past()))


def of_consent(user: User) -> str:
    person = make_person(email="spoke@example.org")
    row = make_appearance(make_session(make_past()), person=person)
    return consents.path_of(row).rstrip("/").rpartition("/")[2]


def of_programme(user: User) -> str:
    made = selections.make(make_past(), [])
    return selections.path_of(made).rstrip("/").rpartition("/")[2]


def of_participation(user: User) -> str:
    return taskforce_links.token_of(make_participation().contact)


def of_round_invitation(user: User) -> str:
    rows = make_round().invitations
    row = rows.create(email="officer@gov.example", government_name="Province of Pits")
    return round_invitations.token_of(row)


def of_seat(user: User) -> str:
    return own_seats.token_of(make_group_membership(make_group()))


def of_application(user: User) -> str:
    group = make_group(is_open_to_applications=True)
    wish = applying.Wish("ana@moors.example", "Ana", "Moors", "core", "We close a mine.")
    return applying.path_of(applying.apply(group, wish)).rstrip("/").rpartition("/")[2]


def follows() -> SavedSearch:
    told = dict.fromkeys(("confirmed_at", "told_until"), timezone.now())
    told |= {"looked_on": timezone.now().date(), "cadence": "daily", "source": "form"}
    return SavedSearch.objects.create(email="ana@example.org", query="/search/?q=coal", **told)


def of_saved_searches(user: User) -> str:
    return saved.path_of(follows()).rstrip("/").rpartition("/")[2]


def of_end_of_saved_search(user: User) -> str:
    return saved.stop_path_of(follows()).rstrip("/").rpartition("/")[2]


def of_calendar(user: User) -> str:
    return calendar.renew(user)


def of_newsletter(user: User) -> str:
    return links.sign(signing_up.PREFERENCES, make_reader())


def opens_newsletter(token: str, user: User) -> bool:
    return Browser().get(f"/newsletter/preferences/{token}/").status_code == 200


def opens_reset(token: str, user: User) -> bool:
    path = f"/account/password/reset/{user_pk_to_url_str(user)}-{token}/"
    return Browser().get(path).status_code == 302


def opens_letter(token: str, user: User) -> bool:
    return Browser().get(f"/letters/{token}/").status_code == 200


def opens_invitation(token: str, user: User) -> bool:
    page = Browser().get(f"/account/invitation/{token}/")
    return page.status_code == 200


def opens_review(token: str, user: User) -> bool:
    return Browser().get(f"/review/{token}/").status_code == 200


def opens_join(token: str, user: User) -> bool:
    return Browser().get(f"/join/{token}/").status_code == 200


def opens_registration(token: str, user: User) -> bool:
    return Browser().get(f"/registrations/{token}/materials/").status_code == 200


def opens_feedback(token: str, user: User) -> bool:
    return Browser().get(f"/feedback/{token}/").status_code == 200


def opens_consent(token: str, user: User) -> bool:
    return Browser().get(f"/consent/{token}/").status_code == 200


def opens_programme(token: str, user: User) -> bool:
    return Browser().get(f"/programmes/{token}/").status_code == 200


def opens_participation(token: str, user: User) -> bool:
    return Browser().get(f"/taskforce/participation/{token}/").status_code == 200


def opens_round_invitation(token: str, user: User) -> bool:
    return Browser().get(f"/taskforce/participation/invitation/{token}/").status_code == 200


def opens_seat(token: str, user: User) -> bool:
    return Browser().get(f"/taskforce/members/{token}/").status_code == 200


def opens_application(token: str, user: User) -> bool:
    return Browser().get(f"/taskforce/applications/{token}/").status_code == 200


def opens_saved_searches(token: str, user: User) -> bool:
    return Browser().get(f"/saved-searches/{token}/").status_code == 200


def opens_end_of_saved_search(token: str, user: User) -> bool:
    return Browser().get(f"/saved-searches/stop/{token}/").status_code == 200


def opens_calendar(token: str, user: User) -> bool:
    return Browser().get(f"/account/calendar/{token}.ics").status_code == 200


TOKENS: dict[str, Callable[[User], str]] = {
    "reset": of_reset,
    "sign-up": of_sign_up,
    "letter": of_letter,
    "invitation": of_invitation,
    "review": of_review,
    "calendar": of_calendar,
    "join": of_join,
    "registration": of_registration,
    "feedback": of_feedback,
    "consent": of_consent,
    "programme": of_programme,
    "participation": of_participation,
    "round invitation": of_round_invitation,
    "seat": of_seat,
    "application": of_application,
    "newsletter": of_newsletter,
    "saved searches": of_saved_searches,
    "end of a saved search": of_end_of_saved_search,
}
DOORS: dict[str, Callable[[str, User], bool]] = {
    "reset": opens_reset,
    "letter": opens_letter,
    "invitation": opens_invitation,
    "review": opens_review,
    "calendar": opens_calendar,
    "join": opens_join,
    "registration": opens_registration,
    "feedback": opens_feedback,
    "consent": opens_consent,
    "programme": opens_programme,
    "saved searches": opens_saved_searches,
    "end of a saved search": opens_end_of_saved_search,
    "participation": opens_participation,
    "round invitation": opens_round_invitation,
    "seat": opens_seat,
    "application": opens_application,
    "newsletter": opens_newsletter,
}


@pytest.mark.parametrize("made_for", TOKENS)
@pytest.mark.parametrize("used_for", DOORS)
def test_a_token_opens_its_own_door_alone(made_for, used_for):
    user = make_member()
    token = TOKENS[made_for](user)

    assert DOORS[used_for](token, user) == (made_for == used_for)


@pytest.mark.parametrize("made_for", [one for one in TOKENS if one != "sign-up"])
def test_no_token_is_a_code_of_a_sign_up(made_for):
    token, browser = TOKENS[made_for](make_member()), Browser()
    sign_up(browser, "eve@example.org")

    browser.post("/account/confirm-email/", {"code": token})

    assert not is_signed_in(browser)


@pytest.mark.parametrize("made_for", DOORS)
def test_a_token_with_a_letter_changed_opens_nothing(made_for):
    user = make_member()
    token = TOKENS[made_for](user)
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")

    assert not DOORS[made_for](changed, user)
