from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "hub.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from hub import desk as first_page
        from hub import versions
        from hub.catalogue import desk, jobs, personal
        from hub.catalogue.models import LAST_OVER, MOMENT
        from hub.partners import services as partners
        from hub.vocabulary import labels as vocabulary

        vocabulary.changed.register(jobs.terms_changed)
        versions.moments.register(MOMENT)
        versions.moments.register(LAST_OVER)
        partners.changed.register(jobs.organisations_changed)
        personal.declare()
        first_page.inbox.register(desk.tasks)
        first_page.panels.register(desk.most_read)
        first_page.panels.register(desk.not_found)
