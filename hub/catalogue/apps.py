from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "hub.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from hub.catalogue import jobs
        from hub.partners import services as partners
        from hub.vocabulary import labels as vocabulary

        vocabulary.changed.register(jobs.terms_changed)
        partners.changed.register(jobs.organisations_changed)
