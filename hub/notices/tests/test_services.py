import re
import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub.links import Ours, absolute
from hub.notices import services
from hub.notices.models import Message
from hub.notices.tests.factories import make_letter
from hub.notices.texts import Prose, Trusted
from hub.partners.tests.factories import make_user


def turns() -> int:
    return ProcrastinateJob.objects.filter(task_name="hub.notices.jobs.deliver").count()


@pytest.mark.django_db
def test_send_writes_the_letter_and_a_turn():
    message = services.send("post_test", "ada@example.org", "test:1", context={"host": "pit"})

    assert message.to == "ada@example.org"
    assert message.state == Message.State.WAITING
    assert message.subject == "A test of the post"
    assert message.text == (
        "The hub's post works. Nothing is asked of you.\n\nIt was sent by pit.\n\n--\n"
        "The Just Transition Hub wrote this to ada@example.org.\nhttps://hub.example.org/\n"
    )
    assert "<h1" in message.html
    assert turns() == 1


@pytest.mark.django_db
def test_send_with_a_known_key_changes_nothing_and_answers_the_first():
    first = services.send("post_test", "ada@example.org", "test:1", context={"host": "pit"})

    second = services.send("post_test", "bob@example.org", "test:1", context={"host": "mill"})

    assert second.pk == first.pk
    assert [(row.to, row.text) for row in Message.objects.all()] == [(first.to, first.text)]
    assert turns() == 1


@pytest.mark.django_db(transaction=True)
def test_send_at_once_by_many_writes_one_letter():
    barrier = threading.Barrier(8)
    written = []

    def write(number: int) -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                message = make_letter(f"reader{number}@example.org", "the one")
                connection.cursor().execute("SELECT pg_sleep(0.05)")
                written.append(message.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(written) == 8
    assert set(written) == {Message.objects.get().pk}
    assert turns() == 1


@pytest.mark.django_db(transaction=True)
def test_send_that_waits_for_one_rolled_back_writes_it_itself():
    has_written, may_end = threading.Event(), threading.Event()

    def write_in_vain() -> None:
        try:
            with transaction.atomic():
                make_letter("vain@example.org", "the one")
                has_written.set()
                may_end.wait(5)
                transaction.set_rollback(True)
        finally:
            connection.close()

    thread = threading.Thread(target=write_in_vain)
    thread.start()
    has_written.wait(5)
    threading.Timer(0.2, may_end.set).start()
    make_letter("ada@example.org", "the one")
    thread.join()

    assert [message.to for message in Message.objects.all()] == ["ada@example.org"]
    assert turns() == 1


@pytest.mark.django_db(transaction=True)
def test_an_exception_after_send_leaves_neither_letter_nor_turn():
    def act() -> None:
        make_letter()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        act()

    assert Message.objects.count() == 0
    assert turns() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\nBcc: evil@example.org",
        "a@example.org\r\nBcc: evil@example.org",
        "a@example.org\r",
        "a@example.org\x00",
        "a@example.org\u2028",
        "a@example.org,b@example.org",
        "Ada <a@example.org>",
        '"\x01"@example.org',
        "no address",
        "",
        "a" * 250 + "@example.org",
    ],
)
def test_send_refuses_what_is_no_single_address(address):
    with pytest.raises(ValueError, match="not an e-mail address"):
        services.send("trial", address, "test:1")
    if address:
        with pytest.raises(ValueError, match="not an e-mail address"):
            services.send("trial", "ada@example.org", "test:1", reply_to=address)

    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_the_database_refuses_headers_of_two_lines():
    message = make_letter()

    for changes in ({"to": "a@b.org\nBcc: c@d.org"}, {"subject": "One\r\nBcc: c@d.org"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**changes)


HOSTILE = "Win http://evil.example/x, www.evil.example evil.example/y a@evil.example"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            HOSTILE,
            "Win http[:]//evil[.]example/x, www[.]evil[.]example evil[.]example/y "
            "a[at]evil[.]example",
        ),
        ("HTTPS://EVIL.EXAMPLE", "HTTPS[:]//EVIL[.]EXAMPLE"),
        ("http://10.0.0.1/x http://localhost", "http[:]//10.0.0.1/x http[:]//localhost"),
        ("evil。example evil．example", "evil[.]example evil[.]example"),
        ("evil\u200b.example e\u2060vil.example", "evil[.]example evil[.]example"),
        ("mailto:a tel:+123 javascript:x", "mailto[:]a tel[:]+123 javascript[:]x"),
        ("www.1.2", "www[.]1.2"),
        ("шахта.рф", "шахта[.]рф"),
        ("Dr. Ada O'Neill, 3.5 %, U.S. e.g. 12:30", "Dr. Ada O'Neill, 3.5 %, U.S. e.g. 12:30"),
        ("One\r\nBcc: x\u2028two\tthree\x00", "One Bcc: x two three"),
        ("\u202egnp.exe", "gnp[.]exe"),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_what_people_typed_is_plain_and_never_a_link(typed, read):
    message = services.send("trial", "ada@example.org", "test:1", context={"name": typed})

    assert message.text.splitlines()[0] == f"{read} writes on :"
    heading = message.html.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
    assert heading.replace("&#x27;", "'") == read
    assert message.html.count("<a ") == 2  # ours, at head and foot


