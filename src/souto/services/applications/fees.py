"""The fee (手数料): charged at the moment that the procedure names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from souto.foundation.identity import queries as identity
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import next_working_day
from souto.services.applications.models import Application
from souto.services.applications.queries.charges import PURPOSE, charges_of
from souto.services.payments import actions as payments

#: Days to pay; a last day on which the city hall is closed moves to the next one that it is open.
DAYS_TO_PAY = 14


def charge_if_due(
    actor: Actor, application: Application, moment: str, *, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> None:
    """Charge the fee where it is due at `moment` (submission, acceptance, approval); asked twice, it is charged once."""
    definition = application.version.definition
    if definition.fee is None or definition.fee.due != moment:
        return
    amount = definition.fee_amount(answers, facts)
    if not amount:
        return
    name = identity.person_display_name(application.person_id) if application.person_id else ""
    payments.create_charge(
        actor=actor,
        purpose=PURPOSE,
        subject_id=application.id,
        payer_person_id=application.person_id,
        payer_name=name or application.contact["name"],
        description=definition.title,
        amount=amount,
        account=definition.fee.account,
        due_on=next_working_day(clock.today() + timedelta(days=DAYS_TO_PAY)),
        idempotency_key=f"{PURPOSE}:{application.id}",
        is_demo=application.is_demo,
    )


def give_up(actor: Actor, application: Application, reason: str) -> None:
    """Cancel what is still owed for an application that was withdrawn."""
    for charge in charges_of(application):
        if charge.is_open:
            payments.cancel_charge(actor=actor, charge_id=charge.id, reason=reason)
