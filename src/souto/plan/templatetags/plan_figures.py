"""Filters of the scoreboard's templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def figure(value: Decimal | float | None) -> str:
    """A figure for people: thousands separated, no trailing zeros."""
    if value is None:
        return ""
    number = Decimal(value)
    return f"{number.normalize():,f}" if number else "0"


@register.filter
def item(mapping: dict[str, str], key: object) -> str:
    """The value at `key` of a mapping with text keys."""
    return mapping.get(str(key), "")
