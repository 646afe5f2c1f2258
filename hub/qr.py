"""Codes to scan, as drawings that stand in a page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def drawn(text: str, *, label: str = "") -> SafeString:
    """``text`` as a code to scan; without a label it is decoration, beside the text in words."""
    import qrcode  # heavy, and seldom needed

    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    squares = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return mark_safe(  # made of numbers, and of a label that is escaped
        f'<svg class="qr" viewBox="0 0 {len(rows)} {len(rows)}" {told} '
        f'focusable="false"><path d="{squares}"/></svg>'
    )
