"""What hangs on somebody's own registration: signed addresses, which have no language prefix."""

from django.urls import path

from events import consent_views, feedback_views, outcome_views

app_name = "own"
urlpatterns = [
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
