"""Settings, read from the environment. What is missing or dangerous stops the start in one line.

`make run` sets LOCAL=1 and the rest for a hub on one's own machine (see `hub.local`); a public one
sets SECRET_KEY, DATABASE_URL, BASE_URL and ALLOWED_HOSTS. README lists all of them.
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
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


def number(name: str, default: int = 0) -> int:
    value = env.str(name, default="") or str(default)
    if not value.isascii() or not value.isdigit():
        refuse(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


# Where we are
LOCAL = switch("LOCAL")
DEBUG = switch("DEBUG")
SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = required("BASE_URL").rstrip("/")  # links in mails and canonical addresses
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])
# How many proxies of ours stand before the hub. Each says in `X-Forwarded-For` whom it was asked by,
# and the last one in `X-Forwarded-Proto` how the reader came.
TRUSTED_PROXIES = number("TRUSTED_PROXIES")

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
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "hub.apps.QueueConfig",
    "hub.apps.TagsConfig",
    "django_prose_editor",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "hub.audit",
    "hub.vocabulary",
    "hub.partners",
    "hub.notices",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "hub.accounts",
    "hub.members",
    "hub.contact",
    "hub.catalogue",
    "hub.newsletter",
    "hub.portal",
    "knowledge",
    "events",
    "taskforce",
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
    "hub.accounts.middleware.Authentication",
    "hub.audit.middleware.Acting",
    "hub.zones.OwnZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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

# Accounts
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["hub.accounts.backends.AddressBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "members:own_page"
LOGOUT_REDIRECT_URL = "account_signed_out"
# Whether the desk stays shut for staff who sign in with a password and nothing else.
REQUIRE_STAFF_MFA = switch("REQUIRE_STAFF_MFA", default="0" if LOCAL or DEBUG else "1")
# An address is unique without regard to case, which this check does not recognise as unique.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "hub.accounts.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# In the session, which who is signed in has: no cookie more.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "hub.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 5
# Django's own knows the address as well; that of django-allauth writes rows when a link is opened.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = True
# Ours count in the database, see hub.accounts.limits.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "hub.accounts.forms.SignInForm",
    "signup": "hub.accounts.forms.SignUpForm",
    "confirm_email_verification_code": "hub.accounts.forms.VerifyAddressForm",
    "add_email": "hub.accounts.forms.ChangeAddressForm",
    "reset_password": "hub.accounts.forms.AskForResetForm",
    "reset_password_from_key": "hub.accounts.forms.ResetPasswordForm",
    "set_password": "hub.accounts.forms.SetPasswordForm",
    "change_password": "hub.accounts.forms.ChangePasswordForm",
    "reauthenticate": "hub.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "hub.accounts.adapters.MFAAdapter"
# Recovery codes are our own, see hub.accounts.factors.
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "hub.accounts.step_forms.SecondStepForm",
    "reauthenticate": "hub.accounts.step_forms.ReauthenticateForm",
    "activate_totp": "hub.accounts.step_forms.AddAppForm",
    "add_webauthn": "hub.accounts.step_forms.AddPasskeyForm",
    "login_webauthn": "hub.accounts.step_forms.PasskeySignInForm",
    "authenticate_webauthn": "hub.accounts.step_forms.PasskeyStepForm",
    "reauthenticate_webauthn": "hub.accounts.step_forms.PasskeyReauthenticateForm",
}

# A search that takes longer is stopped, and the reader told so.
SEARCH_MILLISECONDS = number("SEARCH_MILLISECONDS", default=2000)

# The API: who has what for it, and how often one address may ask within ten minutes. A harvest of
# 100,000 works is a thousand questions.
API = ["knowledge.api", "events.api", "hub.portal.api", "taskforce.api"]
API_IN_TEN_MINUTES = 600
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "hub.catalogue.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

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
# Who sends a file once the hub has said that it may be sent: the hub itself, or the web server before
# it, "nginx" (X-Accel-Redirect) or "sendfile" (X-Sendfile: Apache, lighttpd).
FILES_SENT_BY = env.str("FILES_SENT_BY", default="")
if FILES_SENT_BY not in {"", "nginx", "sendfile"}:
    refuse(f"FILES_SENT_BY is {FILES_SENT_BY!r}; it must be nginx, sendfile or nothing.")
FILE_UPLOAD_HANDLERS = [
    "hub.uploading.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "hub.uploading.OnDisk",
]
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hub.storage.BundledManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STARTER_DIR = ROOT / "starter"

# Under which licence others may use what the hub itself says: its summaries and its order of things.
DATA_LICENCE = env.str("DATA_LICENCE", default="CC BY 4.0")
DATA_LICENCE_URL = env.str(
    "DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/"
)

TAGGIT_CASE_INSENSITIVE = True

# Jobs
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["hub.jobs"]

# Post: by a mail server, or by a provider that anymail knows. On one's own machine nothing goes out:
# the desk shows the letters. A public hub without either keeps them until it has one.
EMAIL_PROVIDER = env.str("EMAIL_PROVIDER", default="")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend" if LOCAL else ""
if EMAIL_PROVIDER:
    if not EMAIL_PROVIDER.isidentifier():
        refuse(f"EMAIL_PROVIDER is {EMAIL_PROVIDER!r}; it must be a name such as postmark.")
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    INSTALLED_APPS.append("anymail")  # its checks of the provider's settings load 8 MB
elif env.str("EMAIL_URL", default=""):
    ports = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    try:
        EMAIL = env.email_url_config(env.str("EMAIL_URL"))
        scheme, EMAIL_HOST = env.str("EMAIL_URL").partition(":")[0], EMAIL["EMAIL_HOST"] or ""
        EMAIL_PORT = EMAIL["EMAIL_PORT"] or ports[scheme]
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        EMAIL_HOST = ""
    if not EMAIL_HOST:
        refuse("EMAIL_URL must be like smtp+tls://user:password@mail.example.org:587")
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = scheme == "smtp+tls", scheme == "smtp+ssl"
    EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "EMAIL_FROM", default=f"Just Transition Hub <noreply@{urlsplit(BASE_URL).hostname}>"
)
# Whom other libraries, and who finds a weakness, can write to.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=f"contact@{urlsplit(BASE_URL).hostname}")
POST_PER_HOUR = number("POST_PER_HOUR", default=1000)  # to all together
POST_PER_ADDRESS = 20  # in a day
# What a provider needs, by anymail's names: ANYMAIL_POSTMARK_SERVER_TOKEN and so on.
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value
    for name, value in os.environ.items()
    if name.startswith("ANYMAIL_")
}
ANYMAIL["REQUESTS_TIMEOUT"] = EMAIL_TIMEOUT
# "user:password" that the provider calls /post/webhook/ with; without it nobody can.
if POST_WEBHOOK_SECRET := env.str("POST_WEBHOOK_SECRET", default=""):
    if ":" not in POST_WEBHOOK_SECRET or len(POST_WEBHOOK_SECRET) < 24:
        refuse("POST_WEBHOOK_SECRET must be user:password, 24 characters or more.")
    ANYMAIL["WEBHOOK_SECRET"] = POST_WEBHOOK_SECRET

# Audit. Events keep beside what changed who acted; the tables of events refer to nothing, so they
# hold nothing up. What is kept how long is said in `hub.audit.erasure`.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PROCRASTINATE_ON_APP_READY = "hub.audit.jobs.name_tasks"

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
# Sites of partners that may show the pages below /embed/ in a frame: https://partner.example
EMBED_ORIGINS = env.list("EMBED_ORIGINS", default=[])
for _origin in EMBED_ORIGINS:
    if not re.fullmatch(r"https?://[a-z0-9.*-]+(:\d+)?", _origin):
        refuse(
            f"EMBED_ORIGINS has “{_origin}”, which is no origin such as https://partner.example."
        )

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_TRUSTED_ORIGINS = [BASE_URL]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from within, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # The prefix makes browsers refuse a cookie that another host of the domain has set.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
