"""Forgetting who rode where, once the service's retention is over."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from souto.foundation.audit.actions import record
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.services.payments import actions as payments
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Favourite, Series, Service, ServiceDay, VehiclePosition
from souto.services.transit.queries.fares import PURPOSE

#: Service days handled in one run; the next run takes the rest.
BATCH = 50
#: How long an offer that nobody took is kept.
OFFER_KEPT = timedelta(days=1)


@transaction.atomic
def forget(*, actor: Actor) -> int:
    """Destroy the keys of rides and plans of days whose retention is over, and cut their link to persons; remove offers that nobody took. Answers how many rides
    and offers are gone. What stays of a ride has no place and no person: day, promised times, party, fare, steps.
    """
    gone = 0
    for day in (
        ServiceDay.objects.select_related("version")
        .filter(forgotten_at=None, date__lt=clock.today())
        .order_by("date")[:BATCH]
    ):
        if day.date + timedelta(days=day.version.definition.retention_days) >= clock.today():
            continue
        gone += _forget_day(actor, day)
    stale = Booking.objects.filter(state=State.OFFERED, asked_at__lt=clock.now() - OFFER_KEPT)
    # Trips back first: they point to the trips there.
    for booking in [
        *stale.filter(return_of__isnull=False)[:1000],
        *stale.filter(return_of__isnull=True, way_back=None)[:1000],
    ]:
        jobs.defer("transit.destroy_key", key_id=str(booking.key_id))
        booking.delete()
        gone += 1
    return gone + _forget_wishes()


def _forget_wishes() -> int:
    """Series that are over for as long as the retention of their service, and favourites of those of whom no ride is kept any more."""
    today, gone = clock.today(), 0
    over = Q(until__lt=today) | Q(ended_at__isnull=False)
    for series in Series.objects.filter(over).select_related("service").order_by("created_at")[:1000]:
        last = min(day for day in (series.until, clock.local_date(series.ended_at) if series.ended_at else None) if day)
        if last + _kept(series.service) < today and not series.days.filter(date__gte=today).exists():
            jobs.defer("transit.destroy_key", key_id=str(series.key_id))
            series.days.all().delete()
            series.delete()
            gone += 1
    for favourite in Favourite.objects.select_related("service").order_by("created_at")[:1000]:
        rides = Booking.objects.filter(person_id=favourite.person_id, forgotten_at=None)
        if clock.local_date(favourite.created_at) + _kept(favourite.service) < today and not rides.exists():
            jobs.defer("transit.destroy_key", key_id=str(favourite.key_id))
            favourite.delete()
            gone += 1
    return gone


def _kept(service: Service) -> timedelta:
    newest = service.versions.exclude(valid_from=None).order_by("-valid_from").first()
    return timedelta(days=newest.definition.retention_days if newest else 0)


def _forget_day(actor: Actor, day: ServiceDay) -> int:
    now = clock.now()
    rides = list(Booking.objects.select_for_update(of=("self",)).filter(day=day, forgotten_at=None))
    for ride in rides:
        jobs.defer("transit.destroy_key", key_id=str(ride.key_id))
    Booking.objects.filter(id__in=[ride.id for ride in rides]).update(person=None, phone_key=None, forgotten_at=now)
    payments.forget_payers(actor=actor, purpose=PURPOSE, subject_ids=[ride.id for ride in rides])
    jobs.defer("transit.destroy_key", key_id=str(day.key_id))
    VehiclePosition.objects.filter(day=day).delete()
    day.forgotten_at = now
    day.save(update_fields=["forgotten_at"])
    record(
        actor=actor,
        action="transit.forget",
        subject=("transit.day", day.id),
        facts={"day": day.date.isoformat(), "rides": len(rides)},
    )
    return len(rides)
