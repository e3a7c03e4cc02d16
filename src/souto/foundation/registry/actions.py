"""Writes of the registry: taking over lists of towns, and repairing the rows that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from souto.foundation.audit import actions as audit
from souto.foundation.registry import queries
from souto.foundation.registry.events import TownRepaired, TownsImported
from souto.foundation.registry.matching import FineTown
from souto.foundation.registry.models import RefusedState, RefusedTown, Town, TownImport
from souto.foundation.registry.rows import (
    Row,
    RowProblem,
    TownRowError,
    digest_of,
    keepable,
    key_of,
    read_row,
    read_town_file,
)
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.kernel.text import strip_outer

_LOCK = 0x536F75746F02  # one take-over at a time; any number that no other room uses
_FEW = 10
_MOST_REASON = 500


class TownRowsEmptyError(SoutoError):
    """There is no row at all."""

    message = "町の行が1つもありません。ファイルを確認してください。"


class TownsShrunkError(SoutoError):
    """More than a fifth of the towns of this source would end: the file is probably cut off."""

    message = "取り込むと、今ある%(current)s町のうち%(gone)s町がなくなります。ファイルが途中で切れていないか確認してください。"


class SourceMissingError(SoutoError):
    """A list without source or licence may not be shown, so it is not taken."""

    message = "出典と利用条件を入力してください。"


class ReasonMissingError(SoutoError):
    """Whoever decides about a refused row says why."""

    message = "理由を500文字までで入力してください。"

    def __init__(self) -> None:
        super().__init__(field="reason")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a take-over did, in towns; `repeated` when the same list was taken over before and nothing was done."""

    import_id: UUID
    added: int
    changed: int
    unchanged: int
    ended: int
    refused: int
    repeated: bool = False


@transaction.atomic
def import_towns(
    *,
    actor: Actor,
    rows: Sequence[object],
    source: str,
    licence: str,
    lg_code: str | None = None,
    allow_shrinking: bool = False,
) -> ImportReport:
    """Take over a list of towns (shape: see `rows`); the same list a second time changes nothing.

    Towns meet by their folded name; a town that its source no longer lists ends. Rows that are no town are kept as
    `RefusedTown`. `lg_code` is the municipality of rows that name none, by default the city that runs Souto.

    Needs `registry.import`. Raises `ForbiddenError`, `SourceMissingError`, `TownRowsEmptyError`, `TownsShrunkError`.
    """
    actor.require(queries.IMPORT_PERMISSION)
    source, licence = strip_outer(source), strip_outer(licence)
    if not source or not licence:
        raise SourceMissingError
    if not rows:
        raise TownRowsEmptyError
    home = queries.home_lg_code() if lg_code is None else lg_code
    kept = [keepable(row) for row in rows]
    digest = digest_of([source, licence, home, kept])
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    last = queries.latest_import(source)
    if last is not None and last.digest == digest:
        return ImportReport(last.id, 0, 0, last.added + last.changed + last.unchanged, 0, last.refused, repeated=True)
    taken = TownImport.objects.create(source=source, licence=licence, digest=digest)
    towns, refused = _read(rows, lg_code=home)
    # A row that was repaired before is a town: it must not end because its source still writes it wrongly.
    repaired = _keep_refused(taken, [(number, kept[number - 1], problem) for number, problem in refused], home)
    _write(taken, towns, keep=repaired, allow_shrinking=allow_shrinking)
    taken.refused = len(refused)
    taken.save()
    report = ImportReport(taken.id, taken.added, taken.changed, taken.unchanged, taken.ended, taken.refused)
    audit.record(
        actor=actor,
        action="registry.import_towns",
        subject=("registry.town_import", taken.id),
        facts={
            "added": report.added,
            "changed": report.changed,
            "ended": report.ended,
            "refused": report.refused,
            "sha256": digest,
        },
    )
    events.publish(TownsImported(taken.id), actor=actor)
    return report


def import_town_file(*, actor: Actor, path: Path) -> ImportReport:
    """Take over a list from disk that names its source and licence itself, such as a city folder's `towns.yaml`.

    Raises `rows.TownFileError`, and what `import_towns` raises.
    """
    found = read_town_file(path)
    return import_towns(
        actor=actor, rows=found.rows, source=found.source, licence=found.licence, lg_code=found.lg_code or None
    )


def _read(
    rows: Sequence[object], *, lg_code: str
) -> tuple[dict[tuple[str, str], FineTown], list[tuple[int, RowProblem]]]:
    """The towns of a list by municipality and key, and the refused rows by number (from 1)."""
    towns: dict[tuple[str, str], FineTown] = {}
    refused: list[tuple[int, RowProblem]] = []
    for number, row in enumerate(rows, start=1):
        try:
            town = read_row(row, lg_code=lg_code)
        except TownRowError as wrong:
            refused.append((number, wrong.problem))
            continue
        known = towns.setdefault((town.lg_code, key_of(town)), town)
        if (known.lat, known.lon) != (town.lat, town.lon):
            refused.append((number, RowProblem.DUPLICATE))
    return towns, refused


