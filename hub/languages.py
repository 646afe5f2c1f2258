"""Languages by their ISO 639-1 code: those we write labels in, and the names of all."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
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

# Languages in which a work or its description may be, with their names for themselves, capitalised
# as they stand alone. Adding one needs no migration. The names are those of the Unicode CLDR; to ask
# Babel for them would load the whole data of every language into every worker.
WORK_LANGUAGES = {
    "en": "English",
    "es": "Español",
    "id": "Indonesia",
    "mn": "Монгол",
    "th": "ไทย",
    "vi": "Tiếng Việt",
    "af": "Afrikaans",
    "ar": "العربية",
    "bg": "Български",
    "bs": "Bosanski",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "et": "Eesti",
    "fi": "Suomi",
    "fr": "Français",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "ja": "日本語",
    "kk": "Қазақ тілі",
    "km": "ខ្មែរ",
    "ko": "한국어",
    "lo": "ລາວ",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "mk": "Македонски",
    "ms": "Melayu",
    "my": "မြန်မာ",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sq": "Shqip",
    "sr": "Српски",
    "sv": "Svenska",
    "tl": "Filipino (Pilipinas)",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
    "zu": "IsiZulu",
}
RIGHT_TO_LEFT = {"ar"}


def autonym(code: str) -> str:
    """The language's name for itself: ``es`` → "Español"; of an unknown one the code."""
    return WORK_LANGUAGES.get(code, code)


def direction(code: str) -> str:
    """How the language is written, as ``dir`` in HTML says it: ``ltr`` or ``rtl``."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


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


def localised(path: str, language: str) -> str:
    """The address of a page in a language of the interface, from that without a prefix."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
