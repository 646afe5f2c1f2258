"""The small drawings that stand beside the name of a kind."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Drawn on 24 × 24 units. A path costs a compressed page no more than a reference to a sprite.
GLYPHS = {
    "report": "M6 3h9l3 3v15H6zM9 10h6M9 13.5h6M9 17h4",
    "brief": "M4 6h16v12H4zM7 10h10M7 14h5",
    "guide": "M12 6C9 4 6 4 3 5v14c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1zv14",
    "tool": "M4 20 15 9M8 4.5c6-.5 11.5 5 11.5 11.5",
    "case-study": "M16 10a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM14.5 14.5 20 20M5 8.5h10M4.5 11.5h11",
    "journal-article": "M4 4h16v16H4zM12 4v16M7 8h2M7 11h2M7 14h2M15 8h2M15 11h2",
    "policy-document": "M18 12V3H6v18h5M9 7h6M9 10.5h4M19.5 17a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
    "dataset": "M3 20h18M6 20v-6M10 20V8M14 20v-9M18 20V4",
    "portal": "M3 5h18v14H3zM3 9.5h18M9 9.5V19",
    "explainer": "M4 8l8-4 8 4-8 4zM4 8v8l8 4 8-4V8M4 12l8 4 8-4",
    "interview": "M3 4h12v8H8l-3 3v-3H3zM18 9h3v8h-2v3l-3-3H9",
    "op-ed": "M3 6h8v6c0 4-2.5 6.5-6.5 7l-.8-2.6c2-.5 3-1.5 3.3-3.4H3z"
    "M13 6h8v6c0 4-2.5 6.5-6.5 7l-.8-2.6c2-.5 3-1.5 3.3-3.4h-4z",
    "news": "M4 4h13v16H6a2 2 0 0 1-2-2zM17 8h3v10a2 2 0 0 1-2 2M7 8h7M7 12h7M7 16h4",
    "video": "M3 5h18v14H3zM10 9l5 3-5 3z",
    "podcast": "M4 10v4M8 6v12M12 9v6M16 4v16M20 10v4",
    "course": "M3 20h5v-5h5v-5h5V5h3",
    "collection": "M9 5h12M9 12h12M9 19h12M3 5h2M3 12h2M3 19h2",
    "conference": "M3 9h18M4 9 12 4l8 5M5 9v9M10 9v9M14 9v9M19 9v9M3 20h18",
    "webinar": "M3 5h18v11H3zM9 20h6M12 16v4M14 10.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
    "workshop": "M4 4h16v10H4zM12 14v3M8 20l4-3 4 3M8 8h8M8 11h5",
    "working-group-meeting": "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 3v2M12 19v2M3 12h2M19 12h2"
    "M5.6 5.6l1.5 1.5M16.9 16.9l1.5 1.5M5.6 18.4l1.5-1.5M16.9 7.1l1.5-1.5",
    "working-group": "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM4 4h4M4 4v4M20 4h-4M20 4v4M4 20h4"
    "M4 20v-4M20 20h-4M20 20v-4",
    "meeting": "M4 10h16v4H4zM6 14v6M18 14v6M7 7a2 2 0 0 1 4 0M13 7a2 2 0 0 1 4 0",
    "dialogue": "M3 4h11v8H8l-3 3v-3H3zM17 9h4v8h-2v3l-3-3h-6v-2",
    "side-event": "M4 5h10v14H4zM17 8h3v8h-3M7 9h4M7 12.5h4",
    "training": "M2 9l10-4 10 4-10 4zM6 11v5c3 3 9 3 12 0v-5M22 9v6",
    "study-visit": "M12 21c-5-6-6-8-6-11a6 6 0 0 1 12 0c0 3-1 5-6 11zM14 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
    "consultation": "M4 4h16v12h-8l-4 4v-4H4zM9.5 8a2.5 2.5 0 1 1 2.5 3v1M12 14v.2",
    "launch": "M12 3c4 3 5 7 3 12H9C7 10 8 6 12 3zM9 15l-3 4M15 15l3 4M12 17v4",
    "series": "M4 8h13v12H4zM7 8V5h13v12h-3M4 12h13",
    "taskforce-round": "M4.5 9a8 8 0 1 1-.5 3M4 5v4h4M12 8v4l3 2",
    "finding": "M4 5h16v11h-9l-5 4v-4H4zM8 10l3 3 5-5",
    "session": "M5 4h14v16H5zM9 8v8l6-4z",
    "in_person": "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0zM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
    "online": "M14 12a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM7.5 16.5a6.4 6.4 0 0 1 0-9M16.5 7.5a6.4 6.4 0 0 1"
    " 0 9M4.5 19.5a10.6 10.6 0 0 1 0-15M19.5 4.5a10.6 10.6 0 0 1 0 15",
    "hybrid": "M13 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM16 7a7 7 0 0 1 0 10M19 4a11 11 0 0 1 0 16",
    "close": "M4 4l16 16M20 4 4 20",
    "search": "M16 10a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM14.5 14.5 20 20",
}
FILLED_GLYPHS = {"op-ed"}


@cache
def glyph(name: str) -> SafeString:
    """The small mark of a kind, in the colour of the text around it; hidden from screen readers."""
    # A constant of ours.
    filled = mark_safe(' fill="currentColor" stroke="none"') if name in FILLED_GLYPHS else ""
    return format_html(
        '<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path{} d="{}"/></svg>',
        filled,
        GLYPHS[name],
    )
