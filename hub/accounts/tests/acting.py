"""What people do with their accounts, as tests do it."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.http import HttpResponse
from django.test import Client

from hub.accounts import factors, vault
from hub.accounts.tests import factories
from hub.notices.models import Message
from hub.partners.models import User
from hub.tests.stamps import stamped

PASSWORD = "a long password"  # that of make_user
NEW_PASSWORD = "quite another sentence"
CODE = re.compile(r"\b\d{4}-\d{4}\b")
LINK = re.compile(r"https://hub\.example\.org(/account/password/reset/\S+)")


def make_member(email: str = "ana@example.org", **fields) -> User:
    """Ana, unless told otherwise."""
    return factories.make_member(email, **fields)


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str) -> HttpResponse:
    data = {"login": email, "password": password}
    return client.post("/account/login/", data, headers=headers)


def sign_up(client: Client, email: str, password: str = NEW_PASSWORD, **more: str) -> HttpResponse:
    data = {"email": email, "password1": password, "shown": stamped("SignUpForm")}
    return client.post("/account/signup/", data | more)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/sign-in/").status_code == 200


def letters(to: str) -> list[str]:
    """The templates of what was written to this address, the oldest first."""
    names = Message.objects.filter(to=to).order_by("id").values_list("template", flat=True)
    return [name.removeprefix("account/") for name in names]


def code_for(email: str) -> str:
    return CODE.search(Message.objects.filter(to=email).latest("id").text)[0]


def link_for(email: str) -> str:
    return LINK.search(Message.objects.filter(to=email).latest("id").text)[1]


def add_app(user: User) -> str:
    """Give this person an authenticator app; answers its secret."""
    secret = generate_totp_secret()
    data = {"secret": vault.encrypt(secret)}
    Authenticator.objects.create(user=user, type=factors.Type.TOTP, data=data)
    return secret


def shown(secret: str, steps_ago: int = 0) -> str:
    """What an app shows, or showed so many half minutes ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - steps_ago))
