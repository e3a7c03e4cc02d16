"""The components as tags, built in to every template. docs/reference/components.md shows each with its page of HTML."""

# ruff: noqa: A002 - `id` and `help` are what templates call these.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from souto.foundation.ui.phrases import mark

register = template.Library()

#: Colours of the states that every room shares (the same word is the same colour everywhere).
CHIP_OF_STATE = {
    "draft": "gray-outline",
    "submitted": "blue",
    "received": "blue",
    "in_review": "light-blue",
    "correction": "orange-fill",
    "decided": "green",
    "approved": "green",
    "paid": "green",
    "rejected": "gray-fill",
    "withdrawn": "gray-outline",
    "cancelled": "gray-outline",
    "closed": "gray-outline",
    "overdue": "red",
    "failed": "red",
}
CHIP_KINDS = frozenset({"gray-outline", "blue", "light-blue", "orange-fill", "green", "gray-fill", "red"})
#: Chips whose meaning must not hang on colour carry an icon besides their word.
_CHIP_ICONS = {"orange-fill": "warning", "red": "error"}
_BANNER_ICONS = {"success": "success", "error": "error", "warning": "warning", "info": "info", "note": "note"}


def _said(text: object) -> str:
    """`text` in the language of the page. Japanese written into a template's tag is a message like any other (scripts/messages finds it)."""
    words = text if isinstance(text, str) else str(text)  # a message of `django.contrib.messages` is no str
    return gettext(words) if words and "<" not in words else words


def _attributes(pairs: dict[str, Any]) -> SafeString:
    """`hx_post="…"` as ` hx-post="…"`: underscores become hyphens, True a bare attribute, False and None nothing."""
    parts = []
    for name, value in pairs.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(format_html(" {}", key))
        elif value is not None and value is not False:
            parts.append(format_html(' {}="{}"', key, value))
    return mark_safe("".join(parts))  # noqa: S308 - made of format_html only


@register.simple_tag
def button(
    label: str, *, href: str = "", kind: str = "solid", size: str = "", icon: str = "", about: str = "", **more: Any
) -> SafeString:
    """`{% button "申請を送信する" %}`: a submit button; with `href` a link that looks like one.

    `kind`: solid, outline, text, danger. `size`: "" (56 px), md, sm, xs. `about`: hidden words that name the object. Other
    keywords become attributes (`name`, `value`, `hx_post`, `data_dialog`, `type`).
    """
    from souto.foundation.ui.icons import draw

    css = "s-button" + ("" if kind == "solid" else f" s-button--{kind}") + (f" s-button--{size}" if size else "")
    css += f" {more.pop('class_')}" if "class_" in more else ""
    inner = format_html(
        "{}{}<span>{}</span>",
        draw(icon) if icon else "",
        format_html('<span class="s-hidden-text">{}</span>', _said(about)) if about else "",
        mark(_said(label)),
    )
    if href:
        return format_html('<a class="{}" href="{}"{}>{}</a>', css, href, _attributes(more), inner)
    more.setdefault("type", "submit")
    return format_html('<button class="{}"{}>{}</button>', css, _attributes(more), inner)


@register.simple_tag
def chip(state: str, label: str) -> SafeString:
    """`{% chip "in_review" "審査中" %}`: a state with its word; `state` is a shared state or a kind of colour."""
    from souto.foundation.ui.icons import draw

    kind = state if state in CHIP_KINDS else CHIP_OF_STATE.get(state, "gray-outline")
    mark_of = draw(_CHIP_ICONS[kind], "s-chip__icon") if kind in _CHIP_ICONS else ""
    return format_html('<span class="s-chip s-chip--{}">{}{}</span>', kind, mark_of, _said(label))


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable[Any], *, empty: str = "") -> dict[str, object]:
    """Answers as rows (`components.SummaryRow` or dicts): item, value, 変更."""
    return {"rows": list(rows), "empty": _said(empty)}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(problems: Sequence[tuple[str, str]] | None, title: str = "") -> dict[str, object]:
    """What to put right: pairs of (id of the control or its field, message). Nothing when there is no problem."""
    return {"problems": list(problems or ()), "title": _said(title)}


