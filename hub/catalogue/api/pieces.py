"""What several objects of the API have in common: references to terms and organisations."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from hub.catalogue.api.views import api_url
from hub.languages import WORK_LANGUAGES
from hub.links import absolute
from hub.partners.models import Organisation
from hub.vocabulary.labels import Label, labels_of
from hub.vocabulary.models import Scheme

LANGUAGE = "en"  # in which names are told where only one is


class Ref(serializers.Serializer):
    """An object that one can ask for by itself."""

    id = serializers.IntegerField(help_text="Lasts as long as the object.")
    api_url = serializers.URLField(help_text="Its address in this API.")
    url = serializers.URLField(help_text="Its page.")


class TermRef(Ref):
    """A topic, sector, place or audience."""

    scheme = serializers.ChoiceField(Scheme.values)
    slug = serializers.CharField()
    label = serializers.CharField(help_text="In English if it has an English name.")


class OrganisationRef(Ref):
    """An organisation that has a page."""

    name = serializers.CharField()


class PublisherRef(serializers.Serializer):
    """Who published a work: an organisation of the hub or a name alone."""

    name = serializers.CharField()
    key = serializers.CharField(help_text="The value of the parameter “publisher”.")


class Languages(serializers.ListField):
    """ISO 639-1 codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.ChoiceField(list(WORK_LANGUAGES)), **kwargs)


def term_refs(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """References to these terms by id; those without a name are left out."""
    return {pk: term_ref(label) for pk, label in labels_of(ids, LANGUAGE).items()}


def term_ref(label: Label) -> dict[str, Any]:
    name = "places" if label.scheme == Scheme.PLACE else "terms"
    return {
        "id": label.id,
        "api_url": api_url(name, label.id),
        "url": absolute(label.url),
        "scheme": label.scheme,
        "slug": label.slug,
        "label": label.label,
    }


def organisation_ref(organisation: Organisation | None) -> dict[str, Any] | None:
    """A reference to an organisation; none to the hub's own desk, which has no page."""
    if organisation is None or not organisation.has_page:
        return None
    return {
        "id": organisation.pk,
        "api_url": api_url("organisations", organisation.pk),
        "url": absolute(organisation.get_absolute_url()),
        "name": organisation.name,
    }
