"""The scoreboard: public pages, their CSV, and the planner's desk."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from io import StringIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from souto.foundation.ui.desk import desk as staff_desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.calendar import FiscalYear
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.plan import actions, charts, progress, queries
from souto.plan.queries import Figure


def _year(request: HttpRequest) -> int:
    plan = queries.current_plan()
    given = request.GET.get("year", "")
    years = [y.year for y in plan.years]
    return int(given) if given.isdecimal() and int(given) in years else queries.current_year(plan)


def _marks(figures: Sequence[Figure]) -> list[tuple[str, str, int]]:
    """The standings of an initiative's indicators, each once with its count, in the order of the legend."""
    counted = Counter(f.standing for f in figures)
    return [
        (mark, _(word), counted[standing]) for standing, (mark, word) in progress.MARKS.items() if counted[standing]
    ]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The vision, the grid of policies and priorities with the initiatives, and every indicator."""
    plan, year = queries.current_plan(), _year(request)
    figures = queries.scoreboard(actor=actor_of(request), year=year)
    by_initiative: dict[int, list[Figure]] = {}
    for found in figures:
        by_initiative.setdefault(found.indicator.initiative, []).append(found)
    grid = [
        (
            policy,
            [
                (p, [(i, _marks(by_initiative.get(i.number, []))) for i in plan.in_cell(policy.key, p.key)])
                for p in plan.priorities
            ],
        )
        for policy in plan.policies
    ]
    counts = [
        (mark, _(word), sum(f.standing is standing for f in figures))
        for standing, (mark, word) in progress.MARKS.items()
    ]
    context = {
        "plan": plan,
        "grid": grid,
        "initiatives": [(i, by_initiative.get(i.number, [])) for i in sorted(plan.initiatives, key=lambda i: i.number)],
        "figures": figures,
        "counts": [c for c in counts if c[2]],
        "year": FiscalYear(year),
        "years": plan.years,
        "now": clock.now(),
    }
    return render(request, "plan/home.html", context)


@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: its definition, its course, and the records behind it for those who may see them."""
    plan, year, actor = queries.current_plan(), _year(request), actor_of(request)
    found = queries.find_indicator(key)
    points = queries.course(actor=actor, indicator=found)
    rows = queries.rows_of(actor=actor, indicator=found, year=year)
    context = {
        "plan": plan,
        "figure": queries.figure(actor=actor, plan=plan, indicator=found, year=year),
        "initiative": next(i for i in plan.initiatives if i.number == found.initiative),
        "points": points,
        "chart": charts.draw(points, unit=found.unit) if found.kind != "milestone" else None,
        "rows": rows[:200],
        "row_count": len(rows),
        "may_see_rows": queries.may_open_rows(actor),
        "year": FiscalYear(year),
    }
    return render(request, "plan/indicator.html", context)


HEADER = [
    "key",
    "取組",
    "指標",
    "種類",
    "単位",
    "値",
    "分子",
    "分母",
    "基準日時",
    "目標",
    "進み",
    "基準値",
    "基準値の時点",
    "備考",
]


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Every indicator as CSV (UTF-8 with a byte order mark, as spreadsheet programs in Japan expect)."""
    year = _year(request)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for f in queries.scoreboard(actor=actor_of(request), year=year):
        base = f.indicator.baseline
        writer.writerow(
            [
                f.indicator.key,
                f.indicator.initiative,
                say(f.indicator.title, "ja"),
                f.state,
                f.indicator.unit,
                "" if f.value is None else f.value,
                "" if f.numerator is None else f.numerator,
                "" if f.denominator is None else f.denominator,
                f.as_of.isoformat() if f.as_of else "",
                f.target if f.target is not None else f.target_stage,
                f.word,
                base.value if base else f.indicator.stages.get("baseline", ""),
                (base.as_of.isoformat() if base.as_of else base.as_of_text) if base else "",
                f.note or f.stage,
            ]
        )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{year}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_desk("plan.edit")
def desk(request: HttpRequest) -> HttpResponse:
    """The planner's desk: outside figures, stages, closing a year."""
    actor = actor_of(request)
    plan = queries.current_plan()
    problem: SoutoError | None = None
    if request.method == "POST":
        try:
            _write(request)
        except SoutoError as error:
            problem = error
        else:
            messages.success(request, _("記録しました。"))
            return redirect("plan_staff:desk")
    context = {
        "plan": plan,
        "manual": [i for i in plan.indicators if i.kind == "manual"],
        "milestones": [i for i in plan.indicators if i.kind == "milestone"],
        "figures": queries.scoreboard(actor=actor),
        "closings": queries.closings(),
        "problem": text_of(problem) if problem else "",
        "posted": request.POST,
        "today": clock.today().isoformat(),
    }
    return render(request, "plan/desk.html", context, status=400 if problem else 200)


class NoDateError(SoutoError):
    """The as-of date cannot be read."""

    message = "基準日は「2026-11-22」のように入力してください。"


class NothingAskedError(SoutoError):
    """The form names none of the desk's actions."""

    message = "操作を選んでください。"


def _write(request: HttpRequest) -> None:
    actor, form = actor_of(request), request.POST
    if form.get("do") == "close":
        year = form.get("year", "")
        actions.close_year(actor=actor, year=int(year) if year.isdecimal() else 0)
        return
    try:
        as_of = date.fromisoformat(form.get("as_of", ""))
    except ValueError:
        raise NoDateError(field="as_of") from None
    key = form.get("indicator", "")
    if form.get("do") == "value":
        actions.enter_value(
            actor=actor, indicator_key=key, value=form.get("value", ""), as_of=as_of, source=form.get("source", "")
        )
    elif form.get("do") == "stage":
        actions.reach_stage(
            actor=actor, indicator_key=key, stage=form.get("stage", ""), evidence=form.get("evidence", ""), as_of=as_of
        )
    else:
        raise NothingAskedError
