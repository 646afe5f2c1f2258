from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from hub import limits
from hub.accounts.tests.factories import make_member
from hub.contact import services
from hub.contact.models import Letter
from hub.members import data
from hub.notices.models import Message
from hub.partners.models import Person
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db
WORDS = "How did you retrain your miners?\n\nKind regards"


@pytest.fixture
def ana():
    return make_person("Ana Ríos", email="ana@example.org")


def written(person, **fields):
    told = {"name": "Ben", "email": "ben@example.org", "words": WORDS, "language": "en"}
    return services.write(person, **{**told, **fields})


def letters_to(address):
    return Message.objects.filter(to=address).order_by("pk")


def token_of(message):
    [link] = {word for word in message.text.split() if "/letters/" in word}
    return urlsplit(link).path.split("/")[-2]


def test_a_letter_leaves_once_its_writer_has_confirmed_it(ana):
    written(ana)
    assert not letters_to("ana@example.org")

    services.confirm(services.find(token_of(letters_to("ben@example.org").get())))

    received = letters_to("ana@example.org").get()
    assert "retrain your miners" in received.text
    assert received.reply_to == "ben@example.org"
    assert "retrain your miners" in letters_to("ben@example.org").last().text


def test_the_copy_says_whom_it_was_written_to(ana):
    make_user("desk@example.org", is_secretariat=True)
    services.confirm(written(ana))
    services.confirm(written(None))

    to_person, to_hub = letters_to("ben@example.org").filter(template="contact/copy")
    for text in (to_person.text, to_person.html):
        assert "This is what you wrote to Ana Ríos." in text
    assert "This is what you wrote to the hub." in to_hub.text


def test_neither_is_told_the_address_of_whom_they_write_to(ana):
    services.confirm(written(ana))

    assert not any("ana@example" in m.text + m.html for m in letters_to("ben@example.org"))


def test_before_the_address_is_confirmed_nothing_of_the_letter_goes_to_it(ana):
    written(ana, name="Win money", words="Win money now")

    asked = letters_to("ben@example.org").get()
    assert "money" not in asked.subject + asked.text + asked.html


def test_whoever_is_signed_in_has_confirmed_their_own_address(ana):
    ben = make_member("Ben@example.org")

    assert written(ana, by=ben).state == Letter.State.PASSED
    assert written(ana, by=ben, email="eve@example.org").state == Letter.State.UNCONFIRMED
    assert written(ana, by=make_user("eve@example.org")).state == Letter.State.UNCONFIRMED


def test_a_letter_without_a_person_goes_to_the_secretariat():
    make_user("admin@example.org", is_superuser=True)
    services.confirm(written(None))
    assert letters_to("admin@example.org").count() == 1

    make_user("desk@example.org", is_secretariat=True)
    services.confirm(written(None))

    assert letters_to("desk@example.org").count() == 1
    assert letters_to("admin@example.org").count() == 1


def test_an_odd_letter_waits_for_a_look(ana):
    letter = services.confirm(written(ana, suspicions=["too fast"]))
    assert letter.state == Letter.State.HELD
    assert not letters_to("ana@example.org")

    services.decide(make_user(is_secretariat=True), letter, is_good=True)

    assert letters_to("ana@example.org").count() == 1


def test_a_letter_that_nobody_would_get_waits_until_somebody_would(ana):
    letter, desk = written(ana), make_user(is_secretariat=True)
    Person.objects.update(email="")
    letter = services.confirm(letter)
    assert (letter.state, letter.suspicions) == (Letter.State.HELD, ["nobody to send it to"])
    with pytest.raises(ValidationError):
        services.decide(desk, letter, is_good=True)

    Person.objects.update(email="ana@example.org")
    services.decide(desk, letter, is_good=True)

    assert letters_to("ana@example.org").count() == 1
    assert letters_to("ben@example.org").filter(template="contact/copy").count() == 1


