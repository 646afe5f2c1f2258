"""Public addresses of the taskforce, with a language prefix."""

from django.urls import path

from taskforce import finding_urls, group_urls, registration_views, views

app_name = "taskforce"
# What stands for a page of its own comes before the slugs of rounds.
urlpatterns = [
    path("taskforce/", views.round_list, name="round_list"),
    path("taskforce.atom", views.round_feed, name="round_feed"),
    *group_urls.urlpatterns,
    *finding_urls.urlpatterns,
    path("taskforce/<slug:slug>/", views.round_detail, name="round_detail"),
    path("taskforce/<slug:slug>/register/", registration_views.register, name="register"),
    path("taskforce/<slug:slug>/register/sent/", registration_views.sent, name="sent"),
]
