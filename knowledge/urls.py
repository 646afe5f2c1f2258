from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("resources/", views.resource_list, name="resource_list"),
    path("resources.atom", views.resource_feed, name="resource_feed"),
    path("resources/<slug:slug>/", views.resource_detail, name="resource_detail"),
    path(
        "resources/<slug:slug>/cover-<slug:name>.webp", views.resource_cover, name="resource_cover"
    ),
    path("resources/<slug:slug>/files/<slug:name>.pdf", views.resource_file, name="resource_file"),
    path("resources/<slug:slug>/text/", views.resource_text, name="resource_text"),
    path("r/<slug:public_id>/", views.resource_short, name="resource_short"),
]
