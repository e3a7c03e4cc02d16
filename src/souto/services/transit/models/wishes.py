"""What riders keep: a ride every week, and trips that they often make."""

from __future__ import annotations

from typing import TypedDict

from django.db import models
from django.utils.translation import gettext_lazy as _

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.services.transit.models.bookings import Contact, TripRow


class Series(SealedRecord):
    """A ride on the same weekdays every week (定期の予約), made from a booked ride; a job books each day as it opens. `weekdays`: numbers of `date.weekday()`; `until`: the
    last day, or none. Where it goes and who called is sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.OneToOneField("transit.Booking", on_delete=models.PROTECT, related_name="series")
    service = models.ForeignKey("transit.Service", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    phone_key = models.BinaryField(max_length=32, null=True, db_index=True)
    language = models.CharField(max_length=8, default="ja")
    trip_sealed = models.BinaryField()
    trip = SealedJSON[TripRow]("trip_sealed")
    contact_sealed = models.BinaryField()
    contact = SealedJSON[Contact | None]("contact_sealed")
    riders: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()
    wheelchairs = models.PositiveSmallIntegerField(default=0)
    weekdays: models.JSONField[list[int], list[int]] = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True)
    skip_holidays = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class SeriesDay(models.Model):
    """What became of one day of a series; a day without a row is still to come. `reason` says why it was refused, or why the service does not run."""

    class Outcome(models.TextChoices):
        """What became of it."""

        BOOKED = "booked", _("予約済み")
        REFUSED = "refused", _("お受けできません")
        CLOSED = "closed", _("運休")
        SKIPPED = "skipped", _("乗らない日")

    series = models.ForeignKey("transit.Series", on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    booking = models.OneToOneField("transit.Booking", null=True, on_delete=models.PROTECT, related_name="series_day")
    reason = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["series", "date"], name="transit_series_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.outcome}"


class FavouriteRow(TypedDict):
    """What is kept of a trip: how its rider calls it, and its stops."""

    name: str
    origin: str
    goal: str


class Favourite(SealedRecord):
    """A trip that a resident often makes (よく使う乗車), under a name of her own; all of it is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("transit.Service", on_delete=models.PROTECT, related_name="+")
    row_sealed = models.BinaryField()
    row = SealedJSON[FavouriteRow]("row_sealed")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.id)
