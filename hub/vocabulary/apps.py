from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VocabularyConfig(AppConfig):
    name = "hub.vocabulary"
    verbose_name = _("Vocabulary")

    def ready(self) -> None:
        from hub import starter
        from hub.vocabulary import starter as own

        starter.register("vocabulary.csv", own.begin_terms, key=["scheme", "term", "language"])
        starter.register("countries_regions.csv", own.begin_regions, key=["country_iso2", "region"])
