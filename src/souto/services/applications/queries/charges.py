"""What is owed or was paid for an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from souto.services.applications.models import Application
from souto.services.payments import queries as payments

if TYPE_CHECKING:
    from souto.services.payments.models import Charge

#: What a charge of this room is for; its subject is the application.
PURPOSE = "applications.fee"


def charges_of(application: Application) -> list[Charge]:
    """The charges of an application, oldest first."""
    return payments.charges_for(purpose=PURPOSE, subject_id=application.id)
