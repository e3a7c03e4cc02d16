"""Notices to riders: public, all of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from souto.kernel import clock
from souto.services.transit.models import ServiceAlert


def open_alerts() -> QuerySet[ServiceAlert]:
    """Notices that hold now or will hold, soonest first."""
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
    return ServiceAlert.objects.filter(lasting, ended_at=None).select_related("service", "written_by")


def past_alerts() -> QuerySet[ServiceAlert]:
    """Notices that are over, the last one first."""
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=clock.now())
    return ServiceAlert.objects.filter(over).select_related("service", "written_by", "ended_by").order_by("-written_at")
