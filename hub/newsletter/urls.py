from django.urls import path

from hub.newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("newsletter/", views.sign_up, name="sign_up"),
    path("newsletter/written/", views.written, name="written"),
]
