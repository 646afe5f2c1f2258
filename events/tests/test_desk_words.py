"""Where the desk says what is wrong with an event, and what its forms call things."""

import pytest
from django.urls import reverse

from events.tests.factories import make_event
from hub.partners.tests.factories import make_user
from hub.tests.pages import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_user(is_superuser=True))
    return client


def test_an_event_without_a_day_is_told_so_beside_the_day(desk):
    path = reverse("admin:events_event_add")

    answer = desk.post(path, form_of(desk.get(path), "event_form"))

    errors = answer.context["adminform"].form.errors
    assert errors["starts_on"] == ["An event needs its first day."]
    assert "__all__" not in errors


def test_each_key_message_says_which_it_is(desk):
    page = desk.get(reverse("admin:events_event_change", args=[make_event().pk])).content.decode()

    missing = [n for n in range(1, 8) if f'aria-label="Key message {n}"' not in page]
    assert missing == []


def test_what_a_letter_is_known_by_is_no_row_of_its_form(desk):
    page = desk.get(reverse("admin:events_event_letter", args=[make_event().pk])).content.decode()

    assert '<input type="hidden" name="letter"' in page
    assert 'for="id_letter"' not in page
