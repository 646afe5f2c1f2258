"""The sixteen kinds of knowledge, each in one of four streams."""

from django.utils.translation import gettext_lazy as _

from hub.catalogue.kinds import Kind, Stream

KINDS = [
    Kind("explainer", _("Explainer"), _("Explainers"), Stream.GUIDANCE, "explainer"),
    Kind(
        "policy-document",
        _("Policy document"),
        _("Policy documents"),
        Stream.GUIDANCE,
        "policy-document",
    ),
    Kind("tool", _("Tool"), _("Tools"), Stream.GUIDANCE, "tool"),
    Kind("portal", _("Portal"), _("Portals"), Stream.GUIDANCE, "portal"),
    Kind("guide", _("Guide"), _("Guides"), Stream.GUIDANCE, "guide"),
    Kind("course", _("Course"), _("Courses"), Stream.GUIDANCE, "course"),
    Kind("op-ed", _("Op-ed"), _("Op-eds"), Stream.COMMENTARY, "op-ed"),
    Kind("interview", _("Interview"), _("Interviews"), Stream.COMMENTARY, "interview"),
    Kind("video", _("Video"), _("Videos"), Stream.COMMENTARY, "video"),
    Kind("podcast", _("Podcast"), _("Podcasts"), Stream.COMMENTARY, "podcast"),
    Kind("report", _("Report"), _("Reports"), Stream.RESEARCH, "report"),
    Kind("brief", _("Brief"), _("Briefs"), Stream.RESEARCH, "brief"),
    Kind(
        "journal-article",
        _("Journal article"),
        _("Journal articles"),
        Stream.RESEARCH,
        "journal-article",
    ),
    Kind("case-study", _("Case study"), _("Case studies"), Stream.RESEARCH, "case-study"),
    Kind("dataset", _("Dataset"), _("Datasets"), Stream.RESEARCH, "dataset"),
    Kind("news", _("News"), _("News"), Stream.NEWS, "news"),
]
KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]
KIND_VALUES = [kind.value for kind in KINDS]
