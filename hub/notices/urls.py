from django.urls import path

from hub.notices import views

app_name = "notices"
urlpatterns = [path("webhook/<slug:provider>/", views.webhook, name="webhook")]
