from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from hub import jobs
from hub.partners.models import User

UNVERIFIED_ARE_KEPT = timedelta(days=7)


@jobs.nightly
def forget_sessions() -> None:
    """Delete sessions that have run out, and where they came from."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()


@jobs.nightly
def forget_unverified() -> None:
    """Delete sign-ups that nobody confirmed. Accounts made at the desk stay: they have no address
    that waits, and whoever ever signed in has a verified one."""
    waiting = EmailAddress.objects.filter(verified=False).values("user")
    verified = EmailAddress.objects.filter(verified=True).values("user")
    User.objects.filter(
        pk__in=waiting,
        last_login=None,
        memberships=None,
        is_superuser=False,
        is_secretariat=False,
        joined_at__lt=timezone.now() - UNVERIFIED_ARE_KEPT,
    ).exclude(pk__in=verified).delete()
