"""What services cost."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from souto.services.transit.models import MonthlyCost


def costs(*, first: date, last: date, slug: str = "") -> list[MonthlyCost]:
    """The entry that counts for each month that lies between two days and each service, in order."""
    rows = MonthlyCost.objects.filter(month__gte=first, month__lte=last).select_related("service", "entered_by")
    if slug:
        rows = rows.filter(service__slug=slug)
    if not settings.DEMO:
        rows = rows.filter(is_demo=False)
    newest = {(row.service_id, row.month): row for row in rows.order_by("entered_at", "id")}
    whole = [row for row in newest.values() if _last_day(row.month) <= last]
    return sorted(whole, key=lambda row: (row.month, row.service.slug))


def _last_day(month: date) -> date:
    nxt = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(nxt.toordinal() - 1)
