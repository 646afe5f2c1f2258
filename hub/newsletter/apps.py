from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "hub.newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        from hub import desk
        from hub.newsletter import issues_inbox, issues_personal, personal
        from hub.newsletter.models import Delivery
        from hub.notices import ceilings

        personal.declare()
        issues_personal.declare()
        ceilings.others.register(Delivery.counted)
        desk.inbox.register(issues_inbox.tasks)
