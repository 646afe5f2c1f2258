from django.urls import path

from hub.portal import open_data, standing, views

app_name = "portal"
urlpatterns = [
    *(
        path(f"{scheme}s/<slug:slug>.atom", standing.feed, {"scheme": scheme}, f"feed_{scheme}")
        for scheme in standing.SCHEMES
    ),
    *(
        path(f"embed/{scheme}s/<slug:slug>/", standing.frame, {"scheme": scheme}, f"frame_{scheme}")
        for scheme in standing.SCHEMES
    ),
    path("people/<slug:slug>.atom", standing.person_feed, name="person_feed"),
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("search.atom", views.search_feed, name="search_feed"),
    path("topics/", views.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("sectors/", views.sector_list, name="sector_list"),
    path("sectors/<slug:slug>/", views.sector_detail, name="sector_detail"),
    path("audiences/", views.audience_list, name="audience_list"),
    path("audiences/<slug:slug>/", views.audience_detail, name="audience_detail"),
    path("places/", views.place_list, name="place_list"),
    path("places/<slug:slug>/", views.place_detail, name="place_detail"),
    path("partners/", views.partner_list, name="partner_list"),
    path("partners/<slug:slug>/", views.partner_detail, name="partner_detail"),
    path("people/", views.person_list, name="person_list"),
    path("people/<slug:slug>/", views.person_detail, name="person_detail"),
    path("about/", views.about, name="about"),
    path("data/", open_data.data, name="data"),
    path(
        "data/dumps/<slug:version>/<str:name>",
        open_data.dump_file,
        name="dump_file",
    ),
    path("about/privacy/", views.privacy, name="privacy"),
]
