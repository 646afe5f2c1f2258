"""Signed addresses of the findings of a government, which have no language prefix."""

from django.urls import path

from taskforce import approval_views as views

app_name = "approval"
urlpatterns = [
    path("taskforce/participation/<token>/findings/<int:pk>/", views.finding, name="finding"),
    path(
        "taskforce/participation/<token>/findings/<int:pk>/take-back/",
        views.take_back,
        name="take_back",
    ),
]
