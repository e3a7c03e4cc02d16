"""The payer's pages."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.actor import Actor
from souto.services.payments import actions, queries, seams
from souto.services.payments.models import Checkout


def _own_path(request: HttpRequest) -> str:
    """Where the payer goes on afterwards: a path of this site only."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def _charge_page(checkout: Checkout) -> str:
    """The charge's page, from which the payer still finds the way back to where she came from."""
    page = reverse("payments:charge", args=[checkout.charge_id])
    return f"{page}?{urlencode({'next': checkout.return_to})}" if checkout.return_to else page


@require_safe
def charge(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """What is owed and how to pay it."""
    found = queries.access_charge(actor=actor_of(request), charge_id=charge_id)
    context = {
        "charge": found,
        "slips": queries.slips_of(found),
        "providers": seams.providers(),
        "next": _own_path(request),
    }
    return render(request, "payments/charge.html", context)


@require_POST
def pay(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """To the provider; a second tap goes to the same payment."""
    url = actions.start_checkout(
        actor=actor_of(request),
        charge_id=charge_id,
        provider=request.POST.get("provider", ""),
        return_to=_own_path(request)[:300],
    )
    return redirect(url)


@require_POST
def slip(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    """The slip as PDF."""
    issued = actions.issue_slip(actor=actor_of(request), charge_id=charge_id)
    return redirect("documents:document", issued.document_id)


@require_safe
def returned(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Back from the provider: its server is asked, the browser is not believed; shown to whoever may see the charge."""
    checkout = queries.checkout_of(checkout_id=checkout_id)
    queries.access_charge(actor=actor_of(request), charge_id=checkout.charge_id)
    try:
        checkout = actions.complete_checkout(actor=actor_of(request), checkout_id=checkout_id)
    except actions.CheckoutUnavailableError as error:
        messages.warning(request, text_of(error))
        return redirect(_charge_page(checkout))
    if checkout.state == Checkout.State.PAID:
        messages.success(request, _("支払いが終わりました。"))
        return redirect(checkout.return_to or _charge_page(checkout))
    if checkout.state == Checkout.State.FAILED:
        messages.warning(request, _("支払いは行われませんでした。もう一度支払うか、納付書を使ってください。"))
    else:
        messages.info(request, _("支払いを確認しています。1分ほどしてから、この画面を開き直してください。"))
    return redirect(_charge_page(checkout))


@csrf_exempt
@require_POST
def notification(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's signed notification (no browser, so no CSRF token: the signature stands for it)."""
    held = actions.notify_checkout(
        actor=Actor.system("payments.notification"), provider=provider, body=request.body, headers=request.headers
    )
    return HttpResponse(status=204 if held else 400)
