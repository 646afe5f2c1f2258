"""E-mail addresses as keys of limits: one mailbox, one key, however it is spelt."""

import unicodedata

DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}


def normalised(address: str) -> str:
    """The mailbox behind ``address``, as far as its spelling tells: small letters, without what
    follows a ``+``, and without dots where the provider passes over them.

    For counting alone. Two people whose addresses come out the same share a limit and nothing else,
    so nobody's account is ever looked up by it.
    """
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    name, _at, domain = text.rpartition("@")
    domain = domain.rstrip(".")
    name = name.partition("+")[0] or name
    if domain in DOTS_MEAN_NOTHING:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
