"""Pictures of works, where they have one, in the place of a drawn cover."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from hub.catalogue.sources import Picture

# How wide a picture stands on the page (components/card.css), from which a browser chooses a file.
SMALL_WIDTHS = "(max-width: 36rem) 4rem, 6rem"
BIG_WIDTHS = "(max-width: 36rem) 9.5rem, 24rem"


def shown(picture: Picture, *, big: bool = False, eager: bool = False) -> SafeString:
    """The picture as an image that keeps its place while it loads; a big one in its sleeve."""
    size = picture.sizes[-1 if big else 0]
    image = format_html(
        '<img class="cover cover--picture{}" src="{}" srcset="{}" sizes="{}" width="{}" '
        'height="{}" alt="{}" decoding="async"{}>',
        " cover--big" if big else "",
        size.url,
        ", ".join(f"{one.url} {one.width}w" for one in picture.sizes),
        BIG_WIDTHS if big else SMALL_WIDTHS,
        size.width,
        size.height,
        picture.alt,
        "" if eager else mark_safe(' loading="lazy"'),  # a constant of ours
    )
    return format_html('<span class="sleeve">{}</span>', image) if big else image
