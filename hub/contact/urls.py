from django.urls import path

from hub.contact import views

app_name = "contact"
urlpatterns = [
    path("people/<slug:slug>/write/", views.write_to_person, name="write_to_person"),
    path("about/write/", views.write_to_desk, name="write_to_desk"),
    path("letters/written/", views.written, name="written"),
    path("letters/sent/", views.sent, name="sent"),
    path("letters/<token>/", views.confirm, name="confirm"),
]
