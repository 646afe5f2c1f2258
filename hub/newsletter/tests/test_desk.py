"""Issues at the desk: who may do what, and what each page does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.newsletter import course, jobs, sending, signing_up
from hub.newsletter.models import Delivery, Issue
from hub.newsletter.tests.issue_factories import make_begun, make_issue, make_reader, make_record
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user

pytestmark = pytest.mark.django_db
PAGES = ["change", "add_items", "preview", "preview_html", "progress"]
SENDING = ["send", "cancel", "stop", "go_on", "end"]


def page_of(name: str, issue: Issue) -> str:
    return reverse(f"admin:newsletter_issue_{name}", args=[issue.pk])


@pytest.fixture
def secretariat(client):
    user = make_user(is_secretariat=True)
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _no_second_step(settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.mark.parametrize("name", PAGES)
def test_editors_compose_and_authors_see_nothing(client, name):
    issue = make_issue()

    client.force_login(make_editor(make_organisation()))
    assert client.get(page_of(name, issue)).status_code == 200
    client.force_login(make_editor(make_organisation(), Membership.Role.AUTHOR))
    assert client.get(page_of(name, issue)).status_code == 403
    client.force_login(make_user())
    assert client.get(page_of(name, issue)).status_code in (302, 403)


@pytest.mark.parametrize("name", SENDING)
def test_only_who_oversees_the_hub_sends(client, name):
    make_reader()
    issue = make_issue()

    client.force_login(make_editor(make_organisation()))
    assert client.post(page_of(name, issue), {"count": "1"}).status_code == 403

    issue.refresh_from_db()
    assert issue.state == Issue.State.DRAFT


def test_a_draft_is_made_of_what_is_new(client, secretariat):
    make_record("On pits")

    page = client.get(reverse("admin:newsletter_issue_add"))
    assert "On pits" in page.text
    assert not Issue.objects.exists()

    response = client.post(reverse("admin:newsletter_issue_add"))
    assert response.url == page_of("change", Issue.objects.get())
    assert Issue.objects.get().items.count() == 1


def management(prefix: str, total: int, initial: int) -> dict[str, object]:
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial}


def test_an_editor_writes_orders_and_removes(client, secretariat):
    first, second, third = (make_record() for _one in range(3))
    issue = make_issue(*[("research", ref) for ref in (first, second, third)])
    text = issue.texts.get()
    items = list(issue.items.order_by("position"))
    sent = {
        "language": "en",
        **management("texts", 2, 1),
        "texts-0-id": text.pk,
        "texts-0-language": "en",
        "texts-0-subject": "News of November",
        "texts-0-intro": "Good day.",
        "texts-1-language": "es",
        "texts-1-subject": "Novedades",
        "texts-1-intro": "Buenos días.",
        **management("items", 3, 3),
    }
    for number, (item, position) in enumerate(zip(items, (9, 2, 1), strict=True)):
        sent |= {
            f"items-{number}-id": item.pk,
            f"items-{number}-group": "research",
            f"items-{number}-position": position,
        }
    sent["items-1-DELETE"] = "on"

    response = client.post(page_of("change", issue), sent)

    assert response.status_code == 302, response.text
    assert str(Issue.objects.get()) == "News of November"
    assert Issue.objects.get().languages == ["en", "es"]
    assert list(issue.items.order_by("position").values_list("ref", flat=True)) == [third, first]


def test_works_are_looked_for_and_added(client, secretariat):
    issue, ref = make_issue(), make_record("Lignite in Lusatia")

    page = client.get(page_of("add_items", issue), {"q": "lusatia"})
    assert "Lignite in Lusatia" in page.text
    client.post(page_of("add_items", issue), {"ref": [ref, "no\x00thing", "x" * 9000]})

    assert issue.items.filter(ref=ref).exists()


def test_the_preview_shows_text_and_html(client, secretariat):
    issue = make_issue(("research", make_record("On <pits>")), texts={"en": "New", "es": "Nuevo"})

    page = client.get(page_of("preview", issue), {"language": "es"})
    html = client.get(page_of("preview_html", issue), {"language": "es"})

    assert "Good day, in es." in page.text
    assert "On &lt;pits&gt;" in page.text
    assert "Good day, in es." in html.text
    assert "sandbox" in html["Content-Security-Policy"]
    assert client.get(page_of("preview", issue), {"language": "x'\"<"}).status_code == 200


def test_an_issue_without_a_text_can_be_looked_at(client, secretariat):
    issue = make_issue(texts={})
    issue.texts.all().delete()

    assert "It has no text yet." in client.get(page_of("preview", issue)).text


def test_a_test_goes_to_who_asks_and_to_nobody_else(client, secretariat):
    make_reader()
    issue = make_issue(texts={"en": "New", "es": "Nuevo"})

    client.post(page_of("test", issue))

    assert set(Message.objects.values_list("to", "subject")) == {
        (secretariat.email, "New"),
        (secretariat.email, "Nuevo"),
    }
    assert not Delivery.objects.exists()


def test_readers_are_counted_by_language_before_it_goes_out(client, secretariat):
    for languages in (["es"], ["es", "en"], ["th"], ["en"]):
        make_reader(languages=languages)
    issue = make_issue(texts={"en": "New", "es": "Nuevo"})

    page = client.get(page_of("send", issue))

    assert page.context["count"] == 4
    assert page.context["rows"] == [
        ("English", False, 1),
        ("English", True, 1),
        ("Spanish", True, 2),
    ]


def test_it_is_sent_now(client, secretariat):
    make_reader()
    issue = make_issue()

    response = client.post(page_of("send", issue), {"count": "1"})

    assert response.url == page_of("progress", issue)
    issue.refresh_from_db()
    assert issue.state == Issue.State.SCHEDULED
    jobs.begin.func(issue=issue.pk)
    assert Delivery.objects.count() == 1


def test_another_number_of_readers_is_looked_at_again(client, secretariat):
    make_reader()
    issue = make_issue()
    make_reader()

    page = client.post(page_of("send", issue), {"count": "1"})

    assert "another number of people" in page.text
    issue.refresh_from_db()
    assert issue.state == Issue.State.DRAFT


def test_it_is_scheduled_and_cancelled(client, secretariat):
    make_reader()
    issue, moment = make_issue(), timezone.now() + timedelta(days=2)
    sent = {"count": "1", "at_0": f"{moment:%Y-%m-%d}", "at_1": "09:00:00"}

    client.post(page_of("send", issue), sent)
    issue.refresh_from_db()
    assert issue.state == Issue.State.SCHEDULED
    assert issue.send_at.date() == moment.date()

    client.post(page_of("cancel", issue))
    issue.refresh_from_db()
    assert (issue.state, issue.send_at) == (Issue.State.DRAFT, None)


@pytest.mark.parametrize("at", ["2020-01-01", "never", "\x00", "9999999-01-01"])
def test_a_moment_that_cannot_be_is_told(client, secretariat, at):
    make_reader()
    issue = make_issue()

    page = client.post(page_of("send", issue), {"count": "1", "at_0": at, "at_1": "09:00"})

    assert page.status_code == 200
    issue.refresh_from_db()
    assert issue.state == Issue.State.DRAFT


def test_nothing_is_sent_that_lacks_something(client, secretariat):
    issue = make_issue()
    assert "Nobody would get it." in client.get(page_of("send", issue)).text

    make_reader()
    issue.items.all().delete()
    page = client.post(page_of("send", issue), {"count": "0"})
    assert "Nothing that it tells of is on the site." in page.text


def test_it_is_stopped_goes_on_and_is_ended(client, secretariat):
    make_reader()
    issue = make_begun()

    for name, state in (
        ("stop", "stopped"),
        ("go_on", "sending"),
        ("stop", "stopped"),
        ("end", "sent"),
    ):
        client.post(page_of(name, issue))
        issue.refresh_from_db()
        assert issue.state == state
    assert sending.claim() == []


@pytest.mark.parametrize("name", ["cancel", "stop", "go_on", "end"])
def test_looking_changes_nothing(client, secretariat, name):
    issue = make_begun()

    client.get(page_of(name, issue))

    issue.refresh_from_db()
    assert issue.state == Issue.State.SENDING


def test_what_is_on_its_way_is_changed_no_more(client, secretariat):
    make_reader()
    issue = make_begun()

    client.post(page_of("change", issue), {"language": "es"})
    client.post(page_of("add_items", issue), {"ref": [make_record()]})
    client.post(page_of("send", issue), {"count": "1"})

    issue.refresh_from_db()
    assert (issue.language, issue.items.count()) == ("en", 1)
    assert Delivery.objects.count() == 1


def test_figures_tell_what_became_of_it(client, secretariat):
    readers = [make_reader() for _one in range(4)]
    issue = make_begun()
    now = timezone.now()
    rows = {row.subscription_id: row for row in Delivery.objects.all()}
    for reader in readers[:2]:
        Delivery.objects.filter(pk=rows[reader.pk].pk).update(
            state="sent", sent_at=now, handed_over_at=now
        )
    Delivery.objects.filter(pk=rows[readers[2].pk].pk).update(state="unknown", handed_over_at=now)
    signing_up.end(readers[0].pk)

    shown = client.get(page_of("progress", issue)).context["figures"]

    assert (shown.all, shown.sent, shown.waiting, shown.unknown) == (4, 2, 1, 1)
    assert (shown.ended, shown.came_back) == (1, 0)


def test_what_was_perhaps_sent_is_listed_and_sent_again_by_people(client, secretariat):
    make_reader("ada@example.org")
    make_begun()
    now = timezone.now()
    Delivery.objects.update(state="unknown", handed_over_at=now)
    address = reverse("admin:newsletter_delivery_changelist")

    assert "ada@example.org" in client.get(address, {"state__exact": "unknown"}).text
    chosen = {"action": "send_again", "_selected_action": [Delivery.objects.get().pk]}
    client.post(address, chosen)
    assert Delivery.objects.get().state == "unknown"
    client.post(address, {**chosen, "confirmed": "1"})

    assert Delivery.objects.get().state == "waiting"


def test_editors_do_not_see_who_reads(client):
    make_reader("ada@example.org")
    make_begun()
    client.force_login(make_editor(make_organisation()))

    assert client.get(reverse("admin:newsletter_delivery_changelist")).status_code == 403


def test_a_draft_is_deleted_and_what_went_out_is_not(client, secretariat):
    draft, begun = make_issue(), make_begun()

    for issue in (draft, begun):
        client.post(page_of("delete", issue), {"post": "yes"})

    assert list(Issue.objects.all()) == [begun]
    assert course.cancel(begun) is False
