"""Who may see and change what. Every model that a partner curates declares a ``Rule``; admin,
views, files and feeds ask ``visible`` and ``editable`` and nothing else.

==============  ====================================================================
administrator   ``is_superuser``: everything, accounts too
secretariat     ``is_secretariat``: everything that partners own, and the vocabulary
editor          their organisations' rows: sees, changes, publishes
author          their organisations' rows: sees them, makes drafts; never people
anyone else     what is public
==============  ====================================================================
"""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hub.partners.models import User

Row = TypeVar("Row", bound=Model)


def oversees(user: "User | AnonymousUser") -> bool:
    """Whether this is the secretariat or an administrator, for whom no organisation's limit holds."""
    return user.is_active and (user.is_superuser or getattr(user, "is_secretariat", False))


def visible(user: "User | AnonymousUser", rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """The rows that this person may see at the desk; for anyone without a desk the public ones."""
    if oversees(user):
        return rows
    if not has_desk(user):
        return rows.public()
    return _owned(rows, user.desk_organisation_ids)


def choosable(user: "User | AnonymousUser", rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """The rows that this person may name in a form: their own, and what is there for all to name,
    as organisations are."""
    if rows.model.policy.is_reference and has_desk(user):
        return rows
    return visible(user, rows)


def has_desk(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and user.is_staff


def editable(user: "User | AnonymousUser", rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """The rows that this person may change: as editor their organisations', as author of them those
    alone that are open to authors."""
    if oversees(user):
        return rows
    if not has_desk(user):
        return rows.none()
    own = _owned(rows, user.desk_organisation_ids)
    if hasattr(rows, "open_to_authors"):
        edited = _owned(rows, user.editor_organisation_ids)
        open_rows = rows.open_to_authors()
        return own.filter(Q(pk__in=edited.values("pk")) | Q(pk__in=open_rows.values("pk")))
    return _owned(rows, user.editor_organisation_ids)


def publishable(user: "User | AnonymousUser", rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """The rows that this person may publish and withdraw: an editor's own."""
    if oversees(user):
        return rows
    if not has_desk(user):
        return rows.none()
    return _owned(rows, user.editor_organisation_ids)


def publishes(user: "User | AnonymousUser") -> bool:
    """Whether this person may publish anything at all: the secretariat, or somebody's editor."""
    return oversees(user) or (has_desk(user) and bool(user.editor_organisation_ids))


def leads(user: "User | AnonymousUser", organisation_id: int | None) -> bool:
    """Whether this person speaks for the organisation at the desk: the secretariat, its editors."""
    if oversees(user):
        return True
    return has_desk(user) and organisation_id in user.editor_organisation_ids


def _owned(rows: "QuerySet[Row]", organisation_ids: frozenset[int]) -> "QuerySet[Row]":
    # By key, so that joins to co-owners neither double rows nor forbid a bulk update or delete.
    owned = rows.model._default_manager.filter(rows.model.policy.owned_by(organisation_ids))
    return rows.filter(pk__in=owned.values("pk"))
