"""The plan of a service day, and who asked to ride."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.actor import ActorKind
from souto.kernel.ids import new_id
from souto.services.transit.lifecycle import State

_STATES = [
    (State.OFFERED.value, _("ご案内中")),
    (State.REFUSED.value, _("お受けできません")),
    (State.BOOKED.value, _("予約済み")),
    (State.CANCELLED.value, _("取消済み")),
    (State.ABOARD.value, _("乗車中")),
    (State.COMPLETED.value, _("降車済み")),
    (State.NO_SHOW.value, _("乗車なし")),
]


class TripRow(TypedDict):
    """What was asked for: stops, `when` (`depart` or `arrive`), seconds since midnight; `walk_from`, `walk_to`: metres on foot to the first stop and from the last one,
    where the rider named the place that she comes from or goes to.
    """

    origin: str
    goal: str
    when: str
    at: int
    walk_from: NotRequired[int]
    walk_to: NotRequired[int]


class Contact(TypedDict):
    """Who rides, when no person of the register stands behind the booking."""

    name: str
    phone: str


class WayOut(TypedDict):
    """What would help against a refusal: the trip to ask for instead, and when the vehicle would come (seconds since midnight)."""

    kind: str
    trip: TripRow
    day: NotRequired[str]
    pickup_from: NotRequired[float]
    arrive_by: NotRequired[float]


class ServiceDay(SealedRecord):
    """The plan (運行計画) of a service for one day, as a versioned row. It is changed by compare-and-swap on `plan_version` only; what processes compute on is a
    cache of it. The day stays on the version of the service on which its first ride was asked for. `improved_version`: the last plan on which the search for a better one
    ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey("transit.Service", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("transit.ServiceVersion", on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    plan_sealed = models.BinaryField()
    plan = SealedJSON[dict[str, Any]]("plan_sealed")
    plan_version = models.PositiveIntegerField(default=1)
    improved_version = models.PositiveIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "date"], name="transit_one_plan_a_day")]
        indexes = [models.Index(fields=["date"], name="transit_day_date")]

    def __str__(self) -> str:
        return f"{self.date} v{self.plan_version}"


class Booking(SealedRecord):
    """A ride that somebody asked for (予約). Its id is that of the request in the day's plan.

    `fare` in yen. `revised_*`: what the rider was told instead, where a vehicle broke down or somebody moved the ride; the promise stays on record as it was given.
    `met_at`: the vehicle was at the pickup; `boarded_at`, `alighted_at`: the rider got on and off; `carried_by`: in which vehicle. `reminded_at`: told that it comes soon.
    `wanted_from`: from when the rider wanted to ride, the moment of asking for "as soon as possible"; null where a time of arrival was asked for.
    `promised_*`: the pickup window and latest arrival that were offered and, once booked, promised. `engine_us` and `answer_us`: microseconds that the
    engine took for the last answer, and the whole answer around it. Where it was to go and who rides is sealed; forgetting destroys the key. `phone_key`: a keyed hash
    of the caller's number, by which her earlier calls are found; forgetting empties it.
    """

    class Channel(models.TextChoices):
        """How it came in."""

        ONLINE = "online", _("オンライン")
        PHONE = "phone", _("電話")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.ForeignKey("transit.ServiceDay", on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=8, default="ja")
    state = models.CharField(max_length=12, choices=_STATES)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    booked_at = models.DateTimeField(null=True)
    wanted_from = models.DateTimeField(null=True)
    trip_sealed = models.BinaryField()
    trip = SealedJSON[TripRow]("trip_sealed")
    contact_sealed = models.BinaryField()
    contact = SealedJSON[Contact | None]("contact_sealed")
    phone_key = models.BinaryField(max_length=32, null=True, db_index=True)
    riders: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()
    wheelchairs = models.PositiveSmallIntegerField(default=0)
    fare = models.PositiveIntegerField()
    promised_from = models.DateTimeField(null=True)
    promised_to = models.DateTimeField(null=True)
    promised_arrival = models.DateTimeField(null=True)
    revised_from = models.DateTimeField(null=True)
    revised_to = models.DateTimeField(null=True)
    revised_arrival = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    boarded_at = models.DateTimeField(null=True)
    alighted_at = models.DateTimeField(null=True)
    carried_by = models.CharField(max_length=48, blank=True)
    reminded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, blank=True)
    ways_out_sealed = models.BinaryField()
    ways_out = SealedJSON[list[WayOut]]("ways_out_sealed")
    return_of = models.OneToOneField("transit.Booking", null=True, on_delete=models.PROTECT, related_name="way_back")
    replaces = models.ForeignKey("transit.Booking", null=True, on_delete=models.PROTECT, related_name="+")
    engine_us = models.PositiveBigIntegerField(default=0)
    answer_us = models.PositiveBigIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["person", "promised_from"], name="transit_booking_person"),
            models.Index(fields=["asked_at"], name="transit_booking_asked"),
            models.Index(fields=["state", "promised_from"], name="transit_booking_soon"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.REFUSED.value) ^ Q(reason=""), name="transit_booking_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED.value)
                | Q(promised_from__isnull=False, promised_to__isnull=False, promised_arrival__isnull=False),
                name="transit_booking_promises",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def party(self) -> int:
        """How many people ride."""
        return sum(self.riders.values())


class BookingStep(models.Model):
    """A step in the life of a booking; never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    booking = models.ForeignKey("transit.Booking", on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=16)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    actor_kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ActorKind])
    at = models.DateTimeField(default=clock.now, editable=False)
    late = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class FareCollection(models.Model):
    """The fare of a ride as it was taken on board (車内収受), or seen to be paid; never changed. `id` is made by the driver's device, `amount` in yen."""

    class Method(models.TextChoices):
        """How it was paid."""

        CASH = "cash", _("現金")
        PAID = "paid", _("支払い済み")

    id = models.UUIDField(primary_key=True, editable=False)
    booking = models.OneToOneField("transit.Booking", on_delete=models.PROTECT, related_name="collection")
    amount = models.PositiveIntegerField()
    method = models.CharField(max_length=8, choices=Method.choices)
    at = models.DateTimeField()
    staff = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.method} {self.amount}"
