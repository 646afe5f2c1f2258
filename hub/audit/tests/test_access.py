import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from hub import jobs
from hub.accounts.tests.factories import verified
from hub.audit import access, note
from hub.audit.models import Access
from hub.audit.recording import recording_of
from hub.catalogue.jobs import refresh_records
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from knowledge.models import Edition, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def notes():
    fields = ["act", "account", "model", "object_id"]
    return list(Access.objects.order_by("id").values_list(*fields))


def events_of(row):
    return recording_of(type(row)).of(row.pk).order_by("pgh_id")


def change(client, organisation, **fields):
    """Send the form of an organisation with one thing changed."""
    page = reverse("admin:partners_organisation_change", args=[organisation.pk])
    form = client.get(page).context["adminform"].form
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return client.post(page + "?_changelist_filters=secret", {**sent, **fields})


def test_what_a_request_changes_is_recorded_as_done_by_its_account(client):
    organisation = make_organisation("Union")
    editor = make_editor(organisation)
    client.force_login(editor)

    response = change(client, organisation, summary="New words")

    event = events_of(organisation).last()
    assert response.status_code == 302
    assert event.summary == "New words"
    assert event.pgh_context == {
        "account": editor.pk,
        "method": "POST",
        "route": "admin/partners/organisation/<path:object_id>/change/",
    }
    assert response["X-Request-ID"] == str(event.pgh_context_id)
    assert connection.execute_wrappers == []


def test_readers_pass_without_a_question_or_a_sign(client, django_assert_num_queries):
    resource = make_resource("Lignite")
    client.get(resource.get_absolute_url())

    response = client.get("/healthz")

    assert "X-Request-ID" not in response
    assert "X-Request-ID" not in client.get(resource.get_absolute_url())
    assert Access.objects.count() == 0


def test_sign_ins_are_noted_and_failed_ones_without_what_was_typed(client):
    user = verified(make_editor(make_organisation(), email="ana@example.org"))
    page = reverse("account_login")

    client.post(page, {"login": "ANA@example.org", "password": "canary-password"})
    client.post(page, {"login": "canary-password@example.org", "password": "x"})
    client.post(page, {"login": "ana@example.org", "password": PASSWORD})

    assert [(act, account) for act, account, *_ in notes()] == [
        ("sign_in_failed", user.pk),
        ("sign_in_failed", None),
        ("signed_in", user.pk),
    ]
    rows = list(Access.objects.values())
    assert "canary" not in str(rows)
    assert {len(row["client"]) for row in rows} == {16}
    assert "127.0.0.1" not in str(rows)


def test_who_opens_the_page_of_a_person_is_noted(client):
    organisation = make_organisation()
    editor, person = make_editor(organisation), make_person("Ana", organisation=organisation)
    client.force_login(editor)
    Access_before = Access.objects.count()

    client.get(reverse("admin:partners_person_changelist"))
    client.get(reverse("admin:partners_person_change", args=[person.pk]))
    client.get(reverse("admin:partners_person_history", args=[person.pk]))

    assert notes()[Access_before:] == [
        ("listed", editor.pk, "", None),
        ("viewed", editor.pk, "partners.person", person.pk),
        ("viewed", editor.pk, "partners.person", person.pk),
    ]
    listed = Access.objects.filter(act="listed").get()
    assert listed.detail == {"kind": "partners.person", "shown": [person.pk]}


def test_a_person_that_is_not_shown_is_not_noted_as_seen(client):
    stranger = make_person("Ana", organisation=make_organisation())
    client.force_login(make_editor(make_organisation()))
    before = notes()

    client.get(reverse("admin:partners_person_change", args=[stranger.pk]))
    client.get(reverse("admin:partners_person_history", args=[stranger.pk]))

    assert notes() == before


def test_who_opens_the_page_of_an_account_is_noted(client):
    administrator, user = make_user(is_superuser=True), make_user()
    client.force_login(administrator)

    client.get(reverse("admin:partners_user_change", args=[user.pk]))

    assert notes()[-1] == ("viewed", administrator.pk, "partners.user", user.pk)


