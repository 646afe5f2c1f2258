"""Signed addresses of a government's own page, which have no language prefix."""

from django.urls import path

from taskforce import invitation_views
from taskforce import personal_views as views

app_name = "participation"
urlpatterns = [
    path(
        "taskforce/participation/invitation/<token>/", invitation_views.decline, name="invitation"
    ),
    path("taskforce/participation/<token>/", views.page, name="page"),
    path("taskforce/participation/<token>/edit/", views.edit, name="edit"),
    path("taskforce/participation/<token>/withdraw/", views.withdraw, name="withdraw"),
    path("taskforce/participation/<token>/leave/", views.leave, name="leave"),
    path("taskforce/participation/<token>/invite/", views.invite, name="invite"),
    path("taskforce/participation/<token>/colleague/<int:pk>/", views.colleague, name="colleague"),
]
