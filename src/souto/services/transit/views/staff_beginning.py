"""A new service begun on the screen: nothing of it is seen by riders until its first publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from souto.foundation.identity import queries as identity
from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.language import say
from souto.services.transit import actions, queries
from souto.services.transit.staff.begin_form import BeginForm
from souto.services.transit.views.staff_planner import PERMISSION, language


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def begin(request: HttpRequest) -> HttpResponse:
    """Name and code of a new service; then its draft, part by part."""
    actor = actor_of(request)
    patterns = [
        (
            str(version.id),
            _("%(name)s 第%(number)s版と同じ")
            % {"name": say(version.definition.name, language()), "number": version.number},
        )
        for version in queries.alternatives(actor=actor)
    ]
    own = next(iter(identity.departments_of(actor)), None)
    form = BeginForm(
        request.POST or None,
        patterns=patterns,
        language=language(),
        initial={"department": own.code if own else "", "like": ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.begin_service(
                actor=actor,
                slug=form.cleaned_data["slug"],
                name=form.name,
                department=form.cleaned_data["department"],
                like=form.like,
            )
        except actions.CodeTakenError as error:
            form.add_error("slug", text_of(error))
        else:
            messages.success(request, _("下書きを作りました。区域と停留所から書いてください。"))
            return redirect("transit_staff:version", draft.id)
    return render(request, "transit/staff/begin.html", {"form": form}, status=422 if form.is_bound else 200)
