from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import Publisher, RecordDraft, Text
from hub.languages import language_name, work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Term
from knowledge.kinds import READING_LIST
from knowledge.models.resources import Resource

# A list is to be read through: beyond this it is a part of the library, which has an address too.
MOST_PICKED = 100
MOST_FOUND = 50


class CollectionQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may see now; scheduled ones from their moment on, to the second."""
        return self.filter(status=Collection.Status.PUBLISHED, publish_at__lte=Now())

    def unpublished(self) -> Self:
        return self.filter(status=Collection.Status.DRAFT)

    def open_to_authors(self) -> Self:
        """What authors may work on: a list has no draft beside it, so none that readers see."""
        return self.unpublished()

    def withdrawn(self) -> Self:
        """What was public once and answers 410 Gone now, restored drafts too until they are out
        again."""
        return self.filter(publish_at__lte=F("unpublished_at"))

    def reachable(self) -> Self:
        """What was ever public."""
        public, withdrawn = Collection.objects.public(), Collection.objects.withdrawn()
        return self.filter(Q(pk__in=public.values("pk")) | Q(pk__in=withdrawn.values("pk")))

    def for_record(self) -> Self:
        return self.select_related("owner").prefetch_related("texts", "terms", "co_owners")


@recorded(without=["updated_at"])
class Collection(models.Model):
    """A reading list: works picked by hand in their order, then the first that a query finds.

    ``status`` and the moments beside it are written by ``knowledge.reading_lists`` alone.
    """

    Status = Resource.Status

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="owned_collections",
        verbose_name=_("owner"),
        help_text=_("Who curates this list: a partner, or the hub's editorial desk."),
    )
    co_owners = models.ManyToManyField(
        Organisation, blank=True, related_name="co_owned_collections", verbose_name=_("co-owners")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="collections", verbose_name=_("topics, sectors and places")
    )
    query = models.CharField(
        _("search"), max_length=1000, blank=True, help_text=_("What of an address follows its “?”.")
    )
    query_size = models.PositiveSmallIntegerField(
        _("works from the search"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_FOUND)],
    )
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    unpublished_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    reason = models.TextField(_("reason of withdrawal"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = CollectionQuerySet.as_manager()
    policy = Rule(owner="owner", co_owners="co_owners")

    class Meta:
        verbose_name = _("reading list")
        verbose_name_plural = _("reading lists")
        ordering = [F("publish_at").desc(nulls_last=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="collection_published_has_its_moment",
                condition=~Q(status="published") | Q(publish_at__isnull=False),
                violation_error_message=_("A published list needs the moment it is public."),
            ),
            models.CheckConstraint(
                name="collection_withdrawn_has_moment_and_reason",
                # A restored draft keeps both, for its address answers with them.
                condition=Q(unpublished_at__isnull=True, reason="") & ~Q(status="withdrawn")
                | Q(unpublished_at__isnull=False, reason__gt="") & ~Q(status="published"),
                violation_error_message=_("A withdrawn list needs its moment and a reason."),
            ),
            models.CheckConstraint(
                name="collection_query_size_within_bounds",
                condition=Q(query_size__gte=1, query_size__lte=MOST_FOUND),
                violation_error_message=_("Take between 1 and 50 works from the search."),
            ),
        ]
        indexes = [models.Index(fields=["status", "publish_at"], name="collection_status")]

    def __str__(self) -> str:
        return self.original.title if self.original else self.slug

    def get_absolute_url(self) -> str:
        return reverse("knowledge:collection_detail", kwargs={"slug": self.slug})

    @property
    def original(self) -> "CollectionText | None":
        """The text in the language of the list, or ``None`` while there is none."""
        return next((text for text in self.texts.all() if text.is_original), None)

    @property
    def language(self) -> str:
        """That of the list: of its notes, and of the words of its query."""
        return self.original.language if self.original else "en"

    @property
    def is_public(self) -> bool:
        published = self.status == self.Status.PUBLISHED
        return published and self.publish_at <= timezone.now()

    @property
    def was_public(self) -> bool:
        """Whether it was ever published, even if it is a draft again."""
        return self.status != self.Status.DRAFT or self.unpublished_at is not None

    def organisation_ids(self) -> set[int]:
        return {self.owner_id} | {owner.pk for owner in self.co_owners.all()}

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of this list: a tombstone once it was withdrawn, nothing while it
        is a draft. Its works are in the catalogue themselves."""
        is_draft = self.status == self.Status.DRAFT and self.unpublished_at is None
        if is_draft or self.original is None:
            return None
        draft = RecordDraft(
            kind=READING_LIST.value,
            path=self.get_absolute_url(),
            published_at=self.publish_at,
            updated_at=self.updated_at,
            languages=(self.language,),
            texts={text.language: text.as_text() for text in self.texts.all()},
            publishers=(Publisher(self.owner.slug, self.owner.short_name),),
            term_ids=tuple(sorted(term.pk for term in self.terms.all())),
            organisation_ids=tuple(sorted(self.organisation_ids())),
            issued_on=self.publish_at.date(),
            issued_precision="day",
        )
        if self.unpublished_at is not None:
            # Never seen in public, so there is nothing to be remembered.
            if self.publish_at > self.unpublished_at:
                return None
            return draft.tombstone(self.unpublished_at)
        return draft


@recorded(part_of="collection")
class CollectionCoOwner(Collection.co_owners.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("co-owner")


@recorded(part_of="collection")
class CollectionTerm(Collection.terms.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("topic, sector or place")


@recorded(part_of="collection")
class CollectionText(models.Model):
    """What a list is called and what it is for, in one language."""

    collection = models.ForeignKey(
        Collection, models.CASCADE, related_name="texts", verbose_name=_("reading list")
    )
    language = models.CharField(_("language"), max_length=8, choices=work_language_choices)
    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(
        _("introduction"),
        blank=True,
        max_length=2000,
        help_text=_("Plain text: for whom the list is, and how to read it."),
    )
    is_original = models.BooleanField(_("original"), default=False)

    class Meta:
        verbose_name = _("title and introduction")
        verbose_name_plural = _("titles and introductions")
        ordering = ["-is_original", "language"]
        constraints = [
            models.UniqueConstraint(
                name="collection_text_once_per_language",
                fields=["collection", "language"],
                violation_error_message=_("There is a title in this language already."),
            ),
            models.UniqueConstraint(
                name="collection_text_one_original",
                fields=["collection"],
                condition=Q(is_original=True),
                violation_error_message=_("Only one language can be the original."),
            ),
            models.CheckConstraint(
                name="collection_text_has_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A list needs a title."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({language_name(self.language, 'en')})"

    def clean(self) -> None:
        self.title, self.intro = tidy(self.title), tidy(self.intro)

    def as_text(self) -> Text:
        return Text(self.title, "", self.intro)


@recorded(part_of="collection")
class CollectionItem(models.Model):
    """A work that somebody picked for a list, and why."""

    collection = models.ForeignKey(
        Collection, models.CASCADE, related_name="items", verbose_name=_("reading list")
    )
    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="collection_items", verbose_name=_("work")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    note = models.TextField(
        _("note"),
        blank=True,
        max_length=1000,
        help_text=_("Why to read it, in the language of the list."),
    )

    class Meta:
        verbose_name = _("work of the list")
        verbose_name_plural = _("works of the list")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="collection_item_once_per_work",
                fields=["collection", "resource"],
                violation_error_message=_("This work is in the list already."),
            )
        ]

    def __str__(self) -> str:
        # Not the title: it may be that of another partner's draft by now.
        return str(self.position)

    def clean(self) -> None:
        self.note = tidy(self.note)
