"""The letter after an event."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from events import afterwards
from events.tests.factories import make_event, make_registration
from events.tests.test_feedback import make_past
from hub.notices.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def test_who_had_a_sure_seat_is_written_to_once():
    event = make_past(title="Coal and steel")
    make_registration(event, "ana@example.org")
    make_registration(event, status="waitlisted")
    make_registration(event, email_confirmed_at=None)

    for _ in range(3):
        afterwards.thank_all()

    letter = Message.objects.get()
    assert letter.to == "ana@example.org"
    assert "Coal and steel" in letter.text


def test_its_links_open_what_they_say(client):
    make_registration(make_past())
    afterwards.thank_all()
    text = Message.objects.get().text

    [materials] = re.findall(r"https?://[^/]+(/registrations/\S+)", text)
    [questions] = re.findall(r"https?://[^/]+(/feedback/\S+)", text)
    assert client.get(materials).status_code == 200
    assert "How useful" in client.get(questions).content.decode()


@pytest.mark.parametrize(
    "event",
    [
        {"days": 0.01},  # it lasts two hours
        {"days": 6},
        {"status": "cancelled", "cancelled_at": now()},
        {"status": "postponed"},
    ],
)
def test_nobody_is_written_to_too_early_too_late_or_of_what_did_not_take_place(event):
    make_registration(make_past(**event))

    assert afterwards.thank_all() == 0
    assert not Message.objects.exists()


def test_the_end_counts_and_not_the_beginning():
    start = (now() - timedelta(days=5)).replace(tzinfo=None, microsecond=0)
    event = make_event(timezone="UTC", starts_local=start, ends_local=start + timedelta(days=4))
    make_registration(event)

    assert afterwards.thank_all() == 1
