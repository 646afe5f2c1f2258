"""Up to five questions that organisers ask at registration, as rows of plain data.

``[{"key": "diet", "label": "…", "kind": "text|choice|yes_no", "choices": […], "is_required": bool}]``
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST = 5
MOST_CHOICES = 12
LONGEST_LABEL = 200
LONGEST_ANSWER = 500
KINDS = {"text": _("Short text"), "choice": _("One of a list"), "yes_no": _("Yes or no")}
# Of a question to be answered by yes or no, what is kept.
YES, NO = "yes", "no"
_KEYS = {"key", "label", "kind", "choices", "is_required"}


def validate_questions(questions: Any) -> None:
    """``ValidationError`` in words unless ``questions`` has the shape above."""
    if not isinstance(questions, list) or len(questions) > MOST:
        raise ValidationError(_("Ask five questions at most."), code="questions")
    keys = [_checked(question)["key"] for question in questions]
    if len(set(keys)) != len(keys):
        raise ValidationError(_("Two questions have the same name."), code="questions")


def _checked(question: Any) -> dict[str, Any]:
    if not isinstance(question, dict) or set(question) != _KEYS:
        raise ValidationError(_("This is no question."), code="questions")
    key, label, choices = question["key"], question["label"], question["choices"]
    if not (isinstance(key, str) and key.isidentifier() and len(key) <= 40):
        raise ValidationError(_("This is no question."), code="questions")
    if not (isinstance(label, str) and 0 < len(label.strip()) <= LONGEST_LABEL):
        raise ValidationError(
            _("A question has between 1 and %(most)d letters."),
            code="questions",
            params={"most": LONGEST_LABEL},
        )
    if question["kind"] not in KINDS or not isinstance(question["is_required"], bool):
        raise ValidationError(_("This is no question."), code="questions")
    is_list = isinstance(choices, list) and all(
        isinstance(choice, str) and 0 < len(choice.strip()) <= LONGEST_LABEL for choice in choices
    )
    if not is_list or len(choices) > MOST_CHOICES or len(set(choices)) != len(choices):
        raise ValidationError(
            _("Give each answer once, and %(most)d at most."),
            code="questions",
            params={"most": MOST_CHOICES},
        )
    if (question["kind"] == "choice") != (len(choices) > 1):
        raise ValidationError(
            _("A list to choose from needs two answers or more; other questions have none."),
            code="questions",
        )
    return question
