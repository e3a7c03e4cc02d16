"""What vehicles report on the road."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock


class EventKind(models.TextChoices):
    """What a driver reports."""

    BEGAN = "began", _("乗務を始めた")
    ARRIVED = "arrived", _("停留所に着いた")
    BOARDED = "boarded", _("乗車した")
    ALIGHTED = "alighted", _("降車した")
    NO_SHOW = "no_show", _("来なかった")
    BREAK_BEGAN = "break_began", _("休憩を始めた")
    BREAK_ENDED = "break_ended", _("休憩を終えた")
    BROKE_DOWN = "broke_down", _("走れなくなった")
    ENDED = "ended", _("乗務を終えた")


class VehicleEvent(models.Model):
    """One thing that a vehicle reported (運行記録). Rows are only ever added: reports come late, twice and out of order, and every figure is made from the whole set.

    `id` is made by the driver's tablet, so what is sent twice is stored once. `at` is when it happened, by our clock: the tablet's own clock only says how long ago.
    `booking`: whose getting on or off; null for the vehicle's own.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.ForeignKey("transit.ServiceDay", on_delete=models.PROTECT, related_name="events")
    vehicle = models.CharField(max_length=48)
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    booking = models.ForeignKey("transit.Booking", null=True, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now, editable=False)
    staff = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["day", "vehicle", "at"], name="transit_event_vehicle")]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.kind}"


class VehiclePosition(models.Model):
    """Where a vehicle was last: one row for each, overwritten, so that no track of it is kept. Degrees; `at` by our clock."""

    day = models.ForeignKey("transit.ServiceDay", on_delete=models.PROTECT, related_name="positions")
    vehicle = models.CharField(max_length=48)
    lat = models.FloatField()
    lon = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "vehicle"], name="transit_one_position")]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.at:%H:%M}"
