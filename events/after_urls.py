"""What comes after an event, among the pages of events."""

from django.urls import path

from events import delegation_views, outcome_views, selection_views

urlpatterns = [
    path(
        "events/<slug:slug>/delegation/<slug:organisation>/",
        delegation_views.delegation,
        name="event_delegation",
    ),
    path("events/<slug:slug>/choose/", selection_views.choose, name="event_choose"),
    path("events/<slug:slug>/outcomes/", outcome_views.event_outcomes, name="event_outcomes"),
    path(
        "events/<slug:slug>/outcomes/transcripts/<int:pk>/",
        outcome_views.event_transcript,
        name="event_transcript",
    ),
    path(
        "events/<slug:slug>/outcomes/mine/",
        outcome_views.event_own_outcomes,
        name="event_own_outcomes",
    ),
    path(
        "events/<slug:slug>/outcomes/mine/transcripts/<int:pk>/",
        outcome_views.event_own_transcript,
        name="event_own_transcript",
    ),
]
