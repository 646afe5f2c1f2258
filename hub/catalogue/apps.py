from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "hub.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from hub.catalogue import jobs
        from hub.partners.services import changed as organisations_changed
        from hub.vocabulary.labels import changed as terms_changed

        terms_changed.register(jobs.refresh_terms)
        organisations_changed.register(jobs.refresh_organisations)
