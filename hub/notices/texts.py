"""What people typed, made harmless in a letter: plain, short, and nothing that becomes a link."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator

from hub import texts
from hub.links import Ours

LONGEST_LINE = 200
LONGEST_PROSE = 5000

# Mail programs turn into links: anything with a scheme, and names with a dot before two letters.
SCHEME = re.compile(r"(?<=\w):(?=//)|\b(mailto|tel|sms|data|javascript|file|webcal):(?=\S)", re.I)
DOT = re.compile(r"(?<=\S)[.\u3002\uff0e\uff61](?=[^\W\d_]{2})|(?<=\bwww)\.", re.I)
AT = re.compile(r"(?<=\S)[@\uff20](?=\S)")
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]")


class Prose(str):
    """A text of several lines, as in ``{"words": Prose(form.cleaned_data["words"])}``: its lines
    stay; those of any other value are folded into one."""


class Trusted(str):
    """An address elsewhere that the secretariat vouches for and that may become a link; never
    what a visitor typed."""


def unlinked(text: str) -> str:
    """``text`` with every address in it broken, so that no mail program makes a link of it:
    ``https://evil.example`` becomes ``https[:]//evil[.]example``, ``a@b.org`` ``a[at]b[.]org``."""
    text = SCHEME.sub(lambda found: f"{found[1] or ''}[:]", text)
    return DOT.sub("[.]", AT.sub("[at]", text))


def harmless(value: Any) -> Any:
    """A value for a template: plain data alone, in which every text is what people may have typed.

    Texts lose control characters and invisible signs, are capped, folded into one line (but for
    ``Prose``) and cannot become links (but for ``Ours``, which ``links.absolute`` makes, and ``Trusted``
    ones): what merely begins like an address of this site may be anything.
    ``TypeError`` for anything that is no plain data, such as a model: a letter holds what was put
    into it, no more.
    """
    if isinstance(value, Mapping):
        return {str(key): harmless(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(one) for one in value]
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return value
    if isinstance(value, str | Promise):
        return _harmless_text(value)
    raise TypeError(f"A letter is made from plain data; this is {type(value).__name__}.")


def _harmless_text(value: "str | Promise") -> str:
    # Joining takes away the mark of "safe" that a string may bear: all are escaped in HTML.
    plain = INVISIBLE.sub("", texts.tidy("".join(str(value))))
    if isinstance(value, Prose):
        return unlinked(Truncator(plain).chars(LONGEST_PROSE))
    line = " ".join(plain.split())
    if isinstance(value, Trusted | Ours):
        return line
    return unlinked(Truncator(line).chars(LONGEST_LINE))
