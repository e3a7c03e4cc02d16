"""Dated facts of the inventory: what is online since when."""

from __future__ import annotations

from datetime import date

from souto.kernel import clock
from souto.services.procedures.definition import Definition
from souto.services.procedures.models import FactKind, InventoryFact, InventoryItem, ProcedureVersion, State, fact_holds

#: A sign-in with the card (利用者証明用) or a signature (署名用): from here on, 公的個人認証 can be used.
CARD_ASSURANCE = 2


def record_publication(version: ProcedureVersion) -> None:
    """Record what a published version changes in the inventory, from the day of its publication."""
    key = version.definition.inventory
    item = InventoryItem.objects.filter(key=key).first() if key else None
    if item is not None:
        record_online(item, version)


def record_online(item: InventoryItem, version: ProcedureVersion) -> None:
    """Record what `version` (published) says of `item`, where it is news."""
    assert version.published_at is not None
    since = clock.local_date(version.published_at)
    facts = list(InventoryFact.objects.filter(item=item))
    source = f"オンライン手続「{version.title['ja']}」第{version.number}版の公開"
    for kind, holds in _said_by(version.definition).items():
        known = fact_holds(facts, kind, since)
        if known is not holds and (holds or known):
            _add(item, kind, holds=holds, since=since, source=source, version=version)


def _said_by(definition: Definition) -> dict[str, bool]:
    return {FactKind.ONLINE: True, FactKind.CARD: definition.assurance >= CARD_ASSURANCE}


def published_for(key: str) -> list[ProcedureVersion]:
    """The published versions that put the inventory's entry `key` online."""
    published = ProcedureVersion.objects.filter(state=State.PUBLISHED)
    return [version for version in published if version.definition.inventory == key]


def _add(
    item: InventoryItem, kind: str, *, holds: bool, since: date, source: str, version: ProcedureVersion | None = None
) -> InventoryFact:
    return InventoryFact.objects.create(item=item, kind=kind, holds=holds, since=since, source=source, version=version)


def add_fact(item: InventoryItem, kind: str, *, holds: bool, since: date, source: str) -> InventoryFact | None:
    """Record a fact found out by a person, where it is news on that day; None where it is known already."""
    facts = list(InventoryFact.objects.filter(item=item))
    if fact_holds(facts, kind, since) is holds:
        return None
    return _add(item, kind, holds=holds, since=since, source=source)
