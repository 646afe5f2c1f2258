import cProfile, pstats, time, pytest
from tests.test_isolation import *
from tests.test_isolation import house
pytestmark = pytest.mark.django_db
def test_prof(client, house):
    client.force_login(house.people["editor"])
    for a in [f"/admin/knowledge/resource/{house.mine.pk}/change/", "/admin/knowledge/resource/add/", "/admin/", "/admin/knowledge/resource/", "/admin/partners/person/add/"]:
        t=time.perf_counter(); client.get(a); print(a, time.perf_counter()-t)
    p=cProfile.Profile(); p.enable(); client.get(f"/admin/knowledge/resource/{house.mine.pk}/change/"); p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
    assert 0
