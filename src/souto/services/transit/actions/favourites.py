"""Trips that a resident often makes."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, NotFoundError, SoutoError
from souto.services.transit import queries
from souto.services.transit.models import Favourite
from souto.services.transit.models.wishes import FavouriteRow

#: How many a resident keeps, and how long a name may be.
MOST, LONGEST = 20, 40


class TooManyFavouritesError(ConflictError):
    """The list would be too long to choose from."""

    message = "よく使う乗車は20件までです。使わないものを消してください。"


class NameMissingError(SoutoError):
    """A favourite is found by its name."""

    message = "名前を40文字までで入力してください。"


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise NameMissingError
    return name


@transaction.atomic
def keep_favourite(*, actor: Actor, slug: str, origin: str, goal: str, name: str) -> Favourite:
    """Keep a trip between two stops under a name; the same trip again only gets the new name.

    Raises `ForbiddenError`, `NotFoundError`, `NameMissingError`, `TooManyFavouritesError`.
    """
    if not actor.is_resident or actor.id is None:
        raise ForbiddenError
    name = _named(name)
    version = queries.published_on(slug=slug, day=clock.today())
    if version.definition.stop(origin) is None or version.definition.stop(goal) is None:
        raise NotFoundError
    with connection.cursor() as cursor:  # two taps at once wait for each other here
        cursor.execute("select pg_advisory_xact_lock(%s)", [int.from_bytes(actor.id.bytes[-8:], "big", signed=True)])
    kept = list(queries.favourites_of(actor=actor))
    row = FavouriteRow(name=name, origin=origin, goal=goal)
    same = next(
        (
            one
            for one in kept
            if one.service_id == version.service_id and (one.row["origin"], one.row["goal"]) == (origin, goal)
        ),
        None,
    )
    if same is None and len(kept) >= MOST:
        raise TooManyFavouritesError
    found = same or Favourite(person_id=actor.id, service_id=version.service_id)
    found.row = row
    found.save()
    record(actor=actor, action="transit.keep_favourite", subject=("transit.favourite", found.id))
    return found


@transaction.atomic
def rename_favourite(*, actor: Actor, favourite_id: UUID, name: str) -> Favourite:
    """Give a favourite another name. Raises `NotFoundError`, `HiddenError`, `NameMissingError`."""
    found = queries.access_favourite(actor=actor, favourite_id=favourite_id)
    found.row = FavouriteRow(name=_named(name), origin=found.row["origin"], goal=found.row["goal"])
    found.save(update_fields=["row_sealed"])
    record(actor=actor, action="transit.keep_favourite", subject=("transit.favourite", found.id))
    return found


@transaction.atomic
def drop_favourite(*, actor: Actor, favourite_id: UUID) -> None:
    """Give a favourite up; its key goes with it. Raises `NotFoundError`, `HiddenError`."""
    found = queries.access_favourite(actor=actor, favourite_id=favourite_id)
    jobs.defer("transit.destroy_key", key_id=str(found.key_id))
    record(actor=actor, action="transit.drop_favourite", subject=("transit.favourite", found.id))
    found.delete()
