from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from hub.accounts import sessions
from hub.partners.models import User


class Command(BaseCommand):
    help = (
        "Remove all second factors of an account whose owner has lost them, and end its sessions. "
        "Make sure first that it is the owner who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    @transaction.atomic
    def handle(self, *, address: str, **options: Any) -> str:
        user = User.objects.with_address(address)
        if user is None:
            raise CommandError(f"There is no account with the address {address}.")
        removed, _rows = Authenticator.objects.filter(user=user).delete()
        sessions.end_all(user)
        return f"{removed} removed. {user.email} signs in with the password alone until there is a new one."
