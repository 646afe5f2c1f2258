from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "hub.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from hub import starter
        from hub.catalogue import saved
        from hub.catalogue.scope import WORKS
        from hub.portal import starter as own

        saved.lists.register(saved.Followed("portal:search", _("Search"), WORKS))
        starter.register(
            "quotes.csv",
            own.begin_quotes,
            key=["person", "source_url"],
            after=["organisations.csv"],
        )
