from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from hub import desk, starter
        from hub.catalogue import kinds, sources
        from knowledge import inbox, jobs, personal, services
        from knowledge import starter as own
        from knowledge.kinds import KINDS
        from knowledge.models import Resource

        for kind in KINDS:
            kinds.kinds.register(kind)
        sources.register(Resource)
        desk.inbox.register(inbox.tasks)
        services.unread.register(jobs.files_added)
        personal.declare()
        starter.register(
            "resources.csv",
            own.begin_resources,
            key=["title", "url"],
            after=["vocabulary.csv", "countries_regions.csv", "organisations.csv"],
        )
        starter.register(
            "read_first.csv", own.begin_read_first, key=["title"], after=["resources.csv"]
        )
        starter.register(
            "read_first_by_term.csv",
            own.begin_read_first_by_term,
            key=["scheme", "term", "title"],
            after=["resources.csv"],
        )
