import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from pghistory.models import Event

from hub.audit.acts import acting, because
from hub.audit.models import Access
from hub.audit.recording import recording_of, recordings
from hub.partners.models import Membership, Organisation, Person, User
from hub.partners.tests.factories import make_editor, make_organisation, make_person, make_user
from hub.vocabulary.models import Term
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Resource
from knowledge.tests.factories import make_cover, make_draft

pytestmark = pytest.mark.django_db

# Why the changes of these are not recorded. A model that is neither here nor recorded fails.
MADE_BY_THE_HUB = "made by the hub from what is recorded, or of passing worth"
NOT_USED = "rights follow from memberships: the hub does not use it"
WHY_NOT = {
    "account.EmailAddress": "the address of an account, whose changes are recorded",
    "account.EmailConfirmation": NOT_USED,
    "admin.LogEntry": "a record itself",
    "audit.Access": "a record itself, append-only",
    "auth.Group": NOT_USED,
    "auth.Group_permissions": NOT_USED,
    "auth.Permission": NOT_USED,
    "catalogue.Departed": MADE_BY_THE_HUB,
    "catalogue.FacetValue": MADE_BY_THE_HUB,
    "catalogue.KeptPage": MADE_BY_THE_HUB,
    "catalogue.Passage": MADE_BY_THE_HUB,
    "catalogue.Record": MADE_BY_THE_HUB,
    "catalogue.SearchMiss": MADE_BY_THE_HUB,
    "catalogue.UsageDay": MADE_BY_THE_HUB,
    "catalogue.UsageReader": MADE_BY_THE_HUB,
    "catalogue.UsageSalt": MADE_BY_THE_HUB,
    "catalogue.Word": MADE_BY_THE_HUB,
    "contenttypes.ContentType": MADE_BY_THE_HUB,
    "events.Untold": "a change of an event that is to be told, and is recorded with the event",
    "events.Feedback": "nobody's: the moment of an event would lead to who answered",
    "events.FeedbackGiven": "as the answer, which it must not lead to",
    "events.Selection": "of nobody knows whom, and of passing worth",
    "hub.Allowance": MADE_BY_THE_HUB,
    "hub.Change": MADE_BY_THE_HUB,
    "hub.LoadedRow": MADE_BY_THE_HUB,
    "knowledge.Import": "of passing worth: what it writes is recorded, and that it did is noted",
    "knowledge.ImportRow": "of passing worth, as the import",
    "knowledge.Comparison": MADE_BY_THE_HUB,
    "knowledge.Likeness": MADE_BY_THE_HUB,
    "knowledge.Revision": "a record itself, append-only",
    "knowledge.WorkflowEvent": "a record itself, append-only",
    "members.CalendarFeed": "the hash of a secret, which shows nothing of anybody",
    "mfa.Authenticator": "holds secrets; adding and removing is noted",
    "newsletter.Subscription_terms": "what a reader wishes, which nobody else changes",
    "newsletter.Delivery": "a record itself; what staff does to it is noted",
    "notices.Address": MADE_BY_THE_HUB,
    "notices.Message": "a record itself; what staff does to it is noted",
    "notices.Outage": MADE_BY_THE_HUB,
    "partners.User_groups": NOT_USED,
    "partners.User_user_permissions": NOT_USED,
    "pghistory.Context": "what the audit does without: events keep their context themselves",
    "sessions.Session": "holds secrets and nothing that anybody writes; sign-ins are noted",
    "usersessions.UserSession": "made and ended with sign-ins, which are noted",
}


def events_of(row):
    return recording_of(type(row)).of(row.pk).order_by("pgh_id")


def labels_of(events):
    return list(events.order_by("pgh_id").values_list("pgh_label", flat=True))


def models_people_change():
    for model in apps.get_models(include_auto_created=True):
        # Tables that are not managed are the queue's, whose jobs are acts of their own.
        if not issubclass(model, Event) and not model._meta.proxy and model._meta.managed:
            yield model


def test_every_model_is_recorded_or_has_a_reason_why_not():
    unaccounted = {
        model._meta.label
        for model in models_people_change()
        if recording_of(model) is None and model._meta.label not in WHY_NOT
    }

    assert unaccounted == set()


def test_no_reason_is_given_for_what_is_recorded_or_gone():
    known = {model._meta.label for model in models_people_change() if not recording_of(model)}

    assert set(WHY_NOT) - known == set()


def test_an_event_is_written_for_each_change_whatever_its_way():
    organisation = make_organisation("Union of Miners")

    Organisation.objects.filter(pk=organisation.pk).update(name="Union of Lignite Miners")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partners_organisation WHERE id = %s", [organisation.pk])

    kept = events_of(organisation).values_list("pgh_label", "name")
    assert list(kept) == [
        ("insert", "Union of Miners"),
        ("update", "Union of Lignite Miners"),
        ("delete", "Union of Lignite Miners"),
    ]


def test_a_save_that_changes_nothing_is_no_event():
    organisation = make_organisation()

    organisation.save()

    assert labels_of(events_of(organisation)) == ["insert"]


def test_rows_made_together_are_recorded_one_by_one():
    rows = Organisation.objects.bulk_create(
        Organisation(slug=f"o{number}", name=f"O{number}", kind="union") for number in range(3)
    )

    assert [labels_of(events_of(row)) for row in rows] == [["insert"]] * 3


