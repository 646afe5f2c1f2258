"""Signed addresses around working groups, which have no language prefix."""

from django.urls import path

from taskforce import application_views, area_views

app_name = "group"
urlpatterns = [
    path("taskforce/applications/<token>/", application_views.page, name="application"),
    path("taskforce/members/<token>/", area_views.link_area, name="area"),
    path(
        "taskforce/members/<token>/meetings/<slug:meeting>/",
        area_views.link_meeting,
        name="meeting",
    ),
    path(
        "taskforce/members/<token>/meetings/<slug:meeting>/come/",
        area_views.link_come,
        name="come",
    ),
    path(
        "taskforce/participation/<token>/meetings/<slug:meeting>/",
        area_views.round_meeting,
        name="round_meeting",
    ),
    path(
        "taskforce/participation/<token>/meetings/<slug:meeting>/come/",
        area_views.round_come,
        name="round_come",
    ),
]
