"""What residents of the demo are used to: trips that they keep under names, and a ride of every week, made through the actions that they would use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.services.transit import actions, queries
from souto.services.transit.actions import RiderClass, Trip

if TYPE_CHECKING:
    from uuid import UUID

    from souto.services.transit.definition import ServiceDefinition

#: Names of the trip there and of the trip home.
THERE, HOME = "買い物に行く", "家に帰る"
#: When the ride of every week begins, seconds since midnight; on the first of these days (from today) on which there is a vehicle.
AT, DAYS = 10 * 3600, range(2, 7)


def keep_trips(person_id: UUID) -> int:
    """Keep two trips between the first stops of the first service; how many there are. Doing it twice changes nothing."""
    service, actor = _service(), _actor(person_id)
    if service is None:
        return 0
    home, shop = _ends(service)
    for name, origin, goal in ((THERE, home, shop), (HOME, shop, home)):
        actions.keep_favourite(actor=actor, slug=service.slug, origin=origin, goal=goal, name=name)
    return queries.favourites_of(actor=actor).count()


def ride_every_week(person_id: UUID) -> bool:
    """Book a ride on one of the next days and repeat it every week; False where there is one already, or no vehicle.

    Raises:
        EngineStartingError: the engine is being loaded.
    """
    service, actor = _service(), _actor(person_id)
    if service is None or queries.series_of(actor=actor).exists():
        return False
    home, shop = _ends(service)
    for ahead in DAYS:
        day = clock.today() + timedelta(days=ahead)
        offer = actions.ask(actor=actor, slug=service.slug, trip=Trip(home, shop, day, AT, {RiderClass.ADULT: 1}))
        if not offer.reason and actions.book(actor=actor, booking_id=offer.id).booked_at is not None:
            actions.start_series(actor=actor, booking_id=offer.id, until=day + timedelta(days=90))
            return True
    return False


def _actor(person_id: UUID) -> Actor:
    return Actor(kind=ActorKind.RESIDENT, id=person_id)


def _service() -> ServiceDefinition | None:
    first = next(iter(queries.services_on(day=clock.today())), None)
    return first.definition if first else None


def _ends(service: ServiceDefinition) -> tuple[str, str]:
    return service.stops[2].code, service.stops[0].code
