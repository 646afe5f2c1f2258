"""The board of a round at the desk, and the reminder to who has not answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub.audit import access as audit
from taskforce import invitation_letters, invitations, participating, pipeline
from taskforce.models import Round


class WithPipeline(admin.ModelAdmin):
    """Mix it into the admin of rounds."""

    def get_urls(self) -> list:
        return [
            self.own("pipeline/", require_safe(self.pipeline_view), "pipeline"),
            self.own("remind/", self.remind_view, "remind"),
            *super().get_urls(),
        ]

    def pipeline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        round = self.row_for(request, object_id)
        board = pipeline.board_of(round)
        audit.note(request, audit.LISTED, round, {"rows": len(board.silent)})
        why = participating.refusal(round)
        return self.shown(request, round, "pipeline", _("Pipeline"), board=board, why=why)

    def remind_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A look at the letter and at how many get it, then off it goes."""
        round = self.row_for(request, object_id)
        keys = list(invitations.to_remind(round).values_list("pk", flat=True))
        errors: list[str] = []
        has_changed = False
        if request.method == "POST" and keys:
            has_changed = request.POST.get("count") != str(len(keys))
            if not has_changed:
                try:
                    self._remind(request, round, keys)
                except ValidationError as error:
                    errors = error.messages
                else:
                    return self.back_to("pipeline", round)
        context: dict[str, Any] = {
            "count": len(keys),
            "errors": errors,
            "has_changed": has_changed,
            "why": participating.refusal(round),
            "letter": invitation_letters.preview(round, request.user.email, is_reminder=True),
        }
        title = _("Remind who has not answered")
        return self.shown(request, round, "remind", title, **context)

    @transaction.atomic
    def _remind(self, request: HttpRequest, round: Round, keys: list[int]) -> None:
        invitations.remind(round, keys)
        audit.note(request, "reminded", round, {"rows": len(keys)})
        text = gettext("Reminded %(count)s invited people.") % {"count": len(keys)}
        self.log_change(request, round, text)
        told = ngettext(
            "The reminder goes to %d person.", "The reminder goes to %d people.", len(keys)
        )
        self.message_user(request, told % len(keys), messages.SUCCESS)
