"""What an address leads to, whichever way it is written: so the same one is not taken for two."""

import re
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

LONGEST = 1000
DEFAULT_PORTS = {"http": 80, "https": 443}
# Registries of works, whose addresses are names: of those it is the name that counts.
RESOLVERS = {"doi.org": "doi", "dx.doi.org": "doi", "hdl.handle.net": "handle"}
# What campaigns and senders add to an address, and no site reads to find its page. All else in a
# query may name the document: "?p=1976", "?id=2", "?uri=…", "?lang=en", "?page=1".
TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|content)|piwik_\w+|hsa_\w+|_hs(?:enc|mi)"
    r"|fbclid|gclid|dclid|msclkid|yclid|twclid|ttclid|gbraid|wbraid|igshid|mc_[ce]id|mkt_tok|_ga|_gl"
    r"|li_fat_id|vero_(?:id|conv)|oly_(?:anon|enc)_id|ref_src",
    re.IGNORECASE,
)
ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
KEPT = "%/:@!$&'()*+,;=?~"


def canonical(url: str) -> str:
    """The one spelling of an address, of at most ``LONGEST`` bytes: without scheme, "www.", usual
    port, last slash, place on the page and what campaigns add, the rest of the query in order. A DOI
    is ``doi:10.…`` and a handle ``handle:…``, as ``Identifier.key`` has it. What is no address stays
    as it is."""
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return _fitting(_ascii(url.strip()))
    if name := _name(host, parts.path):
        return _fitting(name)
    if port and port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    written = host + _ascii(parts.path).rstrip("/")
    if query := _query(parts.query):
        written += f"?{query}"
    # Some sites have all their pages behind the sign; elsewhere it is a place on the page.
    if parts.fragment.startswith(("/", "!")):
        written += f"#{_ascii(parts.fragment).rstrip('/')}"
    return _fitting(written)


def _host(name: str) -> str:
    name = name.rstrip(".").lower()
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        name = quote(name)
    shorter = name.removeprefix("www.")
    return shorter if "." in shorter else name


def _name(host: str, path: str) -> str:
    """The key of what a registry of works leads to; empty for any other address."""
    scheme, value = RESOLVERS.get(host), unquote(path).strip("/ ")
    if scheme == "doi":
        return f"doi:{value.lower()}" if value.startswith("10.") else ""
    return f"handle:{value}" if scheme and "/" in value else ""


def _query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair]
    told = (pair for pair in pairs if not TRACKING.fullmatch(unquote(pair.partition("=")[0])))
    return "&".join(sorted(map(_ascii, told)))


def _ascii(text: str) -> str:
    """Escaped where it must be and nowhere else, so that "%7e" and "~" are one."""

    def told(match: re.Match) -> str:
        sign = chr(int(match[1], 16))
        return sign if sign in PLAIN else match[0].upper()

    return ESCAPED.sub(told, quote(text, safe=KEPT, errors="replace"))


def _fitting(text: str) -> str:
    written = text.encode()
    return text if len(written) <= LONGEST else f"sha256:{sha256(written).hexdigest()}"
