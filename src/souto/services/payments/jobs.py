"""Background work: payments whose payer never came back."""

from __future__ import annotations

import logging
from datetime import timedelta

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.kernel.jobs import job
from souto.services.payments import actions, seams
from souto.services.payments.actions.checkouts import LAPSES
from souto.services.payments.models import Checkout

logger = logging.getLogger(__name__)


@job("payments.reconcile", attempts=2, cron="*/2 * * * *")
def reconcile() -> None:
    """Ask the provider about attempts older than a minute; nobody pays twice because a browser was closed."""
    actor, now = Actor.system("payments.reconcile"), clock.now()
    for checkout in Checkout.objects.filter(state=Checkout.State.STARTED, created_at__lt=now - timedelta(minutes=1)):
        if not checkout.reference or checkout.provider not in seams.providers():
            if checkout.created_at < now - LAPSES:
                Checkout.objects.filter(pk=checkout.pk).update(state=Checkout.State.FAILED, ended_at=now)
            continue
        try:
            actions.complete_checkout(actor=actor, checkout_id=checkout.id)
        except SoutoError as error:
            logger.warning("payments.reconcile: checkout %s: %s", checkout.id, type(error).__name__)
