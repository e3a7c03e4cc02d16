"""Figures for the plan: how much of the inventory is online, and where the card can be used."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, Row, measure, share
from souto.services.procedures import queries
from souto.services.procedures.queries import InventoryLine

_UNKNOWN = "まだ確かめていない手続は、使えないものとして数えます。"


@measure(
    "procedures.jpki_share",
    unit="%",
    title="本人確認が必要な手続のうち公的個人認証が利用可能な割合",
    definition="分母は、手続台帳で本人確認が必要とされた手続。分子は、そのうち基準日に公的個人認証（署名用・利用者証明用）で申請できる手続。",
    stock=True,
)
def jpki_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001 - it has no dimension
    """The share on the period's last day."""
    needing, usable = queries.card_usable_share_facts(on=period.end, demo=settings.DEMO)
    return _share(needing, usable, actor)


@measure(
    "procedures.online_share",
    unit="%",
    title="オンラインで申請できる手続の割合",
    definition="分母は、手続台帳のすべての手続。分子は、基準日にオンラインで申請できる手続。",
    stock=True,
)
def online_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001 - it has no dimension
    """The share on the period's last day."""
    every = queries.list_inventory(on=period.end, demo=settings.DEMO)
    return _share(every, [line for line in every if line.online], actor)


def _share(every: Sequence[InventoryLine], counted: Sequence[InventoryLine], actor: Actor) -> Measured:
    counting = {line.item.id for line in counted}
    rows = [Row(line.item.name, line.item.id in counting, _known_from(line), _page(line, actor)) for line in every]
    return share(len(counting), len(every), as_of=clock.now(), rows=rows, assumptions={"未確認の手続": _UNKNOWN})


def _page(line: InventoryLine, actor: Actor) -> str:
    """Where an editor opens the entry; others see its line only."""
    if not actor.is_staff or not actor.may("procedures.edit"):
        return ""
    try:
        return reverse("procedures_staff:item", args=[line.item.id])
    except NoReverseMatch:
        return ""


def _known_from(line: InventoryLine) -> str:
    latest = max(line.facts, key=lambda fact: fact.since, default=None)
    return f"{line.item.legal_basis}／{latest.since:%Y-%m-%d}から：{latest.source}" if latest else line.item.legal_basis
