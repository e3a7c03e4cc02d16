"""The ledger for whoever checks it: balances of the accounts, the journal behind each, and both as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.services.payments import queries
from souto.services.payments.models import Leg
from souto.services.payments.staff_words import account_name, kind_name

#: Legs of one CSV file.
MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the journal was asked for: an account's code and both days (ISO, both count), "" where left open."""

    account: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """From an address; a day that never was is left out."""
        return cls(
            query.get("account", "").replace("\x00", "")[:96],
            *(text if _day(text := query.get(name, "")) else "" for name in ("since", "until")),
        )

    @property
    def instants(self) -> tuple[datetime | None, datetime | None]:
        """The first instant that counts and the first that does not."""
        until = _day(self.until)
        return _start(_day(self.since)), _start(until + timedelta(days=1)) if until else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=clock.TOKYO)


@require_safe
@desk("payments.view")
def balances(request: HttpRequest) -> HttpResponse:
    """Every account of the ledger: both sides and the balance, and that all of them sum to zero."""
    rows = queries.balances(actor=actor_of(request))
    if "csv" in request.GET:
        lines = [[r.account, account_name(r.account), r.debit, r.credit, r.total] for r in rows]
        return _csv("balances", [_("コード"), _("勘定"), _("借方"), _("貸方"), _("残高")], lines)
    context = {
        "rows": [(row, account_name(row.account)) for row in rows],
        "debit": sum(row.debit for row in rows),
        "credit": sum(row.credit for row in rows),
        "total": sum(row.total for row in rows),
    }
    return render(request, "payments/staff_balances.html", context)


@require_safe
@desk("payments.view")
def journal(request: HttpRequest) -> HttpResponse:
    """The journal: every posting with both of its sides, of an account and a period."""
    actor, asked = actor_of(request), Asked.read(request.GET)
    since, until = asked.instants
    legs = queries.journal(actor=actor, account=asked.account, since=since, until=until)
    if "csv" in request.GET:
        heads = [_("日時"), _("仕訳"), _("種類"), _("コード"), _("勘定"), _("借方"), _("貸方"), _("料金")]
        return _csv("journal", heads, [_line(leg) for leg in legs[:MAX_ROWS]])
    page = Paginator(legs, 100).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": [(leg, kind_name(leg.entry.kind), account_name(leg.account), *_sides(leg)) for leg in page.object_list],
        "accounts": [(b.account, account_name(b.account)) for b in queries.balances(actor=actor)],
    }
    return render(request, "payments/staff_journal.html", context)


def _sides(leg: Leg) -> tuple[int | None, int | None]:
    return (leg.amount, None) if leg.amount > 0 else (None, -leg.amount)


def _line(leg: Leg) -> list[object]:
    debit, credit = _sides(leg)
    at = f"{clock.local(leg.entry.at):%Y-%m-%d %H:%M:%S}"
    name, charge = account_name(leg.account), leg.charge_id or ""
    return [at, leg.entry_id, kind_name(leg.entry.kind), leg.account, name, debit or "", credit or "", charge]


def _csv(name: str, heads: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    # Spreadsheets take UTF-8 for what it is only with a mark at the start.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    writer = csv.writer(response)
    writer.writerow(heads)
    writer.writerows(lines)
    return response
