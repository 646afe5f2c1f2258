"""What people are written about their government's part in a round: one letter for each thing that
happens, in the transaction in which it happens.

Until somebody has shown that a mailbox is theirs, a letter to it holds nothing that a visitor typed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import wording
from hub.links import absolute
from hub.notices import services as notices
from hub.notices.models import Message
from hub.notices.texts import Prose
from hub.partners.services import keepers
from taskforce import own
from taskforce.models import Participation, ParticipationContact

Said = Sequence["Promise | str"]
day_words = lazy(wording.day_words, str)

KEEP = _(
    "Keep this letter to yourself: whoever has the link can change what your government takes part in."
)
NOT_YOU = _("If it was not you, leave this letter be: nothing happens without your confirmation.")
SEE = _("See the page of your government")


def submitted(contact: ParticipationContact) -> None:
    """To the address with which somebody has just registered a government."""
    says = [
        _("Somebody registered a government for the round below with this address."),
        _(
            "Please confirm that it was you. On the same page you can choose a time for the interview, "
            "if you asked for one."
        ),
        NOT_YOU,
    ]
    _write(
        contact, f"submitted:{_moment()}", _("Please confirm"), says, label=_("Confirm or change")
    )


def kept(contact: ParticipationContact) -> None:
    """To the address under which somebody has saved a registration to go on later."""
    says = [
        _("Somebody began to register a government for the round below, and saved it for later."),
        _("By the link you can go on. Nothing is registered until you have sent it."),
        _("If it was not you, leave this letter be."),
    ]
    _write(
        contact,
        f"kept:{_moment()}",
        _("Your registration is saved"),
        says,
        label=_("Go on with it"),
    )


def again(contact: ParticipationContact) -> None:
    """To who registers with an address that takes part already: their link once more, once a day."""
    says = [
        _("Somebody, probably you, registered with this address once more for the round below."),
        _("Nothing has changed. You can change everything by this link."),
    ]
    _write(contact, f"again:{now():%Y-%m-%d}", _("You take part already"), says)


def registered(contact: ParticipationContact) -> None:
    """To who has confirmed the first registration of a government."""
    participation = contact.participation
    if participation.is_accepted:
        says = [_("Your government takes part.")]
    else:
        says = [
            _("Your government is registered."),
            _("The secretariat looks at it and writes to you. You can choose a time meanwhile."),
        ]
    _write(contact, "registered", _("Your government is registered"), [*says, KEEP], is_known=True)


def joined(contact: ParticipationContact) -> None:
    """To an invited colleague who has confirmed the address."""
    says = [_("You speak for your government in the round below."), KEEP]
    _write(contact, "joined", _("You speak for your government"), says, is_known=True)


def asks(contact: ParticipationContact) -> None:
    """To who asks to speak for a government that takes part already, and to those who do so."""
    says = [
        _("Your government takes part in this round already."),
        _("We asked those who registered it whether you speak for it too, and write to you."),
    ]
    _write(contact, "asks", _("We asked your colleagues"), says, is_known=True)
    for speaker in contact.participation.contacts.speaking():
        speaker.participation = contact.participation
        _write(
            speaker,
            f"asked:{contact.pk}",
            _("Does somebody else speak for your government too?"),
            [_("Somebody asks to speak for your government as well. Agree only if you know them.")],
            label=_("Agree or refuse"),
            facts=_about(contact),
            is_known=True,
            tells_of=contact.email,
        )


def _about(contact: ParticipationContact) -> list[tuple[Any, Any]]:
    """Who it is that asks."""
    told = [
        (_("Name"), contact.name),
        (_("Position"), contact.position),
        (_("E-mail address"), contact.email),
    ]
    return [(label, value) for label, value in told if value]


def agreed(contact: ParticipationContact) -> None:
    """To who asked, and may speak now."""
    says = [_("Your colleagues agreed: you speak for your government too."), KEEP]
    _write(contact, "agreed", _("You speak for your government"), says, is_known=True)


def refused(contact: ParticipationContact) -> None:
    """To who asked, and was refused."""
    says = [
        _("Those who registered your government did not agree that you speak for it as well."),
        _("If you think that this is a mistake, talk to your colleagues or to the secretariat."),
    ]
    _write(
        contact,
        "refused",
        _("Your colleagues did not agree"),
        says,
        label=_("Write to the secretariat"),
        link=absolute(reverse("contact:write_to_desk")),
        is_known=True,
    )


def appealed(contact: ParticipationContact) -> None:
    """To the secretariat: somebody waits for people whom they may not even know."""
    participation = contact.participation
    told = [*facts_of(participation), *_about(contact)]
    path = reverse("admin:taskforce_participation_change", args=[participation.pk])
    for keeper in keepers():
        notices.send(
            "taskforce/letter",
            keeper.email,
            f"participation:{contact.pk}:{participation.pk}:appealed:{keeper.pk}",
            context={
                "says": [
                    _("Somebody asks to speak for a government that others have registered."),
                    _(
                        "They ask you to look at it: perhaps those who registered it are no one of it, "
                        "or do not answer. You can agree, or decline the registration."
                    ),
                ],
                "facts": [list(fact) for fact in told],
                "words": Prose(""),
                "link": absolute(path),
                "label": _("See the registration at the desk"),
                "round_link": absolute(participation.round.get_absolute_url()),
            },
            subject_context={
                "heading": _("Who speaks for this government?"),
                "title": participation.round.title,
            },
            language=keeper.language,
            is_private=True,
            tells_of=contact.email,
            reply_to=contact.email,
        )


def invited(contact: ParticipationContact) -> None:
    """To a colleague whom somebody who speaks has invited."""
    says = [
        _("A colleague invites you to speak with them for your government in the round below."),
        NOT_YOU,
    ]
    heading = _("You are invited to speak for your government")
    _write(contact, "invited", heading, says, label=_("Confirm or decline"))


def accepted(participation: Participation) -> None:
    says = [_("The secretariat has accepted the registration. Your government takes part.")]
    _write_all(participation, "accepted", _("Your government takes part"), says)


def declined(participation: Participation) -> None:
    says = [_("The secretariat cannot accept the registration of your government.")]
    heading = _("The registration was declined")
    _write_all(participation, "declined", heading, says, words=participation.reason, label="")


def withdrawn(participation: Participation) -> None:
    says = [
        _("Your government takes part in this round no more. What was booked is cancelled."),
        _("While the round is open it can be registered once more."),
    ]
    _write_all(participation, "withdrawn", _("Your government has withdrawn"), says, label="")


def _write_all(
    participation: Participation, key: str, heading: Any, says: Said, **more: Any
) -> None:
    contacts = participation.contacts.filter(left_at=None, confirmed_at__isnull=False)
    for contact in contacts:
        contact.participation = participation
        _write(contact, key, heading, says, is_known=True, **more)


def _write(
    contact: ParticipationContact,
    key: str,
    heading: Any,
    says: Said,
    *,
    label: Any = SEE,
    link: str = "",
    words: str = "",
    facts: Iterable[tuple[Any, Any]] = (),
    is_known: bool = False,
    tells_of: str = "",
) -> Message:
    return send(
        contact,
        f"participation:{contact.pk}:{contact.participation_id}:{key}",
        heading,
        says,
        label=label,
        link=link,
        words=words,
        facts=[*facts_of(contact.participation, is_known=is_known), *facts],
        tells_of=tells_of,
    )


def facts_of(participation: Participation, *, is_known: bool = True) -> list[tuple[Any, Any]]:
    """Which round and which government; not a name that a visitor typed, before somebody has shown that
    the mailbox is theirs."""
    round = participation.round
    facts: list[tuple[Any, Any]] = [(_("Round"), round.title)]
    if is_known or participation.government:
        facts.append((_("Government"), participation.government_name))
    facts.append((_("Until"), day_words(round.ends_on)))
    return facts


def send(
    contact: ParticipationContact,
    key: str,
    heading: Any,
    says: Said,
    *,
    label: Any = SEE,
    link: str = "",
    words: str = "",
    facts: Iterable[tuple[Any, Any]] = (),
    tells_of: str = "",
    **how: Any,
) -> Message:
    """A letter to a contact, in the parts that all of these have: what happened, what it is about, and
    the link to their page, or to ``link``; without a ``label`` it shows none. ``words`` are what
    somebody wrote."""
    participation = contact.participation
    told = {
        "says": list(says),
        "facts": [list(fact) for fact in facts],
        "words": Prose(words),
        "link": (link or absolute(own.path_of(contact))) if label else "",
        "label": label,
        "round_link": absolute(participation.round.get_absolute_url()),
    }
    return notices.send(
        "taskforce/letter",
        contact.email,
        key,
        context=told,
        subject_context={"heading": heading, "title": participation.round.title},
        language=participation.language,
        is_private=True,
        tells_of=tells_of,
        **how,
    )


def _moment() -> str:
    return f"{now().timestamp():.6f}"
