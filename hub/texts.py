"""Texts that people typed or pasted, made fit to stand among others."""

import re
import unicodedata

# Marks that turn the direction of all that follows them on the page, and what cannot be seen.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
KEPT_CONTROLS = "\n\t"
KEY_DIGITS = 18  # of which PostgreSQL takes any as the key of a row


def tidy(text: str) -> str:
    """``text`` in one Unicode form, without control characters and direction marks, trimmed."""
    text = unicodedata.normalize("NFC", DIRECTION.sub("", text.replace("\r\n", "\n")))
    return "".join(
        sign for sign in text if sign in KEPT_CONTROLS or unicodedata.category(sign) != "Cc"
    ).strip()


def for_xml(text: str) -> str:
    """``text`` without the signs that XML cannot hold."""
    return NO_XML.sub("", text)


def is_key(text: str) -> bool:
    """Whether this may be the key of a row, as it stands in an address or a form."""
    return text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS
