"""Invitations to a round at the desk: the list of them, and many at once from a table that is looked at
before anything is sent."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from hub import uploading
from hub.audit import access as audit
from hub.guarded import posted
from taskforce import invitation_letters, invitation_lists, invitations, participating
from taskforce.invitation_lists import Line, State
from taskforce.models import Round, RoundInvitation

MAX_BYTES = 1024 * 1024
A_PAGE = 100


class ListForm(forms.Form):
    """Whom to invite, as a file or as text."""

    required_css_class = "required"

    upload = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("A table (CSV, XLSX) of at most 1 MB and 1,000 rows."),
    )
    pasted = forms.CharField(
        label=_("Or paste the table here"),
        required=False,
        strip=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80, "spellcheck": "false"}),
        help_text=_(
            "The first row names the columns: government, email, and if you like name and language "
            "(a code, such as es)."
        ),
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if isinstance(upload, uploading.Unkept):
            raise uploading.no_room()
        if upload and upload.size > MAX_BYTES:
            raise ValidationError(_("The file has more than 1 MB. Bring it in in parts."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload, pasted = cleaned.get("upload"), cleaned.get("pasted", "")
        if {"upload", "pasted"} & {*self.errors}:
            return cleaned
        if upload and pasted.strip():
            self.add_error("pasted", _("Choose a file or paste a table, not both."))
            return cleaned
        if not upload and not pasted.strip():
            self.add_error("upload", _("Choose a file, or paste a table below."))
            return cleaned
        content = upload.read() if upload else pasted.encode("utf-8", "replace")
        try:
            cleaned["rows"] = invitation_lists.read(content)
        except ValidationError as error:
            self.add_error("upload" if upload else "pasted", error)
        return cleaned


class WithInvitations(admin.ModelAdmin):
    """Mix it into the admin of rounds."""

    def get_urls(self) -> list:
        return [
            self.own("invitations/", require_safe(self.invitations_view), "invitations"),
            self.own("invite/", self.invite_view, "invite"),
            self.own(
                "invitations/<int:invitation>/forget/",
                require_POST(self.forget_view),
                "invitation_forget",
            ),
            *super().get_urls(),
        ]

    def invitations_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        round = self.row_for(request, object_id)
        rows = round.invitations.select_related("government")
        rows = invitations.with_answer(rows).order_by("government_name", "pk")
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        audit.note(
            request,
            audit.LISTED,
            round,
            {"kind": "taskforce.roundinvitation", "shown": [one.pk for one in page.object_list]},
        )
        return self.shown(
            request,
            round,
            "invitations",
            _("Invitations"),
            page=page,
            invited=[(one, _standing(one)) for one in page.object_list],
        )

    def invite_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The table, then a look at each row and the letter, then the letters."""
        round = self.row_for(request, object_id)
        form = ListForm(posted(request), request.FILES or None)
        lines: list[Line] = []
        has_changed = False
        if request.method == "POST" and "back" not in request.POST and form.is_valid():
            lines = invitation_lists.look(round, form.cleaned_data["rows"])
            new = [one for one in lines if one.state == State.NEW]
            is_same = str(len(new)) == request.POST.get("count")
            has_changed = "send" in request.POST and not is_same
            if new and "send" in request.POST and is_same:
                try:
                    return self._invite(request, round, new)
                except ValidationError as error:
                    form.add_error(None, ValidationError(error.messages))
        counts = [
            (state.label, len([one for one in lines if one.state == state])) for state in State
        ]
        return self.shown(
            request,
            round,
            "invite",
            _("Invite governments"),
            form=form,
            lines=lines,
            counts=counts,
            new=len([one for one in lines if one.state == State.NEW]),
            text=invitation_lists.as_text(lines),
            has_changed=has_changed,
            why=participating.refusal(round),
            letter=invitation_letters.preview(round, request.user.email, is_reminder=False),
        )

    @transaction.atomic
    def _invite(self, request: HttpRequest, round: Round, lines: list[Line]) -> HttpResponse:
        keys = invitations.invite(round, [one.guest for one in lines if one.guest])
        audit.note(request, "invited", round, {"rows": len(keys)})
        self.log_change(request, round, gettext("Invited %(count)s people.") % {"count": len(keys)})
        told = ngettext(
            "The invitation goes to %d person.", "The invitation goes to %d people.", len(keys)
        )
        self.message_user(request, told % len(keys), messages.SUCCESS)
        return self.back_to("invitations", round)

    def forget_view(self, request: HttpRequest, object_id: str, invitation: int) -> HttpResponse:
        """Take out somebody to whom nothing was written."""
        round = self.row_for(request, object_id)
        if not round.invitations.filter(pk=invitation).exists():
            raise Http404
        if invitations.forget(invitation):
            self.message_user(request, gettext("Taken out of the list."), messages.SUCCESS)
        else:
            text = gettext("The letter is written already: they stay on the list.")
            self.message_user(request, text, messages.WARNING)
        return self.back_to("invitations", round)


def _standing(one: RoundInvitation) -> str:
    if one.has_answered:
        return gettext("Has registered")
    if one.declined_at:
        return gettext("Said no")
    if one.reminders:
        words = ngettext("Reminded once", "Reminded %d times", one.reminders)
        return words % one.reminders if one.reminders > 1 else words
    return gettext("Invited") if one.invited_at else gettext("The letter is being written")
