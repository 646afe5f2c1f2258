import secrets
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from hub.audit import recorded
from hub.catalogue.sources import Publisher, RecordDraft, Window
from hub.languages import work_language_choices
from hub.links import absolute
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.vocabulary.models import Term
from knowledge.kinds import KIND_CHOICES
from knowledge.models.shelves import windows_of

# Crockford's alphabet: no letter that is read as a digit. 32**7 is some 34 thousand million.
PUBLIC_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 7


def new_public_id() -> str:
    """A short random name for ``/r/…/``, that stays when the address of the page changes."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class ResourceQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may see now; scheduled ones from their moment on, to the second."""
        return self.filter(status=Resource.Status.PUBLISHED, publish_at__lte=Now())

    def unpublished(self) -> Self:
        """Drafts, which nobody outside the desk has seen."""
        return self.filter(status=Resource.Status.DRAFT)

    def open_to_authors(self) -> Self:
        """What authors may work on: what they save never reaches readers by itself."""
        return self.exclude(status=Resource.Status.WITHDRAWN)

    def withdrawn(self) -> Self:
        """What was public once and answers 410 Gone now, restored drafts too until they are out
        again."""
        return self.filter(publish_at__lte=F("unpublished_at"))

    def for_citing(self) -> Self:
        """With all that a reference or a row of a table tells."""
        return self.select_related("owner").prefetch_related(
            *("editions", "credits__organisation", "terms__labels", "tags", "co_owners"),
            *("identifiers", "links"),
        )

    def for_record(self) -> Self:
        return self.select_related("cover__file").prefetch_related(
            "editions", "credits__organisation", "terms", "tags", "co_owners", "files"
        )


