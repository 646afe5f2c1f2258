from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import Publisher
from hub.links import OF_THE_WEB, host_of
from hub.partners.models import Organisation
from hub.slugs import make_slug
from hub.texts import tidy
from knowledge.addresses import canonical
from knowledge.models.resources import Resource

# Stands for the locks on names of works and for nothing else. Names share them, else a large import
# would take more than the database has room for.
KEY_LOCK, KEY_LOCKS = 4_215_502, 1_023


def refusing(name: str, columns: list[str], condition: str, key: str, elsewhere: str) -> Any:
    """A trigger that refuses a row whose ``key`` another work has in the other table, as a constraint
    of this name would. Who writes a key holds its lock until the end, so of two at the same moment
    the later one finds what the earlier one has written."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
        timing=pgtrigger.Immediate,
        func=f"""
            IF {condition} THEN
                PERFORM pg_advisory_xact_lock({KEY_LOCK}, hashtext({key}) & {KEY_LOCKS});
                IF EXISTS (SELECT FROM {elsewhere} AND resource_id <> NEW.resource_id) THEN
                    RAISE unique_violation USING
                        MESSAGE = 'Another work has this name.', CONSTRAINT = '{name}';
                END IF;
            END IF;
            RETURN NULL;
        """,
    )


FILE_ENDINGS = {
    "csv",
    "doc",
    "docx",
    "epub",
    "mp3",
    "mp4",
    "ods",
    "odt",
    "pdf",
    "pptx",
    "xlsx",
    "zip",
}


@recorded(part_of="resource", personal=["name"])
class Credit(models.Model):
    """Someone who made or published the work, or proposed it: a name, perhaps that of an organisation
    here. A publisher need not be the owner, who curates the entry."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        PUBLISHER = "publisher", _("Publisher")
        PROPOSER = "proposer", _("Proposed by")

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="credits", verbose_name=_("resource")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credits",
        verbose_name=_("organisation"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="credit_has_name_or_organisation",
                condition=Q(name__gt="") | Q(organisation__isnull=False),
                violation_error_message=_("Give a name or choose an organisation."),
            )
        ]

    def __str__(self) -> str:
        return self.shown_name

    def clean(self) -> None:
        self.name = tidy(self.name)

    @property
    def shown_name(self) -> str:
        """The name as the work has it; without one, the organisation's."""
        return self.name or self.organisation.short_name

    def as_publisher(self) -> Publisher:
        if self.organisation:
            return Publisher(self.organisation.slug, self.shown_name)
        # A name in a script that cannot be put into Latin letters still needs an address.
        return Publisher(make_slug(self.name) or "unnamed", self.name)


