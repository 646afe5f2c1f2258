"""Whether those who spoke agree that recordings and what was made of them are published with their
names. Each is asked by a letter to the address of their profile, which nobody sees, and answers for all
that they did at the event; they may change their mind by the same link. Those without a profile are asked
by the organisers, who note the answer beside the name."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now

from events.models import Appearance, Event, Session
from hub import limits, links
from hub.limits import Limit
from hub.notices import services as notices
from hub.partners.models import User

MAX_AGE = timedelta(days=2 * 365)
ASKED_A_DAY = Limit("consents asked by", 200, timedelta(days=1))
Consent = Appearance.Consent


def appearances_of(event: Event, session: Session | None = None) -> QuerySet[Appearance]:
    """Who took part with a name, in what took place of the event or in one session of it."""
    rows = Appearance.objects.filter(session__event=event, session__status=Session.Status.LIVE)
    if session is not None:
        rows = rows.filter(session=session)
    rows = rows.filter(name__gt="").select_related("session", "person", "organisation")
    return rows.order_by("session__starts_at", "session__position", "position", "pk")


def missing(event: Event, session: Session | None = None) -> list[str]:
    """The names of those who have not agreed, or have refused."""
    rows = appearances_of(event, session).exclude(consent=Consent.YES)
    return list(dict.fromkeys(rows.values_list("name", flat=True)))


def to_ask(event: Event) -> list[Appearance]:
    """One row of each person who has an address and has not answered yet."""
    open_rows = appearances_of(event).filter(consent__in=[Consent.UNASKED, Consent.ASKED])
    found: dict[int, Appearance] = {}
    for row in open_rows.filter(person__isnull=False).exclude(person__email=""):
        found.setdefault(row.person_id, row)
    return list(found.values())


def ask(by: User, event: Event) -> int:
    """Write to all who can be asked, to each once a day at most; answers how many that are.
    ``limits.Exceeded`` where this person has asked very many today. Outside a transaction."""
    asked = to_ask(event)
    for _one in asked:
        limits.require(ASKED_A_DAY, str(by.pk))
    with transaction.atomic():
        for row in asked:
            notices.send(
                "events/consent",
                row.person.email,
                f"consent:{event.pk}:{row.person_id}:{now():%Y-%m-%d}",
                context={
                    "name": row.name,
                    "event": event.title,
                    "link": links.absolute(path_of(row)),
                },
                tells_of=row.person.email,
                is_private=True,
            )
            _rows_of(row).filter(consent=Consent.UNASKED).update(consent=Consent.ASKED)
    return len(asked)


def path_of(appearance: Appearance) -> str:
    token = links.sign(_purpose(appearance), appearance)
    return reverse("own:consent", kwargs={"token": token})


def asked_by(token: str) -> list[Appearance]:
    """All that the person of this link did at its event; nothing for any other token, nor where the
    row is somebody else's by now."""
    key = token.partition(":")[0]
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return []
    rows = Appearance.objects.filter(person__isnull=False)
    row = rows.filter(pk=key).first()
    if row is None or links.resolve(_purpose(row), token, rows, max_age=MAX_AGE) is None:
        return []
    return list(_rows_of(row).select_related("session__event"))


@transaction.atomic
def answer(appearances: list[Appearance], *, agrees: bool) -> None:
    """Note what the person said, for all of these."""
    keys = [one.pk for one in appearances]
    rows = Appearance.objects.select_for_update(of=["self"]).filter(pk__in=keys)
    rows.update(consent=Consent.YES if agrees else Consent.NO)


def _rows_of(appearance: Appearance) -> QuerySet[Appearance]:
    event = appearance.session.event_id
    return appearances_of(Event(pk=event)).filter(person=appearance.person_id)


def _purpose(appearance: Appearance) -> str:
    return f"consent of {appearance.person_id}"
