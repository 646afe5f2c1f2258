"""What programs look for at fixed addresses: what robots may read, whom to tell of a weakness, and how
the hub is called on a phone's home screen."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.links import absolute

TEXT = "text/plain; charset=utf-8"
# Nothing there is for all: pages of one's own, and lists without an end.
CLOSED = ("/admin/", "/account/", "/search/")
SECURITY_PATH = "/.well-known/security.txt"
# RFC 9116 wants less than a year; the day moves on by the month, so that caches serve.
SECURITY_LASTS = timedelta(days=180)
SIZES = (192, 512)

in_lines = partial(HttpResponse, content_type=TEXT)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return in_lines("\n".join([*lines, "", f"Sitemap: {absolute(reverse('sitemap_index'))}", ""]))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    this_month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    told = {
        "Contact": f"mailto:{settings.CONTACT_EMAIL}",
        "Expires": f"{this_month + SECURITY_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "Canonical": absolute(SECURITY_PATH),
    }
    return in_lines("".join(f"{name}: {value}\n" for name, value in told.items()))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """W3C Web Application Manifest: only what a link on a home screen needs."""
    icons = [
        {
            "src": static(f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES
    ]
    told = {
        "name": _("Just Transition Hub"),
        "short_name": _("Transition"),
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbfaf6",
        "theme_color": "#072f2c",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
