"""Who speaks, as a person of whom something is kept: what they take along of it, and how their name goes
from programmes with them, from what readers see and from what was said of changes too."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events import records, release
from events.models import Appearance, Event, Session
from hub.audit import erasure
from hub.audit.recording import recording_of
from hub.partners.holdings import Holding, plain, register
from hub.partners.models import Person
from hub.partners.personal import copies


def _rows(email: str) -> QuerySet[Appearance]:
    return Appearance.objects.filter(person__email__iexact=email).select_related("session")


@transaction.atomic
def forget(person: Person) -> None:
    """Leave somebody out of all programmes: out of those that are worked on, those that readers see,
    the lists of changes, and what is recorded of all three. Nothing of who spoke serves without a name."""
    was = recording_of(Appearance).events._default_manager.filter(person=person.pk)
    names = {person.name, *was.values_list("name", flat=True)} - {""}
    known = set(was.values_list("session", flat=True))
    slugged = Session.objects.filter(released__people__contains=[{"person_slug": person.slug}])
    sessions = Session.objects.filter(pk__in=known) | slugged
    keys = set(was.values_list("id", flat=True))

    def is_theirs(session: int | None, one: dict[str, Any]) -> bool:
        # Of another session, somebody of the same name may be meant.
        is_named = one["name"] in names and (session is None or session in known)
        return is_named or one["person_slug"] == person.slug

    for pk in sorted(set(sessions.values_list("event", flat=True))):
        release.leave_out(Event(pk=pk), is_theirs)
    Appearance.objects.filter(person=person).delete()
    for key in keys:
        erasure.erase_values(Appearance, key)
    erasure.erase_log(Appearance, keys)
    for event in Event.objects.filter(sessions__in=sessions).distinct():
        records.put(event)


def _erase(rows: QuerySet[Appearance]) -> None:
    for person in Person.objects.filter(pk__in=rows.values("person")):
        forget(person)


def declare() -> None:
    """Register it."""
    copies.register(forget)
    register(
        Holding(
            label=_("Speaking at an event"),
            model=Appearance,
            rows=_rows,
            export=plain(
                *("session", "name", "role", "credited_as", "organisation_name"),
                *("is_remote", "consent"),
            ),
            erase=_erase,
        )
    )
