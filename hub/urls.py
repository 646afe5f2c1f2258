"""Addresses. English has no prefix, other languages do; what is not read by people has none."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from hub.catalogue.oai import views as harvested
from hub.portal import errors, health, sitemaps, wellknown

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", wellknown.robots),
    path(".well-known/security.txt", wellknown.security),
    path("app.webmanifest", wellknown.manifest, name="manifest"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:name>.xml", sitemaps.part, name="sitemap"),
    path("oai", harvested.oai, name="oai"),
    path("api/v1/", include("hub.catalogue.api.router")),
    path("admin/", admin.site.urls),
    path("post/", include("hub.notices.urls")),
    path("", include("knowledge.review_urls")),
    path("", include("hub.newsletter.personal_urls")),
    path("", include("events.own_urls")),
    path("", include("events.personal_urls")),
    path("", include("events.desk_urls")),
    path("", include("taskforce.personal_urls")),
    path("", include("taskforce.interview_urls")),
    path("", include("taskforce.group_personal_urls")),
    path("", include("taskforce.approval_urls")),
    *i18n_patterns(
        path("account/", include("hub.accounts.urls")),
        path("", include("hub.members.urls")),
        path("", include("hub.contact.urls")),
        path("", include("hub.catalogue.saved_urls")),
        path("", include("hub.newsletter.urls")),
        path("", include("hub.portal.urls")),
        path("", include("knowledge.urls")),
        path("", include("events.registration_urls")),
        path("", include("events.urls")),
        path("", include("taskforce.urls")),
        prefix_default_language=False,
    ),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
