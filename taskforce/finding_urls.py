"""Public addresses of what governments said in a round."""

from django.urls import path

from taskforce import finding_views as views

urlpatterns = [
    path("taskforce/<slug:slug>/findings/", views.synthesis, name="synthesis"),
    path("taskforce/<slug:slug>/findings.atom", views.finding_feed, name="finding_feed"),
    path("taskforce/<slug:slug>/peers/", views.peers, name="peers"),
    path("taskforce/<slug:slug>/findings/<int:pk>/", views.finding_detail, name="finding_detail"),
]
