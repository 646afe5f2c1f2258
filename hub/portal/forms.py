"""Forms of the desk for what the secretariat sets on the hub's own pages."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hub.catalogue.models import Record
from hub.links import absolute
from hub.portal.models import ReadFirst


class WorkField(forms.CharField):
    """A public work, chosen by the address of its page, whole or from its first slash on. Cleans
    to its ``Record``. One that is ``chosen`` already may stay, whatever became of it since."""

    chosen: Record | None = None

    default_error_messages = {
        "not_ours": _("This is an address of %(host)s. Paste that of a page of this hub."),
        "unknown": _(
            "No work stands at this address. A draft can be named once it is published; paste the "
            "address that its page has then."
        ),
        "withdrawn": _("The work at this address was withdrawn."),
        "coming": _("The work at this address becomes public on %(day)s. Name it from then on."),
    }

    def __init__(self, **kwargs: Any) -> None:
        # As long as a browser's address line gets: a page opened from a list carries all its filters.
        super().__init__(max_length=8000, **kwargs)

    def clean(self, value: Any) -> Record | None:
        address = super().clean(value)
        if not address:
            return None
        record = Record.objects.filter(path=self._path_of(address)).shown().first()
        if record is None:
            raise self._refusal("unknown")
        if record == self.chosen:
            return record
        if record.withdrawn_at:
            raise self._refusal("withdrawn")
        if record.published_at > timezone.now():
            day = date_format(timezone.localtime(record.published_at), "j F Y")
            raise self._refusal("coming", day=day)
        return record

    def _path_of(self, address: str) -> str:
        """The path as records have it: without host, language, and what follows the path."""
        try:
            parts = urlsplit(address if "//" in address or address[0] == "/" else f"//{address}")
            host = parts.hostname
        except ValueError:
            raise self._refusal("unknown") from None
        if host and not validate_host(host, settings.ALLOWED_HOSTS):
            raise self._refusal("not_ours", host=host)
        path = unquote(parts.path)
        if "\0" in path:  # PostgreSQL cannot be asked for it.
            raise self._refusal("unknown")
        languages = {code for code, _name in settings.LANGUAGES}
        first, _slash, rest = path.lstrip("/").partition("/")
        path = rest if first in languages else path.lstrip("/")
        return f"/{path.rstrip('/')}/"

    def _refusal(self, code: str, **names: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=names)


class ReadFirstForm(forms.ModelForm):
    record = WorkField(
        label=_("Address of its page"),
        help_text=_("Open the page of the work and copy its address."),
        widget=forms.TextInput(attrs={"class": "vURLField"}),
    )

    class Meta:
        model = ReadFirst
        fields = ["record", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.record_id:
            self.fields["record"].chosen = self.instance.record
            self.initial["record"] = absolute(self.instance.record.path)
