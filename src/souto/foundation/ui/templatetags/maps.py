"""`{% map %}`: the city's map on a page. What lies on it comes from the page (`maps.MapContent`) or from the field that it stands in."""

# ruff: noqa: A002 - `id` is what templates call it.

from __future__ import annotations

from typing import Literal
from uuid import uuid4

from django import template
from django.urls import reverse
from django.utils import translation

from souto.foundation.ui.maps import MapContent, base_map
from souto.kernel.language import say

register = template.Library()


@register.inclusion_tag("ui/components/map.html", name="map")
def map_tag(
    kind: Literal["point", "show", "coverage", "area"],
    content: MapContent | None = None,
    *,
    label: str = "",
    id: str = "",
    still: bool = False,
) -> dict[str, object]:
    """`{% map "show" found.map %}`: the city's map with what lies on it; nothing where the city has no map.

    `still` makes it a picture that nothing moves. `{% map "point" label=… %}` is the map of a field: it stands inside `[data-map-point]`
    and fills its controls (`frontend/ts/map/point.ts`). `label` is the accessible name, translated already; a content brings its own.
    """
    base = base_map()
    if base is None:
        return {"base": None}
    language = translation.get_language() or "ja"
    return {
        "base": base,
        "base_url": f"{reverse('ui:map_base')}?v={base.version}",
        "kind": kind,
        "label": content.label if content else label,
        "id": id or f"map-{uuid4().hex[:8]}",
        "content": content.as_json() if content else "",
        "still": still,
        "map_language": language,
        "attribution": say(base.attribution, language),
    }
