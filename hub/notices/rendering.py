"""Letters from templates: a pair ``templates/notices/<name>.txt`` and ``.html``.

Both extend ``notices/base``. The subject is the block ``subject`` of the text. It sees none of the
context but ``subject_context``, so what a visitor typed cannot come into a subject line.
"""

from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils import timezone, translation
from django.utils.text import Truncator

from hub import links
from hub.notices.texts import harmless
from hub.zones import zone_named

LONGEST_SUBJECT = 150

# What is between the at-rules stays in a <style>: it makes the letter fit dark screens.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True)
class Letter:
    language: str
    subject: str
    text: str
    html: str


def render(
    name: str,
    *,
    to: str,
    language: str,
    zone: str = "UTC",
    context: dict[str, Any] | None = None,
    subject_context: dict[str, Any] | None = None,
) -> Letter:
    """The letter ``name`` in ``language``, or in English where that is not switched on. Moments are
    told in ``zone``, whose name the templates find as ``zone``.

    ``TemplateDoesNotExist`` without the pair, ``ValueError`` without a subject, ``TypeError`` for
    a context that is not plain data.
    """
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    text_template = get_template(f"notices/{name}.txt").template
    html_template = get_template(f"notices/{name}.html").template
    with translation.override(language), timezone.override(zone_named(zone)):
        # Inside, so that translated values come in this language.
        for_subject = harmless(subject_context or {})
        subject = _subject(text_template, for_subject)
        site = {"to": to, "language": language, "site_url": links.absolute("/")}
        site["zone"] = timezone.get_current_timezone_name()
        values = {**harmless(context or {}), **for_subject, **site, "subject": subject}
        text = text_template.render(Context(values, autoescape=False))
        html = html_template.render(Context(values))
    return Letter(language, subject, _neat(text), _inliner.inline(html))


def _subject(template: Template, values: dict[str, Any]) -> str:
    blocks = template.nodelist.get_nodes_by_type(BlockNode)
    block = next((block for block in blocks if block.name == "subject"), None)
    context = Context(values, autoescape=False)
    if block:
        with context.bind_template(template):
            subject = " ".join(block.nodelist.render(context).split())
        if subject:
            return Truncator(subject).chars(LONGEST_SUBJECT)
    raise ValueError(f"{template.name} has no block with a subject.")


def _neat(text: str) -> str:
    """Lines without blanks at their ends, and never more than one empty line."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
