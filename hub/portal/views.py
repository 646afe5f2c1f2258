"""Home, search, and the pages of topics, sectors, places and partners."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue.listing import Listing
from hub.meta import Crumb, Meta
from hub.partners.models import Organisation
from hub.portal.front import Front
from hub.portal.partners import PartnerPage, groups_of
from hub.portal.terms import TermPage, country_index, term_index
from hub.vocabulary.labels import matching
from hub.vocabulary.models import Scheme, Term, TermLabel


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    front = Front(get_language())
    context = {name: getattr(front, name) for name in Front.PARTS}
    title = _("Just Transition Hub: coal regions share what they learn")
    context["meta"] = Meta(title, request.path, is_home=True)
    return render(request, "portal/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that is public: records by words and facets, terms and partners by name."""
    listing = Listing(request)
    meta = listing.meta(_("Search"), kind="SearchResultsPage", is_indexed=False)
    context = {**listing.context(), "meta": meta}
    if listing.query:
        context["terms"] = matching(listing.query, get_language())
        context["organisations"] = list(Organisation.objects.public().named(listing.query)[:5])
    else:
        context["topics"] = term_index(Scheme.TOPIC, get_language())[:12]
    return render(request, "portal/search.html", context)


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    heading = _("Topics")
    intro = _("What moves regions, workers and governments when coal, steel or cement change.")
    return _term_list(request, Scheme.TOPIC, heading, intro)


@require_safe
def sector_list(request: HttpRequest) -> HttpResponse:
    heading = _("Sectors")
    intro = _("Which industries the works speak of, from coal mining to renewable energy.")
    return _term_list(request, Scheme.SECTOR, heading, intro)


@require_safe
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
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.TOPIC, slug, "portal/term_detail.html")


@require_safe
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.SECTOR, slug, "portal/term_detail.html")


@require_safe
def audience_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.AUDIENCE, slug, "portal/term_detail.html")


@require_safe
def place_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return _term_detail(request, Scheme.PLACE, slug, "portal/place_detail.html")


def _term_detail(request: HttpRequest, scheme: str, slug: str, template: str) -> HttpResponse:
    # One that the desk has not named yet is no page; no list shows it either.
    named = TermLabel.objects.filter(term=OuterRef("pk"))
    terms = Term.objects.filter(Exists(named), scheme=scheme).prefetch_related("labels")
    term = get_object_or_404(terms, slug=slug)
    page = TermPage(term, get_language())
    context = {name: getattr(page, name) for name in TermPage.PARTS}
    crumbs = [Crumb(page.list_label, page.list_url)]
    if page.parent:
        crumbs.append(Crumb(page.parent.label, page.parent.url))
    description = page.description or _("What the library holds on %(term)s.") % {
        "term": page.label
    }
    context["meta"] = Meta(
        page.label, request.path, description, tuple(crumbs), page.subject, kind="CollectionPage"
    )
    return render(request, template, context)


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    description = _("Every coal, industrial and partner region in the hub, by country.")
    context = {
        "countries": country_index(get_language()),
        "meta": Meta(_("Places"), request.path, description, kind="CollectionPage"),
    }
    return render(request, "portal/place_list.html", context)


@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    description = _("The partners who keep the hub, and the organisations whose work it shows.")
    context = {
        "groups": groups_of(Organisation.objects.public()),
        "meta": Meta(_("Partners"), request.path, description, kind="CollectionPage"),
    }
    return render(request, "portal/partner_list.html", context)


@require_safe
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisations = Organisation.objects.public().select_related("place")
    organisation = get_object_or_404(organisations, slug=slug)
    page = PartnerPage(organisation, get_language())
    context = {name: getattr(page, name) for name in PartnerPage.PARTS}
    context["meta"] = Meta(
        organisation.name,
        request.path,
        organisation.summary,
        (Crumb(_("Partners"), reverse("portal:partner_list")),),
        page.subject,
        kind="ProfilePage",
    )
    return render(request, "portal/partner_detail.html", context)
