"""What every page's template knows. Nothing here asks the database before a template does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from souto.foundation.ui import preferences
from souto.foundation.ui.city import city
from souto.foundation.ui.seams import actor_label
from souto.kernel.language import say


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor` and `actor_label` (read when a template asks), `language`, `html_lang`, `languages`, the reader's choices, the city, `demo`."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    here, actor = city(), getattr(request, "actor", None)
    return {
        "actor": actor,
        "actor_label": lambda: actor_label(actor) if actor is not None else "",
        "language": language,
        "html_lang": "ja" if language.startswith("ja") else language,
        "languages": settings.LANGUAGES,
        "html_class": preferences.html_class(request),
        "furigana": preferences.furigana(request),
        "text_size": preferences.text_size(request),
        "city": here,
        "city_name": here.named(language),
        "city_hours": say(here.all_hours, language),
        "demo": settings.DEMO,
    }
