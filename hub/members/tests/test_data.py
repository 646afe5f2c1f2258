import json
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO

import pgtrigger
import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.models import F, Model
from django.utils import timezone

from conftest import Browser
from hub import limits
from hub.accounts.tests.acting import is_signed_in, sign_in, sign_up
from hub.accounts.tests.factories import make_member
from hub.audit import erasure
from hub.audit.models import Access
from hub.audit.recording import recording_of
from hub.contact import services as letters
from hub.contact.models import Letter
from hub.members import data, invitations, requests
from hub.members.models import KEPT, VALID, Invitation, RoleRequest
from hub.notices import services as notices
from hub.notices.models import Message
from hub.notices.tests.factories import make_blocked
from hub.partners.models import Membership, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
# One word without a dot: letters break what looks like an address of the net.
CANARY = "bencanary"


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(own):
    return make_editor(own)


@pytest.fixture
def desk():
    return make_user("desk@example.org", is_secretariat=True)


@pytest.fixture
def ben(own, editor, desk):
    """Somebody of whom there is a row in every holding that can have one, and something in the hands
    of others: who was asked, written to, and has looked after the rows."""
    ben = make_member(f"{CANARY}@example.org", name=f"{CANARY} name")
    Membership.objects.create(user=ben, organisation=make_organisation(), role="author")
    entry = make_person(f"{CANARY} name", email=ben.email, bio=f"About {CANARY}")
    invitations.invite(editor, own, ben.email, "author")
    requests.ask(ben, own, f"I am {CANARY}.")
    for person in (None, make_person("Ana", email="ana@example.org")):
        write(person, f"{CANARY} name", ben.email, by=ben)
    zora = make_member("zora@example.org", name="Zora")
    write(entry, "Zora", zora.email, by=zora)
    sign_in(Browser(), ben.email, **{"User-Agent": f"{CANARY}/1"})
    log(desk, ben), log(desk, entry)
    role = {"added": {"name": "role", "object": f"{ben.name}, Author, X"}}
    log(desk, own, json.dumps([role]))
    limits.forget_old()
    return ben


def write(person: Person | None, name: str, email: str, by: User) -> Letter:
    words = f"Yours, {name}"
    return letters.write(person, name=name, email=email, words=words, language="en", by=by)


def log(by: User, row: Model, message: str = "") -> None:
    """As Django's admin does when somebody has changed a row."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr=str(row),
        action_flag=CHANGE,
        change_message=message,
    )


def browser_of(user: User) -> Browser:
    browser = Browser()
    sign_in(browser, user.email)
    return browser


def change_address(user: User, email: str) -> None:
    """An hour after all that was before."""
    hour = timedelta(hours=1)
    make_events_older(User, hour)
    with pgtrigger.ignore(erasure.ACCESS_APPEND_ONLY):
        Access.objects.update(at=F("at") - hour)
    EmailAddress.objects.filter(user=user).update(email=email)
    user.email = email
    user.save()


def make_stale(browser: Browser) -> None:
    """As if this browser had signed in so long ago that whoever sits there now may be another."""
    session = browser.session
    session["signed_in_at"] -= 3000
    session.save()


def unpacked(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(archive)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows_with(word: str) -> set[str]:
    """The tables that have the word anywhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" one WHERE one::text ILIKE %s', [f"%{word}%"]
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


