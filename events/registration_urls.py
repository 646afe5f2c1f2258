"""Registering for an event."""

from django.urls import path

from events import registration_views as views

app_name = "registering"
urlpatterns = [
    path("events/<slug:slug>/register/", views.register, name="register"),
    path("events/<slug:slug>/register/sent/", views.sent, name="sent"),
]