def _keep_refused(taken: TownImport, refused: Sequence[tuple[int, Any, RowProblem]], home: str) -> set[UUID]:
    """Keep each refused row once; return the towns that earlier repairs made of such rows."""
    repaired: set[UUID] = set()
    for number, row, problem in refused:
        found, _ = RefusedTown.objects.get_or_create(
            source=taken.source,
            row_digest=digest_of(row),
            defaults={
                "town_import": taken,
                "row_number": number,
                "row": row,
                "lg_code": home,
                "problem": problem.name,
            },
        )
        if found.town_id:
            repaired.add(found.town_id)
    return repaired


def _write(
    taken: TownImport, towns: dict[tuple[str, str], FineTown], *, keep: set[UUID], allow_shrinking: bool
) -> None:
    """Add, change and end towns set-wise, and count what was done in `taken`."""
    now = clock.real_now()
    towns_now = Town.objects.select_related("town_import").select_for_update(of=("self",))
    known = {(town.lg_code, town.key): town for town in towns_now}
    fresh, changed = [], []
    for place, fine in towns.items():
        town = known.get(place)
        if town is None:
            fresh.append(_fill(Town(lg_code=place[0], key=place[1]), fine, taken))
        elif not town.is_current or town.fine != fine:
            changed.append(_fill(town, fine, taken, updated_at=now))
    of_source = [town for town in known.values() if town.is_current and town.town_import.source == taken.source]
    gone = [town for town in of_source if (town.lg_code, town.key) not in towns and town.id not in keep]
    if not allow_shrinking and len(of_source) >= _FEW and len(gone) * 5 > len(of_source):
        raise TownsShrunkError(current=len(of_source), gone=len(gone))
    for town in gone:
        town.is_current, town.updated_at = False, now
    Town.objects.bulk_create(fresh)
    fields = ["name", "chome", "koaza", "lat", "lon", "town_import", "is_current", "updated_at"]
    Town.objects.bulk_update([*changed, *gone], fields)
    taken.added, taken.changed, taken.ended = len(fresh), len(changed), len(gone)
    taken.unchanged = len(towns) - len(fresh) - len(changed)


def _fill(town: Town, fine: FineTown, taken: TownImport, **more: Any) -> Town:
    town.name, town.chome, town.koaza, town.lat, town.lon = fine.name, fine.chome, fine.koaza, fine.lat, fine.lon
    town.town_import, town.is_current = taken, True
    for name, value in more.items():
        setattr(town, name, value)
    return town


@transaction.atomic
def repair_refused_town(*, actor: Actor, refused_id: UUID, row: Row, reason: str) -> Town:
    """Make a town of a refused row as a person corrected it; the row as it came stays beside it.

    Needs `registry.import`. Raises `ForbiddenError`, `NotFoundError`, `ConflictError` (decided already),
    `ReasonMissingError`, `TownRowError`.
    """
    refused, why = _open_refused(actor, refused_id, reason)
    fine = read_row(row, lg_code=refused.lg_code)
    known = Town.objects.select_for_update().filter(lg_code=fine.lg_code, key=key_of(fine)).first()
    town = _fill(
        known or Town(lg_code=fine.lg_code, key=key_of(fine)), fine, refused.town_import, updated_at=clock.real_now()
    )
    town.save()
    _resolve(refused, actor, RefusedState.REPAIRED, why, town)
    audit.record(
        actor=actor,
        action="registry.repair_refused_town",
        subject=("registry.refused_town", refused.id),
        fields=["name", "chome", "koaza", "lat", "lon"],
        facts={"town": str(town.id)},
    )
    events.publish(TownRepaired(refused.id, town.id), actor=actor)
    return town


@transaction.atomic
def dismiss_refused_town(*, actor: Actor, refused_id: UUID, reason: str) -> RefusedTown:
    """Decide that a refused row is no town. Needs `registry.import`; raises as `repair_refused_town` does."""
    refused, why = _open_refused(actor, refused_id, reason)
    _resolve(refused, actor, RefusedState.DISMISSED, why, None)
    audit.record(actor=actor, action="registry.dismiss_refused_town", subject=("registry.refused_town", refused.id))
    return refused


def _open_refused(actor: Actor, refused_id: UUID, reason: str) -> tuple[RefusedTown, str]:
    """The row, locked, if nobody has decided about it yet; and the reason."""
    actor.require(queries.IMPORT_PERMISSION)
    queries.access_refused_town(actor=actor, refused_id=refused_id)
    refused = RefusedTown.objects.select_for_update().get(id=refused_id)
    if refused.state != RefusedState.WAITING:
        raise ConflictError
    why = strip_outer(reason)
    if not why or len(why) > _MOST_REASON:
        raise ReasonMissingError
    return refused, why


def _resolve(refused: RefusedTown, actor: Actor, state: RefusedState, reason: str, town: Town | None) -> None:
    refused.state, refused.reason, refused.town = state, reason, town
    refused.resolved_by, refused.resolved_at = actor.id, clock.now()
    refused.save()
