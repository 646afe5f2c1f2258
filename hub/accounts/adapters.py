"""What django-allauth asks of the hub: limits, mail, whose account it is, and its words."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub import links, qr
from hub.accounts import agents, limits, people, sessions, vault
from hub.audit import access as audit
from hub.clients import client_of
from hub.notices import services as notices
from hub.partners.models import User

# Letters that let their reader in.
SECRET = {"email_confirmation", "email_confirmation_signup", "password_reset_key"}
# What letters are told of all that django-allauth hands over.
TOLD = ("code", "password_reset_url", "from_email", "to_email", "ip")
# What stands in the database for a client whose address cannot be told.
NOWHERE = "::"
# How apps and keys list the account: a name, the same in all languages.
SITE = "Just Transition Hub"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("Another account has this e-mail address."),
        "duplicate_email": _("This is your e-mail address already."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Look at the newest message that we sent."),
        "invalid_password_reset": _("This link does not work any more."),
        "too_many_login_attempts": _("That was the last try with this code. Begin again."),
    }

    # Limits and passwords

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who signs in; ``Exceeded`` before anything is checked."""
        address = credentials["email"]
        limits.spend_password(request, address)
        user = authenticate(request, **credentials)
        if user:
            limits.refund_password(request, address)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def should_send_confirmation_mail(
        self, request: HttpRequest, email_address: EmailAddress, signup: bool
    ) -> bool:
        if not signup:  # a sign-up has been counted, whether the address was known or not
            limits.spend_code(email_address.email)
        return True

    # Signing in

    def pre_login(self, request: HttpRequest, user: User, **details: Any):
        people.vouch_for_first_administrator(user)
        return super().pre_login(request, user, **details)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request.session)

    def is_reauthentication_required(self, *, app: str, **_others: Any) -> bool:
        """Not right after signing in: that was proof enough."""
        fresh = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
        return not sessions.is_younger(self.request.session, fresh)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff come for the desk, others to their own page."""
        return reverse("admin:index" if request.user.is_staff else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_home")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Nobody is answered in JSON."""
        return False

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whether the address is theirs from now on; not if another account has taken it."""
        people.forget_old_addresses(email_address.email, email_address.user)
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """What was done is told to who is signed in; others read it on the page they come to."""
        if request.user.is_authenticated or level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    # Where somebody is

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_of(request).partition("/")[0] or NOWHERE

    # Mail

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What changed in how somebody signs in: noted, and told to them."""
        audit.note_by(self.request, user, template_prefix.rpartition("/")[2], user)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter, in the transaction that is open; a job sends it."""
        name = template_prefix.rpartition("/")[2]
        told = {key: str(context[key]) for key in TOLD if key in context}
        if "user_agent" in context:
            told["browser"] = agents.in_words(context["user_agent"])
            told["at"] = context["timestamp"]
        notices.send(
            f"account/{name}",
            to=email,
            dedup_key=f"account:{name}:{uuid4().hex}",
            context=told,
            language=get_language() or settings.LANGUAGE_CODE,
            is_secret=name in SECRET,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        user, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})
        return links.absolute(path)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it has been used."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return SITE

    def build_totp_svg(self, url: str) -> SafeString:
        """The code to scan, as a drawing that stands in the page itself."""
        return qr.drawn(url)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return agents.in_words(self.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured host, never to one that a request names."""
        return {"id": urlsplit(settings.BASE_URL).hostname, "name": SITE}
