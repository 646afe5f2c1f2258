"""Two who have the same event open: the second is shown what the first has changed, and decides."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from events.models import Event


def conflict_of(stored: Event) -> type:
    """What a form of the event inherits from once somebody else has saved it meanwhile."""

    class Conflict(forms.Form):
        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or self.cleaned_data
            self.add_error(None, forms.ValidationError(_told(self, stored), code="version"))
            return cleaned

    return Conflict


def _told(form: forms.ModelForm, stored: Event) -> str:
    """What stands there now, beside which this form has something else."""
    lines = differing(form, type(form)(instance=Event.objects.get(pk=stored.pk)))
    text = _(
        "Somebody else has saved this event since you opened it. Nothing of yours is lost: it stands "
        "below. Look at what they have, take over what you want, and save once more."
    )
    if not lines:
        return text
    there_now = _("there now:")
    listed = format_html_join("", "<li>{} – {} {}</li>", ((a, there_now, b) for a, b in lines))
    return format_html("{}<ul>{}</ul>", text, listed)


def parts_meanwhile(formset: forms.BaseModelFormSet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of each part that was sent with something else than there is now, what there is; and which parts
    are new or gone since."""
    stored = {row.pk: row for row in formset.get_queryset().all()}
    sent = {str(form["id"].value()) for form in formset.initial_forms if "id" in form.fields}
    told = [(str(row), []) for pk, row in stored.items() if str(pk) not in sent]
    for form in formset.initial_forms:
        row = stored.get(form.instance.pk)
        if row is not None and (lines := differing(form, type(form)(instance=row))):
            told.append((str(row), lines))
    return told


def differing(form: forms.ModelForm, fresh: forms.ModelForm) -> list[tuple[str, str]]:
    """The fields of which ``form`` was sent with something else than ``fresh`` has, and what that is."""
    return [
        (str(fresh.fields[name].label), _shown(fresh, name, fresh[name].value()))
        for name in form.fields
        if name in fresh.fields and _text(form[name].value()) != _text(fresh[name].value())
    ]


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(sorted(str(getattr(one, "pk", one)) for one in value))
    if value is True or value is False:
        return "on" if value else ""
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix(":00")
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _shown(form: forms.ModelForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(row) for row in value or ())
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or "–")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        return str(dict(field.choices).get(value, value) or "–")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return str("–" if value in (None, "") else value)
