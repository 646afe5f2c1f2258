"""Texts that people typed or pasted, made fit to stand among others."""

import re
import unicodedata

# Marks that turn the direction of all that follows them on the page, and what cannot be seen.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
KEPT_CONTROLS = "\n\t"


def tidy(text: str) -> str:
    """``text`` in one Unicode form, without control characters and direction marks, trimmed."""
    text = unicodedata.normalize("NFC", DIRECTION.sub("", text.replace("\r\n", "\n")))
    return "".join(
        sign for sign in text if sign in KEPT_CONTROLS or unicodedata.category(sign) != "Cc"
    ).strip()
