"""What partners keep about people: accounts, memberships, and persons in the directory."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.audit.recording import recording_of
from hub.partners.holdings import Holding, plain, register
from hub.partners.models import Membership, Person, User
from hub.registry import Registry

UNLISTED_ARE_KEPT = timedelta(days=365)
# Each takes a person who is about to be erased out of what another app has copied of them.
copies: Registry[Callable[[Person], None]] = Registry("a copy of what people are called")


def _erase_users(users: QuerySet[User]) -> None:
    """Leave a row that nobody can sign in with, so that what it wrote keeps an author."""
    for user in users.select_for_update():
        user.email = f"erased-{user.pk}@erased.invalid"
        user.name = ""
        user.timezone = User._meta.get_field("timezone").default
        user.language = User._meta.get_field("language").default
        user.is_active = user.is_superuser = user.is_secretariat = False
        user.last_login = None
        user.link_version += 1
        user.set_unusable_password()
        user.save()


def _erase_people(people: QuerySet[Person]) -> None:
    """Take a person out of the directory, whole: nothing of them serves without a name. So do the
    copies that others have of it."""
    for person in people:
        for forget in copies:
            forget(person)
    people.delete()


def _retain_people(people: QuerySet[Person]) -> int:
    """Delete who is not listed and has no account, by which they could do it, a year after their
    entry was changed last."""
    events = recording_of(Person).events._default_manager.filter(id=OuterRef("pk"))
    recent = events.filter(pgh_created_at__gte=timezone.now() - UNLISTED_ARE_KEPT)
    accounts = User.objects.filter(email__iexact=OuterRef("email"), is_active=True)
    unlisted = people.filter(Exists(events), is_listed=False)
    return erasure.delete(unlisted.exclude(Exists(recent)).exclude(Exists(accounts)))


def _panel_of_people(people: QuerySet[Person]) -> list[tuple[str, str]]:
    """Those that everybody sees, and the way out of the list."""
    listed = [(str(person), person.get_absolute_url()) for person in people if person.is_listed]
    if listed:
        listed.append((_("Take me off the list of people"), reverse("members:unlist")))
    return listed


def _memberships(email: str) -> QuerySet[Membership]:
    return Membership.objects.filter(user__email__iexact=email).select_related("organisation")


def _panel_of_memberships(memberships: QuerySet[Membership]) -> list[tuple[str, str]]:
    return [
        (f"{one.organisation}: {one.get_role_display()}", one.organisation.get_absolute_url())
        for one in memberships
    ]


def declare() -> None:
    """Register all of them."""
    register(
        Holding(
            label=_("Person in the directory"),
            model=Person,
            rows=lambda email: Person.objects.filter(email__iexact=email),
            panel=_panel_of_people,
            export=plain(
                *("name", "email", "bio", "organisation", "languages", "expertise"),
                *("is_listed", "consented_at"),
            ),
            erase=_erase_people,
            retain=_retain_people,
        )
    )
    register(
        Holding(
            label=_("Role in an organisation"),
            model=Membership,
            rows=_memberships,
            panel=_panel_of_memberships,
            export=plain("organisation", "role"),
            erase=lambda memberships: memberships.delete(),
        )
    )
    register(
        Holding(
            label=_("Account"),
            model=User,
            rows=lambda email: User.objects.filter(email__iexact=email),
            export=plain("email", "name", "language", "timezone", "joined_at", "last_login"),
            erase=_erase_users,
        )
    )
