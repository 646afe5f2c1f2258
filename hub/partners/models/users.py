from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; the address keeps its spelling but is unique without regard to case."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)

    def with_address(self, address: str) -> "User | None":
        """The account with this address, whatever the case of its letters.

        Compared once more here: PostgreSQL folds letters that Python keeps apart (``ſ`` and ``s``),
        and nobody may reach an account by an address that is counted as another's.
        """
        address = address.strip().lower()
        users = self.filter(email__iexact=address)
        return next((user for user in users if user.email.lower() == address), None)


@recorded(without=["password", "last_login", "link_version"], personal=["email", "name"])
class User(AbstractBaseUser, PermissionsMixin):
    """An account, known by its e-mail address. What it may do follows from being administrator
    (``is_superuser``), secretariat, or from its memberships: see ``policy``."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick instead of deleting an account.")
    )
    is_secretariat = models.BooleanField(
        _("secretariat"), default=False, help_text=_("Sees and curates what all partners own.")
    )
    link_version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Raised to revoke the links mailed to this person."
    )
    joined_at = models.DateTimeField(_("joined"), default=now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_whatever_its_case",
                violation_error_message=_("There is an account with this address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def known_as(self) -> str:
        """What colleagues and partners may know of somebody: never an address."""
        return self.name or gettext("Account no. %(number)s") % {"number": self.pk}

    @property
    def name_and_address(self) -> str:
        """For those who may know both."""
        return f"{self.name} ({self.email})" if self.name else self.email

    def get_short_name(self) -> str:
        return str(self)

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def desk_organisation_ids(self) -> frozenset[int]:
        """The organisations for which this person curates, as author or editor."""
        return frozenset(self.memberships.curating().values_list("organisation_id", flat=True))

    @cached_property
    def editor_organisation_ids(self) -> frozenset[int]:
        """The organisations whose rows this person may publish."""
        editing = self.memberships.filter(role="editor")
        return frozenset(editing.values_list("organisation_id", flat=True))

    @property
    def is_staff(self) -> bool:
        """Whether the partner desk (Django's admin) opens for this person."""
        return self.is_active and (
            self.is_superuser or self.is_secretariat or bool(self.desk_organisation_ids)
        )
