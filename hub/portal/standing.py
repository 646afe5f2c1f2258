"""What stands on a topic, a place, a partner or a person, to be followed or shown elsewhere: feeds, and
lists for frames on other sites."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import facets, feeds, pages
from hub.catalogue.filters import RecordFilter
from hub.catalogue.kinds import kinds
from hub.catalogue.listing import Listing
from hub.catalogue.models import Record
from hub.catalogue.scope import Scope
from hub.framing import framed
from hub.links import absolute
from hub.meta import Meta
from hub.partners.models import Organisation, Person
from hub.vocabulary.labels import labels_of
from hub.vocabulary.models import FormerAddress, Scheme, Term

SHOWN_IN_FRAMES = 8
NOBODY = 0  # the number of no value of a facet
PARTNERS = "partner"


@dataclass(frozen=True)
class Subject:
    """What a feed or a list for frames is about: how it is called, its page, and which value of a
    facet its records have."""

    name: str | Promise
    url: str
    facet_id: int

    @property
    def scope(self) -> Scope:
        """All that is public of it; parts of others, as the sessions of an event, come with these."""
        whole = tuple(kind.value for kind in kinds if not kind.is_part)
        return Scope(kinds=whole, facet_ids=(self.facet_id,))


def subject_of(scheme: str, slug: str) -> Subject:
    """``Http404`` for what has no page."""
    if scheme == PARTNERS:
        organisation = get_object_or_404(Organisation.objects.public(), slug=slug)
        facet_id = facets.known().values.ids.get(("publisher", slug), NOBODY)
        return Subject(organisation.name, organisation.get_absolute_url(), facet_id)
    term = get_object_or_404(Term, scheme=scheme, slug=slug)
    label = labels_of([term.pk], get_language()).get(term.pk)
    if label is None:  # one that the desk has not named yet
        raise Http404
    return Subject(label.label, term.get_absolute_url(), term.pk)


def _former(scheme: str, slug: str) -> Term | None:
    former = FormerAddress.objects.select_related("term").filter(scheme=scheme, slug=slug).first()
    return former.term if former else None


@require_safe
def feed(request: HttpRequest, scheme: str, slug: str) -> HttpResponse:
    """What came to the hub last, of what the page of this term or partner is about."""
    if term := _former(scheme, slug):
        return redirect(f"{term.get_absolute_url().rstrip('/')}.atom", permanent=True)
    subject = subject_of(scheme, slug)
    return feeds.of_scope(request, str(subject.name), subject.url, subject.scope)


@require_safe
def person_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The works whose authors bear the name of a listed person. It is kept nowhere: who is listed no
    more has none from that moment on."""
    person = get_object_or_404(Person.objects.public(), slug=slug)
    works = Record.objects.public().works().by_person(person.name)
    return feeds.of_records(person.name, person.get_absolute_url(), request.path, works)


@require_safe
@framed
def frame(request: HttpRequest, scheme: str, slug: str) -> HttpResponse:
    """The last of a term or partner for a frame on another site; ``?language=es`` keeps to works in
    some languages."""
    if term := _former(scheme, slug):
        return redirect(frame_path(term.scheme, term.slug), permanent=True)
    subject = subject_of(scheme, slug)
    chosen = QueryDict(mutable=True)
    chosen.setlist("language", request.GET.getlist("language"))
    listing = Listing(RecordFilter(chosen), request.path, subject.scope, order="added")

    def make() -> HttpResponse:
        title = _("New on %(subject)s") % {"subject": subject.name}
        context = {
            "meta": Meta(title, subject.url, is_indexed=False),
            "subject": subject,
            "notices": listing.notices,
            "cards": [] if listing.notices else listing.cards[:SHOWN_IN_FRAMES],
        }
        return render(request, "portal/frame.html", context)

    return pages.answer(request, listing, make)


def frame_path(scheme: str, slug: str) -> str:
    return reverse(f"portal:frame_{scheme}", args=[slug])


@dataclass(frozen=True)
class Elsewhere:
    """What the page of a subject says of following it and showing it elsewhere."""

    feed_url: str
    mail_url: str
    frame_url: str
    title: str


def elsewhere(scheme: str, slug: str, path: str, name: str | Promise) -> Elsewhere:
    """For the page at ``path``. What is sent by mail is the library's list of it."""
    facet = "publisher" if scheme == PARTNERS else scheme
    library = f"{reverse('knowledge:resource_list')}?{urlencode({facet: slug})}"
    return Elsewhere(
        feed_url=f"{path.rstrip('/')}.atom",
        mail_url=f"{reverse('saved:new')}?{urlencode({'of': library})}",
        frame_url=absolute(frame_path(scheme, slug)),
        title=_("New on %(subject)s") % {"subject": name},
    )


SCHEMES = (*Scheme.values, PARTNERS)
