"""What pages can show and the starting content has nothing of."""

from hub.catalogue.services import put
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Edition, Identifier, Resource


def add() -> None:
    """A work with all that a work can have, an audience, and a withdrawn work."""
    first, last = Resource.objects.public().order_by("pk")[0], Resource.objects.public().last()
    original = first.original
    original.subtitle, original.body = "A subtitle", "<p>What it says.</p><h2>Why</h2><p>So.</p>"
    original.save()
    Edition.objects.create(resource=first, language="th", title="แม่เมาะแห่งความท้าทาย เปลี่ยนผ่าน")
    Identifier.objects.create(resource=first, scheme="doi", value="10.1000/after.coal")
    first.terms.add(make_term("Local governments", scheme=Scheme.AUDIENCE))
    first.tags.add("retraining")
    put(first)
    services.withdraw(last.pk, reason="It said the same as another work.")
