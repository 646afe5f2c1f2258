"""The hub's own addresses and the floor."""

from django.urls import path

from hub.portal.bench.floor import ADDRESS, floor
from hub.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path(ADDRESS.strip("/") + "/", floor), *urlpatterns]
