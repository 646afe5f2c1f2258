from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskforceConfig(AppConfig):
    name = "taskforce"
    verbose_name = _("Taskforce")

    def ready(self) -> None:
        from hub.catalogue import kinds, sources
        from taskforce.kinds import KINDS
        from taskforce.models import Finding, Round, WorkingGroup

        for kind in KINDS:
            kinds.kinds.register(kind)
        for model in (Round, WorkingGroup, Finding):
            sources.register(model)
