import pytest

from hub.texts import tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  A title ", "A title"),
        ("Turned \u202eround\u202c", "Turned round"),
        ("\u2066isolated\u2069", "isolated"),
        ("A\x07bell and\x00 nothing", "Abell and nothing"),
        ("Two\r\nlines", "Two\nlines"),
        ("e\u0301", "\u00e9"),
        ("Mae\u200bMoh แม่เมาะ", "Mae\u200bMoh แม่เมาะ"),
    ],
)
def test_tidy_keeps_the_words_alone(typed, kept):
    assert tidy(typed) == kept
