from django.urls import path

from events.desk_door import check_in_view

urlpatterns = [path("check-in/<str:token>/", check_in_view, name="events_check_in")]
