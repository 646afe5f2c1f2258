"""Signed addresses of reviewers, which have no language prefix."""

from django.urls import path

from knowledge import review_views

app_name = "review"
urlpatterns = [
    path("review/<token>/", review_views.review, name="page"),
    path("review/<token>/files/<slug:name>.pdf", review_views.review_file, name="file"),
    path("review/<token>/cover.webp", review_views.review_cover, name="cover"),
]
