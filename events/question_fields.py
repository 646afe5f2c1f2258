"""The questions of a registration as fields of a form: five rows, of which empty ones count for
nothing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events import questions
from events.questions import LONGEST_LABEL, MOST, MOST_CHOICES

PARTS = ("label", "kind", "choices", "is_required")


def names_of(number: int) -> tuple[str, ...]:
    """The fields of one row, as a line of a set of fields."""
    return tuple(f"question_{number}_{part}" for part in PARTS)


LINES = [names_of(number) for number in range(1, MOST + 1)]


def _fields() -> dict[str, forms.Field]:
    made = {}
    for number, (label, kind, choices, is_required) in enumerate(LINES, 1):
        made[label] = forms.CharField(
            label=_("Question %(number)d") % {"number": number},
            max_length=LONGEST_LABEL,
            required=False,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        )
        made[kind] = forms.ChoiceField(
            label=_("Answer"), choices=[*questions.KINDS.items()], required=False
        )
        made[choices] = forms.CharField(
            label=_("List to choose from, one in each line"),
            required=False,
            max_length=(LONGEST_LABEL + 2) * MOST_CHOICES,
            widget=forms.Textarea(attrs={"rows": 3, "cols": 30}),
        )
        made[is_required] = forms.BooleanField(label=_("has to be answered"), required=False)
    return made


class _Questions(forms.Form):
    """Mix it into the form of an event, before ``ModelForm``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = [*self.instance.questions]
        for names, question in zip(LINES, self._stored, strict=False):
            stored = [question[part] for part in PARTS]
            stored[2] = "\n".join(question["choices"])
            for name, value in zip(names, stored, strict=True):
                self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if LINES[0][0] in self.fields:
            asked = [self._question(number, cleaned) for number in range(MOST)]
            self.instance.questions = [question for question in asked if question]
        return cleaned

    def _question(self, number: int, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        names = LINES[number]
        label, kind, choices, is_required = (cleaned.get(name) for name in names)
        label = (label or "").strip()
        listed = [line.strip() for line in (choices or "").splitlines() if line.strip()]
        if not label:
            if listed:
                self.add_error(names[0], _("Write the question that these answers are for."))
            return None
        question = {
            "key": self._key(number),
            "label": label,
            "kind": kind or "text",
            "choices": listed if kind == "choice" else [],
            "is_required": bool(is_required),
        }
        try:
            questions.validate_questions([question])
        except ValidationError as error:
            self.add_error(names[2] if kind == "choice" else names[0], error)
        return question

    def _key(self, number: int) -> str:
        """By which answers know their question: it keeps its own when its words change."""
        stored = [question["key"] for question in self._stored]
        if number < len(stored):
            return stored[number]
        free = (f"question_{count}" for count in range(1, 99))
        fresh = [key for key in free if key not in stored]
        return fresh[number - len(stored)]


QuestionFields = type("QuestionFields", (_Questions,), _fields())
