"""An issue against what happens to machines: real workers, a real mail server, real kills."""

import random
import time

import pytest
from django.utils import timezone

from hub import jobs as queue
from hub.newsletter import course, jobs
from hub.newsletter.models import Delivery, Issue, Subscription
from hub.newsletter.tests.issue_factories import make_issue, make_readers, make_record
from hub.newsletter.tests.test_sending import let_leases_end
from hub.notices.tests import sink as post
from hub.notices.tests.sink import Sink
from hub.notices.tests.workers import Workers, let_the_dead_be_missed, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
# Whoever is killed has claimed some, whose lease has to end first: so there are many more than kills.
READERS, KILLS, LEAVERS = 2000, 20, 30


def smtp(port: int) -> dict[str, str]:
    return {"EMAIL_URL": f"smtp://{post.HOST}:{port}", "POST_PER_HOUR": "1000000"}


def is_all_settled() -> bool:
    return not Delivery.objects.not_settled().exists()


def make_issue_for(readers: int) -> tuple[Issue, set[str]]:
    emails = make_readers(readers)
    groups = ("research", "news", "events")
    issue = make_issue(*[(group, make_record()) for group in groups for _work in range(4)])
    return issue, set(emails)


def test_nobody_gets_it_twice_and_nobody_is_forgotten_though_workers_are_killed(tmp_path):
    issue, emails = make_issue_for(READERS)
    sink, log, chance = Sink(slowness=0.005), tmp_path / "workers.log", random.Random(20)
    moments = sorted(chance.sample(range(5, READERS // 3), KILLS))
    begun = time.monotonic()
    queue.enqueue(jobs.begin, issue=issue.pk)

    with post.running(sink) as port:
        with Workers(2, log, **smtp(port)) as workers:
            for number, moment in enumerate(moments):
                assert wait_until(lambda moment=moment: len(sink.letters) >= moment)
                time.sleep(chance.uniform(0, 0.05))
                workers.kill_and_replace(chance.randrange(2))
                if number == KILLS // 2:  # some leave while it goes out
                    still = Delivery.objects.filter(state=State.WAITING, leased_until=None)
                    leavers = list(still.order_by("-pk").values_list("subscription", flat=True))
                    leaving = Subscription.objects.filter(pk__in=leavers[:LEAVERS])
                    left = set(leaving.values_list("email", flat=True))
                    leaving.update(ended_at=timezone.now(), ending="asked")
                # As the sweep of the next minute would.
                let_the_dead_be_missed()
                jobs.hand_out()
            wait_until(lambda: not Delivery.objects.due().exists(), seconds=20)
        let_the_dead_be_missed()
        let_leases_end()
        jobs.sweep()
        with Workers(2, log, **smtp(port)):
            assert wait_until(is_all_settled, seconds=120)

        unknown = {one.to for one in Delivery.objects.filter(state=State.UNKNOWN)}
        sent = {one.to for one in Delivery.objects.filter(state=State.SENT)}
        assert sent | unknown == emails - left, "nobody is forgotten"
        assert not left & sink.received.keys(), "who left in the meantime gets nothing"
        assert sink.received.keys() >= sent
        assert max(sink.received.values()) == 1, "none goes out twice by itself"
        assert len(unknown) <= 2 * KILLS, "a worker has two letters in hand at most"
        arrived_unnoted = len(unknown & sink.received.keys())

        for delivery in Delivery.objects.filter(state=State.UNKNOWN):
            assert course.send_again(delivery)
        jobs.sweep()
        with Workers(1, log, **smtp(port)):
            assert wait_until(is_all_settled)

    assert sink.received.keys() == emails - left
    assert {to for to, number in sink.received.items() if number > 1} <= unknown
    course.finish()
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT
    print(
        f"{READERS} readers, {KILLS} kills, {time.monotonic() - begun:.0f} s: "
        f"{len(unknown)} unknown, of which {arrived_unnoted} had arrived"
    )
