from django.urls import path

from events import after_urls, embed_views, format_views, views

app_name = "events"
urlpatterns = [
    path("events/", views.event_list, name="event_list"),
    path("events.atom", format_views.event_feed, name="event_feed"),
    path("events/calendar.ics", format_views.calendar, name="calendar"),
    path("events/<slug:slug>/", views.event_detail, name="event_detail"),
    path("events/<slug:slug>.ics", format_views.event_calendar, name="event_calendar"),
    path("events/<slug:slug>/programme.json", format_views.programme, name="programme_json"),
    path("events/<slug:slug>/offline.html", format_views.offline, name="event_offline"),
    path(
        "events/<slug:slug>/sessions/<slug:session>/", views.session_detail, name="session_detail"
    ),
    path(
        "events/<slug:slug>/sessions/<slug:session>.ics",
        format_views.session_calendar,
        name="session_calendar",
    ),
    path("embed/events/", embed_views.event_list, name="embed_list"),
    path(
        "embed/events/<slug:slug>/programme/",
        embed_views.programme,
        name="embed_programme",
    ),
    *after_urls.urlpatterns,
]
