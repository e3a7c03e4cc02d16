"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `language`, `html_lang`, `languages`, `demo`."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "actor": getattr(request, "actor", None),
        "language": language,
        "html_lang": "ja" if language.startswith("ja") else language,
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
    }
