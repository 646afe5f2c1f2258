from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError

from hub.partners.models import User


class Command(BaseCommand):
    help = "Make the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD, if there is none."

    def handle(self, **options: Any) -> str:
        if User.objects.filter(is_superuser=True).exists():
            return "There is an administrator."
        env = environ.Env()
        email, password = env.str("ADMIN_EMAIL", ""), env.str("ADMIN_PASSWORD", "")
        if not email or len(password) < 12:
            raise CommandError("Set ADMIN_EMAIL, and ADMIN_PASSWORD of at least 12 characters.")
        User.objects.create_superuser(email, password)
        return f"Administrator {email} made."
