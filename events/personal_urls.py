"""Signed addresses of somebody's own registration, which have no language prefix."""

from django.urls import path

from events import personal_views as views

app_name = "registration"
urlpatterns = [
    path("registrations/<token>/", views.page, name="page"),
    path("registrations/<token>/edit/", views.edit, name="edit"),
    path("registrations/<token>/cancel/", views.cancel, name="cancel"),
    path("registrations/<token>/replace/", views.replace, name="replace"),
    path("registrations/<token>/sessions/", views.sessions, name="sessions"),
    path("registrations/<token>/event.ics", views.calendar, name="calendar"),
    path("join/<slug:secret>/", views.join, name="join"),
]