class TestArchive:
    def test_it_asks_again_who_it_is(self, ben):
        browser = browser_of(ben)
        make_stale(browser)

        answer = browser.post("/account/data.zip")

        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")

    def test_it_is_noted_who_took_it(self, ben):
        answer = browser_of(ben).post("/account/data.zip")

        assert "account.json" in unpacked(answer.content)
        noted = Access.objects.get(act="exported")
        assert (noted.account, noted.model, noted.object_id) == (ben.pk, "partners.user", ben.pk)

    def test_ten_a_day_are_enough(self, ben):
        browser = browser_of(ben)

        answers = [browser.post("/account/data.zip").status_code for _number in range(11)]

        assert answers == [200] * 10 + [429]

    def test_it_holds_letters_looks_and_what_one_changed(self, ben):
        browser = browser_of(ben)
        browser.post("/account/settings/", {"name": ben.name, "timezone": "America/Bogota"})

        files = unpacked(browser.post("/account/data.zip").content)

        assert f"Yours, {CANARY} name" in files["letter-through-the-hub.json"]
        assert "Yours, Zora" in files["letter-through-the-hub-that-you-got.json"]
        assert "Yours, Zora" in files["letters-to-you.json"]
        assert "zora@example.org" not in files["letter-through-the-hub-that-you-got.json"]
        assert len(json.loads(files["letters-to-others-that-tell-of-you.json"])) == 4
        noted = {one["what"] for one in json.loads(files["what-was-noted-of-you.json"])}
        assert "signed_in" in noted
        [changed] = json.loads(files["what-you-changed.json"])
        assert (changed["what"], changed["which one"]) == ("update", ben.pk)

    def test_no_letter_in_it_lets_anybody_in(self, ben):
        Browser().post("/account/password/reset/", {"email": ben.email})
        secret = Message.objects.get(template="account/password_reset_key")
        assert "/account/password/reset/" in secret.text

        assert "/account/password/reset/" not in "".join(unpacked(data.archive_of(ben)).values())

    def test_it_holds_what_is_kept_about_a_person(self, ben):
        files = unpacked(data.archive_of(ben))

        assert {"account.json", "invitation.json", "role-in-an-organisation.json"} <= files.keys()
        [account] = json.loads(files["account.json"])
        assert account["e-mail address"] == ben.email
        assert "pbkdf2" not in "".join(files.values())
        assert "md5" not in "".join(files.values())

    def test_it_holds_nothing_of_others(self, ben):
        other = make_member("yara@example.org", name="Yara")
        invitations.invite(
            make_user(is_secretariat=True), make_organisation(), other.email, "editor"
        )

        assert "yara" not in "".join(unpacked(data.archive_of(ben)).values()).lower()
        assert CANARY not in "".join(unpacked(data.archive_of(other)).values())

    def test_what_others_could_claim_by_an_unverified_address_is_not_in_it(self, ben):
        eve = make_user("eve@example.org")
        invitations.invite(make_user(is_secretariat=True), make_organisation(), eve.email, "editor")

        assert unpacked(data.archive_of(eve)).keys() == {"README.txt"}