@pytest.mark.django_db
def test_markup_that_people_typed_is_shown_and_prose_keeps_its_lines():
    words = Prose('<a href="https://evil.example">Click</a>\n\n<script>alert(1)</script>\x07')

    message = make_letter(context={"words": words})

    assert '<a href="https[:]//evil[.]example">Click</a>\n\n<script>' in message.text
    assert "<script" not in message.html
    assert "evil.example" not in message.html
    assert "&lt;/a&gt;<br><br>&lt;script&gt;" in message.html
    assert "\x07" not in message.text + message.html


@pytest.mark.django_db
def test_addresses_of_this_site_and_trusted_ones_stay_links():
    link = absolute("/resources/a.b/?x=1&y=2")

    message = make_letter(context={"link": link, "elsewhere": Trusted("https://other.example/a")})

    assert link in message.text
    assert f'href="{link.replace("&", "&amp;")}"' in message.html
    assert "https://other.example/a" in message.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "https://hub.example.org.evil.example/",
        "https://hub.example.org http://evil.example",
        "https://hub.example.org/>https://evil.example/",
        "https://hub.example.org/|evil.example",
        "https://hub.example.org/,www.evil.example",
    ],
)
@pytest.mark.parametrize("field", ["link", "name"])
def test_what_is_typed_is_no_link_though_it_begin_like_ours(typed, field):
    message = make_letter(context={field: typed})

    text = message.text.partition("\n--\n")[0]
    assert "evil[.]example" in text
    assert "://" not in text
    assert "evil.example" not in message.html


def test_what_is_made_from_our_address_is_no_longer_marked_as_ours():
    ours = absolute("/x/")

    for made in (f"{ours}>https://evil.example/", ours + "evil.example", ours.strip(), ours[:9]):
        assert not isinstance(made, Ours)
    assert isinstance(str(ours), Ours)


@pytest.mark.django_db
def test_a_letter_is_in_the_language_of_the_account_that_reads_it(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish"), ("fr", "French")]
    make_user("Ada@example.org", language="es")

    assert make_letter("ada@example.org", language="fr").language == "es"
    assert make_letter("bob@example.org", language="fr").language == "fr"


@pytest.mark.django_db
def test_the_subject_sees_none_of_what_visitors_typed():
    message = make_letter(
        context={"name": HOSTILE, "title": "no title"}, subject_context={"title": "Coal\nregions"}
    )

    assert message.subject == "A trial of Coal regions"


@pytest.mark.django_db
def test_a_letter_is_made_from_plain_data_alone(django_user_model):
    with pytest.raises(TypeError, match="plain data; this is User"):
        make_letter(context={"user": django_user_model(email="a@example.org")})


@pytest.mark.django_db
def test_a_letter_speaks_the_language_of_its_reader(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    day = {"day": date(2026, 11, 22)}

    spanish = make_letter(language="es", context=day)
    unknown = make_letter(language="th", context=day)

    assert "22 de noviembre de 2026" in spanish.text
    assert '<html lang="es"' in spanish.html
    assert "Nov. 22, 2026" in unknown.text
    assert (spanish.language, unknown.language) == ("es", "en")


@pytest.mark.django_db
def test_html_carries_its_styles_inline():
    message = make_letter(context={"link": absolute("/x/")})

    button = re.search(r'<a class="button"[^>]*>', message.html)[0]
    assert "background-color: #0b4f4a" in button
    assert "prefers-color-scheme: dark" in message.html
    assert ".button {" not in message.html.replace("a:not(.button) {", "")


@pytest.mark.django_db
def test_a_letter_for_later_waits_without_a_turn():
    message = make_letter(not_before=timezone.now() + timedelta(hours=1))

    assert list(Message.objects.due()) == []
    assert turns() == 0
    assert message.state == Message.State.WAITING


@pytest.mark.django_db
def test_cancel_takes_back_what_has_not_gone_out():
    make_letter(dedup_key="the one")

    assert services.cancel("the one") is True
    assert services.cancel("the one") is False
    assert list(Message.objects.due()) == []
