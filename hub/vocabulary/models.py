from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.languages import LABEL_LANGUAGES


class Scheme(models.TextChoices):
    TOPIC = "topic", _("Topic")
    SECTOR = "sector", _("Sector")
    PLACE = "place", _("Place")
    AUDIENCE = "audience", _("Audience")


class TermQuerySet(models.QuerySet):
    def topics(self) -> Self:
        return self.filter(scheme=Scheme.TOPIC)

    def sectors(self) -> Self:
        return self.filter(scheme=Scheme.SECTOR)

    def places(self) -> Self:
        return self.filter(scheme=Scheme.PLACE)

    def countries(self) -> Self:
        return self.places().filter(place_kind=Term.PlaceKind.COUNTRY)

    def called(self, words: str) -> Self:
        """Those first whose name begins with the words, then those that have them in a name."""
        labels = TermLabel.objects.filter(term=OuterRef("pk"))
        begin = Exists(labels.filter(label__istartswith=words))
        hold = Exists(labels.filter(label__icontains=words))
        return self.annotate(begins=begin, holds=hold).order_by(
            "-begins", "-holds", "scheme", "slug"
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these terms, or raise ``ProtectedError`` if anything names one of them. Django would
        take the links to works and people along; the database keeps all other ways shut."""
        from hub.vocabulary.uses import refuse_used

        refuse_used(self)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def with_ancestors(self, ids: Iterable[int]) -> list[int]:
        """The ids themselves and those of all terms above them, sorted, each once."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        # UNION (not UNION ALL) ends even in a circle, should one ever get past Term.clean().
        sql = """
            WITH RECURSIVE upward(id) AS (
                SELECT unnest(%s::bigint[])
                UNION
                SELECT term.parent_id FROM vocabulary_term term JOIN upward USING (id)
                WHERE term.parent_id IS NOT NULL
            )
            SELECT id FROM upward ORDER BY id
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [wanted])
            return [row[0] for row in cursor.fetchall()]


@recorded()
class Term(models.Model):
    """One topic, sector, place or audience. Its names are in ``TermLabel``, one per language."""

    class PlaceKind(models.TextChoices):
        COUNTRY = "country", _("country")
        COAL = "coal", _("coal region")
        INDUSTRIAL = "industrial", _("industrial region")
        SUBNATIONAL = "subnational", _("state or region")

    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    slug = models.SlugField(_("address"), max_length=80)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    code = models.CharField(
        _("code"), max_length=12, blank=True, help_text=_("For countries the ISO 3166-1 code.")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("In degrees."))
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("In degrees."))
    place_kind = models.CharField(_("kind of place"), max_length=12, choices=PlaceKind, blank=True)
    is_focus = models.BooleanField(
        _("focus"), default=False, help_text=_("A country or topic that the programme works on.")
    )
    related = models.ManyToManyField("self", blank=True, verbose_name=_("related terms"))
    source_url = models.URLField(_("source"), max_length=500, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["scheme", "slug"]
        constraints = [
            models.UniqueConstraint(
                name="term_slug_once_per_scheme",
                fields=["scheme", "slug"],
                violation_error_message=_("Another term of this scheme has this address."),
            ),
            models.UniqueConstraint(
                name="term_code_once_per_scheme",
                fields=["scheme", "code"],
                condition=~Q(code=""),
                violation_error_message=_("Another term of this scheme has this code."),
            ),
            models.CheckConstraint(
                name="term_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A term cannot belong to itself."),
            ),
            models.CheckConstraint(
                name="term_coordinates_are_a_pair_on_earth",
                # "IS NOT NULL" too: a check that comes out as unknown lets a row pass.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                violation_error_message=_(
                    "Give both coordinates, latitude from -90 to 90 and longitude from -180 to "
                    "180, or none."
                ),
            ),
            models.CheckConstraint(
                name="term_kind_of_place_is_for_places",
                condition=Q(scheme=Scheme.PLACE, place_kind__gt="")
                | (~Q(scheme=Scheme.PLACE) & Q(place_kind="")),
                violation_error_message=_("A place needs a kind of place, other terms have none."),
            ),
        ]

    def __str__(self) -> str:
        labels = {label.language: label.label for label in self.labels.all()}
        return labels.get("en") or next(iter(labels.values()), self.slug)

    def get_absolute_url(self) -> str:
        return term_url(self.scheme, self.slug)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As of many: ``ProtectedError`` if anything names the term."""
        from hub.vocabulary.uses import refuse_used

        refuse_used(Term.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a parent of another scheme, or one that already lies below this term."""
        from django.core.exceptions import ValidationError

        if not self.parent_id:
            return
        if self.parent.scheme != self.scheme:
            raise ValidationError({"parent": _("The term above must be of the same scheme.")})
        if self.pk and self.pk in Term.objects.with_ancestors([self.parent_id]):
            raise ValidationError({"parent": _("This would put the term below itself.")})


def term_url(scheme: str, slug: str) -> str:
    """The page of a term, without a query for the term."""
    return reverse(f"portal:{scheme}_detail", kwargs={"slug": slug})


@recorded(part_of="from_term")
class RelatedTerm(Term.related.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("related term")


@recorded(part_of="term")
class TermLabel(models.Model):
    """A term's name in one language, with other words that people type for it."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="labels", verbose_name=_("term"))
    language = models.CharField(_("language"), max_length=8, choices=LABEL_LANGUAGES)
    label = models.CharField(_("label"), max_length=120)
    alternatives = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("other words for it"),
        default=list,
        blank=True,
        help_text=_("Synonyms and abbreviations. Search finds them too."),
    )
    description = models.TextField(_("introduction"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                name="term_label_once_per_language",
                fields=["term", "language"],
                violation_error_message=_("This term already has a label in this language."),
            ),
            models.CheckConstraint(
                name="term_label_is_not_empty",
                condition=~Q(label=""),
                violation_error_message=_("A label cannot be empty."),
            ),
        ]
        indexes = [GinIndex(name="term_label_words", fields=["label"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.label} ({self.language})"


@recorded(part_of="term")
class FormerAddress(models.Model):
    """Where the page of a term stood that was merged into another: it leads there for good."""

    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    slug = models.SlugField(_("earlier address"), max_length=80)
    term = models.ForeignKey(
        Term, models.CASCADE, related_name="former_addresses", verbose_name=_("term")
    )

    class Meta:
        verbose_name = _("earlier address")
        verbose_name_plural = _("earlier addresses")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="former_address_leads_to_one_term",
                fields=["scheme", "slug"],
                violation_error_message=_("This address leads to another term already."),
            )
        ]

    def __str__(self) -> str:
        return self.slug
