"""Languages by their ISO 639-1 code: those we write labels in, and the names of all."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext_lazy as _

# Vocabulary labels exist in each of these; the interface is switched on per language in settings.
LABEL_LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("id", _("Indonesian")),
    ("mn", _("Mongolian")),
    ("th", _("Thai")),
    ("vi", _("Vietnamese")),
]

# Languages in which a work or its description may be. Adding one needs no migration.
WORK_LANGUAGES = [
    *("en", "es", "id", "mn", "th", "vi"),
    *("af", "ar", "bg", "bs", "ca", "cs", "da", "de", "el", "et", "fi", "fr", "hi", "hr", "hu"),
    *("it", "ja", "kk", "km", "ko", "lo", "lt", "lv", "mk", "ms", "my", "nl", "pl", "pt", "ro"),
    *("ru", "sk", "sl", "sq", "sr", "sv", "tl", "tr", "uk", "zh", "zu"),
]


@cache
def autonym(code: str) -> str:
    """The language's name for itself, capitalised as it stands alone: ``es`` → "Español"."""
    try:
        name = Locale.parse(code).get_display_name(code)
    except (UnknownLocaleError, ValueError):
        name = None
    return name[0].upper() + name[1:] if name else code


@cache
def language_name(code: str, in_language: str) -> str:
    """The language's name in another language: ``("es", "en")`` → "Spanish"."""
    try:
        return Locale.parse(code).get_display_name(in_language) or code
    except (UnknownLocaleError, ValueError):
        return code


def work_language_choices() -> list[tuple[str, str]]:
    """Choices for forms and models: code and English name with the autonym."""
    return [(code, f"{language_name(code, 'en')} ({autonym(code)})") for code in WORK_LANGUAGES]
