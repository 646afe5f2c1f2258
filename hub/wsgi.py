"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
application = get_wsgi_application()

# Django would load all views at the first request. Loaded now, before gunicorn forks its workers,
# they are in memory once.
_ = get_resolver().url_patterns