@register.inclusion_tag("ui/components/banner.html")
def banner(
    kind: str, title: str, body: str = "", *, url: str = "", link: str = "", live: bool = False
) -> dict[str, object]:
    """`{% banner "success" "保存しました" %}`: success, error, warning, info, note. `live` announces it (after an action only)."""
    return {
        "kind": kind,
        "icon_name": _BANNER_ICONS[kind],
        "title": _said(title),
        "body": _said(body),
        "url": url,
        "link": _said(link),
        "live": live,
    }


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], page: Page[Any], *, parameter: str = "page") -> dict[str, object]:
    """前へ, first, current ±1, last, 次へ; filters of the address are kept. Nothing for a single page."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def url(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    entries: list[dict[str, object]] = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        if number - before > 1:
            entries.append({"gap": True})
        entries.append({"number": number, "url": url(number), "current": number == page.number})
    return {
        "many": last > 1,
        "entries": entries,
        "previous": url(page.number - 1) if page.has_previous() else "",
        "next": url(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/steps.html")
def steps(current: int, total: int, label: str = "") -> dict[str, object]:
    """`質問 3 / 8` with a bar."""
    return {"current": current, "total": total, "label": _said(label)}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, object]:
    """What happened, newest first as given (`components.Step` or dicts): at, title, by, body, current, coming."""
    return {"items": list(items)}


@register.inclusion_tag("ui/components/breadcrumb.html")
def breadcrumb(items: Iterable[tuple[str, str]]) -> dict[str, object]:
    """`(label, url)` pairs from the front page to this one, whose url is empty."""
    return {"items": list(items)}


@register.inclusion_tag("ui/components/empty.html")
def empty(title: str, body: str = "", *, url: str = "", label: str = "") -> dict[str, object]:
    """A list without rows: what will appear here, and a first thing to do."""
    return {"title": _said(title), "body": _said(body), "url": url, "label": _said(label)}


@register.simple_tag
def describe(id: str, help: object = "", error: object = "") -> SafeString:
    """Attributes that tie a control to its error and support text, in that order."""
    ids = " ".join(f"{id}-{part}" for part, text in (("error", error), ("help", help)) if text)
    return format_html(
        "{}{}",
        format_html(' aria-describedby="{}"', ids) if ids else "",
        mark_safe(' aria-invalid="true"') if error else "",
    )


@register.simple_block_tag
def field(
    content: str,
    id: str,
    label: str,
    *,
    help: object = "",
    error: str = "",
    required: bool | None = True,
    group: bool = False,
    heading: bool = False,
) -> str:
    """`{% field id label help=… error=… required=… %}control{% endfield %}`: the frame around a control.

    `group`: several controls in a fieldset; `heading`: the label is the page's h1 (one question on the page);
    `required` None prints neither ※必須 nor ※任意.
    """
    from django.template.loader import render_to_string

    return render_to_string(
        "ui/components/field.html",
        {
            "id": id,
            "label": _said(label),
            "help": _said(help) if isinstance(help, str) else help,
            "error": error,
            "required": required,
            "group": group,
            "heading": heading,
            "control": mark_safe(content),  # noqa: S308 - the block's own rendered template
        },
    )


@register.inclusion_tag("ui/components/form_field.html")
def form_field(
    bound: forms.BoundField, *, width: str = "", heading: bool = False, mark: bool = True
) -> dict[str, object]:
    """A field of a Django form in our frame: the control gets our class, its ids and its error. `mark=False`: it always has an answer, so nothing says that one is needed."""
    widget = bound.field.widget
    group = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    single = isinstance(widget, forms.CheckboxInput)
    error = " ".join(str(message) for message in bound.errors)
    ids = [
        f"{bound.id_for_label or bound.auto_id}-{part}"
        for part, text in (("error", error), ("help", bound.help_text))
        if text
    ]
    attributes: dict[str, Any] = {"class": _class_of(widget, width)}
    if ids and not group:
        attributes["aria-describedby"] = " ".join(ids)
    if error:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "id": bound.auto_id if group else bound.id_for_label,
        "control": "" if group else bound.as_widget(attrs=attributes),
        "group": group,
        "single": single,
        "choices": list(bound) if group else [],
        "error": error,
        "required": bound.field.required if mark else None,
        "heading": heading,
        "hidden": bound.is_hidden,
    }


def _class_of(widget: forms.Widget, width: str) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect)):
        return "s-choice__box"
    if isinstance(widget, forms.Textarea):
        return "s-textarea"
    if isinstance(widget, forms.Select):
        return "s-select"
    if isinstance(widget, forms.FileInput):
        return "s-upload__input"
    return "s-input" + (f" s-input--{width}" if width else "")


@register.simple_tag
def form_problems(*bound_forms: forms.BaseForm) -> list[tuple[str, str]]:
    """The problems of Django forms as `{% error_summary %}` wants them."""
    found: list[tuple[str, str]] = []
    for form in bound_forms:
        for name, errors in form.errors.items():
            target = form[name].id_for_label or form[name].auto_id if name in form.fields else ""
            found += [(target, str(message)) for message in errors]
    return found
