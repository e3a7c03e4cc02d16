"""Icons drawn by hand on a grid of 24: strokes of 2, `currentColor`, hidden from screen readers (words stand beside them)."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_STROKES = {
    "check": '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
    "success": '<circle cx="12" cy="12" r="9"/><path d="m7.500 12.500 3 3 6-6.500"/>',
    "error": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M12 7.500v5.500M12 16v.5"/>',
    "warning": '<path d="M12 3.500 22 20.500H2z"/><path d="M12 10v5M12 17.200v.5"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>',
    "note": '<path d="M5 3h10l4 4v14H5z"/><path d="M8.500 11h7M8.500 15h7"/>',
    "menu": '<path d="M3 6h18M3 12h18M3 18h18"/>',
    "close": '<path d="m5 5 14 14M19 5 5 19"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 4 6 4 9s-1 6-4 9c-3-3-4-6-4-9s1-6 4-9"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 4-7 8-7s8 2 8 7"/>',
    "search": '<circle cx="10.500" cy="10.500" r="6.500"/><path d="m15.500 15.500 5 5"/>',
    "phone": '<path d="M5 3h4l2 5-2.500 2c1 2.500 3 4.500 5.500 5.500l2-2.500 5 2v4c0 1-1 2-2 2C10 21 3 14 3 5c0-1 1-2 2-2z"/>',
    "new-tab": '<path d="M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.500 2"/>',
    "bell": '<path d="M6 17v-6a6 6 0 0 1 12 0v6l2 2H4zM10 21.500h4"/>',
    "paper": '<path d="M6 3h9l4 4v14H6z"/><path d="M14.500 3v5H19"/>',
    "camera": '<path d="M3 7h4l2-3h6l2 3h4v13H3z"/><circle cx="12" cy="13" r="4"/>',
    "moving": '<path d="M3 12 12 4l9 8"/><path d="M6 10v10h12V10M10 20v-6h4v6"/>',
    "birth": '<path d="M4 11a8 8 0 0 1 8-8v8h8a8 8 0 0 1-16 0z"/><circle cx="8" cy="21" r="1.200"/><circle cx="16" cy="21" r="1.200"/>',
    "childcare": '<circle cx="8" cy="6" r="3"/><path d="M3 21v-6a5 5 0 0 1 9-3"/><circle cx="16.500" cy="12" r="2.300"/><path d="M12.500 21v-2a4 4 0 0 1 8 0v2"/>',
    "school": '<path d="m2 9 10-5 10 5-10 5z"/><path d="M6 11.500V17c3 3 9 3 12 0v-5.500M22 9v6"/>',
    "work": '<path d="M3 8h18v12H3zM8 8V4h8v4M3 13h18M12 12v2.500"/>',
    "tax": '<path d="m6 4 6 8 6-8M12 12v9M7 13h10M7 17h10"/>',
    "care": '<path d="M12 20 4 12a5 5 0 0 1 8-6 5 5 0 0 1 8 6z"/>',
    "bereavement": '<path d="M12 3v18M6 9h12M8 21h8"/>',
    "road": '<path d="M8 3 3 21M16 3l5 18M12 4v3M12 11v3M12 18v3"/>',
    "certificate": '<path d="M5 3h14v14H5zM8.500 7h7M8.500 10.500h7"/><circle cx="15" cy="17" r="3"/><path d="m13 19.500-1 3 3-1.500 3 1.500-1-3"/>',
}


def draw(name: str, css: str = "s-icon") -> SafeString:
    """The icon as inline SVG. Raises `KeyError` for a name that does not exist."""
    return mark_safe(  # noqa: S308 - constant drawings; `css` comes from templates
        f'<svg class="{css}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'aria-hidden="true" focusable="false">{_STROKES[name]}</svg>'
    )


def names() -> tuple[str, ...]:
    """Every icon."""
    return tuple(_STROKES)
