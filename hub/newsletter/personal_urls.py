"""Pages of one reader: their links stay the same in whatever language the letter was."""

from django.urls import path

from hub.newsletter import views

app_name = "newsletter_own"
urlpatterns = [
    path("newsletter/confirm/<token>/", views.confirm, name="confirm"),
    path("newsletter/preferences/<token>/", views.preferences, name="preferences"),
    path("newsletter/unsubscribe/<token>/", views.unsubscribe, name="unsubscribe"),
]
