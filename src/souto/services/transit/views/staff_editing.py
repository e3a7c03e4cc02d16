"""A draft edited part by part. A mistake is said at its field and loses nothing; whoever comes second is told so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import NotFoundError
from souto.services.transit import actions, queries
from souto.services.transit.contradictions import placed_problems
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import VersionState
from souto.services.transit.staff.editing import BasicsForm, HoursForm, PartForm, RulesForm, ZoneForm, field_of
from souto.services.transit.staff.editing_rows import Rows, StopRow, VehicleRow
from souto.services.transit.views.staff_planner import PERMISSION, map_of

_FORMS: dict[str, type[PartForm]] = {"basics": BasicsForm, "area": ZoneForm, "hours": HoursForm, "rules": RulesForm}
_ROWS: dict[str, tuple[type[StopRow | VehicleRow], str]] = {
    "area": (StopRow, "stops"),
    "vehicles": (VehicleRow, "vehicles"),
}
TITLES = {
    "basics": gettext_noop("名前と担当"),
    "area": gettext_noop("区域と停留所"),
    "hours": gettext_noop("運行日と時間"),
    "vehicles": gettext_noop("車両"),
    "rules": gettext_noop("運賃と決まり"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def edit(request: HttpRequest, version_id: UUID, part: str) -> HttpResponse:
    """One part of a draft as a form. `more`: another blank row, nothing is saved yet."""
    if part not in TITLES:
        raise NotFoundError
    actor = actor_of(request)
    draft = queries.access_version(actor=actor, version_id=version_id)
    if draft.state != VersionState.DRAFT:
        return redirect("transit_staff:version", version_id)
    told = draft.definition
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None and "more" in posted and part in _ROWS:
        key = f"{_ROWS[part][1]}-rows"
        shown = str(posted.get(key, ""))
        posted[key] = str(int(shown) + 1) if shown.isdecimal() else ""
    form = _FORMS[part](posted, definition=told) if part in _FORMS else None
    rows = Rows(*_ROWS[part], told, posted) if part in _ROWS else None
    faults: list[tuple[str, str]] = []
    noted = _note(part, form, rows, told) if posted is None else 0
    status = 200
    if posted is not None and "more" not in posted:
        status = 422
        if _valid(form, rows, told, faults):
            try:
                actions.edit_draft(
                    actor=actor, version_id=version_id, changes=_changes(form, rows), seen=posted.get("seen", "")
                )
            except actions.DraftChangedError as error:
                faults.append(("content", text_of(error)))
            else:
                messages.success(request, _("下書きに保存しました。"))
                return redirect("transit_staff:version", version_id)
    context = {
        "version": draft,
        "definition": told,
        "part": part,
        "title": _(TITLES[part]),
        "form": form,
        "rows": rows,
        "faults": faults,
        "map": map_of(told) if part == "area" else None,
        "seen": posted.get("seen", "") if posted is not None else draft.body_hash,
        "wrong": bool(faults),
        "noted": noted,
        "lacks_stops": part == "vehicles" and not told.stops,
    }
    return render(request, "transit/staff/edit.html", context, status=status)


def _note(part: str, form: PartForm | None, rows: Rows | None, told: ServiceDefinition) -> int:
    """Say at each field what contradicts itself there; how many places that are. What nobody has begun to write is none."""
    noted = 0
    for problem in placed_problems(told):
        row, name = field_of(problem.at)
        place = (rows.forms[row] if rows is not None else None) if row is not None else form
        begun = told.body().get(problem.at, True)
        if problem.part == part and place is not None and name in place.fields and begun:
            place.cleaned_data = {}
            place.add_error(name, problem.text)
            noted += 1
    return noted


def _changes(form: PartForm | None, rows: Rows | None) -> dict[str, Any]:
    return {**(form.changes if form else {}), **(rows.changes if rows else {})}


def _valid(form: PartForm | None, rows: Rows | None, told: ServiceDefinition, faults: list[tuple[str, str]]) -> bool:
    """Whether everything can be read and fits a definition; else what is wrong, each with the id of its control."""
    readable = [form is None or form.is_valid(), rows is None or rows.is_valid()]
    if all(readable):
        try:
            ServiceDefinition.model_validate({**told.body(), **_changes(form, rows)})
        except ValidationError as error:
            for fault in error.errors():
                name = form.place_of(fault["loc"]) if form else None
                if form is not None and name is not None:
                    form.add_error(name, _("この値は使えません。"))
                else:
                    faults.append(("content", f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}"))
    if form is not None:
        faults += [(f"id_{name}", str(texts[0])) for name, texts in form.errors.items()]
    if rows is not None:
        faults += rows.faults
    return not faults
