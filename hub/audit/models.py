import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from hub.audit.recording import APPEND_ONLY, recorded


class Access(models.Model):
    """Somebody signed in, saw personal data, exported or erased something: ``hub.audit.note`` writes
    it. The account is a number, not a relation, so that the note outlives it."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    act = models.CharField(_("what"), max_length=40)
    account = models.BigIntegerField(_("who"), null=True)
    model = models.CharField(_("of which kind"), max_length=100, blank=True)
    object_id = models.BigIntegerField(_("which one"), null=True)
    detail = models.JSONField(_("details"), default=dict)
    route = models.CharField(_("page"), max_length=300, blank=True)
    client = models.CharField(_("hash of the client"), max_length=16, blank=True)
    request_id = models.UUIDField(_("request"), null=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="access_act_is_a_name", condition=Q(act__regex=r"^[a-z][a-z_]*$")
            )
        ]
        indexes = [
            models.Index(fields=["account", "at"], name="access_of_account"),
            models.Index(fields=["model", "object_id"], name="access_of_object"),
            BrinIndex(fields=["at"], name="access_at"),
        ]
        triggers = [
            pgtrigger.Protect(name=APPEND_ONLY, operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"


@recorded(app="audit")
class FreeTag(Tag):
    """A free tag, which is django-taggit's."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("free tag")


@recorded(part_of="content_object", app="audit")
class Tagging(TaggedItem):
    """That something bears a free tag."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("free tag")