@recorded(without=["updated_at"])
class Resource(models.Model):
    """A knowledge product: one work, described in one or more languages (``Edition``).

    ``status`` says what the public has, ``stage`` how far the work in hand is. The draft of what is
    public lies beside it, in ``pending``; any other draft is the row itself. These, ``version`` and
    the moments are written by ``knowledge.services`` alone.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Stage(models.TextChoices):
        NONE = "", _("Nothing in hand")
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    public_id = models.CharField(
        _("permanent name"), max_length=12, unique=True, default=new_public_id, editable=False
    )
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_CHOICES)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    stage = models.CharField(
        _("work in hand"),
        max_length=20,
        choices=Stage,
        default=Stage.DRAFT,
        blank=True,
        editable=False,
    )
    languages = ArrayField(
        models.CharField(max_length=8, choices=work_language_choices),
        verbose_name=_("languages of the work"),
        help_text=_("Those it can be read in, the original first."),
    )
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="owned_resources",
        verbose_name=_("owner"),
        help_text=_("Who curates this entry: a partner, or the hub's editorial desk."),
    )
    co_owners = models.ManyToManyField(
        Organisation, blank=True, related_name="co_owned_resources", verbose_name=_("co-owners")
    )
    published_on = models.DateField(_("date of the work"), null=True, blank=True)
    published_precision = models.CharField(
        _("known to the"), max_length=5, choices=Precision, blank=True
    )
    licence = models.CharField(
        _("licence"), max_length=60, blank=True, help_text=_("As the publisher states it.")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="resources", verbose_name=_("topics, sectors and places")
    )
    tags = TaggableManager(blank=True, related_name="resources")
    is_featured = models.BooleanField(_("read first"), default=False)
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    unpublished_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    reason = models.TextField(_("reason of withdrawal"), blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    review_by = models.DateField(_("to be reviewed by"), null=True, blank=True)
    curator_note = models.TextField(
        _("note for curators"), blank=True, help_text=_("Never shown on the site.")
    )
    source_url = models.URLField(_("page it was found on"), max_length=1000, blank=True)
    # The number of the newest revision, or of the one that its first will have.
    version = models.PositiveIntegerField(default=1, editable=False)
    pending = models.ForeignKey(
        "knowledge.Revision",
        models.RESTRICT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("draft beside what is public"),
    )
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = ResourceQuerySet.as_manager()
    policy = Rule(owner="owner", co_owners="co_owners")

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = [F("published_on").desc(nulls_last=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="resource_stage_fits_its_status",
                condition=Q(status="draft", pending__isnull=True, stage__gt="")
                | Q(status="published", pending__isnull=True, stage="")
                | Q(status="published", pending__isnull=False, stage__gt="")
                | Q(status="withdrawn", pending__isnull=True, stage=""),
                violation_error_message=_("What is in hand does not fit what is public."),
            ),
            models.CheckConstraint(
                name="resource_published_has_its_moment",
                condition=~Q(status="published") | Q(publish_at__isnull=False),
                violation_error_message=_("A published resource needs the moment it is public."),
            ),
            models.CheckConstraint(
                name="resource_withdrawn_has_moment_and_reason",
                # A restored draft keeps both, for its address answers with them.
                condition=Q(unpublished_at__isnull=True, reason="", replaced_by__isnull=True)
                & ~Q(status="withdrawn")
                | Q(unpublished_at__isnull=False, reason__gt="") & ~Q(status="published"),
                violation_error_message=_("A withdrawn resource needs its moment and a reason."),
            ),
            models.CheckConstraint(
                name="resource_does_not_replace_itself",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                violation_error_message=_("A resource cannot replace itself."),
            ),
            models.CheckConstraint(
                name="resource_date_and_precision_go_together",
                condition=Q(published_on__isnull=True, published_precision="")
                | Q(published_on__isnull=False, published_precision__gt=""),
                violation_error_message=_("Say how exactly the date is known, or give no date."),
            ),
            models.CheckConstraint(
                name="resource_has_a_language",
                condition=Q(languages__len__gte=1),
                violation_error_message=_("Name at least one language."),
            ),
        ]
        indexes = [models.Index(fields=["status", "publish_at"], name="resource_status")]
        triggers = [
            # The names of what became part of another work lead to that one for good. It looks after
            # the row is in: whoever waited for a name that a merge sets free finds it kept.
            pgtrigger.Trigger(
                name="resource_name_is_not_kept",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug", "public_id"),
                func="""
                    IF EXISTS (
                        SELECT FROM knowledge_merged
                        WHERE slug = NEW.slug OR public_id = NEW.public_id
                    ) THEN
                        RAISE unique_violation USING
                            MESSAGE = 'This name leads to another work.',
                            CONSTRAINT = 'resource_name_is_not_kept';
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.original.title if self.original else self.slug

    def get_absolute_url(self) -> str:
        return reverse("knowledge:resource_detail", kwargs={"slug": self.slug})

    @property
    def permanent_url(self) -> str:
        """The full address that stays when that of the page changes."""
        return absolute(reverse("knowledge:resource_short", args=[self.public_id]))

    def clean(self) -> None:
        if len(set(self.languages or [])) != len(self.languages or []):
            raise ValidationError({"languages": _("Name each language once.")})

    @property
    def original(self):
        """The edition in the work's own language, or ``None`` while there is none."""
        return next((edition for edition in self.editions.all() if edition.is_original), None)

    @property
    def summary(self) -> str:
        """In the language of the work, else as it is."""
        editions = sorted(self.editions.all(), key=lambda edition: not edition.is_original)
        return next((edition.summary for edition in editions if edition.summary), "")

    @property
    def work_url(self) -> str:
        """Where the work itself is, or a copy; empty if nobody knows."""
        return next((link.url for link in self.links.all() if link.kind != "listed"), "")

    @property
    def state(self) -> str:
        """Where it is on its way: the stage of the work in hand, else what the public has."""
        return self.stage or self.status

    @property
    def is_public(self) -> bool:
        published = self.status == self.Status.PUBLISHED
        return published and self.publish_at <= timezone.now()

    def replacement(self) -> "Resource | None":
        """What readers should take instead: the first of the chain of replacements that is public."""
        seen, current = {self.pk}, self.replaced_by
        while current is not None and current.pk not in seen:
            if current.is_public:
                return current
            seen.add(current.pk)
            current = current.replaced_by
        return None

    def publishers(self) -> list[Publisher]:
        """Each once, though a work may credit two names of one organisation."""
        credits = [credit for credit in self.credits.all() if credit.role == "publisher"]
        by_key = {credit.as_publisher().key: credit.as_publisher() for credit in reversed(credits)}
        return list(reversed(by_key.values()))

    def authors(self) -> list[str]:
        return [credit.shown_name for credit in self.credits.all() if credit.role == "author"]

    def keywords(self) -> list[str]:
        """Further words by which it is found: free tags, and the full names behind short
        ones."""
        credited = {credit.organisation for credit in self.credits.all()} - {None}
        names = {organisation.name for organisation in credited}
        return sorted({tag.name for tag in self.tags.all()} | names)

    def organisation_ids(self) -> set[int]:
        """Those whose pages list this resource: publishers, owner and co-owners."""
        credited = {credit.organisation_id for credit in self.credits.all()} - {None}
        return credited | {self.owner_id} | {owner.pk for owner in self.co_owners.all()}

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of this resource: a tombstone once it was withdrawn, nothing
        while it is a draft."""
        is_draft = self.status == self.Status.DRAFT and self.unpublished_at is None
        if is_draft or self.original is None:
            return None
        texts = {file.part: window for file, window in windows_of(self.files.all()).items()}
        draft = RecordDraft(
            kind=self.kind,
            path=self.get_absolute_url(),
            published_at=self.publish_at,
            updated_at=self.updated_at,
            languages=tuple(self.languages),
            texts={edition.language: edition.as_text() for edition in self.editions.all()},
            people=tuple(self.authors()),
            keywords=tuple(self.keywords()),
            publishers=tuple(self.publishers()),
            term_ids=tuple(sorted(term.pk for term in self.terms.all())),
            organisation_ids=tuple(sorted(self.organisation_ids())),
            issued_on=self.published_on,
            issued_precision=self.published_precision,
            picture=self.cover.as_picture() if hasattr(self, "cover") else None,
            is_featured=self.is_featured,
            parts=tuple(
                file.part for file in self.files.all() if file.has_text and file.part in texts
            ),
            windows={part: window for part, window in texts.items() if window != Window()},
        )
        if self.unpublished_at is not None:
            # Never seen in public, so there is nothing to be remembered.
            if self.publish_at > self.unpublished_at:
                return None
            return draft.tombstone(self.unpublished_at)
        return draft


@recorded(part_of="resource")
class CoOwner(Resource.co_owners.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("co-owner")


@recorded(part_of="resource")
class ResourceTerm(Resource.terms.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("topic, sector or place")
