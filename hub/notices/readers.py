"""Who reads a letter: whoever has an account is written to in their language and their time."""

from hub.partners.models import User


def language_and_zone_of(address: str, otherwise: str) -> tuple[str, str]:
    """The language and the time zone that somebody chose; for an address without an account
    ``otherwise`` and UTC."""
    address = address.lower()
    users = User.objects.filter(email__iexact=address)
    # Compared once more: PostgreSQL folds letters that Python keeps apart.
    user = next((user for user in users if user.email.lower() == address), None)
    return (user.language, user.timezone) if user else (otherwise, "UTC")
