"""What waits for a member of staff about residents (本人情報の確認)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from souto.foundation.audit.actions import Outcome, record
from souto.foundation.identity import actions, queries
from souto.foundation.identity.forms import ReviewForm
from souto.foundation.identity.models import ProfileReview, ReviewKind
from souto.foundation.identity.views.me import card_rows
from souto.foundation.identity.views.people import administrators_only
from souto.foundation.identity.views.sign_in import see_other
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import SoutoError

#: What each question means, and what to do about it.
_GUIDES: Final = {
    ReviewKind.SAME_NUMBER: gettext_noop(
        "すでに登録されている人と同じ宛名番号の人が、別のカードでサインインしました。窓口などで同じ人だと確認できたら、カードのひも付けを変更してください。これまでの申請は、すでに登録されている人に残ります。"
    ),
    ReviewKind.UNREADABLE: gettext_noop(
        "カードの情報の一部が、読み取れる形ではありませんでした。住民票などで確認できたら、値を入力してください。"
    ),
    ReviewKind.REGISTER_DIFFERS: gettext_noop(
        "住民記録によく似た人がいますが、氏名、住所、生年月日、性別のどれかが異なります。同じ人だと確認できたら、宛名番号を入力してください。"
    ),
    ReviewKind.PARTIAL_DATE: gettext_noop(
        "生年月日の一部が不明なため、住民記録と照合できませんでした。確認できたら、宛名番号を入力してください。"
    ),
}
_ITEMS: Final = {
    "name": gettext_noop("氏名"),
    "address": gettext_noop("住所"),
    "birth_date": gettext_noop("生年月日"),
    "sex": gettext_noop("性別"),
}


@never_cache
@require_GET
@administrators_only
def reviews(request: HttpRequest) -> HttpResponse:
    """Everything that waits, oldest first."""
    waiting = queries.list_reviews(actor=actor_of(request))
    names = queries.display_names(review.person_id for review in waiting)
    rows = [{"review": review, "name": names.get(review.person_id, "")} for review in waiting]
    return render(request, "identity/staff/reviews.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@administrators_only
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review: what the card says, what the city holds, and the decision with its reason."""
    actor = actor_of(request)
    found = queries.access_review(actor=actor, review_id=review_id)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        try:
            if request.POST.get("answer") == "relink":
                actions.relink(actor=actor, review_id=review_id, reason=form.cleaned_data["reason"])
                messages.success(request, _("カードのひも付けを変更しました。"))
            else:
                actions.settle_review(actor=actor, review_id=review_id, **form.cleaned_data)
                messages.success(request, _("確認を終えました。"))
            return see_other(reverse("identity_staff:reviews"))
        except SoutoError as error:
            form.add_error(error.field if error.field in form.fields else None, text_of(error))
    # 閲覧記録: the page shows a resident's data.
    record(
        actor=actor,
        action="identity.view_review",
        subject=("identity.person", found.person_id),
        outcome=Outcome.SEEN,
        facts={"review": str(found.id)},
    )
    return render(request, "identity/staff/review.html", _context(found, form), status=422 if form.errors else 200)


def _context(found: ProfileReview, form: ReviewForm) -> dict[str, object]:
    other = queries.profile_of(found.other_person_id) if found.other_person_id else None
    shown = {"reason"}
    if found.kind == ReviewKind.UNREADABLE:
        shown.add("value")
    if found.kind in (ReviewKind.REGISTER_DIFFERS, ReviewKind.PARTIAL_DATE):
        shown.add("number")
    for name in set(form.fields) - shown:
        del form.fields[name]
    if "value" in form.fields and found.item in _ITEMS:
        form.fields["value"].label = _("確認した値（%(item)s）") % {"item": _(_ITEMS[found.item])}
    return {
        "review": found,
        "guide": _(_GUIDES[ReviewKind(found.kind)]),
        "other_number": other.register_number if other else "",
        "raw": found.detail.get("raw", ""),
        "card": card_rows(queries.profile_of(found.person_id)),
        "other": card_rows(other) if other else None,
        "other_since": found.other_person.created_at if found.other_person else None,
        "form": form,
        "may_relink": found.kind == ReviewKind.SAME_NUMBER,
    }
