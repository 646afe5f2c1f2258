"""Which words a page sets in the reader's own fonts instead of sending one for them."""

import re
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# Letters that the fonts of a page in Latin script do not have; static/css/fonts.css says which do.
FOREIGN = "\u0100-\u0130\u0132-\u0151\u0154-\u02c5\u0300-\u1fff\u2c00-\uffff"
FOREIGN_LETTER = re.compile(f"[{FOREIGN}]")
FOREIGN_WORDS = re.compile(rf"\w*[{FOREIGN}]\w*(?:[^\w<&]+\w*[{FOREIGN}]\w*)*")
LONGEST_NAME = 60
# Signs around words that were searched for. Texts hold no such signs, and they are no letters.
MARK, UNMARK = "\x02", "\x03"


def is_foreign(text: str) -> bool:
    """Whether the text has letters that the fonts of the page do not have."""
    return FOREIGN_LETTER.search(text) is not None


def own_type(text: Any) -> SafeString:
    """The text, escaped; a name with foreign letters is marked as a whole, in a sentence only the
    words that have them. Marked words borrow the reader's fonts, so that none costs the page one.
    """
    if MARK in str(text):
        return _with_marks(text)
    words = conditional_escape(text)
    if not FOREIGN_LETTER.search(words):
        return words
    if len(words) <= LONGEST_NAME:
        return format_html('<span class="own-type">{}</span>', words)
    # Escaped above; the pattern stops before "<" and "&", so no entity is torn apart.
    return mark_safe(FOREIGN_WORDS.sub(r'<span class="own-type">\g<0></span>', words))


def _with_marks(text: str) -> SafeString:
    """Words between marks as such, each piece in its own type."""
    pieces = re.split(f"[{MARK}{UNMARK}]", text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", own_type(piece)) if number % 2 else own_type(piece),)
            for number, piece in enumerate(pieces)
        ),
    )
