from datetime import timedelta
import pytest
from django.utils import timezone
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knowledge.tests.factories import make_resource
from hub.vocabulary.tests.factories import make_term
from hub.partners.tests.factories import make_organisation, make_user
from knowledge.models import Edition
from knowledge import services
from conftest import Browser

@pytest.mark.django_db
def test_x(client):
    past = timezone.now()-timedelta(hours=1)
    country = make_term("Spain", "place", slug="spain", is_focus=True)
    for n in (1, 20):
        owner = make_organisation(slug=f"o{n}", place=country)
        t = make_term("Finance", slug=f"fin{n}")
        region = make_term("Asturias", "place", parent=country, slug=f"as{n}")
        for i in range(n):
            r = make_resource(owner=owner, at=past, terms=(t, region), publishers=("A", "B"), slug=f"r-{n}-{i}", is_featured=i==0)
            Edition.objects.create(resource=r, language="es", title="Hola", summary="x")
            services.saved(r)
        for path in ["/", "/resources/", f"/resources/?q=resource&topic=fin{n}&place=spain&kind=report&year=2020&language=en", f"/resources/?publisher=a", "/search/", "/search/?q=finance", f"/resources/r-{n}-0/", f"/r/{r.public_id}/", "/topics/", f"/topics/fin{n}/", "/places/", "/places/spain/", f"/places/as{n}/", "/partners/", f"/partners/o{n}/", "/sectors/", "/admin/login/", "/readyz", "/healthz", "/robots.txt"]:
            with CaptureQueriesContext(connection, ) as c:
                try:
                    resp = client.get(path)
                except Exception as e:
                    print(path, repr(e)); continue
            print(n, path, resp.status_code, len(c), len(resp.content), resp.headers.get("Cache-Control"), resp.headers.get("Vary"), resp.cookies)
            if n == 20 and "r-20" in path:
                for q in c.captured_queries: print("    ", q["sql"][:150])
    print(dict(client.get("/").headers))
    import time
    t0=time.time(); client.get("/"); print(time.time()-t0)
    b = Browser(); t0=time.time(); b.get("/robots.txt"); print("fresh", time.time()-t0)
    t0=time.time(); client.get("/readyz"); print("readyz", time.time()-t0)
    with CaptureQueriesContext(connection, ) as c: client.get("/readyz")
    for q in c.captured_queries: print("    ", q["sql"][:150])
