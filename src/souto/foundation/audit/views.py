"""The auditor's desk (監査記録): who did, saw and was refused what; the chain and its verification; files to take along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from souto.foundation.audit import actions, queries, seams, words
from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.audit.queries import Search
from souto.foundation.ui.desk import desk
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import ActorKind

#: Days that the desk shows when nobody asks for others.
DAYS = 30
#: Rows of one CSV file, for reading; the file of JSON lines has every entry of its period.
MAX_ROWS = 50_000

OUTCOMES = {
    Outcome.SEEN: gettext_noop("閲覧"),
    Outcome.DONE: gettext_noop("実施"),
    Outcome.REFUSED: gettext_noop("拒否"),
}
_KINDS = {
    ActorKind.ANONYMOUS: gettext_noop("サインインしていない人"),
    ActorKind.RESIDENT: gettext_noop("住民"),
    ActorKind.STAFF: gettext_noop("職員"),
    ActorKind.SYSTEM: gettext_noop("システム"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The desk's form as it stands in the address. `problem` says what could not be read."""

    since: str
    until: str
    who: str
    record: str
    room: str
    outcome: str
    problem: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """From an address; without a period the last `DAYS` days."""
        today = clock.local_date(clock.real_now())
        fresh = "since" not in query and "until" not in query
        outcome, room = query.get("outcome", ""), query.get("room", "")
        found = cls(
            since=(today - timedelta(days=DAYS)).isoformat() if fresh else query.get("since", "").strip(),
            until=query.get("until", "").strip(),
            who=query.get("who", "").replace("\x00", "").strip()[:100],
            record=query.get("record", "").replace("\x00", "").strip()[:100],
            room=room if room in words.ROOMS else "",
            outcome=outcome if outcome in Outcome.values else "",
        )
        bad = [text for text in (found.since, found.until) if text and _day(text) is None]
        problem = _("日付は「2026-11-22」のように入力してください。") if bad else ""
        return cls(**{**found.parts(), "problem": problem})

    def parts(self) -> dict[str, str]:
        """The form's fields."""
        return {name: getattr(self, name) for name in ("since", "until", "who", "record", "room", "outcome")}

    def address(self, **more: str) -> str:
        """The part of the address after `?`."""
        return urlencode({**self.parts(), **more})

    def search(self) -> Search:
        """What to look for; a name or number that nobody has finds nothing."""
        until = _day(self.until)
        return Search(
            since=_start(_day(self.since)),
            until=_start(until + timedelta(days=1)) if until else None,
            outcome=self.outcome,
            room=self.room,
            actors=frozenset(_ids(self.who) or seams.ids_named(self.who)) if self.who else None,
            subjects=frozenset(_ids(self.record) or {i for _kind, i in seams.find_subjects(self.record)})
            if self.record
            else None,
        )

    @property
    def narrowed_by(self) -> list[str]:
        """The fields that are filled in."""
        return [name for name, value in self.parts().items() if value]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=clock.TOKYO)


def _ids(text: str) -> set[UUID]:
    try:
        return {UUID(text)}
    except ValueError:
        return set()


def _row(entry: Entry, names: Mapping[UUID, str], links: Mapping[UUID, int]) -> dict[str, Any]:
    """An entry as a line of the table."""
    kind = _(_KINDS.get(ActorKind(entry.actor_kind), entry.actor_kind))
    return {
        "entry": entry,
        "at": f"{clock.local(entry.at):%Y/%m/%d %H:%M:%S}",
        "who": names.get(entry.actor_id, "") if entry.actor_id else entry.actor_name,
        "kind": kind,
        "action": _(words.ACTIONS.get(entry.action, "")) if entry.action in words.ACTIONS else entry.action,
        "outcome": _(OUTCOMES[Outcome(entry.outcome)]),
        "subject": _(words.SUBJECTS[entry.subject_type])
        if entry.subject_type in words.SUBJECTS
        else entry.subject_type,
        "facts": [(name, value) for name, value in sorted(entry.facts.items()) if value not in (None, "")],
        "link": links.get(entry.id),
    }


