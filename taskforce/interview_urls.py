"""Signed addresses of a government's interview, which have no language prefix."""

from django.urls import path

from taskforce import interview_views as views

app_name = "interview"
urlpatterns = [
    path("taskforce/participation/<token>/interview/", views.book, name="book"),
    path("taskforce/participation/<token>/interview/move/", views.move, name="move"),
    path("taskforce/participation/<token>/interview/cancel/", views.cancel, name="cancel"),
    path("taskforce/participation/<token>/interview.ics", views.calendar, name="calendar"),
]
