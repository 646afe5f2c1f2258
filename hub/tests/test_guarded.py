import pytest
from django import forms

from hub.guarded import GuardedForm
from hub.tests.stamps import stamped


class LetterForm(GuardedForm):
    words = forms.CharField()


class OtherForm(GuardedForm):
    words = forms.CharField()


def sent(seconds=9, **fields):
    """What somebody sends who has looked at the form for so long."""
    form = LetterForm({"words": "Good morning", "shown": stamped("LetterForm", seconds)} | fields)
    form.full_clean()
    return form


def test_what_a_person_sends_is_not_suspicious():
    form = sent()

    assert form.is_valid()
    assert form.suspicions == []


@pytest.mark.parametrize(
    ("fields", "suspicions"),
    [
        ({"homepage": "https://buy.example/"}, ["filled what nobody sees"]),
        ({"seconds": 0}, ["too fast"]),
        ({"shown": ""}, ["no time"]),
        ({"shown": "1:forged"}, ["no time"]),
        ({"shown": stamped("OtherForm")}, ["no time"]),
        ({"words": "https://a.example " * 4}, ["many links"]),
        ({"words": "https://a.example " * 3}, []),
    ],
)
def test_what_robots_do_is_noticed_and_not_refused(fields, suspicions):
    form = sent(**fields)

    assert form.is_valid()
    assert form.suspicions == suspicions


def test_a_form_that_was_open_for_days_is_to_be_sent_again():
    form = sent(seconds=25 * 60 * 60)

    assert form.errors == {
        "shown": ["This page was open for more than a day. Please send it once more."]
    }
    assert sent(shown=form["shown"].value()).is_valid()


def test_people_do_not_see_the_trap():
    form = LetterForm()

    assert [field.name for field in form.visible_fields()] == ["words"]
    assert form.trap.label == "Leave this field empty"
