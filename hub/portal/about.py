"""What the hub says of itself: who keeps it, who pays for it, what they hope for."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from hub.links import absolute
from hub.meta import own_description
from hub.partners.models import Organisation
from hub.parts import Parts
from hub.portal.models import Quote
from hub.portal.partners import named
from hub.slugs import sort_key


class About(Parts):
    """The page about the hub. ``PARTS`` are what its template asks for."""

    PARTS = ("partners", "donors", "project", "quotes")

    @cached_property
    def partners(self) -> list[Organisation]:
        return [one for one in self._organisations if one.is_partner]

    @cached_property
    def donors(self) -> list[Organisation]:
        return [one for one in self._organisations if one.is_donor]

    @cached_property
    def project(self) -> Organisation | None:
        projects = (one for one in self._organisations if one.kind == Organisation.Kind.PROJECT)
        return next(projects, None)

    @cached_property
    def quotes(self) -> list[Quote]:
        return list(Quote.objects.select_related("organisation"))

    @cached_property
    def _organisations(self) -> list[Organisation]:
        organisations = Organisation.objects.public().behind_the_hub()
        return sorted(organisations, key=lambda one: sort_key(one.short_name))

    @property
    def subject(self) -> dict[str, Any]:
        """The hub in the words of schema.org."""
        known = {"member": named(self.partners), "funder": named(self.donors)}
        return {
            "@type": "Organization",
            "@id": absolute("/#hub"),
            "name": _("Just Transition Hub"),
            "url": absolute("/"),
            "description": own_description(),
            **{name: value for name, value in known.items() if value},
        }
