"""Findings at the desk: written on the grid of a government, sent to it, made a report of the library."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hub.guarded import posted
from hub.partners import policy
from hub.partners.desk import OwnedAdmin
from hub.partners.models import Organisation, User
from knowledge.kinds import KIND_CHOICES
from knowledge.owning import possible_owners
from taskforce import approving, to_library
from taskforce.approving import Line
from taskforce.desk_pages import ForEditors, OwnPages
from taskforce.kinds import Area, FindingKind
from taskforce.models import Finding, Participation, Round

LONGEST = Finding._meta.get_field("text").max_length


class GridForm(forms.Form):
    """What a government said: in each cell of areas by kinds its lines, and an empty one for another.
    ``conflict`` is the line that somebody else was faster with."""

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participation = participation
        self.conflict: approving.Stale | None = None
        self._there = list(participation.findings.all())
        for finding in self._there:
            self._add(f"line-{finding.pk}", finding.area, finding.kind, finding)
            version = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=finding.version
            )
            self.fields[f"version-{finding.pk}"] = version
        for area in Area:
            for kind in FindingKind:
                self._add(f"new-{area.value}-{kind.value}", area, kind)

    def _add(self, name: str, area: str, kind: str, finding: Finding | None = None) -> None:
        label = f"{Area(area).label}, {FindingKind(kind).label}"
        field = forms.CharField(
            label=label,
            max_length=LONGEST,
            required=False,
            initial=finding.text if finding else "",
            widget=forms.Textarea(attrs={"rows": 3, "cols": 24, "aria-label": label}),
        )
        field.cell, field.finding = (str(area), str(kind)), finding
        self.fields[name] = field

    @property
    def rows(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """Areas with their cells, each with the lines that stand in it."""
        return [
            (
                area.label,
                [
                    [
                        self[name]
                        for name, field in self.fields.items()
                        if getattr(field, "cell", None) == (area.value, kind.value)
                    ]
                    for kind in FindingKind
                ],
            )
            for area in Area
        ]

    @property
    def kinds(self) -> list[Any]:
        return [kind.label for kind in FindingKind]

    @property
    def lines(self) -> list[Line]:
        said = self.cleaned_data
        found = []
        for name, field in self.fields.items():
            if not hasattr(field, "cell"):
                continue
            of = field.finding
            version = said.get(f"version-{of.pk}") or 0 if of else 0
            found.append(Line(*field.cell, said[name], of.pk if of else None, version))
        return found

    def save(self) -> int | None:
        """How many lines have changed; nothing where that did not work, which the form then says."""
        try:
            return approving.keep_grid(self.participation.pk, self.lines)
        except approving.Stale as stale:
            self.conflict = stale
            self.add_error(None, stale.messages)
            self.data = self.data.copy()
            self.data[f"version-{stale.finding.pk}"] = str(stale.finding.version)
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
        return None


class FindingForm(forms.ModelForm):
    """One line. ``read_version`` is that of what the writer has read."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Finding
        fields = ("area", "kind", "text", "language", "sectors", "evidence", "interview")
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["read_version"] = self.instance.version
        if "interview" in self.fields and self.instance.pk:
            self.fields["interview"].queryset = self.instance.participation.interviews.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        there = Finding.objects.filter(pk=self.instance.pk).values("version", "text").first()
        if there and cleaned.get("read_version") != there["version"]:
            self.data = self.data.copy()
            self.data["read_version"] = str(there["version"])
            text = _(
                "Somebody else has changed this since you opened it. Nothing of yours is lost. What "
                "stands there now: “%(text)s”. Save once more if yours is to stand."
            )
            self.add_error(None, text % {"text": there["text"]})
        return cleaned


