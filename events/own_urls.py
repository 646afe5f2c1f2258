"""What hangs on somebody's own registration: signed addresses, which have no language prefix."""

from django.urls import path

from events import (
    attending_views,
    consent_views,
    feedback_views,
    outcome_views,
    selection_views,
)

app_name = "own"
urlpatterns = [
    path("programmes/<token>.ics", selection_views.programme_calendar, name="programme_calendar"),
    path("programmes/<token>/", selection_views.programme, name="programme"),
    path("registrations/<token>/here/", attending_views.here, name="here"),
    path("consent/<token>/", consent_views.consent, name="consent"),
    path("feedback/<token>/", feedback_views.give_feedback, name="feedback"),
    path(
        "registrations/<token>/materials/", outcome_views.registration_materials, name="materials"
    ),
    path(
        "registrations/<token>/materials/<int:pk>/",
        outcome_views.registration_transcript,
        name="transcript",
    ),
]
