import re
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.languages import work_language_choices
from hub.partners.models.organisations import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Term

MAIL_ADDRESS = re.compile(r"[^\s@]@[\w-]+\.\w")


class PersonQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those who agreed to be listed."""
        return self.filter(is_listed=True)


@recorded(personal=["slug", "name", "bio", "email", "languages"])
class Person(models.Model):
    """Someone with knowledge to share. Shown only after they agreed; the address never is."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=150)
    bio = models.TextField(_("about"), blank=True, max_length=2000)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    languages = ArrayField(
        models.CharField(max_length=8, choices=work_language_choices),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    expertise = models.ManyToManyField(
        Term, blank=True, related_name="experts", verbose_name=_("expertise")
    )
    is_listed = models.BooleanField(_("listed"), default=False)
    consented_at = models.DateTimeField(_("agreed to be listed"), null=True, blank=True)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("For messages through the hub. Never shown.")
    )

    objects = PersonQuerySet.as_manager()
    policy = Rule(owner="organisation")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="person_is_listed_only_after_consent",
                condition=Q(is_listed=False) | Q(consented_at__isnull=False),
                violation_error_message=_("Note when this person agreed before listing them."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address of mail where everybody would read it."""
        self.name, self.bio = tidy(self.name), tidy(self.bio)
        if MAIL_ADDRESS.search(self.bio):
            raise ValidationError(
                {"bio": _("Leave out e-mail addresses: everybody can read this text.")}
            )

    def get_absolute_url(self) -> str:
        return reverse("portal:person_detail", kwargs={"slug": self.slug})


@recorded(part_of="person")
class Expertise(Person.expertise.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("expertise")