class ReportForm(forms.Form):
    required_css_class = "required"

    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Owner"), help_text=_("Who curates the draft.")
    )

    def __init__(self, *args: Any, user: User, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("kind", "report")
        owners = policy.editable(user, possible_owners(user))
        self.fields["owner"].queryset = owners
        self.initial["owner"] = owners.filter(pk=round.owner_id).first()


class HasApproval(admin.SimpleListFilter):
    title = _("approval")
    parameter_name = "approval"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [
            ("unsent", _("Not sent yet")),
            ("asked", _("Awaits the government")),
            ("approved", _("Approved")),
        ]

    def queryset(self, request: HttpRequest, rows: models.QuerySet) -> models.QuerySet:
        wanted = {
            "unsent": {"asked_at": None},
            "asked": {"asked_at__isnull": False, "approved_by_government_at": None},
            "approved": {"approved_by_government_at__isnull": False},
        }
        return rows.filter(**wanted.get(self.value(), {}))


@admin.register(Finding)
class FindingAdmin(OwnPages, ForEditors, OwnedAdmin):
    form = FindingForm
    change_form_template = "admin/taskforce/change_form.html"
    readonly_fields = ("participation", "standing", "approved_by_government_at", "published_at")
    fields = (
        *("participation", "area", "kind", "text", "language", "sectors", "evidence", "interview"),
        *("standing", "approved_by_government_at", "published_at", "read_version"),
    )
    autocomplete_fields = ["evidence"]
    list_display = ["text_short", "participation", "area", "kind", "standing", "may_be_quoted"]
    list_filter = [
        ("participation__round", admin.RelatedOnlyFieldListFilter),
        HasApproval,
        "area",
        "kind",
        "visibility",
    ]
    list_select_related = ["participation__round", "participation__government"]
    list_per_page = 50
    search_fields = ["text", "participation__government__name", "participation__proposed_name"]

    @admin.display(description=_("finding"))
    def text_short(self, finding: Finding) -> str:
        return str(finding)

    @admin.display(description=_("approval"))
    def standing(self, finding: Finding) -> str:
        if finding.is_approved:
            return finding.get_visibility_display()
        return gettext("Awaits the government") if finding.asked_at else gettext("Not sent yet")

    def view_on_site(self, finding: Finding) -> str | None:
        return finding.get_absolute_url() if finding.published_at else None

    # Permissions and saving

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def get_fields(self, request: HttpRequest, obj: Finding | None = None) -> list[str]:
        """Who cannot change a line sees it without what the form carries along."""
        is_theirs = self.has_change_permission(request, obj)
        return [name for name in self.fields if is_theirs or name != "read_version"]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Of two who save one line, each waits for the other and sees what they wrote."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, *args, **kwargs)
        with transaction.atomic():
            finding = self.get_object(request, unquote(object_id))
            if finding is not None:
                approving.hold(finding.participation_id)
            response = super().changeform_view(request, object_id, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    def save_model(self, request: HttpRequest, obj: Finding, form: Any, change: bool) -> None:
        about = {n: v for n, v in form.cleaned_data.items() if n != "read_version"}
        stored = approving.rewrite(obj.pk, about, version=form.cleaned_data["read_version"])
        if stored.asked_at and not stored.is_approved and set(form.changed_data) & {"text"}:
            text = gettext("The government is asked to approve the new words.")
            self.message_user(request, text, messages.INFO)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Sectors are kept with the rest."""

    def delete_model(self, request: HttpRequest, obj: Finding) -> None:
        approving.remove(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pk in queryset.values_list("pk", flat=True):
            approving.remove(pk)

    # Pages

    def get_urls(self) -> list:
        return [
            self.own("grid/", self.grid_view, "grid"),
            self.own("send/", self.send_view, "send"),
            self.own("library/", self.library_view, "library"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        finding = kwargs.get("obj")
        if finding is not None and self.has_publish_permission(request, finding):
            context |= {
                "state": self.standing(finding),
                "steps": [("send", _("Send to the government"))] if not finding.asked_at else [],
                "pages": [("grid", _("All of this government")), ("library", _("To the library"))],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Choose a government, and write on its grid."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        rounds = policy.publishable(request.user, Round.objects.all())
        rows = Participation.objects.active().filter(round__in=rounds)
        rows = rows.select_related("round", "government")
        asked = request.GET.get("participation", "")
        if asked:
            found = rows.filter(pk=asked).first() if _is_key(asked) else None
            if found is None:
                raise Http404
            return self._grid(request, found)
        count = models.Count
        approved = models.Q(findings__approved_by_government_at__isnull=False)
        unsent = models.Q(findings__isnull=False, findings__asked_at=None)
        rows = rows.annotate(
            written=count("findings"),
            unsent=count("findings", filter=unsent),
            approved=count("findings", filter=approved),
        )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Write findings"),
            "opts": self.opts,
            "rows": rows.order_by("-round__period", "government__name", "pk")[:500],
        }
        return TemplateResponse(request, "admin/taskforce/findings.html", context)

    def grid_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        finding = self.row_for(request, object_id)
        return self._grid(request, finding.participation)

    def _grid(self, request: HttpRequest, participation: Participation) -> HttpResponse:
        form = GridForm(posted(request), participation=participation)
        if request.method == "POST" and form.is_valid():
            count = form.save()
            if count is not None:
                text = ngettext("%d line is changed.", "%d lines are changed.", count) % count
                self.message_user(request, text, messages.SUCCESS)
                if request.POST.get("act") == "send":
                    self._send(request, participation)
                return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Findings: %(government)s") % {"government": participation},
            "subtitle": str(participation.round),
            "opts": self.opts,
            "form": form,
            "participation": participation,
        }
        return TemplateResponse(request, "admin/taskforce/grid.html", context)

    def _send(self, request: HttpRequest, participation: Participation) -> bool:
        try:
            count = approving.ask(participation.pk)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        text = ngettext(
            "%d finding is sent to the government.",
            "%d findings are sent to the government.",
            count,
        )
        self.message_user(request, text % count, messages.SUCCESS)
        return True

    def send_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send all lines of a government that it has not seen; asked once more before."""
        finding = self.row_for(request, object_id)
        if request.method == "POST":
            self._send(request, finding.participation)
            return self.back_to("change", finding)
        count = finding.participation.findings.filter(asked_at=None).count()
        explained = ngettext(
            "%d line is sent to those who speak for the government. They read it and approve it.",
            "%d lines are sent to those who speak for the government. They read and approve them.",
            count,
        )
        context = {"form": forms.Form(), "explained": explained % count, "hidden": {}}
        return self.shown(request, finding, "act", _("Send to the government"), **context)

    def library_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a draft of the library of all public findings of the round; or say what is missing."""
        finding = self.row_for(request, object_id)
        round = finding.participation.round
        form = ReportForm(posted(request), user=request.user, round=round)
        if request.method == "POST" and form.is_valid():
            try:
                resource = to_library.make(request.user, round, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            except PermissionDenied as error:
                raise Http404 from error
            else:
                text = gettext("There is a draft now: %(title)s. Nobody outside sees it yet.")
                self.message_user(request, text % {"title": resource}, messages.SUCCESS)
                return redirect("admin:knowledge_resource_change", resource.pk)
        explained = _(
            "All public findings of the round, by area and kind. Governments that may be quoted are "
            "credited as authors, those who run and convene the round as publishers."
        )
        missing = [] if form.errors else to_library.hindrances(round, request.user)
        explained = " ".join([str(explained), *map(str, missing)])
        context = {"form": form, "explained": explained, "hidden": {}}
        return self.shown(request, finding, "act", _("Make a draft for the library"), **context)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
