"""Taking resources out of the partner desk: what is chosen in the list, as a file."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.audit import access as audit
from hub.desk import Confirming
from knowledge import taking_out

# The note of what was taken names so many works at most, and says of how many.
MOST_NAMED = 1000


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        label=_("As"),
        choices=[(name, form.label) for name, form in taking_out.FORMATS.items()],
        initial="csv",
        widget=forms.RadioSelect,
    )


class WithTakingOut(Confirming):
    """For the admin of resources: those that somebody may see, they may take along."""

    @admin.action(description=_("Take out as a file …"), permissions=["view"])
    def take_out(self, request: HttpRequest, resources: QuerySet) -> HttpResponse:
        form = FormatForm(request.POST if request.POST.get("confirmed") else None)
        if not form.is_valid():
            question = gettext("Take these resources out as a file")
            answer = gettext("Take out")
            return self.ask(request, resources, "take_out", question, answer, form)
        name = form.cleaned_data["format"]
        chosen = taking_out.FORMATS[name]
        content = taking_out.written(resources, chosen)
        works = list(resources.values_list("public_id", flat=True)[:MOST_NAMED])
        detail = {"model": "knowledge.resource", "rows": resources.count(), "format": name}
        detail["works"] = works
        audit.note(request, audit.EXPORTED, detail=detail)
        return FileResponse(
            content,
            as_attachment=True,
            filename=f"resources-{timezone.now():%Y-%m-%d}.{chosen.ending}",
            content_type=chosen.mime_type,
        )
