import json
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from hub.accounts.tests.factories import make_member
from hub.contact import services as letters
from hub.members import data, invitations, requests
from hub.members.models import KEPT, VALID, Invitation
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db
CANARY = "ben.canary"


@pytest.fixture
def ben():
    """Somebody of whom there is a row in every holding that can have one."""
    own = make_organisation("Coal Valley Institute")
    editor = make_editor(own)
    ben = make_member(f"{CANARY}@example.org", name=f"{CANARY} name")
    Membership.objects.create(user=ben, organisation=make_organisation(), role="author")
    make_person(f"{CANARY} name", email=ben.email, bio=f"About {CANARY}")
    invitations.invite(editor, own, ben.email, "author")
    requests.ask(ben, own, f"I am {CANARY}.")
    letters.write(
        None, name=CANARY, email=ben.email, words=f"Yours, {CANARY}", language="en", by=ben
    )
    return ben


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
    def test_it_holds_what_is_kept_about_a_person(self, ben):
        files = unpacked(data.archive_of(ben))

        assert {"account.json", "invitation.json", "role-in-an-organisation.json"} <= files.keys()
        [account] = json.loads(files["account.json"])
        assert account["e-mail address"] == ben.email
        assert "pbkdf2" not in "".join(files.values())
        assert "md5" not in "".join(files.values())

    def test_it_holds_nothing_of_others(self, ben):
        other = make_member("zora@example.org", name="Zora")
        invitations.invite(
            make_user(is_secretariat=True), make_organisation(), other.email, "editor"
        )

        assert "zora" not in "".join(unpacked(data.archive_of(ben)).values()).lower()
        assert CANARY not in "".join(unpacked(data.archive_of(other)).values())

    def test_what_others_could_claim_by_an_unverified_address_is_not_in_it(self, ben):
        eve = make_user("eve@example.org")
        invitations.invite(make_user(is_secretariat=True), make_organisation(), eve.email, "editor")

        assert unpacked(data.archive_of(eve)).keys() == {"README.txt"}


class TestErasure:
    def test_nothing_is_left_of_a_person_anywhere(self, ben):
        assert rows_with(CANARY)

        data.erase(ben)

        assert rows_with(CANARY) == set()

    def test_nobody_can_sign_in_with_what_is_left(self, ben):
        data.erase(ben)

        left = User.objects.get(pk=ben.pk)
        assert not left.is_active
        assert not left.has_usable_password()

    def test_others_are_left_as_they_are(self, ben):
        before = {user.pk: user.email for user in User.objects.exclude(pk=ben.pk)}

        data.erase(ben)

        assert before == {user.pk: user.email for user in User.objects.exclude(pk=ben.pk)}

    def test_the_last_administrator_stays(self):
        one = make_user(is_superuser=True)
        with pytest.raises(ValidationError):
            data.erase(one)

        make_user(is_superuser=True)
        data.erase(one)


class TestRetention:
    def test_what_came_to_nothing_is_forgotten(self, ben):
        assert data.retain() == {}
        Invitation.objects.update(sent_at=F("sent_at") - VALID - KEPT)

        assert data.retain() == {"Invitation": 1}
        assert not Invitation.objects.exists()

    def test_a_dry_run_only_says_what_would_go(self, ben):
        Invitation.objects.update(sent_at=F("sent_at") - VALID - KEPT)

        out = StringIO()
        call_command("retain", "--dry-run", stdout=out)

        assert out.getvalue().split() == ["1", "Invitation"]
        assert Invitation.objects.exists()
