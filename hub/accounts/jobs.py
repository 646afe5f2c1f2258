from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from hub import jobs
from hub.accounts.people import unfinished

UNVERIFIED_ARE_KEPT = timedelta(days=7)


@jobs.nightly
def forget_sessions() -> None:
    """Delete sessions that have run out, and where they came from."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()


@jobs.nightly
def forget_unverified() -> None:
    """Delete sign-ups that nobody confirmed."""
    unfinished().filter(joined_at__lt=timezone.now() - UNVERIFIED_ARE_KEPT).delete()
