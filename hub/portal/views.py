"""Home, search, and the pages of topics, sectors, places and partners."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue.listing import Listing
from hub.links import absolute
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
    return render(request, "portal/home.html", {**context, "canonical": absolute("/")})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything that is public: records by words and facets, terms and partners by name."""
    listing = Listing(request)
    context = {**listing.context(), "canonical": absolute(listing.canonical)}
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
    terms = term_index(scheme, get_language())
    context = {
        "heading": heading,
        "intro": intro,
        "terms": terms,
        "canonical": absolute(request.path),
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
    return render(request, template, {**context, "canonical": absolute(request.path)})


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    context = {"countries": country_index(get_language()), "canonical": absolute(request.path)}
    return render(request, "portal/place_list.html", context)


@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    groups = groups_of(Organisation.objects.public())
    context = {"groups": groups, "canonical": absolute(request.path)}
    return render(request, "portal/partner_list.html", context)


@require_safe
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisations = Organisation.objects.public().select_related("place")
    organisation = get_object_or_404(organisations, slug=slug)
    page = PartnerPage(organisation, get_language())
    context = {name: getattr(page, name) for name in PartnerPage.PARTS}
    context["canonical"] = absolute(request.path)
    return render(request, "portal/partner_detail.html", context)
