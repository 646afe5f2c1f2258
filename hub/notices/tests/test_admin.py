import re

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub.audit.models import Access
from hub.links import absolute
from hub.notices import inbox
from hub.notices.models import LATE, Address, Message
from hub.notices.tests.factories import make_blocked, make_letter, make_settled
from hub.notices.texts import Prose
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of

pytestmark = pytest.mark.django_db
State = Message.State
LIST = "/admin/notices/message/"


@pytest.fixture
def secretariat(client):
    client.force_login(make_user(is_secretariat=True))
    return client


def page_of(message: Message) -> str:
    return reverse("admin:notices_message_change", args=[message.pk])


def letter_of(message: Message) -> str:
    return reverse("admin:notices_message_letter", args=[message.pk])


@pytest.mark.parametrize("role", ["editor", "author"])
def test_the_post_is_for_those_who_oversee(client, role):
    client.force_login(make_editor(make_organisation(), role=role))
    message, address = make_letter(), make_blocked("ada@example.org")

    answers = {
        client.get(path).status_code
        for path in (LIST, page_of(message), letter_of(message), "/admin/notices/address/")
    }
    posted = client.post(LIST, {"action": "cancel", "_selected_action": message.pk, "confirmed": 1})

    assert answers == {403}
    assert posted.status_code == 403
    assert Message.objects.get().state == State.WAITING
    assert client.get(reverse("admin:notices_address_change", args=[address.pk])).status_code == 403


@pytest.mark.parametrize("fields", [{"is_secretariat": True}, {"is_superuser": True}])
def test_those_who_oversee_read_letters_and_change_none(client, fields):
    client.force_login(make_user(**fields))
    message = make_letter(
        context={"words": Prose("Good <b>day</b>"), "link": absolute("/x/?a=1&b=2")}
    )

    page = client.get(page_of(message)).content.decode()

    assert "Good &lt;b&gt;day" in page
    assert '<a href="https://hub.example.org/x/?a=1&amp;b=2">' in page
    assert client.post(page_of(message), {"subject": "Other"}).status_code == 403
    assert client.get("/admin/notices/message/add/").status_code == 403
    assert client.get(f"{LIST}{message.pk}/delete/").status_code == 403


def test_text_of_a_letter_links_to_this_site_alone(secretariat):
    message = make_letter()
    Message.objects.update(text="https://evil.example/ https://hub.example.org.evil.example/x")

    page = secretariat.get(page_of(message)).content.decode()

    assert "evil.example" in page
    assert re.findall(r'href="[^"]*evil[^"]*"', page) == []


def test_the_html_of_a_letter_is_shut_in(secretariat):
    message = make_letter()

    answer = secretariat.get(letter_of(message))

    assert answer.content.decode() == message.html
    assert answer["Content-Security-Policy"] == (
        "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]


def test_staff_cannot_read_what_lets_its_reader_in(secretariat):
    message = make_letter(is_secret=True, context={"words": "123456"})

    page = secretariat.get(page_of(message)).content.decode()

    assert "123456" not in page
    assert "for its reader alone" in page
    assert secretariat.get(letter_of(message)).status_code == 404
    assert secretariat.get(f"{LIST}?q=123456").context["cl"].result_count == 0


def test_staff_cannot_read_what_people_write_to_each_other(secretariat):
    message = make_letter(
        is_private=True, context={"words": "Privately"}, reply_to="ben@example.org"
    )

    page = secretariat.get(page_of(message)).content.decode()

    assert message.to in page
    assert "Privately" not in page
    assert "ben@example.org" not in page
    assert secretariat.get(letter_of(message)).status_code == 404


def test_who_looks_at_letters_and_addresses_is_noted(secretariat):
    message, address = make_letter(), make_blocked("ada@example.org")

    secretariat.get(LIST)
    secretariat.get(page_of(message))
    secretariat.get(letter_of(message))
    secretariat.get("/admin/notices/address/")
    secretariat.get(reverse("admin:notices_address_change", args=[address.pk]))

    noted = Access.objects.filter(act__in=["listed", "viewed"]).order_by("pk")
    assert [(note.act, note.detail.get("kind", note.model)) for note in noted] == [
        ("listed", "notices.message"),
        ("viewed", "notices.message"),
        ("viewed", "notices.message"),
        ("listed", "notices.address"),
        ("viewed", "notices.address"),
    ]


def test_on_ones_own_machine_the_desk_is_the_mailbox(secretariat, settings):
    settings.LOCAL = True
    message = make_letter(is_secret=True, context={"words": "123456"})

    assert "123456" in secretariat.get(page_of(message)).content.decode()
    assert "123456" in secretariat.get(letter_of(message)).content.decode()


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "abc", "%00"])
def test_odd_addresses_of_letters_are_no_page(secretariat, pk):
    assert secretariat.get(f"{LIST}{pk}/letter/").status_code in (302, 404)


def act(client, action: str, *messages: Message, **more: object):
    chosen = {"action": action, "_selected_action": [message.pk for message in messages], **more}
    return client.post(LIST, chosen)


