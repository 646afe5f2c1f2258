"""Secrets that have to be read again, such as the key of an authenticator app, encrypted in the
database. A copy of the database alone lets nobody sign in.

The key is made of ``SECRET_KEY``; what was encrypted with one of ``SECRET_KEY_FALLBACKS`` is still
read.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from django.conf import settings


def _keys():
    from cryptography.fernet import Fernet, MultiFernet  # heavy, and seldom needed

    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(b"hub.accounts.vault:" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """What was encrypted; ``ValueError`` if it was changed or its key is gone."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise ValueError("This cannot be decrypted with the keys that there are.") from error


def renewed(text: str) -> str:
    """The same secret, encrypted with today's key."""
    return _keys().rotate(text.encode()).decode()
