"""The desk of figures (運行の実績): what rides add up to over days and services, and what they cost."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.services.transit import actions, figures, hour_chart, queries
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.figures import FEW, Figures
from souto.services.transit.staff.figures_forms import Asked, CostForm
from souto.services.transit.trips import REASONS


def _services() -> list[ServiceDefinition]:
    return [version.definition for version in queries.services_on(day=clock.today())]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def _minutes(value: float | None) -> str:
    return "–" if value is None else _("%(number)s分") % {"number": f"{value:.1f}"}


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def index(request: HttpRequest) -> HttpResponse:
    """The figures of some days; below them what each month cost, and a form for another month."""
    actor, language, services = actor_of(request), translation.get_language() or "ja", _services()
    asked = Asked.of(request.GET.dict(), services)
    form = CostForm(request.POST or None, services=services, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_cost(
                actor=actor,
                slug=form.cleaned_data["cost_service"],
                month=form.cleaned_data["month"],
                yen=form.cleaned_data["yen"],
                source=form.cleaned_data["source"],
            )
        except (actions.CostMonthError, actions.CostRefusedError, actions.CostSourceError) as error:
            form.add_error(error.field, text_of(error))
        else:
            messages.success(request, _("費用を記録しました。"))
            return redirect("transit_staff:figures")
    found = figures.figures(asked.period, slug=asked.slug)
    context = {
        "asked": asked,
        "services": services,
        "found": found,
        "facts": _facts(found),
        "reasons": _reasons(found),
        "hours": [(h, _minutes(figures.middle(h.waits))) for h in found.hours],
        "chart": hour_chart.draw(found.hours),
        "costs": queries.costs(first=asked.period.start, last=asked.period.end, slug=asked.slug),
        "form": form,
        "may_enter": actor.may("transit.publish"),
        "few": FEW,
    }
    return render(request, "transit/staff/figures.html", context, status=422 if form.is_bound else 200)


def _facts(found: Figures) -> list[tuple[str, str]]:
    refused = found.refused.total()
    turned_down = _("%(number)s（%(share)s）") % {"number": f"{refused:,}", "share": _share(refused, found.asked)}
    return [
        (_("乗車の依頼"), f"{found.asked:,}"),
        (_("断った依頼"), turned_down),
        (_("目的地に着いた乗車"), f"{found.completed:,}"),
        (_("乗った人"), f"{found.riders:,}"),
        (_("待ち時間の中央値"), _minutes(figures.middle(found.waits))),
        (_("10件のうち9件の待ち時間"), _minutes(figures.ninetieth(found.waits))),
        (_("お約束を守れた割合"), _share(found.kept, found.promised)),
        (_("相乗りの割合"), _share(found.shared, found.completed)),
        (_("これからの乗車と乗車中"), f"{found.coming:,}"),
        (_("取り消し"), f"{found.cancelled:,}"),
        (_("来なかった"), f"{found.missed:,}"),
    ]


def _reasons(found: Figures) -> list[tuple[str, int, str]]:
    total = found.refused.total()
    return [(_(REASONS[reason]), number, _share(number, total)) for reason, number in found.refused.most_common()]


@require_safe
@desk(queries.OPERATE)
def table(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV, to leave the house: counts below `FEW` are withheld, and statistics of so few rides."""
    asked = Asked.of(request.GET.dict(), _services())
    found = figures.figures(asked.period, slug=asked.slug)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["区分", "項目", "値", "単位"])
    writer.writerows(_rows(found))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"transit-{asked.slug or 'all'}-{asked.period.start}-{asked.period.end}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: Figures) -> list[list[Any]]:
    whole: list[tuple[str, int, str]] = [
        ("乗車の依頼", found.asked, "件"),
        ("断った依頼", found.refused.total(), "件"),
        ("目的地に着いた乗車", found.completed, "件"),
        ("乗った人", found.riders, "人"),
        ("取り消し", found.cancelled, "件"),
        ("来なかった", found.missed, "件"),
        ("これからの乗車と乗車中", found.coming, "件"),
    ]
    shares = [("お約束を守れた割合", found.kept, found.promised), ("相乗りの割合", found.shared, found.completed)]
    waits = found.waits if len(found.waits) >= FEW else ()
    return [
        *(["全体", name, _count(number), unit] for name, number, unit in whole),
        ["全体", "待ち時間の中央値", _number(figures.middle(waits)), "分"],
        ["全体", "待ち時間の90パーセンタイル", _number(figures.ninetieth(waits)), "分"],
        *(["全体", name, _number(100 * part / of) if of >= FEW else "", "%"] for name, part, of in shares),
        *(["断った理由", REASONS[reason], _count(number), "件"] for reason, number in found.refused.most_common()),
        *(["時間帯の乗車", f"{hour.hour}時", _count(hour.rides), "件"] for hour in found.hours),
        *(["時間帯の断った依頼", f"{hour.hour}時", _count(hour.refused), "件"] for hour in found.hours),
        *(
            ["時間帯の待ち時間の中央値", f"{hour.hour}時", _number(figures.middle(hour.waits)), "分"]
            for hour in found.hours
            if len(hour.waits) >= FEW
        ),
    ]


def _count(number: int) -> str:
    return f"{FEW}未満" if 0 < number < FEW else str(number)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
