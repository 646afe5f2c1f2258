"""Home, search, and the pages of topics, sectors, places, partners and people."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.bounded import TookTooLong
from hub.catalogue import feeds, kept, pages
from hub.catalogue.cards import card_of
from hub.catalogue.filters import RecordFilter
from hub.catalogue.highlights import Sought, passages_of
from hub.catalogue.kinds import happenings, neither
from hub.catalogue.listing import Listing
from hub.catalogue.models import Record
from hub.catalogue.scope import WORKS, Scope
from hub.catalogue.search import beside
from hub.meta import Crumb, Meta
from hub.partners.models import Organisation, Person
from hub.portal.about import About
from hub.portal.coming import Happening, described, events_url
from hub.portal.front import Front
from hub.portal.partners import PartnerIndex, PartnerPage
from hub.portal.people import Directory, PersonPage, profiles_of
from hub.portal.places import PlaceIndex
from hub.portal.regions import page_of_place
from hub.portal.standing import PARTNERS, elsewhere
from hub.portal.suggestions import Suggestions, is_enough
from hub.portal.terms import TermPage, ThemePage, term_index
from hub.privacy import REGISTER
from hub.vocabulary.labels import matching
from hub.vocabulary.models import FormerAddress, Scheme, TermLabel

SHOWN_BESIDE = 3


@require_safe
@pages.of_content
def home(request: HttpRequest) -> HttpResponse:
    front = Front(get_language())
    context = front.context()
    title = _("Just Transition Hub: coal regions share what they learn")
    context["meta"] = Meta(title, request.path, is_home=True)
    return render(request, "portal/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that is public: works by words and facets, and apart from them, so that they push
    none down, events and what the taskforce has; terms and partners by name."""
    listing = Listing(RecordFilter(request.GET), request.path, WORKS)

    def make() -> HttpResponse:
        meta = listing.meta(_("Search"), kind="SearchResultsPage", is_indexed=False)
        context = {**listing.context(), "meta": meta}
        if listing.query:
            context["terms"] = matching(listing.query, get_language())
            context["organisations"] = list(Organisation.objects.public().named(listing.query)[:5])
            context |= _beside(listing)
        else:
            context["topics"] = term_index(Scheme.TOPIC, get_language())[:12]
        return render(request, "portal/search.html", context)

    return pages.answer(request, listing, make)


def _beside(listing: Listing) -> dict[str, object]:
    """What is no work and answers the words best, for the first page: events apart from what is at no
    time, as rounds of the taskforce, its groups, and what governments found."""
    results = listing.results
    if listing.filters.page != 1 or not results.as_typed:
        return {}
    scopes = Scope(kinds=tuple(happenings())), Scope(kinds=tuple(neither()))
    timed, untimed = beside(results, listing.filters, scopes, SHOWN_BESIDE)
    others = [card_of(record, {}, get_language()) for record in untimed]
    events = _events(timed, Sought(results.as_typed, results.query))
    listing.has_more_beside = bool(events or others)
    return {"events": events, "others": others, "events_url": events_url(q=listing.query)}


