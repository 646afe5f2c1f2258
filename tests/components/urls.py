"""The addresses of the hub, and one more: its components side by side."""

from django.urls import path

from hub import urls
from tests.components.views import specimens

urlpatterns = [path("specimens/", specimens), *urls.urlpatterns]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
