"""What the address field asks while a person types; the field works without it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from souto.foundation.registry import queries
from souto.foundation.registry.matching import PostalAddress, PostalCodeFormatError, PostalCodeUnknownError
from souto.foundation.ui.errors import text_of

_A_DAY = 86_400


def candidate(place: PostalAddress) -> dict[str, Any]:
    """A place of a postal code as the address field takes it."""
    return {
        "code": place.code,
        "prefecture": place.prefecture,
        "city": place.city,
        "town": place.town,
        "kana": place.kana,
        "note": place.note,
        "office": place.office,
        "number": place.office_number,
    }


@require_safe
def postal(request: HttpRequest) -> JsonResponse:
    """`?code=1920051`: `{"candidates": [{prefecture, city, town, kana, …}]}`.

    400 for what is no code, 404 for a code without a place; both with `message` in the language of the page.
    """
    try:
        found = queries.find_postal_code(request.GET.get("code", ""))
    except (PostalCodeFormatError, PostalCodeUnknownError) as wrong:
        status = 404 if isinstance(wrong, PostalCodeUnknownError) else 400
        return JsonResponse({"candidates": [], "message": text_of(wrong)}, status=status)
    response = JsonResponse({"candidates": [candidate(place) for place in found]})
    response.headers["Cache-Control"] = f"private, max-age={_A_DAY}"
    return response