@pytest.mark.parametrize("action", ["send_again", "mark_as_sent", "cancel"])
def test_actions_ask_first(secretariat, action):
    unknown, waiting = make_settled(State.UNKNOWN), make_letter()

    page = act(secretariat, action, unknown, waiting)

    assert page.status_code == 200
    assert 'name="confirmed"' in page.content.decode()
    assert unknown.to in page.content.decode()
    assert [message.state for message in Message.objects.order_by("pk")] == [
        State.UNKNOWN,
        State.WAITING,
    ]


@pytest.mark.parametrize(
    ("action", "state", "becomes"),
    [
        ("send_again", State.UNKNOWN, State.WAITING),
        ("send_again", State.FAILED, State.WAITING),
        ("send_again", State.SUPPRESSED, State.WAITING),
        ("send_again", State.CANCELLED, State.WAITING),
        ("send_again", State.SENT, State.SENT),
        ("mark_as_sent", State.UNKNOWN, State.SENT),
        ("mark_as_sent", State.FAILED, State.FAILED),
        ("mark_as_sent", State.WAITING, State.WAITING),
        ("cancel", State.WAITING, State.CANCELLED),
        ("cancel", State.SENT, State.SENT),
        ("cancel", State.UNKNOWN, State.UNKNOWN),
    ],
)
def test_actions_change_what_is_in_the_state_for_it(secretariat, action, state, becomes):
    message = make_settled(state)
    ProcrastinateJob.objects.all().delete()

    answer = act(secretariat, action, message, confirmed="1")

    assert answer.status_code == 302
    message.refresh_from_db()
    assert message.state == becomes
    has_turn = ProcrastinateJob.objects.exists()
    assert has_turn == (state != becomes == State.WAITING)


def test_what_has_no_text_any_more_cannot_go_again(secretariat):
    message = make_settled(State.FAILED, text="", html="")

    act(secretariat, "send_again", message, confirmed="1")

    message.refresh_from_db()
    assert message.state == State.FAILED


def test_an_action_on_all_of_a_long_list_reaches_all(secretariat):
    messages = [make_settled(State.UNKNOWN) for _message in range(60)]

    page = act(secretariat, "mark_as_sent", messages[0], select_across="1", index="0")
    assert page.content.decode().count('name="_selected_action"') == 1
    assert "60 in all." in page.content.decode()
    act(secretariat, "mark_as_sent", messages[0], select_across="1", index="0", confirmed="1")

    assert Message.objects.filter(state=State.SENT).count() == 60


def test_more_than_a_page_shows_can_be_ticked_one_by_one(secretariat):
    ticked = [make_settled(State.UNKNOWN).pk for _message in range(60)]
    left = make_settled(State.UNKNOWN)

    page = secretariat.post(LIST, {"action": "mark_as_sent", "_selected_action": ticked})
    secretariat.post(LIST, form_of(page, "confirm_form"))

    assert Message.objects.filter(state=State.SENT).count() == 60
    assert Message.objects.get(pk=left.pk).state == State.UNKNOWN


def make_late() -> Message:
    message = make_letter()
    long_ago = timezone.now() - 2 * LATE
    Message.objects.filter(pk=message.pk).update(created_at=long_ago, not_before=long_ago)
    return message


def test_the_desk_tells_the_secretariat_what_to_see_to(settings):
    settings.EMAIL_BACKEND = ""
    make_settled(State.UNKNOWN)
    make_settled(State.FAILED, error="550")
    make_settled(State.SENT)
    make_late()
    make_letter()

    counts = [task.count for task in inbox.tasks(make_user(is_secretariat=True))]

    assert counts == [1, 1, 1]
    assert inbox.tasks(make_editor(make_organisation())) == []


def test_each_task_leads_to_the_letters_that_it_counts(secretariat):
    make_settled(State.UNKNOWN)
    make_settled(State.FAILED)
    make_late()
    make_letter()

    for task in inbox.tasks(make_user(is_secretariat=True)):
        assert secretariat.get(task.url).context["cl"].result_count == task.count == 1


def test_an_address_is_blocked_and_lifted_by_hand(secretariat):
    secretariat.post("/admin/notices/address/add/", {"address": "Ada@Example.org"})

    blocked = Address.objects.get()
    assert (blocked.address, blocked.reason) == ("ada@example.org", Address.Reason.STAFF)

    chosen = {"action": "lift", "_selected_action": [blocked.pk]}
    assert secretariat.post("/admin/notices/address/", chosen).status_code == 200
    assert Address.objects.suppressed().exists()
    secretariat.post("/admin/notices/address/", {**chosen, "confirmed": "1"})
    assert not Address.objects.suppressed().exists()


@pytest.mark.parametrize("address", ["", "no address", "a@b.org\nBcc: c@d.org"])
def test_only_addresses_are_blocked(secretariat, address):
    answer = secretariat.post("/admin/notices/address/add/", {"address": address})

    assert answer.status_code == 200
    assert Address.objects.count() == 0
