"""A person's own page and their part in organisations; all of them private."""

from django.urls import path

from hub.members import views

app_name = "members"
urlpatterns = [
    path("account/", views.own_page, name="own_page"),
    path("account/settings/", views.settings, name="settings"),
    path("account/data.zip", views.data, name="data"),
    path("account/erase/", views.erase, name="erase"),
    path("account/unlist/", views.unlist, name="unlist"),
    path("account/calendar/", views.renew_calendar, name="renew_calendar"),
    path("account/ask/", views.ask, name="ask"),
    path("account/ask/<int:pk>/", views.take_back, name="take_back"),
    path("account/requests/", views.requests, name="requests"),
    path("account/requests/<int:pk>/", views.decide, name="decide"),
    path("account/organisations/", views.organisations, name="organisations"),
    path("account/organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("account/organisations/<slug:slug>/roles/<int:pk>/", views.role, name="role"),
    path("account/invitations/<int:pk>/", views.withdraw, name="withdraw"),
    path("account/invitation/<token>/", views.invitation, name="invitation"),
    path("account/calendar/<str:secret>.ics", views.calendar, name="calendar"),
]
