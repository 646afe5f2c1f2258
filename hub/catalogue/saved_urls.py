from django.urls import path

from hub.catalogue import saved_views

app_name = "saved"
urlpatterns = [
    path("saved-searches/new/", saved_views.new, name="new"),
    path("saved-searches/asked/", saved_views.asked, name="asked"),
    path("saved-searches/stop/<token>/", saved_views.stop, name="stop"),
    path("saved-searches/<token>/", saved_views.manage, name="manage"),
]