@pytest.mark.parametrize("name", ["token", "new_password", "join_link", "session_key", "url"])
def test_note_refuses_what_promises_a_secret(name):
    with pytest.raises(ValueError, match="nothing that the audit keeps"):
        note(7, access.EXPORTED, detail={name: "x"})


def test_note_keeps_no_query_of_an_address():
    note(7, access.EXPORTED, detail={"page": "/export/?key=canary", "rows": [1, 2], "n": 2})

    assert Access.objects.get().detail == {"page": "/export/", "rows": [1, 2], "n": 2}


def test_what_a_job_changes_is_recorded_as_done_by_the_job():
    resource = make_draft("Lignite")
    arguments = {"refs": [f"knowledge.resource:{resource.pk}"]}

    with connection.execute_wrapper(seen := Seen()):
        refresh_records.func(**arguments)

    assert seen.jobs == {"hub.catalogue.jobs.refresh_records"}
    assert jobs.sweep.name == "hub.jobs.sweep"


class Seen:
    """Which jobs the statements that write are prefixed with."""

    def __init__(self):
        self.jobs = set()

    def __call__(self, execute, sql, params, many, context):
        from hub.audit.acts import current

        act = current()
        if act is not None and "job" in act.details:
            self.jobs.add(act.details["job"])
        return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_what_a_command_changes_is_recorded_under_its_name():
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    made = "from hub.partners.models import Organisation; Organisation.objects.desk()"

    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", made],
        cwd=settings.ROOT,
        env=os.environ | {"DATABASE_URL": url.geturl()},
        check=True,
    )

    event = events_of(Organisation.objects.get()).get()
    assert event.pgh_context == {"command": "shell"}


def table_of(*arguments, capsys):
    call_command("audit", *arguments)
    return [re.split(r"\s{2,}", line) for line in capsys.readouterr().out.splitlines()]


def test_audit_says_what_an_account_read_and_changed(client, capsys):
    organisation = make_organisation("Union")
    editor = make_editor(organisation, email="ana@example.org")
    person = make_person("Ana", organisation=organisation)
    client.force_login(editor)
    client.get(reverse("admin:partners_person_change", args=[person.pk]))
    change(client, organisation, summary="New words")

    by_address = table_of("--account", "ANA@example.org", "--since", "24h", capsys=capsys)
    by_number = table_of("--account", str(editor.pk), capsys=capsys)
    nothing = table_of("--account", "999999", "--since", "7d", capsys=capsys)

    assert {tuple(line[2:5]) for line in by_address[1:]} == {
        ("signed_in", "-", "-"),
        ("viewed", f"partners.person:{person.pk}", "-"),
        ("update", f"partners.organisation:{organisation.pk}", "summary"),
    }
    assert by_number == by_address
    assert nothing == [["Nothing."]]


def test_audit_says_what_became_of_a_row_that_is_gone(capsys):
    resource = make_draft("Lignite")
    pk = resource.pk
    Resource.objects.filter(pk=pk).update(licence="CC BY")
    Edition.objects.all().delete()
    Resource.objects.filter(pk=pk).delete()

    lines = table_of("--object", f"knowledge.resource:{pk}", capsys=capsys)

    assert [line[2] for line in lines[1:]] == ["insert", "update", "delete"]


def test_audit_speaks_json(capsys):
    import json

    person = make_person("Ana")
    call_command("audit", object=f"partners.person:{person.pk}", json=True)

    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["act"], told["what"]) == ("insert", f"partners.person:{person.pk}")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"account": "nobody@example.org"},
        {"account": "1", "since": "soon"},
        {"account": "1", "since": "2026-02-31"},
        {"object": "partners.person"},
        {"object": "partners.nothing:1"},
    ],
)
def test_audit_refuses_nonsense_in_words(options):
    with pytest.raises(CommandError):
        call_command("audit", **options)
