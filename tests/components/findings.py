"""What the specimens of findings show: made by hand, never saved."""

from types import SimpleNamespace

from hub.partners.models import Organisation
from hub.vocabulary.labels import Label
from taskforce.governments import Located
from taskforce.kinds import Area, FindingKind
from taskforce.models import Finding, Participation, Round
from taskforce.peers import Beside, Peer
from taskforce.synthesis import Said, grid_of
from tests.components.happenings import LONG

REGION = Organisation(slug="specimen", name=f"Government of {LONG}")
OF = Participation(round=Round(slug="specimen", title="Specimen"), government=REGION)


def finding(text: str, kind: FindingKind = FindingKind.APPROACH, area: Area = Area.JOBS) -> Finding:
    return Finding(pk=1, participation=OF, text=text, kind=kind, area=area, language="en")


def said() -> list[Said]:
    sector = Label(1, "sector", "steel", LONG, "en")
    return [
        Said(finding("We retrain miners before the mine closes."), None, ()),
        Said(finding(LONG * 3), Located(REGION, None, None), (sector, sector)),
    ]


def beside() -> SimpleNamespace:
    barrier = finding("Nobody pays for it.", FindingKind.BARRIER)
    peer = Peer(finding(f"A fund. {LONG}"), ("same area: Jobs", f"same sector: {LONG}"))
    return SimpleNamespace(context={"beside": [Beside(barrier, (peer,), (peer, peer))]})


def shown() -> dict[str, object]:
    counted = [finding("x") for _number in range(12)]
    counted += [finding("x", FindingKind.NEED, Area.JUSTICE)]
    return {
        "finding_grid": grid_of(counted, "/specimens/"),
        "findings_said": said(),
        "peers_part": beside(),
    }
