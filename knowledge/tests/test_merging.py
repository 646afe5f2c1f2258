import pytest

from knowledge import merging
from knowledge.models import *
from knowledge.tests.factories import *

pytestmark = pytest.mark.django_db


def test_it():
    a = make_resource("A work")
    b = make_resource("B work", publishers=("X",))
    Identifier.objects.create(resource=b, scheme="doi", value="10.1/x")
    Link.objects.create(resource=b, url="https://doi.org/10.1/X")
    f = make_file(b)
    make_cover(b)
    for line in merging.preview(a.pk, b.pk):
        print(line, line.verdict)
    m = merging.merge(a.pk, b.pk)
    a.refresh_from_db()
    print(a.identifiers.all(), a.links.all(), a.files.all(), a.cover, m.before)
    assert 0
