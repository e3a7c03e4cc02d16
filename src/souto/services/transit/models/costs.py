"""What running a service costs, as its accounts say."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from souto.kernel import clock
from souto.kernel.ids import new_id


class MonthlyCost(models.Model):
    """What a service cost in a month (運行経費), typed from the accounts with its source. Rows are only ever added: the newest one of a month counts, the others say what was
    thought before. `month` is its first day, `yen` without fares taken off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey("transit.Service", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    yen = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, editable=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["month", "entered_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="transit_cost_of_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.yen}"
