from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "hub.members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from hub import desk
        from hub.members import personal
        from hub.members.admin import tasks

        personal.declare()
        desk.inbox.register(tasks)
