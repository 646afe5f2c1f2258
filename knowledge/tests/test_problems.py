from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub import limits, links
from hub.accounts.tests.factories import make_member
from hub.members import data
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.stamps import stamped
from knowledge import problems, services
from knowledge.models import ProblemReport
from knowledge.tests.factories import make_draft, make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
PAGE = "/resources/work/problem/"
TOLD = {"sort": "link", "words": "It leads nowhere.", "email": ""}


@pytest.fixture
def work(own):
    return make_resource("After the pits", slug="work", owner=own)


def send(client, path=PAGE, **fields):
    return client.post(path, {**TOLD, "shown": stamped("ProblemForm"), **fields})


def reported(work, **fields):
    return problems.report(work, **{**TOLD, "language": "en", **fields})


def test_the_page_of_a_work_leads_to_the_form_and_sets_no_cookie(client, work):
    answer = client.get("/resources/work/")

    assert PAGE in answer.content.decode()
    assert not answer.cookies


def test_a_reader_reports_without_saying_who_they_are(client, work, own):
    answer = send(client)

    assert answer["Location"] == "/problems/sent/"
    problem = ProblemReport.objects.get()
    assert (problem.resource, problem.sort, problem.state) == (work, "link", "open")
    assert not Message.objects.exists()
    client.force_login(make_editor(own))
    assert "Problems reported" in client.get("/admin/").content.decode()
    assert "After the pits" in client.get("/admin/knowledge/problemreport/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sort": ""}, "Choose what is wrong."),
        ({"words": " "}, "Say in a few words what is wrong."),
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"words": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(client, work, wrong, said):
    answer = send(client, **wrong)

    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "words" in wrong or "It leads nowhere." in page
    assert not ProblemReport.objects.exists()


def test_only_what_is_public_can_be_reported(client, work):
    make_draft(slug="draft")
    services.withdraw(work.pk, reason="Wrong")

    for path in ("/resources/draft/problem/", PAGE, "/resources/nothing/problem/"):
        assert client.get(path).status_code == 404
        assert send(client, path).status_code == 404


def test_one_client_and_one_work_have_their_limits(work):
    for number in range(10):
        problems.count("192.0.2.1", make_resource(), f"person{number}@example.org")
    with pytest.raises(limits.Exceeded):
        problems.count("192.0.2.1", work, "")
    for number in range(30):
        problems.count(f"198.51.100.{number}", work, "")
    with pytest.raises(limits.Exceeded):
        problems.count("203.0.113.1", work, "")


def test_many_reports_are_too_many(client, work):
    answers = [send(client) for _number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_whoever_confirms_an_address_gets_the_answer(client, work, own):
    send(client, email="ben@example.org")
    asked = Message.objects.get()
    [path] = [urlsplit(word).path for word in asked.text.split() if "/problems/" in word]
    assert "nowhere" not in asked.text
    assert "It leads nowhere." in client.get(path).content.decode()
    assert ProblemReport.objects.get().confirmed_at is None

    client.post(path)
    problems.close(make_editor(own), ProblemReport.objects.get().pk, answer="There is a new link.")

    answer = Message.objects.get(template="problems/answer")
    assert (answer.to, "There is a new link." in answer.text) == ("ben@example.org", True)
    assert client.get(path).status_code == 404


def test_nobody_is_written_to_whose_address_is_not_confirmed(work, own):
    problem = reported(work, email="ben@example.org")

    problems.close(make_editor(own), problem.pk, answer="Mended.")

    assert [message.template for message in Message.objects.all()] == ["problems/confirm"]
    problems.confirm(problem.pk)  # later all the same
    assert Message.objects.filter(template="problems/answer").exists()


def test_a_link_is_old_after_a_week(client, work):
    problem = reported(work, email="ben@example.org")
    token = links.sign(problems.PURPOSE, problem)

    ProblemReport.objects.update(written_at=timezone.now() - timedelta(days=8))

    assert client.get(f"/problems/{token}/").status_code == 404


def test_the_answer_does_not_name_a_work_that_is_a_draft_again(work, own):
    problem = reported(work, email="ben@example.org")
    problems.confirm(problem.pk)
    services.withdraw(work.pk, reason="Wrong")

    problems.close(make_editor(own), problem.pk, answer="Taken back.")

    assert "After the pits" not in Message.objects.get(template="problems/answer").text


def test_reports_are_for_who_curates_the_work(work, own):
    co_owner = make_organisation()
    work.co_owners.add(co_owner)
    problem = reported(work)
    odd = reported(work, suspicions=["too fast"])

    def seen_by(user):
        return set(problems.at_desk_of(user))

    assert seen_by(make_user(is_secretariat=True)) == {problem, odd}
    assert seen_by(make_editor(own)) == seen_by(make_editor(co_owner)) == {problem}
    assert seen_by(make_editor(make_organisation())) == set()
    assert seen_by(make_editor(own, Membership.Role.AUTHOR)) == set()


def test_an_editor_closes_with_a_word(editor, work):
    problem = reported(work)
    path = f"/admin/knowledge/problemreport/{problem.pk}/close/"

    assert editor.post(path, {"answer": " "}).status_code == 200
    assert editor.post(path, {"answer": "Mended."}).status_code == 302
    assert editor.post(path, {"answer": "Again."}).status_code == 404
    page = editor.get(f"/admin/knowledge/problemreport/{problem.pk}/change/").content.decode()
    assert "Mended." in page


def test_it_is_closed_once_and_by_nobody_else(work, own):
    problem, editor = reported(work), make_editor(own)

    with pytest.raises(ProblemReport.DoesNotExist):
        problems.close(make_editor(make_organisation()), problem.pk, answer="No")
    with pytest.raises(ValidationError):
        problems.close(editor, problem.pk, answer=" ")
    problems.close(editor, problem.pk, answer="Mended.")
    with pytest.raises(ProblemReport.DoesNotExist):
        problems.close(editor, problem.pk, answer="Again.")


def test_the_secretariat_hands_odd_reports_on_or_deletes_them(client, work):
    good, bad = reported(work, suspicions=["odd"]), reported(work, suspicions=["odd"])
    client.force_login(make_user(is_secretariat=True))

    for action, problem in (("hand_on", good), ("dismiss", bad)):
        sent = {"action": action, "_selected_action": problem.pk, "confirmed": "1"}
        client.post("/admin/knowledge/problemreport/", sent)

    assert list(ProblemReport.objects.values_list("pk", "state")) == [(good.pk, "open")]


@pytest.mark.parametrize(
    "broken", [{"state": "closed"}, {"answer": "Mended"}, {"confirmed_at": timezone.now()}]
)
def test_the_database_keeps_a_report_whole(work, broken):
    reported(work)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemReport.objects.update(**broken)


def test_reports_are_let_go_of_taken_along_and_erased(work, own):
    old, fresh = reported(work), reported(work, email="ben@example.org")
    problems.close(make_editor(own), old.pk, answer="Mended.")
    ProblemReport.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=181))
    member = make_member("ben@example.org")

    data.retain()
    told = dict(data.told_of(member))
    data.erase(member)

    assert [one["in words"] for one in told["Problem that you reported"]] == [fresh.words]
    assert not ProblemReport.objects.exists()
