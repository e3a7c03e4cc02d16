"""The desk of retention: lists to review and approve, what became of them, and what is held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.retention import actions, queries, seams
from souto.foundation.retention.models import DisposalItem, DisposalList, Reason
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError, SoutoError

_ROWS = 100
#: Why a row was not disposed of, besides the reasons that people give.
_KEPT = {"held": gettext_noop("保存延長中"), "changed": gettext_noop("状態が変わった")}
_CHIPS = {
    "open": "blue",
    "reviewed": "orange-fill",
    "approved": "light-blue",
    "done": "gray-outline",
    "listed": "blue",
    "taken_off": "gray-outline",
    "kept": "orange-fill",
    "erasing": "light-blue",
    "disposed": "gray-fill",
}

View = TypeVar("View", bound=Callable[..., HttpResponse])


def _staff_page(view: View) -> View:
    """Visitors are led to the sign-in of staff; for residents and staff without `retention.review` these pages do not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            there = request.get_full_path() if request.method == "GET" else reverse("retention_staff:index")
            return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': there})}")
        if not actor.is_staff or not actor.may(queries.REVIEW):
            raise NotFoundError
        return view(request, *args, **kwargs)

    return cast("View", guarded)


@require_safe
@_staff_page
def index(request: HttpRequest) -> HttpResponse:
    """The lists of one's sections, and what is held back."""
    actor = actor_of(request)
    context = {
        "lists": [(one, _CHIPS[one.state]) for one in queries.lists(actor=actor)],
        "holds": [(hold, hold.words) for hold in queries.holds(actor=actor)],
    }
    return render(request, "retention/index.html", context)


@require_safe
@_staff_page
def show(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """A list, row by row."""
    actor = actor_of(request)
    found = queries.access_list(actor=actor, list_id=list_id)
    page = Paginator(queries.items_of(found), _ROWS).get_page(request.GET.get("page"))
    approver = queries.may_approve(actor, found)
    context = {
        "found": found,
        "chip": _CHIPS[found.state],
        "page": page,
        "rows": _rows(list(page.object_list)),
        "progress": queries.progress(found),
        "reasons": Reason.choices,
        "is_open": found.state == DisposalList.State.OPEN,
        "is_done": found.state == DisposalList.State.DONE,
        "waits": found.state == DisposalList.State.REVIEWED,
        "going": found.state == DisposalList.State.APPROVED,
        "may_approve": approver and found.reviewed_by_id != actor.id,
        "may_return": approver or found.reviewed_by_id == actor.id,
        "mine": found.reviewed_by_id == actor.id,
    }
    return render(request, "retention/list.html", context)


def _rows(items: list[DisposalItem]) -> list[dict[str, Any]]:
    pages: dict[tuple[str, UUID], str] = {}
    for kind in {item.kind for item in items}:
        ids = [item.subject_id for item in items if item.kind == kind]
        pages |= {(kind, subject): url for subject, url in seams.pages_of(kind, ids).items()}
    reasons = {**dict(Reason.choices), **_KEPT}
    return [
        {
            "item": item,
            "url": pages.get((item.kind, item.subject_id), ""),
            "chip": _CHIPS[item.state],
            "reason": _(str(reasons[item.reason])) if item.reason else "",
        }
        for item in items
    ]


def _do(request: HttpRequest, list_id: UUID, done: str, act: Callable[[Actor], Any]) -> HttpResponse:
    """Do `act` and return to the list, with what was done or what stood in the way."""
    try:
        act(actor_of(request))
    except NotFoundError:
        raise
    except (actions.SamePersonError, SoutoError) as error:
        if isinstance(error, ForbiddenError) and not isinstance(error, actions.SamePersonError):
            raise
        messages.error(request, text_of(error))
    else:
        messages.success(request, done)
    return redirect("retention_staff:list", list_id)


@require_POST
@_staff_page
def take_off(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take the chosen rows off."""
    chosen, reason = _ids(request.POST.getlist("item")), request.POST.get("reason", "")
    return _do(
        request,
        list_id,
        _("一覧から外しました。来年度の一覧にまた載ります。"),
        lambda actor: actions.take_off(actor=actor, list_id=list_id, item_ids=chosen, reason=reason),
    )


@require_POST
@_staff_page
def put_back(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Put a row back."""
    item = next(iter(_ids([request.POST.get("item", "")])), None)
    if item is None:
        raise NotFoundError
    return _do(
        request,
        list_id,
        _("一覧に戻しました。"),
        lambda actor: actions.put_back(actor=actor, list_id=list_id, item_id=item),
    )


@require_POST
@_staff_page
def review(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Pass the list on."""
    return _do(
        request,
        list_id,
        _("確認を終えました。承認者の承認を待ちます。"),
        lambda actor: actions.review(actor=actor, list_id=list_id),
    )


@require_POST
@_staff_page
def send_back(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Give the list back."""
    return _do(
        request,
        list_id,
        _("確認のやり直しに戻しました。"),
        lambda actor: actions.send_back(actor=actor, list_id=list_id),
    )


@require_POST
@_staff_page
def approve(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Approve the list: the records go."""
    return _do(
        request,
        list_id,
        _("承認しました。記録を1件ずつ廃棄しています。"),
        lambda actor: actions.approve(actor=actor, list_id=list_id),
    )


@require_http_methods(["GET", "POST"])
@_staff_page
def hold(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Hold a record back, for a reason; and end what holds it."""
    actor = actor_of(request)
    record = queries.access_record(actor=actor, kind=kind, subject_id=subject_id)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            actions.set_hold(actor=actor, kind=kind, subject_id=subject_id, reason=reason, words=words)
        except NotFoundError:
            raise
        except SoutoError as error:
            problems = [(error.field or "reason", text_of(error))]
        else:
            messages.success(request, _("保存を延長しました。終わるまで廃棄候補に載りません。"))
            return redirect("retention_staff:hold", kind, subject_id)
    found = queries.holding_of(actor=actor, kind=kind, record=record)
    context = {
        "record": record,
        "holds": found.holds,
        "reasons": Reason.choices,
        "chosen": reason,
        "words": words,
        "problems": problems,
        "errors": dict(problems),
        "back": seams.pages_of(kind, [subject_id]).get(subject_id, ""),
    }
    return render(request, "retention/hold.html", context, status=422 if problems else 200)


@require_POST
@_staff_page
def end_hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """End a hold."""
    try:
        actions.end_hold(actor=actor_of(request), hold_id=hold_id)
    except actions.HoldEndedError as error:
        messages.error(request, text_of(error))
    else:
        messages.success(request, _("保存延長を終えました。"))
    return redirect("retention_staff:index")


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
