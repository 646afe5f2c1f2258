from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("resources/", views.resource_list, name="resource_list"),
    path("resources/<slug:slug>/", views.resource_detail, name="resource_detail"),
    path(
        "resources/<slug:slug>/cover-<slug:name>.webp", views.resource_cover, name="resource_cover"
    ),
    path("r/<slug:public_id>/", views.resource_short, name="resource_short"),
]
