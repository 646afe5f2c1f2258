"""Forms that anybody may send: what keeps robots from them asks nothing of people.

A robot fills every field and sends at once. So there is a field that people do not see, and the form
carries, signed, when it was shown. What looks like a robot's is not thrown away: whoever receives it
keeps it for a look (``suspicions``), lest somebody with an odd browser writes for nothing.
"""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from hub.texts import tidy

SOONEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)
MOST_LINKS = 3
NO_TIME, TOO_FAST = "no time", "too fast"
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also when nothing at all was filled in."""
    return request.POST if request.method == "POST" else None


def plain_name(text: str) -> str:
    """The name somebody gives as theirs, in one line. ``ValidationError`` for one with an address in it,
    which letters would carry to others."""
    name = " ".join(tidy(text).split())
    if LINK.search(name) or "@" in name:
        raise ValidationError(_("Give your name, without an address."), "address")
    return name


class StampField(forms.CharField):
    """When the form is shown: each time anew, whatever was sent before."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class GuardedForm(forms.Form):
    """A form with a trap and its time. ``suspicions`` says, once it is valid, what is odd of it. Its
    template shows the field that people do not see by ``partials/_trap.html``."""

    shown = StampField(required=False)
    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suspicions: list[str] = []
        self.initial["shown"] = self._signer.sign("shown")

    @property
    def trap(self) -> forms.BoundField:
        return self["homepage"]

    @property
    def is_trapped(self) -> bool:
        """Whether, once it is cleaned, something stands in the field that people do not see."""
        return bool(self.cleaned_data.get("homepage"))

    @property
    def is_hurried(self) -> bool:
        """Whether, once it is cleaned, nobody can have read it before it was sent."""
        return not {NO_TIME, TOO_FAST}.isdisjoint(self.suspicions)

    def visible_fields(self) -> list[forms.BoundField]:
        return [field for field in super().visible_fields() if field.name != "homepage"]

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"hub.guarded.{type(self).__name__}")

    def clean_shown(self) -> str:
        """Refuse what was shown so long ago that anybody could have kept it; note what comes sooner
        than one can read, or has no time at all."""
        sent = self.cleaned_data["shown"]
        try:
            self._signer.unsign(sent, max_age=LATEST)
        except SignatureExpired:
            raise ValidationError(
                _("This page was open for more than a day. Please send it once more."), "late"
            ) from None
        except BadSignature:
            self.suspicions.append(NO_TIME)
            return sent
        try:
            self._signer.unsign(sent, max_age=SOONEST)
        except SignatureExpired:
            return sent
        self.suspicions.append(TOO_FAST)
        return sent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_trapped:
            self.suspicions.append("filled what nobody sees")
        texts = " ".join(value for value in cleaned.values() if isinstance(value, str))
        if len(LINK.findall(texts)) > MOST_LINKS:
            self.suspicions.append("many links")
        return cleaned


class OnceMoreForm(GuardedForm):
    """A form whose act nobody looks at before it is done: what looks like a robot's is asked for once
    more, and people lose a moment."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_trapped:
            raise ValidationError(_("Leave the field for robots empty, and send this once more."))
        if self.is_hurried:
            raise ValidationError(
                _("That was quicker than we expect of people. Please send it once more.")
            )
        return cleaned
