"""What pages can show and the starting content has nothing of."""

from events import publishing
from events.models import Event, Outcome
from events.tests.factories import make_event, make_material
from hub.catalogue.services import put
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_person
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge import reading, services
from knowledge.models import Edition, Identifier, Resource
from knowledge.tests.factories import make_cover, make_file, make_list
from taskforce.models import Round, WorkingGroup
from taskforce.tests.factories import (
    make_action,
    make_agenda_item,
    make_meeting,
    make_participation,
    make_public_finding,
)

PIT = (
    "In the spring the water of the closed pits was led into one lake. The town, which had lost "
    "two thousand jobs, kept the pumps and trained those who run them."
)


def add() -> None:
    """A work with all that a work can have, a PDF of many pages among it, an audience, a withdrawn
    work, a reading list, somebody to ask, an event that something came of, and what the
    taskforce has to show."""
    first, last = Resource.objects.public().order_by("pk")[0], Resource.objects.public().last()
    original = first.original
    original.subtitle, original.body = "A subtitle", "<p>What it says.</p><h2>Why</h2><p>So.</p>"
    original.save()
    Edition.objects.create(resource=first, language="th", title="แม่เมาะแห่งความท้าทาย เปลี่ยนผ่าน")
    Identifier.objects.create(resource=first, scheme="doi", value="10.1000/after.coal")
    first.terms.add(make_term("Local governments", scheme=Scheme.AUDIENCE))
    first.tags.add("retraining")
    make_cover(first)
    put(first)
    reading.read(make_file(first, *(f"Chapter {n}. {PIT}" for n in range(1, 40))).pk)
    make_person(
        "Ana Díaz",
        slug="ana-diaz",
        bio="Works with miners on what comes after.",
        organisation=Organisation.objects.implementing()[0],
        languages=["es", "mn"],
        expertise=first.terms.all(),
        email="ana@example.org",
    )
    services.withdraw(last.pk, reason="It said the same as another work.")
    make_list(
        "Where to begin",
        *Resource.objects.public().order_by("-pk")[:6],
        owner=Organisation.objects.implementing()[0],
        notes=("The shortest of all, and the clearest.", f"{PIT} {PIT}"),
        terms=first.terms.all()[:3],
        query="q=retraining",
        slug="where-to-begin",
    )
    add_outcomes(Event.objects.public()[0], PIT)
    add_taskforce(PIT)


def add_outcomes(event: Event, said: str) -> None:
    """Key messages, slides and a recording with its transcript."""
    Outcome.objects.create(event=event, summary=said, key_messages=["Begin early.", "Ask them."])
    make_material(event, "Slides", language="es", licence="CC BY 4.0")
    make_material(
        event,
        "Film of the whole day",
        kind="recording",
        captions_url="https://video.example.org/captions.vtt",
        transcript="\n\n".join([said] * 20),
        language="en",
    )
    publishing.saved(event)


def add_taskforce(said: str) -> None:
    """A government that said something for everybody, a group that takes applications, and a meeting of
    it that is for all."""
    participation = make_participation(Round.objects.public()[0], may_be_named=True)
    put(make_public_finding(participation, said, may_be_quoted=True))
    group = WorkingGroup.objects.public().exclude(stage="concluded")[0]
    group.is_open_to_applications, group.call = True, said
    group.save()
    put(group)
    event = make_event(title="First meeting", page_path="/taskforce/meetings/first/")
    meeting = make_meeting(slug="first", group=group, event=event, public_summary=said)
    make_agenda_item(meeting, "What comes first")
    make_action(meeting, "Write down what was agreed")
    publishing.saved(event)
