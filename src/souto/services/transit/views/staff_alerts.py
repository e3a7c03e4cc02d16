"""The desk of notices (運行のお知らせ): what riders and route planners are told, and when it is over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.language import say
from souto.services.transit import actions, queries
from souto.services.transit.staff.alerts_forms import AlertForm

#: Notices that are over, shown below.
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@desk(queries.OPERATE)
def index(request: HttpRequest) -> HttpResponse:
    """The notices that hold or will hold, a form for a new one, and those that are over."""
    language = translation.get_language() or "ja"
    services = [version.definition for version in queries.services_on(day=clock.today())]
    names = {service.slug: say(service.name, language) for service in services}
    form = AlertForm(
        request.POST or None,
        services=services,
        language=language,
        initial={"starts": clock.local(clock.now()).replace(second=0, microsecond=0)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_alert(
                actor=actor_of(request),
                slug=form.cleaned_data["slug"],
                header=form.words("header"),
                text=form.words("text"),
                cause=form.cleaned_data["cause"],
                effect=form.cleaned_data["effect"],
                starts_at=form.cleaned_data["starts"],
                ends_at=form.cleaned_data["ends"],
            )
        except (actions.AlertPeriodError, actions.AlertTextError) as error:
            form.add_error(error.field, text_of(error))
        else:
            messages.success(request, _("お知らせを出しました。乗る人の画面と公開データに載っています。"))
            return redirect("transit_staff:alerts")
    context = {
        "form": form,
        "open": [(one, names.get(one.service.slug, "") if one.service else "") for one in queries.open_alerts()],
        "past": queries.past_alerts()[:SHOWN],
        "now": clock.now(),
    }
    return render(request, "transit/staff/alerts.html", context, status=422 if form.is_bound else 200)


@require_POST
@desk(queries.OPERATE)
def end(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """End a notice."""
    actions.end_alert(actor=actor_of(request), alert_id=alert_id)
    messages.success(request, _("お知らせを終えました。"))
    return redirect("transit_staff:alerts")