def _events(records: list[Record], sought: Sought) -> list[Happening]:
    """What there is to say of them, with the part of their transcripts that has the words."""
    known, spoken = described(records), passages_of(records, sought)
    return [
        replace(known[record.ref], said=spoken.get(record.pk))
        for record in records
        if record.ref in known
    ]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A part of a page: what a search field suggests for the words typed so far, or nothing."""
    filters = RecordFilter(request.GET)
    response = _suggestions(request, filters) if is_enough(filters.words) else HttpResponse()
    response["X-Robots-Tag"] = "noindex"
    return response


def _suggestions(request: HttpRequest, filters: RecordFilter) -> HttpResponse:
    def make() -> HttpResponse:
        found = Suggestions(filters.words, get_language(), filters.known)
        return render(request, "portal/_suggestions.html", {"suggestions": found})

    address = f"{request.path}?{urlencode({'q': filters.words})}"
    try:
        return kept.page(request, address, filters.known.version, make)
    except TookTooLong:
        return HttpResponse(headers={"Cache-Control": "no-store"})


@require_safe
def search_feed(request: HttpRequest) -> HttpResponse:
    return feeds.answer(request, reverse("portal:search"), _("Search"), WORKS)


@require_safe
@pages.of_content
def topic_list(request: HttpRequest) -> HttpResponse:
    heading = _("Topics")
    intro = _("What moves regions, workers and governments when coal, steel or cement change.")
    return _term_list(request, Scheme.TOPIC, heading, intro)


@require_safe
@pages.of_content
def sector_list(request: HttpRequest) -> HttpResponse:
    heading = _("Sectors")
    intro = _("Which industries the works speak of, from coal mining to renewable energy.")
    return _term_list(request, Scheme.SECTOR, heading, intro)


@require_safe
@pages.of_content
def audience_list(request: HttpRequest) -> HttpResponse:
    heading = _("Audiences")
    intro = _("For whom the works were made: workers, local governments, companies and others.")
    return _term_list(request, Scheme.AUDIENCE, heading, intro)


def _term_list(request: HttpRequest, scheme: str, heading: str, intro: str) -> HttpResponse:
    context = {
        "heading": heading,
        "intro": intro,
        "terms": term_index(scheme, get_language()),
        "meta": Meta(heading, request.path, intro, kind="CollectionPage"),
    }
    return render(request, "portal/term_list.html", context)


@require_safe
@pages.of_content
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.TOPIC, slug, ThemePage)


@require_safe
@pages.of_content
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.SECTOR, slug, ThemePage)


@require_safe
@pages.of_content
def audience_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.AUDIENCE, slug, ThemePage)


@require_safe
@pages.of_content
def place_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.PLACE, slug, page_of_place)


def _term_detail(
    request: HttpRequest,
    scheme: str,
    slug: str,
    page_of: Callable[[list[TermLabel], str], TermPage],
) -> HttpResponse:
    # One that the desk has not named yet is no page; no list shows it either.
    labels = TermLabel.objects.filter(term__scheme=scheme, term__slug=slug)
    labels = list(labels.select_related("term"))
    if not labels:
        return _moved_to(scheme, slug, request.META["QUERY_STRING"])
    page = page_of(labels, get_language())
    crumbs = [Crumb(page.list_label, page.list_url)]
    if page.parent:
        crumbs.append(Crumb(page.parent.label, page.parent.url))
    description = page.description or _("What the library holds on %(term)s.") % {
        "term": page.label
    }
    about = elsewhere(scheme, slug, request.path, page.label)
    meta = Meta(
        *(page.title, request.path, description, tuple(crumbs), page.subject),
        kind="CollectionPage",
        feed=about.feed_url,
    )
    return render(request, page.template, {**page.context(), "meta": meta, "elsewhere": about})


def _moved_to(scheme: str, slug: str, query: str) -> HttpResponse:
    """For good to the term that another was merged into; 404 if none was."""
    moved = FormerAddress.objects.select_related("term")
    former = get_object_or_404(moved, scheme=scheme, slug=slug)
    address = "?".join(filter(None, [former.term.get_absolute_url(), query]))
    return redirect(address, permanent=True)


@require_safe
@pages.of_content
def place_list(request: HttpRequest) -> HttpResponse:
    index = PlaceIndex(get_language())
    description = _("Every coal, industrial and partner region in the hub, by country.")
    context = {
        **index.context(),
        "meta": Meta(_("Places"), request.path, description, kind="CollectionPage"),
    }
    return render(request, "portal/place_list.html", context)


@require_safe
@pages.of_content
def partner_list(request: HttpRequest) -> HttpResponse:
    index = PartnerIndex(get_language())
    context = index.context()
    description = _("The partners who run the hub, and the organisations whose work it shows.")
    context["meta"] = Meta(_("Partners"), request.path, description, kind="CollectionPage")
    return render(request, "portal/partner_list.html", context)


@require_safe
@pages.of_content
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisations = Organisation.objects.public().select_related("place")
    organisation = get_object_or_404(organisations, slug=slug)
    page = PartnerPage(organisation, get_language())
    context = page.context()
    context["elsewhere"] = elsewhere(PARTNERS, slug, request.path, organisation.name)
    context["meta"] = Meta(
        organisation.name,
        request.path,
        organisation.summary,
        (Crumb(_("Partners"), reverse("portal:partner_list")),),
        page.subject,
        kind="ProfilePage",
        feed=context["elsewhere"].feed_url,
    )
    return render(request, "portal/partner_detail.html", context)


@require_safe
@pages.of_content
def about(request: HttpRequest) -> HttpResponse:
    page = About()
    context = page.context()
    description = _(
        "What the Just Transition Hub is for, who keeps and pays for it, and how its entries are made."
    )
    context["meta"] = Meta(
        _("About the hub"), request.path, description, subject=page.subject, kind="AboutPage"
    )
    return render(request, "portal/about.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the hub keeps about people, what for and how long: the register itself."""
    description = _(
        "What the hub keeps about people, what for, on which legal basis, and how long."
    )
    crumbs = (Crumb(_("About the hub"), reverse("portal:about")),)
    meta = Meta(_("What we keep about people"), request.path, description, crumbs)
    return render(request, "portal/privacy.html", {"register": REGISTER, "meta": meta})


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    directory = Directory(request.path, request.GET, get_language())
    context = directory.context()
    title = _("People")
    if directory.page.number > 1:
        title = _("People, page %(number)d") % {"number": directory.page.number}
    description = _("Who can be asked about coal regions: by topic, place, language, organisation.")
    context["meta"] = Meta(title, directory.canonical, description, kind="CollectionPage")
    return render(request, "portal/person_list.html", context)


@require_safe
def person_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One who is not listed, or no longer, has no page."""
    profiles = profiles_of(Person.objects.public().filter(slug=slug), get_language())
    if not profiles:
        raise Http404
    page = PersonPage(profiles[0], get_language())
    context = page.context()
    context["meta"] = Meta(
        page.person.name,
        request.path,
        page.person.bio or _("What this person knows, and how they are named in the library."),
        (Crumb(_("People"), reverse("portal:person_list")),),
        page.subject,
        kind="ProfilePage",
        feed=reverse("portal:person_feed", args=[slug]),
    )
    return render(request, "portal/person_detail.html", context)
