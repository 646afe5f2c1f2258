"""What governments and interviewers are written about an interview: one letter for each thing that
happens to it, with the entry for their calendars, in the transaction in which it happens.

A government reads its own time, the interviewer that in which the time was offered.
"""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.timezone import now
from django.utils.translation import gettext as here
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events import wording
from hub.links import absolute
from hub.notices import services as notices
from hub.notices.calendar import Invitation, Method
from hub.notices.texts import Prose
from taskforce import letters
from taskforce.models import Interview, InterviewSlot

when_words = lazy(wording.when_words, str)
Status = Interview.Status
OTHER = _("If you cannot come at this time, choose another one on the page of your government.")


@dataclass(frozen=True)
class _News:
    """A letter before it is known to whom: ``key`` says which it is, ``says`` and ``tells`` what it
    tells the government and the interviewer."""

    key: str
    heading: Any
    says: tuple[Any, ...]
    tells: tuple[Any, ...]
    facts: tuple[tuple[Any, InterviewSlot], ...] = ()
    words: str = ""
    method: Method | None = Method.REQUEST


def booked(interview: Interview) -> None:
    """A time was chosen."""
    if interview.status == Status.REQUESTED:
        _write(interview, _asked(interview, _("A time for the interview is kept for you")))
        return
    _write(
        interview,
        _News(
            "booked",
            _("The interview is booked"),
            (_("The interview with the secretariat is booked."), OTHER),
            (_("A government has booked an interview with you."),),
        ),
    )


def moved(interview: Interview, before: InterviewSlot) -> None:
    """Another time was chosen instead of ``before``."""
    facts = ((_("Instead of"), before),)
    if interview.status == Status.REQUESTED:
        heading = _("Another time for the interview is kept for you")
        _write(interview, _asked(interview, heading, facts))
        return
    _write(
        interview,
        _News(
            "moved",
            _("The interview is at another time"),
            (_("The interview with the secretariat is at another time now."), OTHER),
            (_("A government has chosen another time for the interview."),),
            facts,
        ),
    )


def shifted(interview: Interview) -> None:
    """Its zone has other rules: the time that was agreed on stays where it was offered."""
    says = _(
        "A country has changed its clocks. The interview keeps the time at which it was offered; where you "
        "are it may be another one now."
    )
    _write(
        interview,
        _News(
            "shifted",
            _("The clocks have changed: please check the time of the interview"),
            (says, OTHER),
            (says,),
            method=Method.REQUEST if interview.told_sequence >= 0 else None,
        ),
    )


def agreed(interview: Interview) -> None:
    """The interviewer has agreed to the time."""
    _write(
        interview,
        _News(
            "agreed",
            _("The interview is booked"),
            (_("The interviewer has agreed to the time that you asked for."), OTHER),
            (_("You have agreed to the time of this interview."),),
        ),
    )


def cancelled(interview: Interview, *, by_secretariat: bool = False) -> None:
    says = (
        _("The secretariat has to cancel the interview.")
        if by_secretariat
        else _("The interview is cancelled.")
    )
    again = _("You can choose another time on the page of your government.")
    is_active = interview.participation.is_active
    _write(
        interview,
        _News(
            "cancelled",
            _("The interview is cancelled"),
            (says, again) if is_active else (says,),
            (_("The interview is cancelled. The time is free again."),),
            words=interview.reason,
            method=Method.CANCEL,
        ),
    )


def reminder(interview: Interview) -> None:
    """The day before."""
    _write(
        interview,
        _News(
            f"reminder:{interview.slot_id}",
            _("The interview is soon"),
            (OTHER,),
            (_("The interview is soon."),),
            method=None,
        ),
    )


def _asked(interview: Interview, heading: Any, facts: Any = ()) -> _News:
    # What stands in calendars already moves with it; a new entry waits for the interviewer's word.
    return _News(
        "asked",
        heading,
        (
            _(
                "The time is kept for you. The interviewer still has to agree, and we write to you then."
            ),
            OTHER,
        ),
        (_("A government asks for this time. Please agree or offer another at the partner desk."),),
        facts,
        method=Method.REQUEST if interview.told_sequence >= 0 else None,
    )


def _write(interview: Interview, news: _News) -> None:
    participation = interview.participation
    key = f"interview:{interview.pk}:{interview.sequence}:{news.key}"
    speaking = list(participation.contacts.speaking())
    is_told = news.method is not None and (
        news.method == Method.REQUEST or interview.told_sequence >= 0
    )
    for contact in speaking:
        contact.participation = participation
        letters.send(
            contact,
            f"{key}:{contact.pk}",
            news.heading,
            news.says,
            facts=_facts(interview, news, participation.timezone),
            words=news.words,
            calendar=entry(interview, news.method, contact.email) if is_told else None,
        )
    _write_interviewer(interview, news, key, is_told=is_told)
    if is_told:
        interview.told_sequence = interview.sequence
        interview.save(update_fields=["told_sequence"])


def _write_interviewer(interview: Interview, news: _News, key: str, *, is_told: bool) -> None:
    interviewer, round = interview.slot.interviewer, interview.participation.round
    if not interviewer.is_active:
        return
    facts = [
        (_("Government"), interview.participation.government_name),
        *_facts(interview, news, interview.slot.timezone),
    ]
    notices.send(
        "taskforce/letter",
        interviewer.email,
        f"{key}:interviewer:{interviewer.pk}",
        context={
            "says": list(news.tells),
            "facts": [list(fact) for fact in facts],
            "words": Prose(news.words),
            "link": "",
            "label": "",
            "round_link": absolute(round.get_absolute_url()),
        },
        subject_context={"heading": news.heading, "title": round.title},
        language=interviewer.language,
        is_private=True,
        calendar=entry(interview, news.method, interviewer.email) if is_told else None,
    )


def _facts(interview: Interview, news: _News, zone: str) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [(_("Time"), when_words(interview.slot, zone))]
    facts += [(label, when_words(slot, zone)) for label, slot in news.facts]
    return facts


def entry(interview: Interview, method: Method = Method.PUBLISH, attendee: str = "") -> Invitation:
    """The interview as an entry of a calendar. Never the way in: a calendar is read by more than one
    program."""
    slot, round = interview.slot, interview.participation.round
    with override(interview.language):
        title = here("Interview: %(round)s") % {"round": round.title}
    return Invitation(
        uid=interview.uid,
        sequence=interview.sequence,
        summary=title,
        starts=slot.starts_at.astimezone(slot.zone),
        ends=slot.ends_at.astimezone(slot.zone),
        method=method,
        organiser=parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if attendee else "",
        attendee=attendee,
        url=absolute(round.get_absolute_url()),
        is_cancelled=interview.status == Status.CANCELLED,
        stamped_at=now(),
    )
