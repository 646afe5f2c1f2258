"""What somebody is written who asks to sit in a working group, in the transaction in which it happens."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import wording
from hub.links import absolute
from hub.notices import services as notices
from hub.notices.texts import Prose
from taskforce import own_seats
from taskforce.models import GroupApplication, GroupMembership

KEEP = _("Keep this letter to yourself: whoever has the link can act for you.")


def confirm(application: GroupApplication, path: str) -> None:
    """How to show that the mailbox is theirs."""
    says = [
        _("Somebody asked with this address to sit in the working group named below."),
        _("Please confirm that it was you. Only then is the application looked at."),
        _("If it was not you, leave this letter be: we forget the address by itself."),
    ]
    heading = _("Please confirm your application")
    _write(application, "confirm", heading, says, path, _("Confirm or take it back"))


def once_more(application: GroupApplication, path: str) -> None:
    says = [
        _("Somebody, probably you, has sent the application once more in other words."),
        _("Please confirm that it was you, and look whether all of it is right."),
    ]
    heading = _("Please confirm your application")
    key = f"confirm:{_moment()}"
    _write(application, key, heading, says, path, _("Confirm or take it back"))


def again(application: GroupApplication, path: str) -> None:
    """To who has applied already and does so again: once a day."""
    says = [
        _("Somebody, probably you, asked once more to sit in the working group named below."),
        _("Your application is with those who decide. Nothing has changed."),
    ]
    key = f"again:{now():%Y-%m-%d}"
    _write(application, key, _("You have applied already"), says, path, _("See your application"))


def received(application: GroupApplication, path: str) -> None:
    says = [_("Those who decide look at your application, and then write to you."), KEEP]
    heading = _("Your application was received")
    _write(application, "received", heading, says, path, _("See your application"))


def accepted(application: GroupApplication, membership: GroupMembership) -> None:
    """From which day on in which circle, and the link to the members' pages."""
    facts = [
        (_("Circle"), membership.get_circle_display()),
        (_("From"), wording.day_words(membership.term.lower)),
    ]
    _write(
        application,
        "accepted",
        _("You sit in the group"),
        [_("Your application was accepted."), KEEP],
        own_seats.path_of(membership),
        _("The pages of the members"),
        words=application.reason,
        facts=facts,
    )


def declined(application: GroupApplication) -> None:
    says = [_("Your application to sit in the working group named below was declined.")]
    heading = _("Your application was declined")
    _write(application, "declined", heading, says, words=application.reason)


def _write(
    application: GroupApplication,
    key: str,
    heading: Any,
    says: Sequence["Promise | str"],
    path: str = "",
    label: Any = "",
    *,
    words: str = "",
    facts: Sequence[tuple[Any, Any]] = (),
) -> None:
    notices.send(
        "taskforce/group",
        application.email,
        f"group application:{application.pk}:{key}",
        context={
            "says": list(says),
            "words": Prose(words),
            "facts": [list(fact) for fact in facts],
            "group": application.group.name,
            "group_link": absolute(application.group.get_absolute_url()),
            "link": absolute(path) if path else "",
            "label": label,
        },
        subject_context={"heading": heading, "title": application.group.name},
        language=application.language,
        is_private=True,
    )


def _moment() -> str:
    return f"{now().timestamp():.6f}"
