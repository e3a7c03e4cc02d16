"""The desk of retention as every kind of caller, and what a record that is gone answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.documents.models import Document
from souto.foundation.identity.roles import Role
from souto.foundation.retention import actions
from souto.foundation.retention.models import DisposalItem, DisposalList, Hold
from souto.kernel import measures
from souto.kernel.actor import Actor
from souto.services.applications.models import Application
from tests.foundation.retention import world
from tests.jobs import run_all
from tests.services.applications import world as filing
from tests.services.casework import world as casework_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("procedure")]

browser = filing.browser


def _stored() -> list[Any]:
    """Everything that a forbidden request could have changed."""
    rows = [list(model.objects.order_by("pk").values()) for model in (DisposalList, DisposalItem, Hold)]
    return [*rows, list(Application.objects.order_by("pk").values("id", "disposed_on", "state"))]


#: Callers for whom these pages do not exist, and what they are answered.
STRANGERS: dict[str, tuple[Callable[[], Actor | None], int]] = {
    "anonymous": (lambda: None, 302),
    "resident": (filing.resident, 404),
    "cashier": (lambda: filing.staff(Role.CASHIER), 404),
    "another section": (lambda: world.chief("childcare"), 404),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing_and_change_nothing(who: str) -> None:
    make, status = STRANGERS[who]
    application = world.closed()
    hold_on = world.closed()
    with world.on(world.DUE):
        found = world.listed()
        hold = actions.set_hold(
            actor=world.officer(), kind=world.KIND, subject_id=hold_on.id, reason="audit", words="令和13年度監査"
        )
        client = browser(make())
        before, item = _stored(), found.items.filter(state="listed").get()
        base = f"/staff/retention/lists/{found.id}/"
        gets = [base, f"/staff/retention/holds/{world.KIND}/{application.id}/"]
        posts: list[tuple[str, dict[str, str]]] = [
            (f"{base}take-off/", {"item": str(item.id), "reason": "history"}),
            (f"{base}put-back/", {"item": str(item.id)}),
            (f"{base}review/", {}),
            (f"{base}send-back/", {}),
            (f"{base}approve/", {}),
            (f"/staff/retention/holds/{world.KIND}/{application.id}/", {"reason": "audit"}),
            (f"/staff/retention/holds/{hold.id}/end/", {}),
        ]
        answers = [client.get(url) for url in gets] + [client.post(url, data) for url, data in posts]

        assert [answer.status_code for answer in answers] == [status] * len(answers)
        for answer in answers:
            text = answer.content.decode()
            assert application.number not in text
            assert "令和13年度監査" not in text
        assert _stored() == before
        index = client.get("/staff/retention/")
        assert index.status_code == (200 if who == "another section" else status)
        assert application.number not in index.content.decode()


def test_a_refusal_is_put_on_record() -> None:
    world.closed()
    stranger = world.chief("childcare")
    with world.on(world.DUE):
        found = world.listed()
        browser(stranger).get(f"/staff/retention/lists/{found.id}/")
    entry = Entry.objects.filter(outcome="refused", actor_id=stranger.id).get()
    assert entry.subject_id == found.id


def test_from_the_list_to_the_record_of_disposal() -> None:
    first, second = world.closed(), world.closed()
    with world.on(world.DUE):
        officer, chief = browser(world.officer()), browser(world.chief())
        found = world.listed()
        base = f"/staff/retention/lists/{found.id}/"
        page = officer.get("/staff/retention/").content.decode()
        assert "令和14年度" in page
        assert base in page
        page = officer.get(base).content.decode()
        assert first.number in page
        assert f"/staff/cases/{casework_world.case_of(first.id).id}/" in page
        assert "2032/03/31" in page

        item = found.items.get(subject_id=second.id)
        refused = officer.post(f"{base}take-off/", {"item": str(item.id)}, follow=True).content.decode()
        assert "理由を選んでください" in refused
        taken = officer.post(f"{base}take-off/", {"item": str(item.id), "reason": "history"}, follow=True)
        assert "歴史的公文書としての保存を検討" in taken.content.decode()
        officer.post(f"{base}review/")
        assert "承認はほかの人が行います" in officer.get(base).content.decode()
        assert officer.post(f"{base}approve/").status_code == 403
        chief.post(f"{base}approve/")
        run_all()

        page = chief.get(base).content.decode()
        assert "廃棄の記録" in page
        assert "廃棄済み1件" in page
    assert {i.subject_id: i.state for i in found.items.all()} == {first.id: "disposed", second.id: "taken_off"}


def test_who_reviewed_is_told_that_somebody_else_approves() -> None:
    world.closed()
    with world.on(world.DUE):
        chief = browser(world.chief())
        found = world.listed()
        base = f"/staff/retention/lists/{found.id}/"
        chief.post(f"{base}review/")
        page = chief.get(base).content.decode()
        assert "承認はほかの人が行います" in page
        assert "廃棄を承認する" not in page
        answer = chief.post(f"{base}approve/", follow=True).content.decode()
        assert "自分が確認した一覧は承認できません" in answer
        # May change her mind, though.
        chief.post(f"{base}send-back/")
    found.refresh_from_db()
    assert (found.state, found.reviewed_by_id) == ("open", None)


def test_two_people_with_the_same_page_open() -> None:
    world.closed()
    with world.on(world.DUE):
        one, other = browser(world.officer()), browser(world.officer())
        found = world.listed()
        one.post(f"/staff/retention/lists/{found.id}/review/")
        answer = other.post(f"/staff/retention/lists/{found.id}/review/", follow=True).content.decode()
    assert "ほかの人が先に進めました" in answer


def test_a_hold_is_registered_seen_on_the_case_and_ended() -> None:
    application = world.closed()
    case = casework_world.case_of(application.id)
    address = f"/staff/retention/holds/{world.KIND}/{application.id}/"
    with world.on(world.STILL_KEPT):
        officer = browser(world.officer())
        page = officer.get(f"/staff/cases/{case.id}/").content.decode()
        assert "保存期間：5年（2027/04/01から2032/03/31まで）" in page
        assert address in page

        assert officer.post(address, {"words": "x"}).status_code == 422
        assert officer.post(address, {"reason": "disclosure", "words": "あ" * 501}).status_code == 422
        assert not Hold.objects.exists()
        officer.post(address, {"reason": "disclosure", "words": "開示請求 第12号"})
        again = officer.post(address, {"reason": "disclosure"})
        assert again.status_code == 422
        assert "もう登録されています" in again.content.decode()

        assert "開示請求" in officer.get(f"/staff/cases/{case.id}/").content.decode()
        assert "開示請求 第12号" in officer.get("/staff/retention/").content.decode()
        officer.post(f"/staff/retention/holds/{Hold.objects.get().id}/end/")
        twice = officer.post(f"/staff/retention/holds/{Hold.objects.get().id}/end/", follow=True)
        assert "もう終わっています" in twice.content.decode()
    assert Hold.objects.get().ended_at is not None


def test_an_unknown_kind_or_record_is_not_found() -> None:
    client = browser(world.officer())
    nobody = "00000000-0000-7000-8000-000000000000"

    assert client.get(f"/staff/retention/holds/no.kind/{nobody}/").status_code == 404
    assert client.get(f"/staff/retention/holds/{world.KIND}/{nobody}/").status_code == 404


def test_what_is_gone_says_so_to_those_who_could_see_it_and_404_to_others() -> None:
    resident = filing.resident()
    application = world.closed(resident)
    case = casework_world.case_of(application.id)
    with world.on(world.CLOSED):
        receipt = f"/applications/{application.id}/"
    with world.on(world.DUE):
        world.approved()
        run_all()
        mine = browser(resident)
        for url in (receipt, f"{receipt}withdraw/", f"{receipt}feedback/"):
            answer = mine.get(url)
            assert answer.status_code == 410, url
            assert "2032/04/02に廃棄しました（廃棄一覧：2032-citizens）" in answer.content.decode()
        # Her list still names it, without anything that was in it.
        assert application.number in mine.get("/applications/").content.decode()
        assert browser(filing.resident()).get(receipt).status_code == 404

        officer = browser(world.officer()).get(f"/staff/cases/{case.id}/")
        assert officer.status_code == 410
        assert "廃棄一覧：2032-citizens" in officer.content.decode()
        assert browser(world.officer("childcare")).get(f"/staff/cases/{case.id}/").status_code == 404
        assert Client().get(receipt).status_code == 302
        for language, words in {"en": "2032-citizens", "ja-easy": "2032-citizens"}.items():
            client = browser(resident, language=language)
            assert words in client.get(receipt).content.decode()


def test_documents_of_what_is_gone_cannot_be_opened() -> None:
    resident = filing.resident()
    application = world.closed(resident)
    with world.on(world.CLOSED):
        run_all()
        receipt = Document.objects.get(subject_id=application.id, purpose="applications.receipt")
        assert browser(resident).get(f"/files/documents/{receipt.id}/").status_code == 200
    with world.on(world.DUE):
        world.approved()
        run_all()
        assert browser(resident).get(f"/files/documents/{receipt.id}/").status_code == 410
        assert browser(filing.resident()).get(f"/files/documents/{receipt.id}/").status_code == 404


def test_editors_see_how_long_a_procedure_is_kept() -> None:
    filing.publish(filing.body(slug="ever", retention="permanent"))
    editor = browser(filing.staff(Role.PROCEDURE_EDITOR))

    assert "永年" in editor.get("/staff/procedures/definitions/ever/").content.decode()
    page = editor.get("/staff/procedures/definitions/allowance/").content.decode()
    assert "5年" in page
    assert "（市の定め）" in page


def test_figures_count_what_is_gone_as_before() -> None:
    world.closed()
    period = measures.Period(date(2026, 4, 1), date(2027, 3, 31))
    known = sorted(key for key in measures.registered() if key.startswith(("applications.", "casework.")))
    assert len(known) > 5

    def measured() -> list[Any]:
        return [
            (m.value, m.numerator, m.denominator)
            for m in (measures.find(key).compute(period, None, actor=world.SYSTEM) for key in known)
        ]

    with world.on(world.DUE):
        before = measured()
        world.approved()
        run_all()
        assert measured() == before
