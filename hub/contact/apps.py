from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    name = "hub.contact"
    verbose_name = _("Letters through the hub")

    def ready(self) -> None:
        from hub import desk
        from hub.contact import personal
        from hub.contact.admin import tasks

        personal.declare()
        desk.inbox.register(tasks)