class TestErasure:
    def test_nothing_is_left_of_a_person_anywhere(self, ben):
        telling = Message.objects.telling_of(ben.email)
        templates = set(telling.values_list("template", flat=True))
        assert templates == {"members/role_asked", "contact/letter", "contact/copy"}
        assert {"notices_message", "django_admin_log", "usersessions_usersession"} <= rows_with(
            CANARY
        )

        data.erase(ben)

        assert rows_with(CANARY) == set()

    def test_letters_to_others_stay_theirs_without_a_word(self, ben, editor):
        data.erase(ben)

        asked = Message.objects.get(template="members/role_asked")
        assert (asked.to, asked.text, asked.state) == (editor.email, "", Message.State.CANCELLED)

    def test_a_letter_that_is_being_handed_over_is_forgotten_too(self, ben):
        now = timezone.now()
        Message.objects.update(
            state=Message.State.SENDING, leased_until=now + timedelta(minutes=2), handed_over_at=now
        )

        data.erase(ben)

        assert rows_with(CANARY) == set()

    def test_what_was_deleted_before_is_erased_too(self, ben, own):
        asked = RoleRequest.objects.get()
        with_events = {"members_rolerequestevent", "members_invitationevent"}
        RoleRequest.objects.all().delete()
        Invitation.objects.all().delete()
        Person.objects.get(email=ben.email).delete()
        assert with_events | {"partners_personevent"} <= rows_with(CANARY)

        data.erase(ben)

        assert rows_with(CANARY) == set()
        assert not RoleRequest.objects.filter(pk=asked.pk).exists()

    def test_what_went_to_an_address_that_one_had_before_is_erased(self, own, editor):
        ben = make_member(f"{CANARY}@example.org")
        browser_of(ben)
        notices.send("post_test", ben.email, "to:earlier")
        invitations.invite(editor, own, ben.email, "author")
        change_address(ben, "new@example.org")

        data.erase(ben)

        assert rows_with(CANARY) == set()

    def test_an_address_that_is_anothers_by_now_stays_theirs(self, own, editor):
        ben = make_member("office@example.org")
        browser_of(ben)
        change_address(ben, "new@example.org")
        other = make_member("office@example.org")
        invitations.invite(editor, own, other.email, "author")

        data.erase(ben)

        assert Invitation.objects.get().email == other.email
        assert Message.objects.get(template="members/invitation").to == other.email

    def test_an_address_that_nobody_ever_signed_in_with_proves_nothing(self, own, editor):
        eve = make_member("eve@example.org")
        change_address(eve, "victim@example.org")
        change_address(eve, "eve@example.org")
        browser_of(eve)
        invitations.invite(editor, own, "victim@example.org", "author")

        data.erase(eve)

        assert Invitation.objects.get().email == "victim@example.org"

    def test_names_in_the_log_of_the_desk_go_and_others_stay(self, ben, desk):
        other = make_person("Zoe")
        log(desk, make_blocked(ben.email))
        log(desk, other)

        data.erase(ben)

        named = set(LogEntry.objects.exclude(object_repr="…").values_list("object_repr", flat=True))
        assert named == {"Zoe"}

    def test_nobody_can_sign_in_with_what_is_left(self, ben):
        elsewhere = browser_of(ben)
        assert is_signed_in(elsewhere)

        data.erase(ben)

        left = User.objects.get(pk=ben.pk)
        assert not left.is_active
        assert not left.has_usable_password()
        assert not is_signed_in(elsewhere)
        assert not UserSession.objects.filter(user=ben).exists()
        assert not Session.objects.exists()

    def test_others_are_left_as_they_are(self, ben):
        before = {user.pk: user.email for user in User.objects.exclude(pk=ben.pk)}

        data.erase(ben)

        assert before == {user.pk: user.email for user in User.objects.exclude(pk=ben.pk)}
        assert Letter.objects.filter(email="zora@example.org").count() == 0  # it was to Ben

    def test_the_last_administrator_stays(self):
        one = make_user(is_superuser=True)
        with pytest.raises(ValidationError):
            data.erase(one)

        make_user(is_superuser=True)
        data.erase(one)

    def test_its_page_asks_again_who_it_is(self, ben):
        browser = browser_of(ben)
        make_stale(browser)

        answer = browser.post("/account/erase/", {"email": ben.email})

        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")
        ben.refresh_from_db()
        assert ben.is_active

    def test_the_page_leaves_no_trace_of_the_browser(self, ben):
        browser = browser_of(ben)
        assert Access.objects.filter(account=ben.pk).exclude(client="").exists()

        answer = browser.post("/account/erase/", {"email": ben.email})

        assert "You are erased" in answer.content.decode()
        assert not Access.objects.filter(account=ben.pk).exclude(client="").exists()
        assert not is_signed_in(browser)
        assert not Session.objects.exists()


class TestConsent:
    def test_one_takes_oneself_off_the_list_of_people(self, ben):
        browser = browser_of(ben)
        entry = Person.objects.get(email=ben.email)
        assert "/account/unlist/" in browser.get("/account/").content.decode()
        assert "nobody can write" in browser.get("/account/unlist/").content.decode()

        browser.post("/account/unlist/")

        entry.refresh_from_db()
        assert (entry.is_listed, entry.consented_at) == (False, None)
        assert Browser().get(entry.get_absolute_url()).status_code == 404
        assert "/account/unlist/" not in browser.get("/account/").content.decode()
        assert Person.objects.get(email="ana@example.org").is_listed

    def test_nobody_takes_another_off_by_an_address_that_is_not_theirs(self, ben):
        eve = make_user("ana@example.org")

        data.take_off_the_list(eve)

        assert Person.objects.get(email="ana@example.org").is_listed