def test_what_is_dismissed_reaches_nobody(ana):
    letter = services.confirm(written(ana, suspicions=["too fast"]))
    editor = make_editor(make_organisation())

    with pytest.raises(PermissionDenied):
        services.decide(editor, letter, is_good=True)
    services.decide(make_user(is_secretariat=True), letter, is_good=False)
    with pytest.raises(Letter.DoesNotExist):
        services.decide(make_user(is_secretariat=True), letter, is_good=True)

    assert not letters_to("ana@example.org")


def test_a_link_works_once_and_for_a_week(ana):
    letter = written(ana)
    token = token_of(letters_to("ben@example.org").get())
    assert services.find(token) == letter

    Letter.objects.update(written_at=F("written_at") - timedelta(days=8))
    assert services.find(token) is None
    with pytest.raises(Letter.DoesNotExist):
        services.confirm(letter)

    Letter.objects.update(written_at=timezone.now())
    services.confirm(letter)
    assert services.find(token) is None


def test_nobody_can_flood_a_person_or_write_in_many_spellings(ana):
    for number in range(5):
        services.count(f"198.51.100.{number}", f"ben+{number}@example.org")
    with pytest.raises(limits.Exceeded):
        services.count("198.51.100.9", "BEN@example.org")

    for number in range(services.TO_PERSON.number):
        services.confirm(written(ana, email=f"person{number}@example.org"))
    late = written(ana, email="late@example.org")
    with pytest.raises(limits.Exceeded):
        services.confirm(late)
    with pytest.raises(limits.Exceeded):
        written(ana, by=make_member("ben@example.org"))

    assert letters_to("ana@example.org").count() == services.TO_PERSON.number
    assert services.find(token_of(letters_to("late@example.org").get())) == late


def test_letters_that_nobody_confirms_shut_the_way_to_nobody(ana):
    for number in range(services.TO_PERSON.number + 5):
        written(ana, email=f"robot{number}@example.org")

    services.confirm(written(ana))

    assert letters_to("ana@example.org").count() == 1


def test_a_letter_to_who_took_their_consent_back_is_held(ana):
    letter = written(ana)
    Person.objects.update(is_listed=False, consented_at=None)

    letter = services.confirm(letter)

    assert (letter.state, letter.suspicions) == (Letter.State.HELD, ["nobody to send it to"])
    with pytest.raises(ValidationError):
        services.decide(make_user(is_secretariat=True), letter, is_good=True)
    assert not letters_to("ana@example.org")


def test_staff_can_read_none_of_the_letters_that_go_out(ana):
    services.confirm(written(ana))

    sent = {message.template: message.is_private for message in Message.objects.all()}
    assert sent == dict.fromkeys(["contact/confirm", "contact/letter", "contact/copy"], True)


def test_a_letter_speaks_the_language_of_who_reads_it(ana, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish"), ("fr", "French")]
    make_user("desk@example.org", is_secretariat=True, language="fr")

    for to in (ana, None):
        services.confirm(written(to, language="es"))

    assert letters_to("ana@example.org").get().language == "en"
    assert letters_to("desk@example.org").get().language == "fr"
    assert {message.language for message in letters_to("ben@example.org")} == {"es"}


def test_letters_are_forgotten_in_time(ana):
    kept = written(ana, email="new@example.org")
    written(ana)
    services.confirm(written(ana, email="old@example.org"))
    old = Letter.objects.exclude(pk=kept.pk)
    old.filter(decided_at=None).update(written_at=F("written_at") - timedelta(days=8))
    old.exclude(decided_at=None).update(decided_at=F("decided_at") - timedelta(days=91))

    assert data.retain()["Letter through the hub"] == 2
    assert Letter.objects.get() == kept


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_confirmed_twice_at_once_leaves_once(ana):
    letter = written(ana)

    def confirm(_number):
        try:
            return bool(services.confirm(letter))
        except Letter.DoesNotExist:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(confirm, range(6))) == 1
    assert letters_to("ana@example.org").count() == 1
