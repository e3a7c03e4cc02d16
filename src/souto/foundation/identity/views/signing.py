"""The way back from signing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from souto.foundation.identity import actions
from souto.foundation.identity.views.me import resident_only
from souto.foundation.identity.views.sign_in import see_other
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of


@never_cache
@require_GET
@resident_only
def signing_callback(request: HttpRequest) -> HttpResponse:
    """Verify the signature and go back to the document; a failure is told there."""
    answer = actions.finish_signing(
        actor=actor_of(request),
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        error=request.GET.get("error", ""),
    )
    if answer.error is not None:
        messages.error(request, text_of(answer.error))
    return see_other(answer.return_to)
