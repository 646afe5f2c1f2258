"""Public addresses of working groups and their meetings, and members' pages by account; all before the
slugs of rounds."""

from django.urls import path

from taskforce import application_views, area_views, group_views, meeting_views, writing_views

urlpatterns = [
    path("taskforce/groups/", group_views.group_list, name="group_list"),
    path("taskforce/groups.atom", group_views.group_feed, name="group_feed"),
    path("taskforce/groups/<slug:slug>/", group_views.group_detail, name="group_detail"),
    path("taskforce/groups/<slug:slug>/apply/", application_views.group_apply, name="group_apply"),
    path(
        "taskforce/groups/<slug:slug>/apply/sent/",
        application_views.group_applied,
        name="group_applied",
    ),
    path("taskforce/meetings/<slug:slug>/", meeting_views.meeting_detail, name="meeting_detail"),
    path("account/groups/<slug:slug>/", area_views.area, name="group_area"),
    path(
        "account/groups/<slug:slug>/meetings/<slug:meeting>/",
        area_views.meeting,
        name="group_meeting",
    ),
    path(
        "account/groups/<slug:slug>/meetings/<slug:meeting>/come/",
        area_views.come,
        name="group_come",
    ),
    path(
        "account/groups/<slug:slug>/meetings/<slug:meeting>/agenda/",
        writing_views.write_agenda,
        name="group_agenda",
    ),
    path(
        "account/groups/<slug:slug>/meetings/<slug:meeting>/minutes/",
        writing_views.write_minutes,
        name="group_minutes",
    ),
    path(
        "account/groups/<slug:slug>/meetings/<slug:meeting>/action/",
        writing_views.note_action,
        name="group_action",
    ),
    path(
        "account/groups/<slug:slug>/actions/<int:pk>/",
        writing_views.close_action,
        name="group_action_close",
    ),
]
