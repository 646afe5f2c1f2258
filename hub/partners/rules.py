"""How a model says who owns its rows; ``policy`` reads it."""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Rule:
    """Which field says who owns a row: ``"self"`` where the row is the organisation itself.

    ``is_reference``: everybody at the desk may look the rows up (to name them as publisher, say),
    but only owners change them.
    """

    owner: str = "owner"
    co_owners: str = ""
    is_reference: bool = False

    def owned_by(self, organisation_ids: frozenset[int]) -> Q:
        owner = "pk" if self.owner == "self" else self.owner
        owned = Q(**{f"{owner}__in": organisation_ids})
        if self.co_owners:
            owned |= Q(**{f"{self.co_owners}__in": organisation_ids})
        return owned
