"""What a driver's tablet does besides reporting: it shows who rides, and gives up what cannot be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import Outcome, record
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.services.transit import queries
from souto.services.transit.actions.driving import Report, Seen, report
from souto.services.transit.actions.fares import collect_fare
from souto.services.transit.models import Booking, DroppedReport, FareCollection, ServiceDay


@dataclass(frozen=True, slots=True)
class Unfit:
    """A report that was refused, as the tablet kept it: `kind` and `booking_id` may name what does not exist."""

    id: UUID
    kind: str
    at: datetime
    booking_id: UUID | None
    reason: DroppedReport.Reason


@dataclass(frozen=True, slots=True)
class TakenFare:
    """A fare that a driver took on board, yen; `id` made by the tablet."""

    id: UUID
    booking_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a delivery: ids that are stored now (new or before), those that fit no ride of this day, and fares that could not be noted with the reason."""

    stored: tuple[UUID, ...]
    unknown: tuple[UUID, ...]
    fares: dict[UUID, SoutoError] = field(default_factory=dict)


@transaction.atomic
def deliver(
    *,
    actor: Actor,
    slug: str,
    day: date,
    vehicle: str,
    reports: Sequence[Report],
    fares: Sequence[TakenFare] = (),
    sent_at: datetime | None = None,
    seen: Seen | None = None,
) -> Delivered:
    """Take in what a tablet kept, reports first, then the fares that were taken; a fare that cannot be noted holds up nothing else.

    Raises what `report` raises.
    """
    taken = report(actor=actor, slug=slug, day=day, vehicle=vehicle, reports=reports, sent_at=sent_at, seen=seen)
    rides = set(
        Booking.objects.filter(
            pk__in=[one.booking_id for one in fares], day__date=day, day__service__slug=slug
        ).values_list("id", flat=True)
    )
    stored, unknown = list(taken.stored), list(taken.unknown)
    refused: dict[UUID, SoutoError] = {}
    for one in fares:
        if one.booking_id not in rides:
            unknown.append(one.id)
            continue
        try:
            with transaction.atomic():
                collect_fare(
                    actor=actor,
                    booking_id=one.booking_id,
                    amount=one.amount,
                    method=FareCollection.Method.CASH,
                    client_id=one.id,
                )
        except SoutoError as error:
            refused[one.id] = error
        else:
            stored.append(one.id)
    return Delivered(tuple(stored), tuple(unknown), refused)


@transaction.atomic
def drop_reports(*, actor: Actor, slug: str, day: date, vehicle: str, reports: Sequence[Unfit]) -> None:
    """Keep what a driver gives up of a tablet's refused reports, for the dispatchers to see. Twice keeps once.

    Raises `ForbiddenError`, `NotFoundError` (no such service or vehicle on that day).
    """
    row = queries.access_vehicle(actor=actor, slug=slug, day=day, vehicle=vehicle)
    known = set(DroppedReport.objects.filter(pk__in=[one.id for one in reports]).values_list("id", flat=True))
    fresh = [one for one in {one.id: one for one in reports}.values() if one.id not in known]
    DroppedReport.objects.bulk_create(
        (
            DroppedReport(
                id=one.id,
                day=row,
                vehicle=vehicle,
                kind=one.kind,
                booking=one.booking_id,
                at=one.at,
                reason=one.reason,
                staff_id=actor.id if actor.is_staff else None,
            )
            for one in fresh
        ),
        ignore_conflicts=True,
    )
    for one in fresh:
        record(
            actor=actor,
            action="transit.drop_report",
            subject=("transit.day", row.id),
            facts={"vehicle": vehicle, "day": day.isoformat(), "kind": one.kind, "reason": one.reason.value},
        )


@transaction.atomic
def note_sheet(*, actor: Actor, day: ServiceDay, vehicle: str) -> None:
    """Put on record that somebody looked at who rides in a vehicle (閲覧記録). The caller has passed `access_vehicle`."""
    record(
        actor=actor,
        action="transit.see_sheet",
        outcome=Outcome.SEEN,
        subject=("transit.day", day.id),
        facts={"vehicle": vehicle, "day": day.date.isoformat()},
    )