@recorded(part_of="resource")
class Identifier(models.Model):
    """A name that others gave the work, each in the hub once."""

    class Scheme(models.TextChoices):
        DOI = "doi", "DOI"
        ISBN = "isbn", "ISBN"
        HANDLE = "handle", "Handle"

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="identifiers", verbose_name=_("resource")
    )
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                name="identifier_once",
                fields=["scheme", "value"],
                violation_error_message=_("Another resource has this identifier already."),
            ),
            models.CheckConstraint(
                name="identifier_has_value",
                condition=Q(value__gt=""),
                violation_error_message=_("An identifier needs a value."),
            ),
        ]
        triggers = [
            refusing(
                "identifier_is_no_link_elsewhere",
                ["scheme", "value", "resource_id"],
                "NEW.scheme IN ('doi', 'handle')",
                "NEW.scheme || ':' || NEW.value",
                "knowledge_link WHERE kind = 'work' AND canonical = NEW.scheme || ':' || NEW.value",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        self.value = normalise(self.scheme, self.value)
        if self.scheme == self.Scheme.DOI and not self.value.startswith("10."):
            raise ValidationError({"value": _("A DOI begins with 10.")})

    @property
    def key(self) -> str:
        """Its name among all schemes, which an address may have too."""
        return f"{self.scheme}:{self.value}"

    @property
    def url(self) -> str:
        resolvers = {"doi": "https://doi.org/", "handle": "https://hdl.handle.net/"}
        return resolvers[self.scheme] + self.value if self.scheme in resolvers else ""


def normalise(scheme: str, value: str) -> str:
    """One spelling for each identifier, so that the same one is not taken for two."""
    value = value.strip()
    if scheme == Identifier.Scheme.DOI:
        value = value.lower().removeprefix("doi:").strip()
        return unquote(value.split("doi.org/")[-1]) if "doi.org/" in value else value
    if scheme == Identifier.Scheme.ISBN:
        return _as_long_isbn(value.upper().replace("-", "").replace(" ", ""))
    return value.split("hdl.handle.net/")[-1]


def _as_long_isbn(value: str) -> str:
    """An ISBN of ten signs as books have had it since 2007; anything else as it is."""
    if len(value) != 10 or not value[:9].isdecimal() or not value.isascii():
        return value
    stem = f"978{value[:9]}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return f"{stem}{-weighed % 10}"


class CanonicalField(models.CharField):
    """What ``canonical`` makes of the address beside it, whichever way the row is saved."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = canonical(model_instance.url)
        setattr(model_instance, self.attname, value)
        return value


class LinkQuerySet(models.QuerySet):
    def to_works(self) -> Self:
        """Those to the work itself: each leads to one work alone. A page may list several."""
        return self.filter(kind=Link.Kind.WORK)

    def in_use(self) -> Self:
        """Those of works that are public or in work: whoever follows others has no use for it."""
        return self.exclude(resource__status=Resource.Status.WITHDRAWN)

    def due(self, moment: datetime) -> Self:
        """Those to be looked at by then, the longest unseen first."""
        due = self.filter(Q(next_check_at__isnull=True) | Q(next_check_at__lte=moment))
        return due.order_by(F("checked_at").asc(nulls_first=True), "pk")

    def broken(self) -> Self:
        return self.filter(fails__gte=Link.FAILS_TO_BROKEN)


# What a check finds is derived, and would fill the history every night.
@recorded(
    part_of="resource",
    without=["canonical", "last_status", "fails", "failed_at", "checked_at", "next_check_at"],
)
class Link(models.Model):
    """Where to get the work. What a check finds of it is written by ``link_check`` alone."""

    FAILS_TO_BROKEN = 3

    class Kind(models.TextChoices):
        WORK = "work", _("The work")
        MIRROR = "mirror", _("A copy elsewhere")
        LISTED = "listed", _("A page that lists it")

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="links", verbose_name=_("resource")
    )
    # http and https alone: any other scheme could run something in the reader's browser.
    url = models.URLField(
        _("address"), max_length=1000, validators=[URLValidator(schemes=["http", "https"])]
    )
    canonical = CanonicalField(max_length=1000, editable=False, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WORK)
    label = models.CharField(_("label"), max_length=120, blank=True)
    archived_url = models.URLField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Offered to readers while the address itself is broken."),
    )
    last_status = models.PositiveSmallIntegerField(
        _("last answer"), null=True, editable=False, help_text=_("None where nothing answered.")
    )
    # Each of another night, and the last of them at this moment.
    fails = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    failed_at = models.DateTimeField(_("last failure"), null=True, editable=False)
    checked_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    next_check_at = models.DateTimeField(_("next look"), null=True, editable=False, db_index=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="link_once_per_resource",
                fields=["resource", "url"],
                violation_error_message=_("This address is listed already."),
            ),
            models.UniqueConstraint(
                name="link_to_one_work",
                fields=["canonical"],
                # Those that were double before this was a rule have none until they are saved again.
                condition=Q(kind="work", canonical__gt=""),
                violation_error_message=_("Another resource has this address already."),
            ),
            models.CheckConstraint(
                name="link_leads_to_the_web",
                condition=Q(url__iregex=OF_THE_WEB) & Q(archived_url__iregex=OF_THE_WEB),
                violation_error_message=_("An address begins with https:// or http://."),
            ),
            models.CheckConstraint(
                name="link_failures_have_their_moment",
                condition=Q(fails=0, failed_at__isnull=True)
                | Q(fails__gt=0, failed_at__isnull=False, checked_at__isnull=False),
                violation_error_message=_("A failure needs the moment it was found."),
            ),
        ]
        indexes = [models.Index(fields=["canonical"], name="link_canonical")]
        triggers = [
            refusing(
                "link_is_no_identifier_elsewhere",
                ["kind", "canonical", "resource_id"],
                "NEW.kind = 'work' AND NEW.canonical ~ '^(doi|handle):'",
                "NEW.canonical",
                "knowledge_identifier WHERE scheme = split_part(NEW.canonical, ':', 1) "
                "AND value = substr(NEW.canonical, strpos(NEW.canonical, ':') + 1)",
            )
        ]

    def __str__(self) -> str:
        return self.url

    def clean(self) -> None:
        self.canonical = canonical(self.url)

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def is_broken(self) -> bool:
        """Whether readers are told that it leads nowhere."""
        return self.fails >= self.FAILS_TO_BROKEN

    @property
    def file_format(self) -> str:
        """What comes instead of a page, as far as the address tells: "PDF", or nothing."""
        ending = PurePosixPath(urlsplit(self.url).path).suffix.removeprefix(".").lower()
        return ending.upper() if ending in FILE_ENDINGS else ""
