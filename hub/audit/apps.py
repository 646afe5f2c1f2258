import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import AppConfig
from django.contrib.auth import signals
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "hub.audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from hub import desk
        from hub.audit.admin import tasks

        desk.inbox.register(tasks)
        signals.user_logged_in.connect(note_sign_in, dispatch_uid="hub.audit")
        signals.user_logged_out.connect(note_sign_out, dispatch_uid="hub.audit")
        signals.user_login_failed.connect(note_failed_sign_in, dispatch_uid="hub.audit")
        if command_of(sys.argv):
            connection_created.connect(name_the_command, dispatch_uid="hub.audit")


def command_of(arguments: list[str]) -> str:
    """The command that this process is, but for the web server: there each request is an act."""
    program = Path(arguments[0]).stem
    if program == "manage":
        return arguments[1] if len(arguments) > 1 else ""
    return "" if program == "gunicorn" else program


PROCESS = str(uuid4())


def name_the_command(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Tell the triggers once for each connection who acts, at no cost for what follows."""
    connection.connection.execute(
        "SELECT set_config('pghistory.context_id', %s, false),"
        " set_config('pghistory.context_metadata', jsonb_build_object('command', %s)::text, false)",
        [PROCESS, command_of(sys.argv)],
    )


def note_sign_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    from hub.audit import access

    access.note_by(request, user, access.SIGNED_IN)


def note_sign_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    from hub.audit import access

    if user is not None:
        access.note_by(request, user, access.SIGNED_OUT)


def note_failed_sign_in(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Whoever was meant: what was typed may be a password in the wrong place, so only the account
    that it is the address of is noted."""
    from django.contrib.auth import get_user_model

    from hub.audit import access

    credentials = kwargs.get("credentials", {})
    User = get_user_model()
    typed = credentials.get(User.USERNAME_FIELD) or credentials.get("username") or ""
    lookup = {f"{User.USERNAME_FIELD}__iexact": str(typed)[:254]}
    meant = User.objects.filter(**lookup).first() if "\0" not in str(typed) else None
    access.note_by(request, meant, access.SIGN_IN_FAILED)
