"""What signing in leaves behind and is let go of in time."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from hub.accounts.people import unfinished
from hub.audit import erasure

UNVERIFIED_ARE_KEPT = timedelta(days=7)


def forget_sessions() -> int:
    """Delete sessions that have run out, and where they came from; answers how many."""
    count, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()
    return count


def forget_unverified() -> int:
    """Delete sign-ups that nobody confirmed, in the audit too; answers how many."""
    long_ago = timezone.now() - UNVERIFIED_ARE_KEPT
    return erasure.delete(unfinished().filter(joined_at__lt=long_ago))
