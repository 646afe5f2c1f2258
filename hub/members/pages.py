"""What a person's own page and that of their organisation show."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.accounts.people import addresses_of
from hub.links import absolute
from hub.members import policy as own_policy
from hub.members.forms import InviteForm, RoleForm
from hub.members.models import CalendarFeed, Invitation, RoleRequest
from hub.meta import Crumb, Meta
from hub.partners import policy
from hub.partners.holdings import holdings
from hub.partners.models import Membership, Organisation, User
from hub.parts import Parts

BELOW_OWN_PAGE = (Crumb(gettext_lazy("My page"), "/account/"),)


@dataclass(frozen=True)
class Panel:
    """What an app shows of a person on their own page: (label, address) each."""

    label: str
    entries: list[tuple[str, str]]


class OwnPage(Parts):
    """The page that a person has for themselves."""

    PARTS = (
        *("meta", "person", "memberships", "is_guided", "requests", "invitations", "panels"),
        *("waiting_count", "calendar_feed", "oversees"),
    )

    def __init__(self, user: User) -> None:
        self.person = user

    @property
    def meta(self) -> Meta:
        return Meta(_("My page"), "/account/", is_indexed=False)

    @cached_property
    def memberships(self) -> list[Membership]:
        return list(self.person.memberships.select_related("organisation"))

    @property
    def is_guided(self) -> bool:
        """Whether this person has no part in anything yet and may want to know how to get one."""
        return not (self.memberships or self.requests or self.invitations or self.person.is_staff)

    @cached_property
    def requests(self) -> list[RoleRequest]:
        waiting = RoleRequest.objects.waiting().filter(user=self.person)
        return list(waiting.select_related("organisation"))

    @cached_property
    def invitations(self) -> list[Invitation]:
        """Those to addresses of which this person has shown that they are theirs."""
        rows = own_policy.invitations_to(self.person)
        return list(rows.select_related("organisation", "invited_by"))

    @cached_property
    def panels(self) -> list[Panel]:
        """What apps keep about this person that has a page; roles have a place of their own."""
        shown = (holding for holding in holdings if holding.model is not Membership)
        found = (
            Panel(str(holding.label), list(holding.panel(holding.rows(email))))
            for holding in shown
            for email in sorted(addresses_of(self.person))
        )
        return [panel for panel in found if panel.entries]

    @property
    def waiting_count(self) -> int:
        """How many requests of others wait for this person."""
        return own_policy.decidable(self.person).count()

    @property
    def oversees(self) -> bool:
        return policy.oversees(self.person)

    @property
    def calendar_feed(self) -> CalendarFeed | None:
        return CalendarFeed.objects.filter(user=self.person).first()


class OrganisationsPage(Parts):
    """The organisations whose people somebody may see, partners first."""

    PARTS = ("meta", "organisations", "orphans")

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def meta(self) -> Meta:
        path = "/account/organisations/"
        return Meta(_("Organisations"), path, crumbs=BELOW_OWN_PAGE, is_indexed=False)

    @property
    def organisations(self) -> QuerySet[Organisation]:
        rows = Organisation.objects.filter(pk__in=own_policy.organisations_of(self.user))
        rows = rows.annotate(people_count=Count("memberships"))
        return rows.order_by("-is_partner", "name")

    @cached_property
    def orphans(self) -> set[int]:
        """The keys of partners that have no editor."""
        rows = own_policy.without_editor(own_policy.organisations_of(self.user))
        return set(rows.values_list("pk", flat=True))


@dataclass(frozen=True)
class Colleague:
    """Somebody with a role, as far as the reader may know them: ``address`` may be empty."""

    membership: Membership
    name: str
    address: str
    can_be_changed: bool


class OrganisationPage(Parts):
    """Who has a role in an organisation: for those who have one, and changed by who leads it."""

    PARTS = ("meta", "organisation", "colleagues", "invitations", "leads", "form")

    def __init__(self, user: User, organisation: Organisation, form: InviteForm) -> None:
        self.user, self.organisation, self.form = user, organisation, form

    @property
    def meta(self) -> Meta:
        title = _("People of %(organisation)s") % {"organisation": self.organisation.name}
        path = f"/account/organisations/{self.organisation.slug}/"
        return Meta(title, path, crumbs=BELOW_OWN_PAGE, is_indexed=False)

    @property
    def leads(self) -> bool:
        return policy.leads(self.user, self.organisation.pk)

    @cached_property
    def colleagues(self) -> list[Colleague]:
        rows = self.organisation.memberships.select_related("user")
        return [self._colleague(one) for one in rows.order_by("user__name", "user__email")]

    def _colleague(self, membership: Membership) -> Colleague:
        return Colleague(
            membership,
            membership.user.known_as,
            own_policy.address_for(self.user, membership),
            own_policy.may_end(self.user, membership),
        )

    @property
    def invitations(self) -> QuerySet[Invitation]:
        rows = own_policy.withdrawable(self.user).filter(organisation=self.organisation)
        return own_policy.backed(rows).select_related("invited_by")


class RolePage(Parts):
    """One person's role, for who may change it or give it up."""

    PARTS = ("meta", "membership", "leads", "is_own", "form")

    def __init__(self, user: User, membership: Membership, form: RoleForm) -> None:
        self.user, self.membership, self.form = user, membership, form

    @property
    def meta(self) -> Meta:
        name = self.membership.organisation.name
        people = _("People of %(organisation)s") % {"organisation": name}
        crumbs = (*BELOW_OWN_PAGE, Crumb(people, self.above))
        path = f"{self.above}roles/{self.membership.pk}/"
        return Meta(str(self.membership.user), path, crumbs=crumbs, is_indexed=False)

    @property
    def above(self) -> str:
        slug = self.membership.organisation.slug
        return reverse("members:organisation", kwargs={"slug": slug})

    @property
    def leads(self) -> bool:
        return policy.leads(self.user, self.membership.organisation_id)

    @property
    def is_own(self) -> bool:
        return self.membership.user_id == self.user.pk


