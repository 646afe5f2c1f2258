"""Following a list by mail: asked for, confirmed, changed, stopped.

Whether an address follows anything is told to its mailbox alone: the page answers everybody the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub import limits, links
from hub.addresses import folded
from hub.catalogue.filters import RecordFilter
from hub.catalogue.listing import Listing
from hub.catalogue.models import SavedSearch
from hub.catalogue.models.saved import LONGEST_QUERY
from hub.catalogue.scope import Scope
from hub.limits import Limit
from hub.notices import services as notices
from hub.notices.models import Message
from hub.registry import Registry

MANAGE, STOP = "saved searches", "end of a saved search"
# Links stand in letters that people keep; as long as these say anything of whom they went to.
LINKS_OPEN = timedelta(days=400)
# Of the sentences beside the form. Change it with them: it stands in each row as what was agreed to.
WORDING = "2026-11-23"
MOST = 30  # that one address follows
DAY = timedelta(days=1)
FROM_CLIENT = Limit("saved searches from", 30, DAY)
BY_ADDRESS = Limit("saved searches by", 30, DAY)
LETTERS = Limit("confirmations of saved searches to", 1, DAY)


@dataclass(frozen=True)
class Followed:
    """A list that can be followed: the name of its address, what its page is called, what it holds."""

    name: str
    heading: str | Promise
    scope: Scope

    @property
    def path(self) -> str:
        """Its address without language."""
        with override(settings.LANGUAGE_CODE):
            return reverse(self.name)


lists: Registry[Followed] = Registry("a list that can be followed by mail")


@dataclass(frozen=True)
class Reading:
    """A list as it is read now, in the language that is on: ``notices`` say what of it is not."""

    followed: Followed
    listing: Listing

    @property
    def query(self) -> str:
        """Its one address, without language, order and page."""
        query = self.listing.filters.query(sort=None)
        return f"{self.followed.path}?{query}" if query else self.followed.path

    @property
    def url(self) -> str:
        query = self.listing.filters.query(sort=None)
        return f"{self.listing.path}?{query}" if query else self.listing.path

    @property
    def in_words(self) -> str:
        return self.listing.in_words(str(self.followed.heading))

    @property
    def notices(self) -> list[str]:
        return self.listing.notices


def read(address: str) -> Reading | None:
    """The list at an address of ours, in any order and on any page; ``None`` for what is none."""
    path, _mark, query = address.partition("?")
    for one in lists:
        if path in (one.path, reverse(one.name)):
            data = QueryDict(query, mutable=True)
            for name in ("page", "sort"):
                data.pop(name, None)
            return Reading(one, Listing(RecordFilter(data), reverse(one.name), order="added"))
    return None


def count(client: str, email: str) -> None:
    """Count one more that is asked for; ``limits.Exceeded`` if there are too many. Outside a
    transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, folded(email))


def ask(
    reading: Reading, email: str, cadence: str, *, language: str, is_known: bool
) -> SavedSearch | None:
    """Follow a list. An address that ``is_known`` as that of who asks follows it from now on, and is
    answered; to any other a letter goes, one in a day however it is spelt, whose link shows all that
    was asked for. ``ValidationError`` where that cannot be. Outside a transaction."""
    if len(reading.query) > LONGEST_QUERY:
        raise ValidationError(_("This list has too many choices to be followed. Take some back."))
    email = email.lower()
    if is_known:
        return _follow_at_once(reading.query, email, cadence, language)
    may_write = limits.take(LETTERS, folded(email))
    with transaction.atomic():
        search = _asked(reading.query, email, cadence, language, SavedSearch.Source.FORM)
        has_written = may_write and search.confirmed_at is None
        if has_written:
            _ask_to_confirm(search)
    if may_write and not has_written:
        limits.give_back(LETTERS, folded(email))
    return None


@transaction.atomic
def _follow_at_once(query: str, email: str, cadence: str, language: str) -> SavedSearch:
    search = _asked(query, email, cadence, language, SavedSearch.Source.ACCOUNT)
    search.cadence = cadence
    if search.confirmed_at is None:
        _confirm(search)
    search.save()
    return search


def _asked(query: str, email: str, cadence: str, language: str, source: str) -> SavedSearch:
    """The row of what was asked for, locked. What is followed already stays as it is: anybody may ask
    for anybody."""
    said = {"cadence": cadence, "language": language, "source": source, "wording": WORDING}
    search, is_new = SavedSearch.objects.select_for_update().get_or_create(
        email=email, query=query, defaults=said
    )
    if is_new or (search.confirmed_at and not search.stopped_at):
        return search
    for name, value in said.items():
        setattr(search, name, value)
    search.asked_at = timezone.now()
    search.confirmed_at = search.stopped_at = search.unreadable_since = None
    search.save()
    return search


def _ask_to_confirm(search: SavedSearch) -> None:
    # Nothing of what was asked for: the address may be anybody's, and the words anything.
    notices.send(
        "saved/confirm",
        search.email,
        f"saved-search:{search.pk}:confirm:{search.asked_at.isoformat()}",
        context={"link": links.absolute(path_of(search))},
        language=search.language,
        is_private=True,
    )


def path_of(search: SavedSearch) -> str:
    """Where whoever reads the mail of its address sees and changes all that it follows."""
    return reverse("saved:manage", args=[links.sign(MANAGE, search)])


def stop_path_of(search: SavedSearch) -> str:
    return reverse("saved:stop", args=[links.sign(STOP, search)])


def by_manage_token(token: str) -> SavedSearch | None:
    """The search whose letter had this link; ``None`` for any other token."""
    return links.resolve(MANAGE, token, SavedSearch.objects.all(), max_age=LINKS_OPEN)


def by_stop_token(token: str) -> SavedSearch | None:
    return links.resolve(STOP, token, SavedSearch.objects.all(), max_age=LINKS_OPEN)


@transaction.atomic
def confirm(email: str, keys: Iterable[int]) -> int:
    """Whoever reads the mail of an address wants these; answers how many are followed that were not.
    ``ValidationError`` if they are too many."""
    rows = SavedSearch.objects.unconfirmed().of(email).filter(pk__in=keys)
    searches = list(rows.order_by("pk").select_for_update())
    for search in searches:
        _confirm(search)
        search.save()
    return len(searches)


def _confirm(search: SavedSearch) -> None:
    if SavedSearch.objects.followed().of(search.email).count() >= MOST:
        text = _("You follow %(number)d lists, and more would be too many letters. Stop one first.")
        raise ValidationError(text % {"number": MOST})
    now = timezone.now()
    search.confirmed_at, search.told_until, search.looked_on = now, now, now.date()


@transaction.atomic
def change(email: str, pk: int, cadence: str) -> None:
    """Have this search of the address told so often; one that is gone is passed over."""
    search = SavedSearch.objects.standing().of(email).filter(pk=pk).select_for_update().first()
    if search:
        search.cadence = cadence
        search.save(update_fields=["cadence"])


@transaction.atomic
def stop(searches: Iterable[int]) -> int:
    """Write no more of these, letters that wait to go out included; answers how many were stopped. A
    second time changes nothing."""
    rows = SavedSearch.objects.filter(pk__in=searches).order_by("pk").select_for_update()
    standing = [search for search in rows if search.stopped_at is None]
    for search in standing:
        search.stopped_at = timezone.now()
        search.save(update_fields=["stopped_at"])
        waiting = Message.objects.filter(
            dedup_key__startswith=f"saved-search:{search.pk}:", state=Message.State.WAITING
        )
        for key in waiting.values_list("dedup_key", flat=True):
            notices.cancel(key)
    return len(standing)
