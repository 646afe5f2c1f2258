"""What the pages of the desk about one event share."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from events.models import Event


class EventPages(admin.ModelAdmin):
    """Mix it in, in the end, behind what adds pages."""

    def own(self, route: str, view: Callable, name: str) -> URLPattern:
        """An address below that of an event."""
        return path(
            f"<path:object_id>/{route}",
            self.admin_site.admin_view(view),
            name=f"events_event_{name}",
        )

    def event_for(self, act: str, request: HttpRequest, object_id: str) -> Event:
        """The event, for who may ``view``, ``change`` or ``publish`` it; 404 for everybody else, as
        for one that is not there."""
        event = self.get_object(request, unquote(object_id))
        if event is None or not getattr(self, f"has_{act}_permission")(request, event):
            raise Http404
        return event

    def shown(
        self, request: HttpRequest, event: Event, template: str, title: Any, **context: Any
    ) -> HttpResponse:
        """A page of the desk about the event."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(event),
            "opts": self.opts,
            "original": event,
            **context,
        }
        return TemplateResponse(request, f"admin/events/event/{template}.html", context)

    def back_to(self, name: str, event: Event) -> HttpResponse:
        return redirect(f"admin:events_event_{name}", event.pk)
