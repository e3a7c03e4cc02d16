"""A case from the moment an application arrives to its end."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from souto.foundation.audit.models import Entry
from souto.foundation.documents.models import Document
from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.errors import ConflictError, ForbiddenError, HiddenError, SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.applications.actions import ReasonMissingError
from souto.services.casework import actions, queries
from souto.services.casework.models import Case, HandOver, Proposal
from tests.jobs import run_all, waiting
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db


def test_a_case_opens_with_the_application_and_its_deadline() -> None:
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)):
        world.procedure()

        case = world.opened()

    # Friday; five working days, with 23 November (勤労感謝の日) in between.
    assert case.due_on == date(2026, 11, 30)
    assert case.department.code == "citizens"
    assert queries.standing_of(case) == "submitted"


def test_opening_twice_makes_one_case() -> None:
    world.procedure()
    case = world.opened()

    again = actions.open_case(actor=world.SYSTEM, application_id=case.application_id)

    assert again.id == case.id
    assert Case.objects.count() == 1


def test_whoever_takes_a_case_starts_its_review() -> None:
    world.procedure()
    case, officer = world.opened(), world.officer()

    actions.take(actor=officer, case_id=case.id)

    assert world.fresh(case).assignee_id == officer.id
    assert queries.standing_of(case) == "in_review"


def test_two_persons_decide_and_the_notice_is_made() -> None:
    world.procedure()
    case, officer, chief = world.opened(), world.officer(), world.chief()
    proposal = world.proposed(case, officer)
    assert queries.standing_of(case) == "proposed"

    actions.approve(actor=chief, case_id=case.id, remark="よいです")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by_id, proposal.remark) == ("approved", chief.id, "よいです")
    assert world.application_of(case).state == "decided"
    assert world.fresh(case).due_on is None
    document = Document.objects.get(template="casework.notice")
    assert document.subject_id == case.application_id
    assert document.data["appeal"] == []
    assert [m.template for m in Message.objects.order_by("-created_at")[:1]] == ["applications/decided"]
    assert "casework.advance" in [name for name, _ in waiting()]


def test_a_refusal_needs_its_reason_and_says_how_to_appeal() -> None:
    world.procedure()
    case, officer, chief = world.opened(), world.officer(), world.chief()
    with pytest.raises(ReasonMissingError):
        actions.propose(actor=officer, case_id=case.id, outcome="refused", reason="  ")
    assert not Proposal.objects.exists()

    world.proposed(case, officer, "refused", "所得が限度額を超えています")
    actions.approve(actor=chief, case_id=case.id)

    data = Document.objects.get(template="casework.notice").data
    assert data["reason"] == ["所得が限度額を超えています"]
    assert "審査請求" in data["appeal"][0]


def test_a_refusal_ends_the_case_without_a_hand_over() -> None:
    world.procedure()
    case = world.decided(world.opened(), outcome="refused")

    run_all()

    assert world.application_of(case).state == "closed"
    assert not HandOver.objects.exists()


def test_the_proposer_does_not_settle() -> None:
    world.procedure()
    case, chief = world.opened(), world.chief()
    world.proposed(case, chief)

    with pytest.raises(actions.SamePersonError):
        actions.approve(actor=chief, case_id=case.id)
    with pytest.raises(actions.SamePersonError):
        actions.send_back(actor=chief, case_id=case.id, remark="だめ")

    assert Proposal.objects.get().state == "open"
    assert world.application_of(case).state == "in_review"


def test_an_officer_does_not_settle() -> None:
    world.procedure()
    case = world.opened()
    world.proposed(case, world.officer())

    with pytest.raises(ForbiddenError):
        actions.approve(actor=world.officer(), case_id=case.id)

    assert Proposal.objects.get().state == "open"


def test_a_chief_of_another_section_who_is_an_officer_here_does_not_settle() -> None:
    from souto.foundation.identity.models import Membership, Staff
    from souto.foundation.identity.queries import actor_for_staff
    from souto.foundation.identity.roles import Role

    world.procedure()
    case = world.opened()
    world.proposed(case, world.officer())
    both = world.chief("childcare")
    Membership.objects.create(staff_id=both.id, department=applications.section(), role=Role.OFFICER)

    with pytest.raises(ForbiddenError):
        actions.approve(actor=actor_for_staff(Staff.objects.get(id=both.id)), case_id=case.id)

    assert Proposal.objects.get().state == "open"


def test_another_section_sees_nothing_and_changes_nothing() -> None:
    world.procedure()
    case = world.opened()
    stranger = world.chief("childcare")

    for attempt in (
        lambda: queries.access_case(actor=stranger, case_id=case.id),
        lambda: actions.take(actor=stranger, case_id=case.id),
        lambda: actions.write_note(actor=stranger, case_id=case.id, text="x"),
        lambda: actions.propose(actor=stranger, case_id=case.id, outcome="granted", reason="x"),
    ):
        with pytest.raises(HiddenError):
            attempt()

    assert world.fresh(case).version == case.version
    assert not case.notes.exists()


def test_a_returned_proposal_can_be_made_again() -> None:
    world.procedure()
    case, officer, chief = world.opened(), world.officer(), world.chief()
    world.proposed(case, officer)

    actions.send_back(actor=chief, case_id=case.id, remark="所得を確認してください")

    assert queries.standing_of(case) == "in_review"
    world.proposed(case, officer)
    assert [p.state for p in case.proposals.all()] == ["returned", "open"]


def test_what_rests_on_an_older_page_is_refused() -> None:
    world.procedure()
    case, officer = world.opened(), world.officer()
    seen = case.version
    actions.take(actor=world.officer(), case_id=case.id)

    with pytest.raises(ConflictError):
        actions.propose(actor=officer, case_id=case.id, outcome="granted", reason="", version=seen)

    assert not Proposal.objects.exists()


def test_the_clock_stands_while_the_applicant_corrects() -> None:
    world.procedure()
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=clock.TOKYO)):
        resident = applications.resident()
        case, officer = world.opened(resident), world.officer()
        actions.take(actor=officer, case_id=case.id)
        assert world.fresh(case).due_on == date(2026, 12, 1)
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)):
        actions.request_correction(
            actor=officer, case_id=case.id, reasons={"account": "桁が足りません"}, words="", due_on=date(2026, 12, 9)
        )
        paused = world.fresh(case)
        assert (paused.due_on, paused.days_left) == (None, 4)
        assert queries.standing_of(case) == "correction"
        with pytest.raises(actions.CorrectionWaitsError):
            world.proposed(case, officer)
    with time_machine.travel(datetime(2026, 11, 30, 10, tzinfo=clock.TOKYO)):
        correction = case.application.corrections.get()
        applications_actions.save_correction(actor=resident, correction_id=correction.id, raw={"account": ["7654321"]})
        applications_actions.submit_correction(actor=resident, correction_id=correction.id)

    after = world.fresh(case)
    # Three working days (26, 27, 30) fell into the pause.
    assert (after.due_on, after.days_left) == (date(2026, 12, 4), None)
    assert after.version > paused.version


def test_once_a_correction_is_overdue_the_case_is_decided_without_it() -> None:
    world.procedure()
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=clock.TOKYO)):
        resident, officer, chief = applications.resident(), world.officer(), world.chief()
        case = world.opened(resident)
        actions.request_correction(
            actor=officer, case_id=case.id, reasons={"account": "桁が足りません"}, words="", due_on=date(2026, 12, 9)
        )
    with time_machine.travel(datetime(2026, 12, 9, 23, 59, tzinfo=clock.TOKYO)):
        # The last day is hers to its end.
        with pytest.raises(actions.CorrectionWaitsError):
            world.proposed(case, officer, "refused", "口座を確認できません")
        assert not Proposal.objects.exists()
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=clock.TOKYO)):
        world.proposed(case, officer, "refused", "口座を確認できません")
        actions.approve(actor=chief, case_id=case.id)

        application, correction = world.application_of(case), case.application.corrections.get()
        assert application.state == "decided"
        assert correction.withdrawn_at is not None
        assert (world.fresh(case).due_on, world.fresh(case).days_left) == (None, None)
        with pytest.raises(SoutoError):
            applications_actions.submit_correction(actor=resident, correction_id=correction.id)
    assert case.application.submissions.count() == 1


def test_a_correction_is_not_asked_for_while_a_decision_is_proposed() -> None:
    world.procedure()
    case, officer = world.opened(), world.officer()
    world.proposed(case, officer)

    with pytest.raises(actions.ProposalOpenError):
        actions.request_correction(
            actor=officer, case_id=case.id, reasons={"account": "x"}, words="", due_on=date(2099, 1, 1)
        )

    assert not case.application.corrections.exists()


def test_a_withdrawal_lets_the_proposal_lapse() -> None:
    world.procedure()
    resident = applications.resident()
    case = world.opened(resident)
    world.proposed(case, world.officer())

    applications_actions.withdraw(actor=resident, application_id=case.application_id, reason="間違えました")

    assert Proposal.objects.get().state == "cancelled"
    assert queries.standing_of(case) == "withdrawn"


def test_a_report_is_settled_by_one_person() -> None:
    applications.publish(applications.report_body())
    draft = applications.started(applications.resident(), "road")
    resident = applications.actor_for_person(draft.person, assurance=2)
    applications.fill(resident, draft.id, {"what": {"what": ["穴があいています"]}})
    application = applications_actions.submit(actor=resident, draft_id=draft.id)
    case = world.case_of(application.id)

    actions.settle(actor=world.officer(), case_id=case.id, outcome="repaired", reason="埋めました")
    run_all()

    assert world.application_of(case).state == "closed"


def test_an_application_is_not_settled_by_one_person() -> None:
    world.procedure()
    case = world.opened()

    with pytest.raises(actions.SecondPersonNeededError):
        actions.settle(actor=world.chief(), case_id=case.id, outcome="granted", reason="")

    assert world.application_of(case).state == "submitted"


def test_every_step_is_on_record_without_personal_data() -> None:
    world.procedure()
    case = world.decided(world.opened())
    actions.note_opened(actor=world.officer(), case_id=case.id)

    entries = Entry.objects.filter(subject_type="casework.case", subject_id=case.id)

    assert {"casework.open", "casework.propose", "casework.proposal_approved", "casework.open_case"} <= {
        e.action for e in entries
    }
    assert entries.get(action="casework.open_case").outcome == "seen"
    assert "山田" not in str([e.facts for e in entries])
