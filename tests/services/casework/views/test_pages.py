"""The staff's pages, as every kind of caller."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from souto.foundation.audit.models import Entry
from souto.foundation.registry import actions as registry
from souto.kernel import clock
from souto.services.applications import actions as sending
from souto.services.casework import actions, queries
from souto.services.casework.models import Case, HandOver, Note, OfficerFeedback, Opinion, Proposal
from tests.jobs import run_all
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    world.procedure()
    return world.opened()


def url(name: str, *args: object) -> str:
    return reverse(f"casework_staff:{name}", args=args)


def _every_page(case: Case) -> list[str]:
    return [
        url("queue"),
        url("export"),
        url("approvals"),
        url("opinions"),
        url("hand_overs"),
        *(url(name, case.id) for name in ("case", "decide", "approve", "correct", "ask", "feedback")),
    ]


def test_a_place_is_drawn_with_its_degrees_and_the_nearest_town() -> None:
    town = {"town": "試験町", "lat": 35.6556, "lon": 139.3390}
    registry.import_towns(actor=world.SYSTEM, rows=[town], source="試験の一覧", licence="自作", lg_code="132012")
    landmarks = [{"code": "station", "label": "試験駅", "lat": 35.6601, "lng": 139.3390}]
    place = {"type": "map_point", "key": "place", "label": "場所", "landmarks": landmarks}
    applications.publish(applications.report_body() | {"pages": [{"key": "where", "title": "場所", "fields": [place]}]})
    actor = applications.resident()
    shown = []
    for raw in ({"place.lat": ["35.6564"], "place.lng": ["139.3390"]}, {"place.landmark": ["station"]}):
        draft = applications.started(actor, "road")
        applications.fill(actor, draft.id, {"where": raw})
        found = world.case_of(sending.submit(actor=actor, draft_id=draft.id).id)
        shown.append(world.browser(world.officer()).get(url("case", found.id)).content.decode())

    for words in ("試験駅から南へ約410m", "35.656400, 139.339000", "試験町（町の代表点から約90m）", "data-map-content"):
        assert words in shown[0]
    for words in ("試験駅", "35.660100, 139.339000", "試験町（町の代表点から約500m）"):
        assert words in shown[1]


def test_visitors_are_led_to_the_sign_in_of_staff(case: Case, client: Client) -> None:
    for page in _every_page(case):
        answer = client.get(page)

        assert answer.status_code == 302, page
        assert answer["Location"].startswith(reverse("identity_staff:sign_in"))


def test_residents_find_nothing(case: Case) -> None:
    browser = world.browser(applications.resident())

    assert {browser.get(page).status_code for page in _every_page(case)} == {404}


def test_staff_without_casework_are_refused(case: Case) -> None:
    from souto.foundation.identity.roles import Role

    browser = world.browser(applications.staff(Role.CASHIER))

    assert {browser.get(page).status_code for page in _every_page(case)} == {403}


def test_another_section_finds_no_case_changes_nothing_and_is_recorded(case: Case) -> None:
    stranger = world.chief("childcare")
    browser = world.browser(stranger)

    pages = {page: browser.get(page).status_code for page in _every_page(case)[5:]}
    posts = {
        name: browser.post(url(name, case.id), {"text": "x", "outcome": "granted", "reason": "x"}).status_code
        for name in ("take", "assign", "note", "decide", "approve", "cancel_proposal", "correct", "ask")
    }

    assert set(pages.values()) == {404}, pages
    assert set(posts.values()) == {404}, posts
    assert world.fresh(case).version == case.version
    assert not Note.objects.exists()
    assert not Proposal.objects.exists()
    refused = Entry.objects.filter(outcome="refused", actor_id=stranger.id, subject_id=case.id)
    assert refused.count() == len(pages) + len(posts)
    assert "山田" not in browser.get(url("queue") + "?state=all").content.decode()


def test_an_officer_works_a_case_from_the_queue_to_the_proposal(case: Case) -> None:
    officer = world.officer()
    browser = world.browser(officer)

    listed = browser.get(url("queue")).content.decode()
    assert "山田　花子" in listed
    assert case.application.number in listed
    opened = browser.get(url("case", case.id))
    assert opened.status_code == 200
    assert "1234567" in opened.content.decode()
    assert Entry.objects.filter(action="casework.open_case", actor_id=officer.id, outcome="seen").count() == 1
    browser.post(url("take", case.id))
    browser.post(url("note", case.id), {"text": "電話で確認した"})
    answer = browser.post(
        url("decide", case.id), {"outcome": "granted", "reason": "", "version": world.fresh(case).version}
    )

    assert answer.status_code == 302
    assert Proposal.objects.get().proposed_by_id == officer.id
    page = browser.get(url("case", case.id)).content.decode()
    assert "電話で確認した" in page
    assert "決裁待ち" in page
    assert url("decide", case.id) not in page


def test_a_chief_settles_and_the_officer_is_asked_afterwards() -> None:
    applications.publish(applications.body())
    case = world.opened()
    officer, chief = world.officer(), world.chief()
    actions.take(actor=officer, case_id=case.id)
    world.proposed(case, officer)
    browser = world.browser(chief)

    assert case.application.number in browser.get(url("approvals")).content.decode()
    answer = browser.post(url("approve", case.id), {"act": "approve", "version": world.fresh(case).version})
    run_all()

    assert answer.status_code == 302
    assert world.application_of(case).state == "closed"
    mine = world.browser(officer)
    assert url("feedback", case.id) in mine.get(url("case", case.id)).content.decode()
    missing = mine.post(url("feedback", case.id), {"ease": "4"})
    assert missing.status_code == 422
    assert not OfficerFeedback.objects.exists()
    mine.post(url("feedback", case.id), {"ease": "4", "satisfaction": "5", "comment": "早い"})
    given = OfficerFeedback.objects.get()
    assert (given.ease, given.satisfaction, given.comment) == (4, 5, "早い")
    again = mine.post(url("feedback", case.id), {"ease": "1", "satisfaction": "1"})
    assert again.status_code == 422
    assert OfficerFeedback.objects.count() == 1


def test_a_stale_page_does_not_decide(case: Case) -> None:
    browser = world.browser(world.officer())
    seen = case.version
    actions.take(actor=world.officer(), case_id=case.id)

    answer = browser.post(url("decide", case.id), {"outcome": "granted", "reason": "よい", "version": seen})

    assert answer.status_code == 422
    assert "ほかの人が先に更新しました" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_a_field_is_asked_for_with_a_suggested_wording(case: Case) -> None:
    officer = world.officer()
    browser = world.browser(officer)
    form = browser.get(url("correct", case.id)).content.decode()
    assert "番号の桁が足りません" in form
    due_on = (clock.today() + timedelta(days=10)).isoformat()

    nothing = browser.post(url("correct", case.id), {"due_on": due_on})
    unreasoned = browser.post(url("correct", case.id), {"path": ["account"], "due_on": due_on})
    done = browser.post(
        url("correct", case.id),
        {"path": ["account"], "wording:account": "番号の桁が足りません。", "reason:account": "", "due_on": due_on},
    )

    assert (nothing.status_code, unreasoned.status_code, done.status_code) == (422, 422, 302)
    correction = world.application_of(case).corrections.get()
    assert correction.items == [{"path": "account", "reason": "番号の桁が足りません。"}]
    page = browser.get(url("case", case.id))
    assert "修正を依頼しています" in page.content.decode()
    assert page.context["found"].asked == [("口座番号", "番号の桁が足りません。")]
    browser.post(url("cancel_correction", case.id))
    assert not world.application_of(case).corrections.get().is_open


def test_every_chosen_field_without_a_reason_is_named_and_marked(case: Case) -> None:
    browser = world.browser(world.officer())
    due_on = (clock.today() + timedelta(days=10)).isoformat()
    paths = [row["path"] for _t, rows in browser.get(url("correct", case.id)).context["parts"] for row in rows if not row["fixed"]]  # fmt: skip

    page = browser.post(
        url("correct", case.id), {"path": paths[:3], f"reason:{paths[1]}": "読めません", "due_on": due_on}
    )

    marked = {row["path"] for _title, rows in page.context["parts"] for row in rows if row["error"]}
    assert marked == {paths[0], paths[2]}
    assert "dict_items" not in page.content.decode()
    assert "dict_items" not in browser.post(url("correct", case.id), {"due_on": due_on}).content.decode()
    assert not world.application_of(case).corrections.exists()


def test_what_was_corrected_is_marked_with_what_stood_before() -> None:
    world.procedure()
    resident, officer = applications.resident(), world.officer()
    case = world.opened(resident)
    actions.request_correction(
        actor=officer,
        case_id=case.id,
        reasons={"account": "桁"},
        words="",
        due_on=clock.today() + timedelta(days=7),
    )
    correction = case.application.corrections.get()
    applications.actions.save_correction(actor=resident, correction_id=correction.id, raw={"account": ["7654321"]})
    applications.actions.submit_correction(actor=resident, correction_id=correction.id)

    page = world.browser(officer).get(url("case", case.id)).content.decode()

    assert "変更あり" in page
    assert "7654321" in page
    assert "前の回答：1234567" in page


def test_another_section_gives_its_opinion_and_loses_sight_with_the_decision(case: Case) -> None:
    officer, other = world.officer(), world.officer("childcare")
    asking, answering = world.browser(officer), world.browser(other)
    department = applications.section("childcare")
    asking.post(url("ask", case.id), {"whom": f"{department.id}/{other.id}", "question": "重複はありませんか"})
    opinion = Opinion.objects.get()

    assert case.application.number in answering.get(url("opinions")).content.decode()
    page = answering.get(url("opinion", opinion.id))
    assert "重複はありませんか" in page.content.decode()
    assert answering.get(url("case", case.id)).status_code == 404
    wordless = answering.post(url("opinion", opinion.id), {"answer": "no", "text": ""})
    assert wordless.status_code == 422
    answering.post(url("opinion", opinion.id), {"answer": "no", "text": "重複があります"})
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.answered_by_id) == ("no", other.id)
    assert "重複があります" in asking.get(url("case", case.id)).content.decode()

    world.decided(case, outcome="refused")
    run_all()

    assert answering.get(url("opinion", opinion.id)).status_code == 404


def test_nobody_else_answers_an_opinion(case: Case) -> None:
    officer, other = world.officer(), world.officer("childcare")
    opinion = actions.ask_opinion(
        actor=officer,
        case_id=case.id,
        department_id=applications.section("childcare").id,
        staff_id=other.id,
        question="?",
    )

    asker = world.browser(officer).post(url("opinion", opinion.id), {"answer": "yes"})
    neighbour = world.browser(world.officer("childcare")).post(url("opinion", opinion.id), {"answer": "yes"})

    assert (asker.status_code, neighbour.status_code) == (403, 404)
    opinion.refresh_from_db()
    assert opinion.answer == ""


def test_filters_stand_in_the_address_and_come_back_with_the_session(case: Case) -> None:
    browser = world.browser(world.officer())

    first = browser.get(url("queue"), {"state": "submitted", "who": "nobody"})
    again = browser.get(url("queue"))
    none = browser.get(url("queue"), {"state": "submitted", "who": "me"})

    assert first.context["page"].paginator.count == 1
    assert again["Location"] == f"{url('queue')}?state=submitted&who=nobody"
    assert none.context["page"].paginator.count == 0
    assert 'class="s-empty"' in none.content.decode()


@pytest.mark.parametrize(
    ("words", "count"), [("山田", 1), ("やまだ", 1), ("山田 花子", 1), ("田中", 0), ("\x00", 1), ("' OR 1=1 --", 0)]
)
def test_names_and_numbers_are_found(case: Case, words: str, count: int) -> None:
    browser = world.browser(world.officer())

    found = browser.get(url("queue"), {"q": words, "state": "all"})

    assert found.context["page"].paginator.count == count
    number = case.application.number
    assert browser.get(url("queue"), {"q": number[4:10], "state": "all"}).context["page"].paginator.count == 1


def test_the_list_leaves_as_a_table_that_runs_nothing_and_is_recorded() -> None:
    world.procedure()
    world.opened(applications.resident(applications.person(name="=HYPERLINK(1)")))
    officer = world.officer()

    answer = world.browser(officer).get(url("export"), {"state": "all"})
    theirs = world.browser(world.officer("childcare")).get(url("export"), {"state": "all"})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]
    assert len(theirs.content.decode("utf-8-sig").splitlines()) == 1
    assert Entry.objects.get(action="casework.export").actor_id == officer.id


def test_odd_addresses_are_the_plain_queue(case: Case) -> None:
    browser = world.browser(world.officer())

    for query in ("?state=x&who=y&due=z&size=7&sort=;&page=999", "?page=-1", "?who=" + "9" * 300):
        assert browser.get(url("queue") + query).status_code == 200


def test_a_batch_takes_what_it_may_and_leaves_the_rest(case: Case) -> None:
    applications.publish(applications.body(slug="other", department="childcare"))
    mine, theirs = case, _submitted_to("other")
    officer = world.officer()
    browser = world.browser(officer)

    answer = browser.post(
        url("assign_many"),
        {"staff": "me", "case": [str(mine.id), str(theirs.id), "nonsense"], "here": "state=all&next=//evil.example"},
    )

    assert answer["Location"] == url("batch_result")
    assert f'{url("queue")}?state=all"' in browser.get(url("batch_result")).content.decode()
    assert world.fresh(mine).assignee_id == officer.id
    assert world.fresh(theirs).assignee_id is None
    assert queries.standing_of(mine) == "in_review"


def test_an_officer_does_not_give_work_to_others(case: Case) -> None:
    officer, colleague = world.officer(), world.officer()

    world.browser(officer).post(url("assign_many"), {"staff": str(colleague.id), "case": [str(case.id)]})
    single = world.browser(officer).post(url("assign", case.id), {"staff": str(colleague.id)})

    assert single.status_code == 403
    assert world.fresh(case).assignee_id is None


def test_a_chief_gives_work_to_the_section_only(case: Case) -> None:
    chief, colleague, stranger = world.chief(), world.officer(), world.officer("childcare")
    browser = world.browser(chief)

    browser.post(url("assign", case.id), {"staff": str(stranger.id)})
    assert world.fresh(case).assignee_id is None
    browser.post(url("assign", case.id), {"staff": str(colleague.id)})

    assert world.fresh(case).assignee_id == colleague.id


def test_a_refused_hand_over_is_visible_and_can_be_made_again() -> None:
    world.procedure()
    case = world.decided(world.opened())
    run_all()
    hand_over = HandOver.objects.get()
    HandOver.objects.filter(pk=hand_over.pk).update(state="refused", answered_at=clock.now())
    browser = world.browser(world.officer())

    page = browser.get(url("hand_overs")).content.decode()
    assert url("hand_over_again", hand_over.id) in page
    assert world.browser(world.chief("childcare")).post(url("hand_over_again", hand_over.id)).status_code == 404
    browser.post(url("hand_over_again", hand_over.id), {"case": str(case.id)})
    browser.post(url("hand_over_again", hand_over.id))

    assert list(HandOver.objects.values_list("attempt", "state")) == [(1, "refused"), (2, "prepared")]


def _submitted_to(slug: str) -> Case:
    resident = applications.resident()
    draft = applications.filled(resident, slug)
    application = applications.actions.submit(actor=resident, draft_id=draft.id)
    return world.case_of(application.id)
