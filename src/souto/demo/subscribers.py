"""What the demo does when something happens: whom the city meets for the first time is used to riding already."""

from __future__ import annotations

from django.conf import settings

from souto.demo.riders import keep_trips
from souto.foundation.identity.events import ResidentSignedIn
from souto.kernel.actor import Actor
from souto.kernel.events import subscribe
from souto.kernel.jobs import defer


@subscribe(ResidentSignedIn)
def accustom(event: ResidentSignedIn, _actor: Actor) -> None:
    """Give a resident of the demo trips that she often makes and a ride of every week."""
    if settings.DEMO and event.first:
        keep_trips(event.person_id)
        defer("demo.ride_every_week", person_id=str(event.person_id))
