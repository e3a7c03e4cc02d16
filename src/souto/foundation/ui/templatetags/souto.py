"""Filters and small tags, built in to every template: dates, yen, phrases, icons, the frame's links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString

from souto.foundation.ui import dates, icons, preferences
from souto.foundation.ui.city import city
from souto.foundation.ui.components import Contact
from souto.foundation.ui.phrases import mark
from souto.kernel import nav
from souto.kernel.language import LocalText
from souto.kernel.language import say as say_text
from souto.kernel.money import format_yen

register = template.Library()

Moment = date | datetime | None


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


@register.filter
def thousands(number: int) -> str:
    """A count with commas: `12,345`."""
    return f"{number:,}"


@register.filter
def yen(amount: int | None) -> str:
    """`12,345円`, in English `12,345 yen`; an en dash where there is no amount."""
    if amount is None:
        return "–"
    return f"{amount:,} yen" if _language() == "en" else format_yen(amount)


@register.filter(name="date_ja")
def date_ja(value: Moment) -> str:
    """`2026年11月22日（日）`; in English `22 November 2026 (Sun)`."""
    return dates.day_text(value, _language()) if value else ""


@register.simple_tag(name="date_ja")
def date_ja_tag(value: Moment) -> str:
    """`{% date_ja value %}`: the same as the filter."""
    return date_ja(value)


@register.filter
def datetime_ja(value: datetime | None) -> str:
    """`2026年11月22日（日）14:05`, in やさしい日本語 午後2時5分."""
    if not value:
        return ""
    language = _language()
    day, time = dates.day_text(value, language), dates.time_text(value, language)
    return f"{day}{time}" if language == "ja" else f"{day} {time}"


@register.filter
def date_staff(value: Moment) -> str:
    """`2026/11/22`, with a time `2026/11/22 14:05`: for staff tables."""
    return dates.staff_text(value) if value else ""


@register.filter
def era(value: Moment | int) -> str:
    """`2026年（令和8年）` of a year, `2026年（令和8年）11月22日` of a day."""
    return dates.era_text(value) if value else ""


@register.filter
def phrases(text: object) -> SafeString:
    """Break lines between phrases only: for headings, buttons, cards. Not for names, addresses or body text."""
    return mark(text if isinstance(text, SafeString) else str(text))


@register.filter
def say(text: LocalText | str | None, language: str = "") -> str:
    """The wording of a text that people define, in `language` (that of the page when left out); Japanese fills a gap."""
    if not isinstance(text, Mapping):
        return text or ""
    return say_text(text, language or _language())


@register.filter
def name_in(item: Any, language: str) -> str:
    """The name of a section (課) record or city in `language`: `name`, `name_easy`, `name_en`."""
    suffix = {"en": "_en", "ja-easy": "_easy"}.get(language, "")
    return getattr(item, f"name{suffix}", "") or str(item.name)


@register.filter
def lines(value: object) -> list[str]:
    """A value as its lines: a string is split, a list stays, nothing gives no line."""
    if value is None:
        return []
    if isinstance(value, str):
        return value.splitlines() or ([value] if value else [])
    return [str(part) for part in value] if hasattr(value, "__iter__") else [str(value)]


@register.simple_tag
def icon(name: str, css: str = "s-icon") -> SafeString:
    """An icon as inline SVG; the words beside it carry the meaning."""
    return icons.draw(name, css)


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], code: str) -> str:
    """The address of this page in language `code`. On a page that answers a form, the place it came from."""
    return preferences.with_language(_here(context), code)


@register.simple_tag(takes_context=True)
def preference_url(context: dict[str, Any], url_name: str, value: str) -> str:
    """The address that sets a preference and returns here."""
    from urllib.parse import urlencode

    return f"{reverse(url_name)}?{urlencode({'to': value, 'next': _here(context)})}"


def _here(context: dict[str, Any]) -> str:
    request: HttpRequest | None = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any], face: str) -> list[dict[str, object]]:
    """The entries of a face that the caller may see: label, url, badge, current. Pages not served here are left out."""
    actor, here = context.get("actor"), _here(context).partition("?")[0]
    found: list[dict[str, object]] = []
    for item in nav.items(nav.Face(face), actor) if actor is not None else ():
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        badge = item.badge(actor) if item.badge and actor is not None else None
        found.append(
            {
                "label": translation.gettext(item.label),
                "url": url,
                "badge": badge or None,
                "current": here == url,
                "within": here.startswith(url) and url not in ("/", "/staff/"),
            }
        )
    # A page below two entries belongs to the nearer one.
    nearest = max((str(entry["url"]) for entry in found if entry["within"]), key=len, default="")
    for entry in found:
        entry["within"] = entry["within"] and entry["url"] == nearest
    return found


@register.simple_tag
def url_if(url_name: str, *args: object) -> str:
    """The URL of a page, or nothing where this process does not serve it."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("ui/components/contact.html")
def contact(code: str = "", section: Any = None) -> dict[str, object]:
    """Who can be called: the section of this code (or a section record), else the city hall."""
    language, here = _language(), city()
    known = here.section(code) if code else None
    if section is not None:
        found = Contact(
            name_in(section, language),
            section.phone or here.phone,
            section.hours or say_text(here.all_hours, language),
            getattr(section, "place", ""),
            is_sample=not section.hours and "hours" in here.unverified,
        )
    elif known:
        found = Contact(
            say_text(known.name, language),
            known.phone,
            say_text(known.hours, language),
            known.place,
            is_sample="hours" in here.unverified,
        )
    else:
        found = Contact(
            here.named(language), here.phone, say_text(here.all_hours, language), is_sample="hours" in here.unverified
        )
    return {"contact": found}
