from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "hub.notices"
    verbose_name = _("Post")

    def ready(self) -> None:
        from hub import desk
        from hub.notices import inbox, personal

        desk.inbox.register(inbox.tasks)
        personal.declare()