def make_old_letter(**age: int) -> Message:
    message = notices.send("post_test", "reader@example.org", "old", tells_of="ben@example.org")
    then = timezone.now() - timedelta(**age)
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT, sent_at=then, handed_over_at=then, created_at=then
    )
    return message


class TestRetention:
    def test_what_came_to_nothing_is_forgotten_in_the_audit_too(self, ben):
        assert data.retain() == {}
        Invitation.objects.update(sent_at=F("sent_at") - VALID - KEPT)

        assert data.retain() == {"Invitation": 1}
        assert not Invitation.objects.exists()
        assert "members_invitationevent" not in rows_with(CANARY)

    def test_a_request_that_is_taken_back_leaves_no_words(self, ben):
        asked = RoleRequest.objects.get()

        requests.take_back(ben, asked.pk)

        assert "members_rolerequestevent" not in rows_with(CANARY)

    def test_a_request_that_was_decided_long_ago_leaves_no_words(self, ben):
        long_ago = timezone.now() - KEPT - timedelta(days=1)
        RoleRequest.objects.update(decided_at=long_ago, is_granted=False)

        assert data.retain() == {"Request for a role": 1}
        assert "members_rolerequestevent" not in rows_with(CANARY)

    def test_a_sign_up_that_nobody_confirmed_leaves_no_address(self):
        sign_up(Browser(), f"{CANARY}@example.org")
        Message.objects.all().delete()
        User.objects.update(joined_at=timezone.now() - timedelta(days=8))

        assert data.retain() == {"Sign-up that nobody confirmed": 1}
        assert rows_with(CANARY) == set()

    def test_who_is_not_listed_and_has_no_account_is_forgotten_after_a_year(self):
        listed, fresh, has_account, _nobody = (
            make_person(name, email=f"{name}@example.org", is_listed=name == "listed")
            for name in ("listed", "fresh", "hasaccount", CANARY)
        )
        make_member(has_account.email)
        make_events_older(Person, timedelta(days=366))
        Person.objects.filter(pk=fresh.pk).update(bio="Changed today")

        assert data.retain() == {"Person in the directory": 1}
        assert set(Person.objects.all()) == {listed, fresh, has_account}
        assert rows_with(CANARY) == set()

    def test_a_dry_run_only_says_what_would_go(self, ben):
        Invitation.objects.update(sent_at=F("sent_at") - VALID - KEPT)

        out = StringIO()
        call_command("retain", "--dry-run", stdout=out)

        assert out.getvalue().split() == ["1", "Invitation"]
        assert Invitation.objects.exists()

    def test_the_command_lets_go_of_what_the_night_does(self):
        message = make_old_letter(days=800)

        told = []
        for arguments in (["--dry-run"], [], []):
            out = StringIO()
            call_command("retain", *arguments, stdout=out)
            told.append(" ".join(out.getvalue().split()))

        assert told == ["1 Letters to you", "1 Letters to you", "Nothing is kept too long."]
        message.refresh_from_db()
        assert (message.to, message.tells_of, message.text) == ("", "", "")

    def test_whom_a_letter_tells_of_is_forgotten_with_its_text(self):
        message = make_old_letter(days=31)

        data.retain()

        message.refresh_from_db()
        assert (message.to, message.tells_of, message.text) == ("reader@example.org", "", "")

    def test_the_log_of_the_desk_ends_after_three_years(self, desk):
        log(desk, desk)
        LogEntry.objects.update(action_time=timezone.now() - timedelta(days=3 * 365 + 1))

        assert data.retain() == {"Old record of changes and looks": 1}
        assert not LogEntry.objects.exists()

    def test_what_fails_keeps_nothing_else_from_going(self):
        make_old_letter(days=800)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hub_allowance RENAME TO elsewhere")

        with pytest.raises(ExceptionGroup):
            data.retain()

        assert Message.objects.get().to == ""


def make_events_older(model: type[Model], age: timedelta) -> None:
    recording = recording_of(model)
    with pgtrigger.ignore(recording.append_only):
        recording.events._default_manager.update(pgh_created_at=F("pgh_created_at") - age)
