from django.urls import path

from hub.newsletter import archive, views

app_name = "newsletter"
urlpatterns = [
    path("newsletter/", views.sign_up, name="sign_up"),
    path("newsletter/written/", views.written, name="written"),
    path("newsletter/<int:number>/", archive.issue, name="issue"),
    path("newsletter/<int:number>/<slug:language>/", archive.issue, name="issue_in"),
]
