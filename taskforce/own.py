"""The signed link that leads somebody to what their government does in a round.

It is a contact's, not the government's: who leaves takes nothing along. Somebody who is signed in finds
the same page under their own, by the addresses that they have shown to be theirs.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from events.own import private
from hub import links
from hub.accounts.people import addresses_of
from hub.partners.models import User
from taskforce.models import ParticipationContact

PURPOSE = "participation"
# A round, and what comes after it; contacts are let go of before.
MAX_AGE = timedelta(days=3 * 365)
View = Callable[..., HttpResponse]


def token_of(contact: ParticipationContact) -> str:
    return links.sign(PURPOSE, contact)


def path_of(contact: ParticipationContact) -> str:
    """Where the page is on which this contact sees and does what their government does."""
    return reverse("participation:page", args=[token_of(contact)])


def contact_of(token: str) -> ParticipationContact | None:
    """Whose link this is; ``None`` for any other token and for somebody who has left."""
    return links.resolve(PURPOSE, token, _rows(), max_age=MAX_AGE)


def contacts_of(user: User) -> QuerySet[ParticipationContact]:
    """The contacts under the addresses that somebody has shown to be theirs."""
    if not user.is_authenticated:
        return ParticipationContact.objects.none()
    return _rows().alias(address=Lower("email")).filter(address__in=addresses_of(user))


def _rows() -> QuerySet[ParticipationContact]:
    return ParticipationContact.objects.filter(left_at=None).select_related(
        "participation__round__owner",
        "participation__government",
        "participation__proposed_country",
    )


def with_contact(view: View) -> View:
    """Hand the view the contact of the token, whoever it is; 404 for one that opens nothing. Only who
    ``may_speak`` may be shown or change anything of the participation: see ``with_speaker``."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **names: object) -> HttpResponse:
        contact = contact_of(token)
        if contact is None:
            raise Http404
        return private(view(request, contact, token, **names))

    return found


def with_speaker(view: View) -> View:
    """The same for pages of those alone who may act for the government; others are led to the page
    that says why not yet."""

    @wraps(view)
    def spoken_for(
        request: HttpRequest, contact: ParticipationContact, token: str, **names: object
    ) -> HttpResponse:
        if not contact.may_speak or not contact.participation.is_active:
            return redirect("participation:page", token=token)
        return view(request, contact, token, **names)

    return with_contact(spoken_for)
