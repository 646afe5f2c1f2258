"""Three questions that are answered by nobody knows whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.timezone import now

from events import feedback, own
from events.models import Event, Feedback, FeedbackGiven
from events.tests.factories import make_event, make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def make_past(days: float = 1, **fields) -> Event:
    start = (now() - timedelta(days=days)).replace(microsecond=0)
    times = {"timezone": "UTC", "starts_local": start.replace(tzinfo=None)}
    times["ends_local"] = times["starts_local"] + timedelta(hours=2)
    return make_event(**times | fields)


def path_of(seat) -> str:
    return f"/feedback/{feedback.token_of(seat)}/"


def answer(client, seat, **fields):
    return client.post(path_of(seat), {"useful": "4", **fields})


def test_an_answer_is_taken_once(client):
    event = make_past()
    seat = make_registration(event)
    page = client.get(path_of(seat))
    assert page.status_code == 200
    assert "How useful was it for you?" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Feedback.objects.count() == 0

    first = answer(client, seat, will_use="The map", missing="Coffee")
    assert first.status_code == 302
    assert "nobody can tell which is yours" in client.get(first["Location"]).content.decode()
    again = answer(client, seat, useful="1")

    assert again.status_code == 422
    assert "answered already" in again.content.decode()
    one = Feedback.objects.get()
    assert (one.useful, one.will_use, one.missing) == (4, "The map", "Coffee")
    assert one.month == now().date().replace(day=1)


def test_nothing_in_the_database_leads_from_an_answer_to_who_gave_it():
    event = make_past()
    seats = [make_registration(event) for _ in range(12)]
    for number, seat in enumerate(seats):
        feedback.give(seat, useful=1 + number % 5, will_use=f"Answer {number}")

    columns = {field.name for field in Feedback._meta.get_fields()}
    assert columns == {"id", "event", "useful", "will_use", "missing", "month"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, cmin::text FROM events_feedback")
        written = set(cursor.fetchall())
        cursor.execute("SELECT will_use FROM events_feedback ORDER BY ctid")
        answers = [int(text.split()[1]) for (text,) in cursor.fetchall()]
        cursor.execute("SELECT registration_id FROM events_feedbackgiven ORDER BY ctid")
        given = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT id::text, will_use FROM events_feedback ORDER BY id")
        keys = [int(text.split()[1]) for _key, text in cursor.fetchall()]
    assert len(written) == 1, "all rows bear the number of one transaction and one command"
    assert sorted(answers) == list(range(12))
    # Each of these holds by chance once in 12! tries.
    assert answers != list(range(12))
    assert given != [seat.pk for seat in seats]
    assert keys != list(range(12))
    assert [seats[number].pk for number in answers] != given


@pytest.mark.django_db(transaction=True)
def test_answers_of_different_moments_bear_one_transaction():
    event = make_past()
    for number in range(4):
        with transaction.atomic():
            feedback.give(make_registration(event), useful=3, will_use=str(number))

    with connection.cursor() as cursor:
        for table in ("events_feedback", "events_feedbackgiven"):
            cursor.execute(f"SELECT count(*), count(DISTINCT xmin::text) FROM {table}")
            assert cursor.fetchone() == (4, 1)


def test_answers_to_another_event_are_left_alone():
    other, event = make_past(), make_past()
    feedback.give(make_registration(other), useful=5)
    [before] = Feedback.objects.filter(event=other)

    feedback.give(make_registration(event), useful=1)

    assert Feedback.objects.get(event=other) == before
    assert FeedbackGiven.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": -3}, "not over yet"),
        ({"days": 90}, "are closed"),
        ({"status": "cancelled", "cancelled_at": now()}, "are closed"),
    ],
)
def test_questions_are_asked_from_the_end_for_some_weeks(client, fields, words):
    seat = make_registration(make_past(**fields))

    page = client.get(path_of(seat)).content.decode()
    refused = answer(client, seat)

    assert words in page
    assert "<textarea" not in page
    assert refused.status_code == 422
    assert not Feedback.objects.exists()
    assert not FeedbackGiven.objects.exists()


@pytest.mark.parametrize(
    "without",
    [{"status": "waitlisted"}, {"status": "pending"}, {"email_confirmed_at": None}],
)
def test_who_had_no_seat_is_not_asked(client, without):
    seat = make_registration(make_past(), **without)

    assert client.get(path_of(seat)).status_code == 404
    assert answer(client, seat).status_code == 404


def test_the_link_of_the_registration_is_no_link_to_the_questions(client):
    seat = make_registration(make_past())

    assert client.get(f"/feedback/{own.token_of(seat)}/").status_code == 404
    assert client.get(f"/registrations/{feedback.token_of(seat)}/materials/").status_code == 404


@pytest.mark.parametrize("useful", ["", "0", "6", "x", "4" * 50])
def test_odd_answers_are_refused_in_words_and_nothing_is_lost(client, useful):
    seat = make_registration(make_past())

    response = answer(client, seat, useful=useful, will_use="My words")

    assert response.status_code == 422
    assert "My words" in response.content.decode()
    assert not FeedbackGiven.objects.exists()


def test_figures_come_with_the_fifth_answer():
    event = make_past()
    for number in range(4):
        feedback.give(make_registration(event), useful=5, will_use=f"{9 - number}")
    assert feedback.figures(event) is None

    feedback.give(make_registration(event), useful=2, missing="Time")

    found = feedback.figures(event)
    assert (found.answers, found.asked, found.mean) == (5, 5, 4.4)
    assert [(bar.grade, bar.count, bar.share) for bar in found.bars] == [
        (5, 4, 80),
        (4, 0, 0),
        (3, 0, 0),
        (2, 1, 20),
        (1, 0, 0),
    ]
    assert found.bars[0].width == "55.00%"
    assert found.bars[3].width == "13.75%"
    assert found.will_use == ("6", "7", "8", "9")
    assert found.missing == ("Time",)


def test_a_link_opened_a_hundred_times_answers_nothing(client):
    seat = make_registration(make_past())
    for _ in range(50):
        client.get(path_of(seat))
        client.head(path_of(seat))

    assert not FeedbackGiven.objects.exists()
    assert not Feedback.objects.exists()


def test_who_is_refused_is_told_so_in_words():
    with pytest.raises(ValidationError, match="closed"):
        feedback.give(make_registration(make_past(days=-1)), useful=3)


def test_what_is_left_out_is_asked_for_in_words(client):
    response = answer(client, make_registration(make_past()), useful="")

    assert "Say how useful it was for you." in response.content.decode()