class RequestsPage(Parts):
    """Those who ask for a role, for who decides."""

    PARTS = ("meta", "requests")

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def meta(self) -> Meta:
        title = _("Requests for a role")
        return Meta(title, "/account/requests/", crumbs=BELOW_OWN_PAGE, is_indexed=False)

    @cached_property
    def requests(self) -> list[RoleRequest]:
        return list(own_policy.decidable(self.user))


class InvitationPage(Parts):
    """What a letter invites to, for who opens its link: the person meant, or somebody else."""

    PARTS = ("meta", "invitation", "is_theirs", "path", "person", "refusal")

    def __init__(self, user: User | AnonymousUser, invitation: Invitation, path: str) -> None:
        self.person, self.invitation, self.path = user, invitation, path
        self.refusal = ""  # why it could not be accepted just now

    @property
    def meta(self) -> Meta:
        return Meta(_("Invitation"), self.path, is_indexed=False)

    @cached_property
    def is_theirs(self) -> bool:
        return own_policy.is_invited(self.person, self.invitation)


class FormPage(Parts):
    """A page below one's own that is a form."""

    PARTS = ("meta", "form")

    def __init__(self, title: str, path: str, form: BaseForm) -> None:
        self.meta = Meta(title, path, crumbs=BELOW_OWN_PAGE, is_indexed=False)
        self.form = form


class CalendarPage(Parts):
    """The secret address of a calendar, shown once."""

    PARTS = ("meta", "address")

    def __init__(self, secret: str) -> None:
        self.address = absolute(reverse("members:calendar", kwargs={"secret": secret}))

    @property
    def meta(self) -> Meta:
        title = _("My calendar")
        return Meta(title, "/account/calendar/", crumbs=BELOW_OWN_PAGE, is_indexed=False)
