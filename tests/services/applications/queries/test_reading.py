from __future__ import annotations

from datetime import timedelta

import pytest

from souto.foundation.documents import seams as documents
from souto.foundation.identity.models import Person
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import add_working_days
from souto.services.applications import actions, queries
from souto.services.applications.models import Application
from souto.services.applications.queries import Audience
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def officer() -> Actor:
    return world.staff()


def _state(application: Application, language: str = "ja") -> tuple[str, str]:
    found = queries.applicant_state(Application.objects.get(id=application.id), language=language)
    return found.label, found.chip


def test_the_chip_follows_the_records(her: Actor, officer: Actor) -> None:
    application = world.submitted(her)
    seen = [_state(application)]
    actions.start_review(actor=officer, application_id=application.id)
    seen.append(_state(application))
    correction = world.asked(officer, application)
    seen.append(_state(application))
    actions.cancel_correction(actor=officer, correction_id=correction.id)
    seen.append(_state(application))
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    seen += [_state(application), _state(application, "en")]

    assert seen == [
        ("受付済", "blue"),
        ("審査中", "light-blue"),
        ("修正依頼", "orange-fill"),
        ("審査中", "light-blue"),
        ("認定", "green"),
        ("Granted", "green"),
    ]


def test_a_refusal_and_a_withdrawal_are_grey(her: Actor, officer: Actor) -> None:
    refused, withdrawn = world.in_review(her, officer), world.submitted(her)
    actions.decide(actor=world.chief(), application_id=refused.id, outcome="refused", reason="理由")
    actions.withdraw(actor=her, application_id=withdrawn.id, reason="やめる")

    assert _state(refused) == ("却下", "gray-fill")
    assert _state(withdrawn) == ("取下げ", "gray-outline")


def test_a_report_is_handled_not_reviewed(officer: Actor) -> None:
    world.publish(world.report_body())
    her = world.resident()
    draft = world.started(her, "road")
    world.fill(her, draft.id, {"what": {"what": ["穴"]}})
    application = actions.submit(actor=her, draft_id=draft.id)
    actions.start_review(actor=officer, application_id=application.id)

    assert _state(application) == ("対応中", "light-blue")


def test_the_timeline_names_sections_to_residents_and_people_to_staff(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application)

    told = queries.timeline(application, Audience.APPLICANT, language="ja")
    known = queries.timeline(application, Audience.STAFF, language="ja")

    assert [h.title for h in told] == ["修正をお願いしました", "審査を始めました", "受け付けました"]
    assert [h.by for h in told] == ["市民課", "市民課", "あなた"]
    assert [h.by for h in known] == ["佐藤 一郎", "佐藤 一郎", "申請した人"]
    assert told[0].current
    assert told[0].body == "通帳を見て確認してください"


def test_the_next_thing_expected_stands_on_top(her: Actor) -> None:
    application = world.submitted(her)

    first = queries.timeline(application, Audience.APPLICANT, language="ja")[0]

    assert first.coming
    assert first.at == add_working_days(clock.today(), 5)


def test_answers_are_read_page_by_page_and_row_by_row(her: Actor) -> None:
    found = queries.answers_view(world.submitted(her), "ja")

    assert [(part.title, [(row.label, row.lines) for row in part.rows]) for part in found] == [
        ("あなたについて", [("氏名", ("山田　花子",)), ("メールアドレス", ("hanako@example.jp",))]),
        ("受け取り方", [("受け取り方", ("口座振込",))]),
        ("振込先", [("口座番号", ("1234567",))]),
        ("お子さん 1", [("お名前", ("山田空",)), ("別居していますか", ("いいえ",))]),
        ("最後に", [("伝えたいこと", ("よろしくお願いします",))]),
    ]
    assert not any(row.changed for part in found for row in part.rows)


def test_a_row_that_a_correction_removed_is_shown_as_it_was(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    correction = world.asked(officer, application, "children")
    raw = {"children": ["ffffffff"], "children/ffffffff/child": ["林"], "children/ffffffff/apart": ["no"]}
    actions.save_correction(actor=her, correction_id=correction.id, raw=raw)
    actions.submit_correction(actor=her, correction_id=correction.id)

    rows = [row for part in queries.answers_view(application, "ja") for row in part.rows if row.label == "お名前"]

    assert [(row.lines, row.before, row.changed) for row in rows] == [(("林",), (), True), ((), ("山田空",), True)]


def test_the_answer_stands_beside_what_the_card_says_now(her: Actor) -> None:
    application = world.submitted(her)
    same = queries.identity_comparison(application)
    person = Person.objects.get(id=her.id)
    person.profile = {**person.profile, "name": "山田　英子"}
    person.save()

    differs = {c.path: c for c in queries.identity_comparison(application)}

    assert {c.path: c.same for c in same} == {"name": True}
    assert differs["name"].same is False
    assert differs["name"].agreement is not None
    assert [d.second for d in differs["name"].agreement.differences] == ["花"]


def test_the_gif_envelope_holds_who_and_what(her: Actor) -> None:
    application = world.submitted(her)

    envelope = queries.gif_envelope(application)

    assert envelope["A票"]["宛先"]["全国地方公共団体コード"] == "132012"
    assert envelope["A票"]["申請日"] == clock.today().isoformat()
    assert envelope["A票"]["申請者"]["氏名"] == "山田 花子"
    assert envelope["A票"]["申請者"]["生年月日"] == "1990-04-27"
    assert envelope["B票"]["名称"] == "手当の請求"
    assert envelope["B票"]["内容"]["回答"]["account"] == "1234567"
    assert {"委任者"} & set(envelope["A票"]) == set()


def test_the_expected_day_leaves_pauses_out(her: Actor, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUTO_DEMO", "1")
    now = clock.real_now()
    monday = now.replace(year=2027, month=6, day=7, hour=3)
    with clock.travel(monday - now):
        application = world.in_review(her, officer)
        correction = world.asked(officer, application)
        received = clock.today()
    with clock.travel(monday + timedelta(days=2) - now):
        actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["7654321"]})
        actions.submit_correction(actor=her, correction_id=correction.id)

    assert queries.expected_on(Application.objects.get()) == add_working_days(received, 7)


def test_files_and_copies_open_for_those_who_may_see_the_record(her: Actor, officer: Actor) -> None:
    draft, application = world.filled(her), world.submitted(her)
    elsewhere = world.staff(department="childcare")

    for purpose in ("applications.attachment", "applications.receipt", "applications.notice"):
        assert documents.may_open(her, purpose, draft.id)
        assert documents.may_open(her, purpose, application.id)
        assert documents.may_open(officer, purpose, application.id)
        assert not documents.may_open(officer, purpose, draft.id)
        for other in (elsewhere, world.resident(), world.ANYBODY):
            assert not documents.may_open(other, purpose, draft.id)
            assert not documents.may_open(other, purpose, application.id)


def test_only_what_waits_for_her_is_counted_in_the_menu(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.started(her)

    before = queries.waiting_for(actor=her)
    world.asked(officer, application)

    assert before == 0
    assert queries.waiting_for(actor=her) == 1
    assert queries.waiting_for(actor=world.resident()) == 0
    assert queries.waiting_for(actor=officer) == 0
