"""What signing in leaves behind: verified addresses, second steps, and where somebody is signed in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub.accounts import retention
from hub.partners.holdings import Holding, Passing, passing, plain, register


def _end_sessions(rows: QuerySet[UserSession]) -> None:
    for row in rows:
        row.end()


def _told_of_step(step: Authenticator) -> dict[str, Any]:
    """What kind and when; never what proves it."""
    return {
        str(_("kind")): step.get_type_display(),
        str(_("added")): step.created_at,
        str(_("used last")): step.last_used_at,
    }


def _told_of_session(session: UserSession) -> dict[str, Any]:
    return {
        str(_("network address")): session.ip,
        str(_("program")): session.user_agent,
        str(_("signed in")): session.created_at,
        str(_("seen last")): session.last_seen_at,
    }


def declare() -> None:
    """Register all of them."""
    register(
        Holding(
            label=_("Where you are signed in"),
            model=UserSession,
            rows=lambda email: UserSession.objects.filter(user__email__iexact=email),
            export=_told_of_session,
            erase=_end_sessions,
        )
    )
    register(
        Holding(
            label=_("Second step"),
            model=Authenticator,
            rows=lambda email: Authenticator.objects.filter(user__email__iexact=email),
            export=_told_of_step,
            erase=lambda steps: steps.delete(),
        )
    )
    register(
        Holding(
            label=_("Verified address"),
            model=EmailAddress,
            rows=lambda email: EmailAddress.objects.filter(user__email__iexact=email),
            export=plain("email", "verified", "primary"),
            erase=lambda addresses: addresses.delete(),
        )
    )
    passing.register(Passing(_("Session that has run out"), retention.forget_sessions))
    passing.register(Passing(_("Sign-up that nobody confirmed"), retention.forget_unverified))
