"""Settings, read from the environment. What is missing or dangerous stops the start in one line.

`make run` sets LOCAL=1 and the rest for a hub on one's own machine (see `hub.local`); a public one
sets SECRET_KEY, DATABASE_URL, BASE_URL and ALLOWED_HOSTS. README lists all of them.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()


def refuse(reason: str) -> None:
    raise SystemExit(f"The hub does not start: {reason}")


def required(name: str) -> str:
    value = env.str(name, default="")
    if not value:
        refuse(f"{name} is not set. For a hub on your own machine use `make run`.")
    return value


def switch(name: str, default: str = "0") -> bool:
    value = env.str(name, default="") or default
    if value.lower() not in {"0", "1", "false", "true", "no", "yes", "off", "on"}:
        refuse(f"{name} is {value!r}; it must be 1 or 0.")
    return value.lower() in {"1", "true", "yes", "on"}


# Where we are
LOCAL = switch("LOCAL")
DEBUG = switch("DEBUG")
SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = required("BASE_URL").rstrip("/")  # links in mails and canonical addresses
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])
# Behind a proxy that says how the reader came, as nginx does with `X-Forwarded-Proto`.
BEHIND_PROXY = switch("BEHIND_PROXY")

if len(SECRET_KEY) < 50:
    refuse("SECRET_KEY has fewer than 50 characters.")
if "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS names every host; name your own.")
if DEBUG and not LOCAL:
    refuse("DEBUG is on, but LOCAL is not: it would show the hub's insides to everybody.")
if not LOCAL and not BASE_URL.startswith("https://"):
    refuse("BASE_URL must begin with https:// unless LOCAL is on.")

# Apps, each before those that build on it
INSTALLED_APPS = [
    "hub",
    "hub.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "hub.apps.QueueConfig",
    "hub.apps.TagsConfig",
    "django_prose_editor",
    "django_filters",
    "hub.vocabulary",
    "hub.partners",
    "hub.catalogue",
    "hub.portal",
    "knowledge",
]
MIDDLEWARE = [
    "hub.middleware.HeadWithoutBody",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.middleware.Compression",
    "hub.middleware.PublicCache",
    "django.middleware.http.ConditionalGetMiddleware",
    "hub.middleware.SaveData",
    "hub.middleware.PathLanguage",
    "hub.middleware.ErrorsInWords",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Database
if not required("DATABASE_URL").startswith(("postgres://", "postgresql://")):
    refuse("DATABASE_URL must begin with postgres://")
DATABASES = {"default": env.db_url_config(required("DATABASE_URL"))}
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
if switch("DATABASE_POOL", default="1"):
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "partners.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# An address is unique without regard to case, which this check does not recognise as unique.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A search that takes longer is stopped, and the reader told so.
SEARCH_MILLISECONDS = env.int("SEARCH_MILLISECONDS", default=2000)

# Languages: one is switched on when its catalogue of sentences is complete
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True


# Files
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=ROOT / "var" / "static")
# What is uploaded. No web server may read it: the hub asks first who may see it.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=ROOT / "var" / "media")
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hub.storage.BundledManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STARTER_DIR = ROOT / "starter"

TAGGIT_CASE_INSENSITIVE = True

# Jobs
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["hub.jobs"]

# What went wrong, with its traceback, to standard error; a page that is not there is no error
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        # Odd addresses: answered with 400, and no fault of ours.
        "django.security": {"level": "CRITICAL"},
    },
}

# Headers
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
        *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
        *("payment", "usb"),
    )
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_TRUSTED_ORIGINS = [BASE_URL]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from within, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # The prefix makes browsers refuse a cookie that another host of the domain has set.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
