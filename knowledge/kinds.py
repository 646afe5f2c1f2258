"""The sixteen kinds of knowledge, each in one of four streams, and the reading list."""

from django.utils.translation import gettext_lazy as _

from hub.catalogue.kinds import Kind, Stream
from hub.catalogue.scope import Scope

KINDS = [
    Kind(
        "explainer",
        _("Explainer"),
        _("Explainers"),
        Stream.GUIDANCE,
        "explainer",
        "LearningResource",
    ),
    Kind(
        "policy-document",
        _("Policy document"),
        _("Policy documents"),
        Stream.GUIDANCE,
        "policy-document",
        "DigitalDocument",
    ),
    Kind("tool", _("Tool"), _("Tools"), Stream.GUIDANCE, "tool", "LearningResource"),
    Kind("portal", _("Portal"), _("Portals"), Stream.GUIDANCE, "portal", "WebSite"),
    Kind("guide", _("Guide"), _("Guides"), Stream.GUIDANCE, "guide", "LearningResource"),
    Kind("course", _("Course"), _("Courses"), Stream.GUIDANCE, "course", "Course"),
    Kind("op-ed", _("Op-ed"), _("Op-eds"), Stream.COMMENTARY, "op-ed", "OpinionNewsArticle"),
    Kind("interview", _("Interview"), _("Interviews"), Stream.COMMENTARY, "interview", "Article"),
    Kind("video", _("Video"), _("Videos"), Stream.COMMENTARY, "video", "VideoObject"),
    Kind("podcast", _("Podcast"), _("Podcasts"), Stream.COMMENTARY, "podcast", "PodcastEpisode"),
    Kind("report", _("Report"), _("Reports"), Stream.RESEARCH, "report", "Report"),
    Kind("brief", _("Brief"), _("Briefs"), Stream.RESEARCH, "brief", "Report"),
    Kind(
        "journal-article",
        _("Journal article"),
        _("Journal articles"),
        Stream.RESEARCH,
        "journal-article",
        "ScholarlyArticle",
    ),
    Kind(
        "case-study", _("Case study"), _("Case studies"), Stream.RESEARCH, "case-study", "Article"
    ),
    Kind("dataset", _("Dataset"), _("Datasets"), Stream.RESEARCH, "dataset", "Dataset"),
    Kind("news", _("News"), _("News"), Stream.NEWS, "news", "NewsArticle"),
]
KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]
# What is no work itself, but leads through some.
READING_LIST = Kind(
    "collection",
    _("Reading list"),
    _("Reading lists"),
    Stream.GUIDANCE,
    "collection",
    "ItemList",
)
WORKS = Scope(kinds=tuple(kind.value for kind in KINDS))
READING_LISTS = Scope(kinds=(READING_LIST.value,))
# What the library holds.
LIBRARY = Scope(kinds=(*WORKS.kinds, READING_LIST.value))
