"""The pages of the desk about one issue: adding, looking, testing, sending, and how it goes."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub import audit, links
from hub import jobs as queue
from hub.catalogue.cards import cards_for
from hub.guarded import posted
from hub.languages import language_name
from hub.newsletter import composing, course, jobs, presenting
from hub.newsletter.desk_forms import SendForm, WordsForm
from hub.newsletter.figures import figures
from hub.newsletter.letters import IssueLetter, Reader
from hub.newsletter.models import Issue
from hub.newsletter.reading import Share, share_of
from hub.newsletter.subscribers import by_language
from hub.newsletter.trying import send_test
from hub.notices.admin import LETTER_POLICY
from hub.partners import policy
from hub.zones import told


class SendingPages(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("add-items", self.add_items, "add_items"),
            ("preview", self.preview, "preview"),
            ("preview/html", self.preview_html, "preview_html"),
            ("test", self.test, "test"),
            ("send", self.send, "send"),
            ("cancel", self.cancel, "cancel"),
            ("stop", self.stop, "stop"),
            ("go-on", self.go_on, "go_on"),
            ("end", self.end, "end"),
            ("progress", self.progress, "progress"),
        ]
        own = [self._own(route, view, name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def _own(self, route: str, view: Callable, name: str) -> URLPattern:
        return path(
            f"<path:object_id>/{route}/",
            self.admin_site.admin_view(view),
            name=f"newsletter_issue_{name}",
        )

    def _issue(self, request: HttpRequest, object_id: str, *, oversees: bool = False) -> Issue:
        if not policy.publishes(request.user) or (oversees and not policy.oversees(request.user)):
            raise PermissionDenied
        issue = self.get_object(request, unquote(object_id))
        if issue is None:
            raise Http404
        return issue

    def denied(self) -> HttpResponse:
        raise PermissionDenied

    def _page(self, request: HttpRequest, issue: Issue, template: str, title: str, **context: Any):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(issue),
            "opts": self.opts,
            "original": issue,
            "can_send": policy.oversees(request.user),
            **context,
        }
        return TemplateResponse(request, f"admin/newsletter/issue/{template}.html", context)

    def _back(self, issue: Issue, name: str = "change") -> HttpResponse:
        return redirect(f"admin:newsletter_issue_{name}", issue.pk)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["can_send"] = policy.oversees(request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    # What is in it

    def add_items(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look for what may be added, and add it."""
        issue = self._issue(request, object_id)
        if not issue.can_change:
            return self._too_late(request, issue)
        if request.method == "POST":
            refs = request.POST.getlist("ref")[:100]
            count = composing.add(issue, [ref for ref in refs if "\x00" not in ref])
            told_of = ngettext("%(count)s item was added.", "%(count)s items were added.", count)
            self.message_user(request, told_of % {"count": count})
            return self._back(issue)
        form = WordsForm(request.GET)
        words = form.cleaned_data["q"].strip() if form.is_valid() else ""
        found = composing.addable(issue, words)
        groups = {record.ref: composing.group_of(record).label for record in found}
        cards = [(card, groups[card.record.ref]) for card in cards_for(found, "en")]
        title = _("Add to the issue")
        return self._page(request, issue, "add_items", title, form=form, cards=cards, words=words)

    # Looking at it

    def _letter(self, request: HttpRequest, issue: Issue) -> tuple[IssueLetter, Share, Reader]:
        asked = request.GET.get("language", "")
        language = asked if asked in issue.languages else (issue.languages or [issue.language])[0]
        share = share_of(presenting.told(issue), (), ())
        nowhere = links.absolute(reverse("newsletter:sign_up"))
        return IssueLetter(issue, language), share, Reader(request.user.email, nowhere, nowhere)

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The letter as text, with the way to its HTML, in a language."""
        issue = self._issue(request, object_id)
        letter, share, reader = self._letter(request, issue)
        text, _html = letter.to(reader, share)
        return self._page(
            request,
            issue,
            "preview",
            _("Preview"),
            letter=letter,
            text=text,
            languages=[(code, language_name(code, "en")) for code in issue.languages],
        )

    def preview_html(self, request: HttpRequest, object_id: str) -> HttpResponse:
        issue = self._issue(request, object_id)
        letter, share, reader = self._letter(request, issue)
        response = HttpResponse(letter.to(reader, share)[1])
        response.headers["Content-Security-Policy"] = LETTER_POLICY
        return response

    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send it, in each of its languages, to who asks and nobody else."""
        issue = self._issue(request, object_id)
        if request.method == "POST" and issue.languages:
            count = send_test(issue, request.user)
            said = ngettext(
                "%(count)s letter is on its way to %(to)s.",
                "%(count)s letters are on their way to %(to)s.",
                count,
            )
            self.message_user(request, said % {"count": count, "to": request.user.email})
        return self._back(issue, "preview")

    # Sending it

    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Count who would get it, ask when, and have it go out."""
        issue = self._issue(request, object_id, oversees=True)
        if not issue.can_change:
            return self._too_late(request, issue)
        form = SendForm(posted(request))
        audience = course.audience(issue)
        counts = by_language(issue, audience)
        total = sum(counts.values())
        missing = self._missing(issue, total)
        if request.method == "POST" and form.is_valid() and not missing:
            if request.POST.get("count") == str(total):
                return self._sent(request, issue, form.cleaned_data["at"])
            self.message_user(
                request,
                _("Nothing is sent yet: it is another number of people by now. Look once more."),
                messages.WARNING,
            )
        rows = [
            (language_name(code, "en"), is_theirs, count)
            for (code, is_theirs), count in sorted(counts.items())
        ]
        return self._page(
            request,
            issue,
            "send",
            _("Send the issue"),
            form=form,
            rows=rows,
            count=total,
            missing=missing,
        )

    def _missing(self, issue: Issue, total: int) -> list[str]:
        """What it needs before it can go out."""
        missing = []
        if issue.text_in(issue.language) is None:
            missing.append(_("It has no text in the language for all others."))
        if not presenting.told(issue):
            missing.append(_("Nothing that it tells of is on the site."))
        elif not total:
            missing.append(_("Nobody would get it."))
        return missing

    @transaction.atomic
    def _sent(self, request: HttpRequest, issue: Issue, at: Any) -> HttpResponse:
        if not course.schedule(issue, at or timezone.now()):
            return self._too_late(request, issue)
        audit.note(request, "scheduled", issue)
        if at:
            said = _("It goes out on %(moment)s. Until then you can cancel it.")
            self.message_user(request, said % {"moment": told(at)}, messages.SUCCESS)
        else:
            queue.enqueue(jobs.begin, issue=issue.pk)
            self.message_user(request, _("It begins to go out now."), messages.SUCCESS)
        return self._back(issue, "progress")

    def _too_late(self, request: HttpRequest, issue: Issue) -> HttpResponse:
        self.message_user(request, _("It is on its way already."), messages.WARNING)
        return self._back(issue, "progress")

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far it is, and what became of it."""
        issue = self._issue(request, object_id)
        told_of = figures(issue) if issue.number else None
        return self._page(request, issue, "progress", _("How it goes"), figures=told_of)

    def _act(
        self, request: HttpRequest, object_id: str, act: Callable[[Issue], bool], done: str
    ) -> HttpResponse:
        issue = self._issue(request, object_id, oversees=True)
        if request.method == "POST":
            if act(issue):
                audit.note(request, act.__name__, issue)
                self.message_user(request, done, messages.SUCCESS)
            else:
                said = _("It was too late, or somebody was quicker: look how it is now.")
                self.message_user(request, said, messages.WARNING)
        return self._back(issue, "progress")

    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(request, object_id, course.cancel, _("It is a draft again."))

    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(request, object_id, course.stop, _("It is stopped."))

    def go_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response = self._act(request, object_id, course.go_on, _("It goes on."))
        jobs.hand_out()
        return response

    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("It is ended: nobody else gets it.")
        return self._act(request, object_id, course.end, said)
