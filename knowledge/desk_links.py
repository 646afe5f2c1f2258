"""Links at the partner desk: what the form of a resource asks for each, and what a check found."""

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hub.partners import policy
from hub.partners.desk import PartInline
from hub.partners.forms import PartFormSet
from knowledge import jobs, link_check
from knowledge.desk_names import LinkForm, TellsReader
from knowledge.models import Link


class LinkFormSet(PartFormSet):
    """The links of a resource. What a check found belongs to an address, and goes with it."""

    def save_existing(self, form: forms.ModelForm, obj: Link, commit: bool = True) -> Link:
        # Not the whole row: it may have been looked at since this request has read it.
        changed = {name for name in form.changed_data if name != "DELETE"}
        is_elsewhere = "url" in changed
        obj.save(update_fields=changed | {"canonical"} if is_elsewhere else changed)
        if is_elsewhere:
            link_check.forget(obj.pk)
        return obj


class LinkInline(TellsReader, PartInline, admin.StackedInline):
    model = Link
    form = LinkForm
    formset = LinkFormSet
    verbose_name_plural = _("links to the work")
    one_more = _("Add a link")
    extra = 1
    fieldsets = [
        (None, {"fields": ["url", "found"]}),
        (
            _("More about this link"),
            {"fields": ["archived_url", ("kind", "label", "position")], "classes": ["collapse"]},
        ),
    ]
    readonly_fields = ["found"]
    # Without the "Currently: …" of Django's own widget: the address stands above it already.
    formfield_overrides = {
        models.URLField: {
            "assume_scheme": "https",
            "widget": forms.URLInput(attrs={"class": "vURLField"}),
        }
    }

    @admin.display(description=_("last look"))
    def found(self, link: Link) -> str:
        if link.checked_at is None:
            return gettext("Not looked at yet")
        said = {"day": date_format(link.failed_at or link.checked_at, "j F Y")}
        if link.is_broken:
            return gettext("Broken: did not answer on %(day)s") % said
        if link.fails:
            count = {"count": link.fails, "most": Link.FAILS_TO_BROKEN}
            return gettext("Failed on %(day)s, %(count)s of %(most)s") % (said | count)
        if link.last_status is None or link.last_status >= 400:
            return gettext("Cannot be told: programs are turned away (%(day)s)") % said
        return gettext("Answered on %(day)s") % said


class WithLinks(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    @admin.action(description=_("Check links now"), permissions=["change"])
    def check_links(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        own = policy.editable(request.user, queryset)
        links = Link.objects.filter(resource__in=own.order_by().values("pk"))
        count = jobs.check_now(links.values_list("pk", flat=True))
        text = ngettext(
            "%d link will be looked at in the next minutes.",
            "%d links will be looked at in the next minutes.",
            count,
        )
        self.message_user(request, text % count, messages.SUCCESS)
