from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from hub import desk, starter, versions
        from hub.catalogue import kinds, saved, sources
        from hub.catalogue.oai import details
        from hub.vocabulary import uses
        from knowledge import (
            desk_contributions,
            desk_problems,
            harvested,
            inbox,
            jobs,
            mentions,
            personal,
            services,
        )
        from knowledge import starter as own
        from knowledge.kinds import KINDS, LIBRARY, READING_LIST
        from knowledge.models import EMBARGO, Collection, Resource

        for kind in [*KINDS, READING_LIST]:
            kinds.kinds.register(kind)
        sources.register(Resource)
        sources.register(Collection)
        details.describers.register(harvested.describe)
        saved.lists.register(saved.Followed("knowledge:resource_list", _("Library"), LIBRARY))
        personal.declare()
        versions.moments.register(EMBARGO)
        for tasks in (inbox.tasks, desk_contributions.tasks, desk_problems.tasks):
            desk.inbox.register(tasks)
        services.unread.register(jobs.files_added)
        for mention in mentions.MENTIONS:
            uses.mentions.register(mention)
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
