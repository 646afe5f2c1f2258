from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "hub.partners"
    verbose_name = _("Partners and people")

    def ready(self) -> None:
        from hub import starter
        from hub.partners import personal
        from hub.partners import starter as own

        personal.declare()

        starter.register(
            "organisations.csv",
            own.begin_organisations,
            key=["name"],
            after=["countries_regions.csv"],
        )
