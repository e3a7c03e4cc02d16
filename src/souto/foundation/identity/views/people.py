"""Staff and departments, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from souto.foundation.identity import actions, queries
from souto.foundation.identity.actions.staff import PERMISSION
from souto.foundation.identity.forms import DepartmentForm, MembershipForm, StaffForm
from souto.foundation.identity.roles import LABELS, Role
from souto.foundation.identity.views.sign_in import see_other
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import SoutoError

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Send whoever is not signed in as staff to the sign-in page; refuse staff without the permission (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not actor.is_staff:
            here = request.get_full_path() if request.method == "GET" else "/staff/"
            return HttpResponseRedirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': here})}")
        actor.require(PERMISSION)
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_GET
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """Every staff member with department and role."""
    rows = [
        {
            "staff": staff,
            "memberships": [
                f"{membership.department.name}（{_(LABELS[Role(membership.role)])}）"
                for membership in staff.memberships.all()
                if membership.until is None
            ],
        }
        for staff in queries.list_staff(actor=actor_of(request))
    ]
    context = {"rows": rows, "departments": queries.list_departments()}
    return render(request, "identity/staff/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@administrators_only
def new_staff(request: HttpRequest) -> HttpResponse:
    """Register a staff member."""
    form = StaffForm(request.POST or None)
    if form.is_valid():
        try:
            staff = actions.create_staff(actor=actor_of(request), **form.cleaned_data)
        except SoutoError as error:
            form.add_error(error.field if error.field in form.fields else None, text_of(error))
        else:
            return see_other(reverse("identity_staff:person", args=[staff.id]))
    context = {"form": form, "title": _("職員を登録する")}
    return render(request, "identity/staff/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@administrators_only
def new_department(request: HttpRequest) -> HttpResponse:
    """Register a department, or bring one up to date."""
    form = DepartmentForm(request.POST or None)
    if form.is_valid():
        actions.create_department(actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("課を保存しました。"))
        return see_other(reverse("identity_staff:people"))
    context = {"form": form, "title": _("課を登録する")}
    return render(request, "identity/staff/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
@administrators_only
def person(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """One staff member: roles, passkeys, invitation."""
    return render(request, "identity/staff/person.html", _person_context(request, staff_id, MembershipForm()))


@require_POST
@administrators_only
def add_membership(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Give a role in a department."""
    queries.access_staff(actor=actor_of(request), staff_id=staff_id)
    form = MembershipForm(request.POST)
    if form.is_valid():
        try:
            actions.add_membership(
                actor=actor_of(request),
                staff_id=staff_id,
                department_code=form.cleaned_data["department"],
                role=Role(form.cleaned_data["role"]),
            )
        except SoutoError as error:
            form.add_error(None, text_of(error))
        else:
            messages.success(request, _("役割を追加しました。"))
            return see_other(reverse("identity_staff:person", args=[staff_id]))
    return render(request, "identity/staff/person.html", _person_context(request, staff_id, form), status=422)


@require_POST
@administrators_only
def end_membership(request: HttpRequest, staff_id: UUID, membership_id: UUID) -> HttpResponse:
    """End a role today."""
    queries.access_staff(actor=actor_of(request), staff_id=staff_id)
    actions.end_membership(actor=actor_of(request), membership_id=membership_id)
    messages.success(request, _("役割を今日で終わりにしました。"))
    return see_other(reverse("identity_staff:person", args=[staff_id]))


@never_cache
@require_POST
@administrators_only
def invite(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    invitation = actions.invite_staff(actor=actor_of(request), staff_id=staff_id)
    path = reverse("identity_staff:register", args=[invitation.token])
    context = {
        "staff": queries.access_staff(actor=actor_of(request), staff_id=staff_id),
        "link": f"{settings.BASE_URL.rstrip('/')}{path}",
        "expires_at": invitation.expires_at,
    }
    return render(request, "identity/staff/invited.html", context)


@require_POST
@administrators_only
def deactivate(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """End a staff member's service."""
    actions.deactivate_staff(actor=actor_of(request), staff_id=staff_id)
    messages.success(request, _("職員の利用を終わりにしました。"))
    return see_other(reverse("identity_staff:people"))


def _person_context(request: HttpRequest, staff_id: UUID, form: MembershipForm) -> dict[str, Any]:
    staff = queries.access_staff(actor=actor_of(request), staff_id=staff_id)
    roles = [
        {"membership": membership, "label": LABELS[Role(membership.role)]} for membership in staff.memberships.all()
    ]
    keys = [key for key in staff.passkeys.all() if key.ended_at is None]
    return {"staff": staff, "roles": roles, "passkeys": keys, "form": form}