def _rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    names = seams.names_of({e.actor_id for e in entries if e.actor_id and e.actor_kind == ActorKind.STAFF})
    links = queries.links_of(entries)
    return [_row(entry, names, links) for entry in entries]


@never_cache
@require_safe
@desk("audit.view")
def entries(request: HttpRequest) -> HttpResponse:
    """The entries, newest first, by period, person, record, room and outcome. That somebody looked is an entry too."""
    actor, asked = actor_of(request), Asked.read(request.GET)
    found = queries.find_entries(actor=actor, search=asked.search()) if not asked.problem else Entry.objects.none()
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list))
    actions.note_search(actor=actor, rows=len(rows), narrowed_by=asked.narrowed_by)
    context = {
        "asked": asked,
        "page": page,
        "rows": rows,
        "rooms": [(code, _(word)) for code, word in words.ROOMS.items()],
        "tabs": [("", _("すべて"), asked.address(outcome=""))]
        + [(code.value, _(word), asked.address(outcome=code.value)) for code, word in OUTCOMES.items()],
        "here": asked.address(),
        "may_export": actor.may("audit.export"),
    }
    return render(request, "audit/entries.html", context, status=422 if asked.problem else 200)


@never_cache
@require_safe
@desk("audit.export")
def table(request: HttpRequest) -> HttpResponse:
    """The entries that the filters let through, as CSV for a spreadsheet; at most `MAX_ROWS`, the newest."""
    actor, asked = actor_of(request), Asked.read(request.GET)
    found = list(queries.find_entries(actor=actor, search=asked.search())[:MAX_ROWS]) if not asked.problem else []
    actions.note_export(actor=actor, rows=len(found), form="csv")
    return _file(_csv(_rows(found)), name=f"audit-{clock.today():%Y%m%d}.csv", media_type="text/csv; charset=utf-8")


@never_cache
@require_safe
@desk("audit.export")
def lines(request: HttpRequest) -> HttpResponseBase:
    """Every entry of the period as JSON lines with its link and digest: enough to compute the chain anew elsewhere."""
    actor, asked = actor_of(request), Asked.read(request.GET)
    search = asked.search()
    kept = io.BytesIO()
    count = 0
    for entry in queries.export(actor=actor, since=search.since, until=search.until) if not asked.problem else ():
        kept.write((json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode())
        count += 1
    actions.note_export(actor=actor, rows=count, form="jsonl")
    kept.seek(0)
    response = FileResponse(kept, content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{clock.today():%Y%m%d}.jsonl"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("audit.view")
def chain(request: HttpRequest) -> HttpResponse:
    """How the chain stands, what the last verifications found, and a button to verify now."""
    actor = actor_of(request)
    if request.method == "POST":
        actions.ask_verification(actor=actor)
        messages.success(request, _("検証を頼みました。終わると、この画面に結果が出ます。"))
        return redirect("audit_staff:chain")
    context = {
        "state": queries.chain_state(actor=actor),
        "verifications": [
            {"at": f"{clock.local(e.at):%Y/%m/%d %H:%M:%S}", "entry": e, "ok": e.outcome == Outcome.DONE}
            for e in queries.verifications(actor=actor)
        ],
    }
    return render(request, "audit/chain.html", context)


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield _line([_("日時"), _("だれが"), _("区分"), _("操作"), "action", _("結果"), _("対象"), "id", _("項目"), _("内容"), _("連鎖の番号")])  # fmt: skip
    for row in rows:
        entry = row["entry"]
        yield _line(
            [
                row["at"],
                row["who"] or entry.actor_id or "",
                row["kind"],
                row["action"],
                entry.action,
                row["outcome"],
                row["subject"],
                entry.subject_id or "",
                " ".join(entry.fields),
                " ".join(f"{name}={value}" for name, value in row["facts"]),
                row["link"] or "",
            ]
        )


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    # A cell that begins like a formula is none in any spreadsheet.
    texts = [f"'{text}" if (text := str(cell)).startswith(("=", "+", "-", "@", "\t", "\r")) else text for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow(texts)
    return out.getvalue()


def _file(parts: Iterable[str], *, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse("\ufeff" + "".join(parts), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
