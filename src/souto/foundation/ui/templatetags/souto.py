"""Template tags and filters, built in to every template."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def yen(amount: int | None) -> str:
    """`12,345円`; an en dash where there is no amount."""
    return "–" if amount is None else f"{amount:,}円"
