"""What is said of the post in the environment, read by the real settings in a process of its own."""

import pytest

from tests.test_settings import outcome

PRINT = (
    "from django.conf import settings as s; import sys; "
    "print(s.EMAIL_BACKEND, *(getattr(s, n, None) for n in "
    "('EMAIL_HOST', 'EMAIL_PORT', 'EMAIL_USE_TLS', 'EMAIL_HOST_PASSWORD')), "
    "sorted(s.ANYMAIL), file=sys.stderr)"
)
SMTP = "hub.notices.smtp.EmailBackend"
LOCAL = {"LOCAL": "1", "BASE_URL": "http://localhost:8000"}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({}, " localhost 25 False  ['REQUESTS_TIMEOUT']"),
        (
            LOCAL,
            "django.core.mail.backends.dummy.EmailBackend localhost 25 False  ['REQUESTS_TIMEOUT']",
        ),
        (
            {"EMAIL_URL": "smtp+tls://ada:p%40ss@mail.example.org"},
            f"{SMTP} mail.example.org 587 True p@ss ['REQUESTS_TIMEOUT']",
        ),
        (
            {"EMAIL_URL": "smtp://127.0.0.1:2525"},
            f"{SMTP} 127.0.0.1 2525 False None ['REQUESTS_TIMEOUT']",
        ),
        (
            {
                "EMAIL_PROVIDER": "postmark",
                "ANYMAIL_POSTMARK_SERVER_TOKEN": "t",
                "POST_WEBHOOK_SECRET": "user:a-password-of-some-length",
            },
            "anymail.backends.postmark.EmailBackend localhost 25 False  "
            "['POSTMARK_SERVER_TOKEN', 'REQUESTS_TIMEOUT', 'WEBHOOK_SECRET']",
        ),
    ],
)
def test_settings_of_the_post(given, read):
    assert outcome(given, "shell", "--no-imports", "-c", PRINT) == (0, f"{read}\n")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        *(
            (
                {"EMAIL_URL": url},
                "EMAIL_URL must be like smtp+tls://user:password@mail.example.org:587",
            )
            for url in ("mail.example.org", "consolemail://", "smtp://", "smtp://host:port")
        ),
        (
            {"EMAIL_PROVIDER": "../evil"},
            "EMAIL_PROVIDER is '../evil'; it must be a name such as postmark.",
        ),
        ({"POST_PER_HOUR": "many"}, "POST_PER_HOUR is 'many'; it must be a whole number."),
        (
            {"POST_WEBHOOK_SECRET": "short:secret"},
            "POST_WEBHOOK_SECRET must be user:password, 24 characters or more.",
        ),
    ],
)
def test_settings_of_the_post_refuse_in_one_line(given, reason):
    assert outcome(given) == (1, f"The hub does not start: {reason}\n")
