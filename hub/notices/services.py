"""The counter of the post office: what other apps call."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from hub.addresses import validate_address
from hub.links import Ours
from hub.notices import jobs, readers, rendering
from hub.notices.calendar import Invitation
from hub.notices.models import Message


def send(
    template: str,
    to: str,
    dedup_key: str,
    *,
    context: dict[str, Any] | None = None,
    subject_context: dict[str, Any] | None = None,
    language: str = "en",
    calendar: Invitation | None = None,
    not_before: datetime | None = None,
    reply_to: str = "",
    tells_of: str = "",
    stop_url: Ours | str = "",
    is_secret: bool = False,
    is_private: bool = False,
) -> Message:
    """Write a letter to one address; it goes out soon after the caller's transaction commits.

    ``dedup_key`` says which letter this is, as in ``"welcome:17"``: the second call with it changes
    nothing and answers the first message. The letter is rendered now, from plain data alone (see
    ``texts.harmless``); ``subject_context`` holds the few values that may stand in the subject,
    never what a visitor typed. Whoever has an account reads it in their own language and time zone,
    all others in ``language`` and UTC. ``is_secret`` marks codes and links that let their reader in:
    staff cannot read these, they go before all others and their text is gone once they are sent.
    ``is_private`` marks what one person writes to another, which staff cannot read either.
    ``tells_of`` is the address of a person other than the reader whose name or words stand in it, so
    that these can be erased with the person. ``stop_url``, for what comes again and again, is an address
    of ours that ends it when a mail program posts ``List-Unsubscribe=One-Click`` to it (RFC 8058).

    ``ValueError`` for addresses that are none, or have a line break in them.
    """
    if stop_url and not isinstance(stop_url, Ours):
        raise ValueError("Further letters are ended at an address of this site.")
    to, reply_to = _address(to), reply_to and _address(reply_to)
    tells_of = tells_of and _address(tells_of)
    if first := Message.objects.filter(dedup_key=dedup_key).first():
        return first
    language, zone = readers.language_and_zone_of(to, language)
    letter = rendering.render(
        template,
        to=to,
        language=language,
        zone=zone,
        context=context,
        subject_context=subject_context,
    )
    written = {
        "template": template,
        "language": letter.language,
        "to": to,
        "reply_to": reply_to,
        "tells_of": tells_of,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "calendar": calendar.render() if calendar else "",
        "stop_url": stop_url,
        "is_secret": is_secret,
        "is_private": is_private,
        "not_before": not_before or timezone.now(),
    }
    with transaction.atomic():
        # Of two that write the same letter at once, one waits here for the other's commit.
        message, is_new = Message.objects.get_or_create(dedup_key=dedup_key, defaults=written)
        if is_new and message.not_before <= timezone.now():
            jobs.written()
    return message


def send_made(
    template: str, to: str, dedup_key: str, *, subject: str, text: str, html: str, language: str
) -> Message:
    """Write a letter that was rendered elsewhere from the same templates, as a trial of what goes to
    many. ``ValueError`` for an address that is none."""
    written = {
        "template": template,
        "language": language,
        "to": _address(to),
        "subject": subject,
        "text": text,
        "html": html,
    }
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(dedup_key=dedup_key, defaults=written)
        if is_new:
            jobs.written()
    return message


def cancel(dedup_key: str) -> bool:
    """Take back a letter that has not gone out yet; whether there was one."""
    waiting = Message.objects.filter(dedup_key=dedup_key, state=Message.State.WAITING)
    return bool(waiting.update(state=Message.State.CANCELLED, leased_until=None))


def _address(text: str) -> str:
    """``text`` if it is one e-mail address and nothing else, else ``ValueError``."""
    try:
        validate_address(text)
    except ValidationError as error:
        raise ValueError("This is not an e-mail address.") from error
    return text