def test_links_between_rows_are_recorded():
    first, second, organisation = make_term("Coal"), make_term("Steel"), make_organisation()
    resource = make_draft(terms=(first,))

    resource.terms.set([second])
    resource.co_owners.add(organisation)
    resource.tags.add("lignite")
    first.related.add(second)
    person = make_person(expertise=[first])

    through = recording_of(Resource.terms.through).events.objects.filter(resource=resource.pk)
    assert [(one.pgh_label, one.term_id) for one in through.order_by("pgh_id")] == [
        ("insert", first.pk),
        ("delete", first.pk),
        ("insert", second.pk),
    ]
    owners = recording_of(Resource.co_owners.through).events.objects.all()
    assert [(one.resource_id, one.organisation_id) for one in owners] == [
        (resource.pk, organisation.pk)
    ]
    tagging = recording_of(apps.get_model("taggit.TaggedItem")).events.objects.get()
    assert (tagging.pgh_label, tagging.object_id) == ("insert", resource.pk)
    assert recording_of(Term.related.through).events.objects.count() == 2
    assert recording_of(Person.expertise.through).events.objects.get().person_id == person.pk


def test_what_goes_with_a_deleted_row_is_recorded_too():
    resource = make_draft(terms=(make_term("Coal"),))
    make_cover(resource)

    Resource.objects.get(pk=resource.pk).delete()

    gone = {
        one.model.__name__
        for one in recordings()
        if one.events._default_manager.filter(pgh_label="delete").exists()
    }
    assert gone == {"Resource", "Edition", "ResourceTerm", "Cover"}


def test_neither_a_password_nor_what_the_hub_derives_is_written_down():
    kept = {one.name for one in recording_of(User).events._meta.concrete_fields}
    user = make_user()

    user.set_password("another long password")
    user.save()

    assert kept & {"password", "last_login", "link_version"} == set()
    assert labels_of(events_of(user)) == ["insert"]


def test_a_change_of_rights_is_recorded():
    user = make_editor(make_organisation())

    Membership.objects.filter(user=user).update(role=Membership.Role.AUTHOR)
    User.objects.filter(pk=user.pk).update(is_superuser=True)

    roles = recording_of(Membership).events.objects.filter(user=user.pk).order_by("pgh_id")
    assert [one.role for one in roles] == ["editor", "author"]
    assert [one.is_superuser for one in events_of(user)] == [False, True]


@pytest.mark.parametrize("recording", recordings(), ids=lambda one: one.model._meta.label)
@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_events_can_neither_be_changed_nor_deleted(recording, statement):
    table = connection.ops.quote_name(recording.events._meta.db_table)
    columns = one_event(recording)
    assert columns == 1

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def one_event(recording) -> int:
    """An event of nothing in particular: what counts is that there is a row to touch."""
    events = recording.events._meta
    blank = {"text": "''", "boolean": "false", "jsonb": "'{}'", "date": "now()"}
    blank["daterange"] = "'empty'"
    names, values = [], []
    for column in events.concrete_fields:
        if column.primary_key or column.null:
            continue
        names.append(connection.ops.quote_name(column.column))
        kind = column.db_type(connection)
        if kind.endswith("[]"):
            values.append("'{}'")
        elif kind.startswith(("varchar", "text")):
            values.append("''")
        elif kind == "timestamp with time zone":
            values.append("now()")
        else:
            values.append(blank.get(kind, "1"))
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(events.db_table)
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})")
        return cursor.rowcount


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_access SET act = 'x'", "DELETE FROM audit_access"]
)
def test_notes_of_access_can_neither_be_changed_nor_deleted(statement):
    Access.objects.create(act="exported")

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_act_that_is_rolled_back_leaves_no_event():
    with transaction.atomic(), acting(account=7):
        organisation = make_organisation()
        transaction.set_rollback(True)

    assert labels_of(events_of(organisation)) == []


def test_an_event_says_who_acted_and_why():
    with acting(account=7) as act:
        because("  Asked for by mail ")
        organisation = make_organisation()

    event = events_of(organisation).get()
    assert event.pgh_context == {"account": 7, "reason": "Asked for by mail"}
    assert event.pgh_context_id == act.id


def test_who_acts_is_not_lost_with_a_part_that_is_rolled_back():
    with acting(account=7), transaction.atomic():
        with transaction.atomic():
            make_organisation()
            transaction.set_rollback(True)
        kept = make_organisation()

    assert events_of(kept).get().pgh_context == {"account": 7}


def test_an_act_holds_within_its_block_alone():
    with acting(account=7):
        first = make_organisation()
        with acting(account=8):
            second = make_organisation()
        third = make_organisation()
    whose = [events_of(one).get().pgh_context["account"] for one in (first, second, third)]

    assert whose == [7, 8, 7]
    assert connection.execute_wrappers == []


def test_an_act_asks_no_question_of_its_own(django_assert_num_queries):
    organisation = make_organisation()

    with acting(account=7), django_assert_num_queries(2):
        Organisation.objects.filter(pk=organisation.pk).update(name="Renamed")
        Organisation.objects.get(pk=organisation.pk)


def test_statements_with_named_values_and_for_many_rows_pass():
    with acting(account=7), connection.cursor() as cursor:
        cursor.execute("UPDATE vocabulary_term SET code = %(code)s WHERE false", {"code": "x"})
        cursor.executemany(
            "INSERT INTO hub_change (area, transaction) VALUES (%s, %s)", [("a", 1), ("b", 2)]
        )
        cursor.execute("SELECT count(*) FROM hub_change WHERE area IN ('a', 'b')")

        assert cursor.fetchone() == (2,)


def test_what_a_statement_returns_is_returned_within_an_act():
    make_term("Coal")
    with acting(account=7):
        changed = Term.objects.update(code="")
        organisation = make_organisation()

    assert changed == Term.objects.count()
    assert Organisation.objects.get(pk=organisation.pk) == organisation
