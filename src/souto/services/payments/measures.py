"""Figures of payments for the plan."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, Row, measure, share
from souto.services.payments.models import Slip


@measure(
    "payments.elqr_share",
    unit="%",
    title="eL-QR対応の納付書の割合",
    definition="期間中に発行した納付書のうち、eL-QRを付けたものの割合。法令等により対象外の公金の納付書は、分母から除きます。",
)
def elqr_share(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:
    """Slips with eL-QR among the slips issued in the period; those exempt by law are in neither count."""
    start = datetime.combine(period.start, time.min, clock.TOKYO)
    end = datetime.combine(period.end, time.max, clock.TOKYO)
    slips = Slip.objects.filter(issued_at__range=(start, end), exempt_reason="").select_related("charge")
    if not settings.DEMO:
        slips = slips.filter(charge__is_demo=False)
    found = list(slips.order_by("issued_at"))
    rows = (
        [Row(label=s.case_key, counted=s.with_elqr, detail="見本" if s.specimen else "") for s in found]
        if actor.may("payments.view")
        else ()
    )
    return share(sum(s.with_elqr for s in found), len(found), as_of=clock.now(), rows=rows)
