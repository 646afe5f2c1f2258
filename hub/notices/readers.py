"""Who reads a letter: whoever has an account is written to in their language and their time."""

from hub.partners.models import User


def language_and_zone_of(address: str, otherwise: str) -> tuple[str, str]:
    """The language and the time zone that somebody chose; for an address without an account
    ``otherwise`` and UTC."""
    user = User.objects.with_address(address)
    return (user.language, user.timezone) if user else (otherwise, "UTC")
