from django.urls import path

from knowledge import citation_views, collection_views, contribution_views, problem_views, views

app_name = "knowledge"
urlpatterns = [
    path("resources/", views.resource_list, name="resource_list"),
    path("resources.atom", views.resource_feed, name="resource_feed"),
    path("resources.<slug:ending>", citation_views.list_citation, name="list_citation"),
    path(
        "resources/<slug:slug>.<slug:ending>",
        citation_views.resource_citation,
        name="resource_citation",
    ),
    path("resources/<slug:slug>/", views.resource_detail, name="resource_detail"),
    path(
        "resources/<slug:slug>/cover-<slug:name>.webp", views.resource_cover, name="resource_cover"
    ),
    path("resources/<slug:slug>/files/<slug:name>.pdf", views.resource_file, name="resource_file"),
    path("resources/<slug:slug>/text/", views.resource_text, name="resource_text"),
    path("collections/", collection_views.collection_list, name="collection_list"),
    path("collections/<slug:slug>/", collection_views.collection_detail, name="collection_detail"),
    path("collections/<slug:slug>.atom", collection_views.collection_feed, name="collection_feed"),
    path(
        "collections/<slug:slug>/works.<slug:ending>",
        collection_views.collection_export,
        name="collection_export",
    ),
    path("contribute/", contribution_views.contribute, name="contribute"),
    path(
        "contribute/case-study/",
        contribution_views.contribute_case_study,
        name="contribute_case_study",
    ),
    path(
        "contributions/written/",
        contribution_views.contribution_written,
        name="contribution_written",
    ),
    path(
        "contributions/confirm/<token>/",
        contribution_views.contribution_confirm,
        name="contribution_confirm",
    ),
    path(
        "contributions/<token>/",
        contribution_views.contribution_status,
        name="contribution_status",
    ),
    path("resources/<slug:slug>/problem/", problem_views.problem_report, name="problem_report"),
    path("problems/sent/", problem_views.problem_sent, name="problem_sent"),
    path("problems/<token>/", problem_views.problem_confirm, name="problem_confirm"),
    path("r/<slug:public_id>/", views.resource_short, name="resource_short"),
]
