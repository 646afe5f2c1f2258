from collections.abc import Iterable
from itertools import count

from django.utils import timezone

from hub.partners.models import Membership, Organisation, Person, User
from hub.vocabulary.models import Term

_numbers = count(1)


def make_user(email: str = "", **fields) -> User:
    return User.objects.create_user(
        email or f"person{next(_numbers)}@example.org", "a long password", **fields
    )


def make_organisation(name: str = "", **fields) -> Organisation:
    """An implementing partner, unless told otherwise."""
    number = next(_numbers)
    defaults = {
        "slug": f"organisation-{number}",
        "kind": Organisation.Kind.PARTNER,
        "stakeholder_group": Organisation.StakeholderGroup.RESEARCH,
        "is_partner": True,
    }
    return Organisation.objects.create(
        name=name or f"Organisation {number}", **{**defaults, **fields}
    )


def make_editor(organisation: Organisation, role: str = Membership.Role.EDITOR, **fields) -> User:
    user = make_user(**fields)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_person(name: str = "", *, expertise: Iterable[Term] = (), **fields) -> Person:
    """One who agreed to be listed, unless told otherwise."""
    number = next(_numbers)
    defaults = {"slug": f"person-{number}", "is_listed": True, "consented_at": timezone.now()}
    person = Person.objects.create(name=name or f"Person {number}", **{**defaults, **fields})
    person.expertise.set(expertise)
    return person
