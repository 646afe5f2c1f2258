"""Who changed what, when and from where, and who looked at whom: kept by the database, append-only."""

from hub.audit.access import note
from hub.audit.acts import acting, because
from hub.audit.recording import recorded

__all__ = ["acting", "because", "note", "recorded"]
