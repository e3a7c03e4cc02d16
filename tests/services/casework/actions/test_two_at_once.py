"""Two officers at once, on two connections: exactly one wins, whatever they try."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from souto.foundation.documents.models import Document
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.services.applications.models import TransitionRecord
from souto.services.casework import actions
from souto.services.casework.models import HandOver, Proposal
from tests.services.casework import world

pytestmark = pytest.mark.django_db(transaction=True)


def both(first: Callable[[], object], second: Callable[[], object]) -> list[SoutoError | None]:
    """Run two actions at the same moment, each on a connection of its own; None where it went through."""
    gate, found = threading.Barrier(2, timeout=30), [None, None]

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait()
            act()
        except SoutoError as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.parametrize("seen", [True, False])
def test_two_chiefs_decide_at_once(seen: bool) -> None:
    world.procedure()
    case = world.opened()
    world.proposed(case, world.officer())
    version = world.fresh(case).version if seen else None
    one, two = world.chief(), world.chief()

    found = both(
        lambda: actions.approve(actor=one, case_id=case.id, version=version),
        lambda: actions.send_back(actor=two, case_id=case.id, remark="確認してください", version=version),
    )

    assert sorted(error is None for error in found) == [False, True]
    loser = next(error for error in found if error is not None)
    assert loser.status == 409
    decisions = TransitionRecord.objects.filter(name="decide").count()
    proposal = Proposal.objects.get()
    assert (proposal.state, decisions) in {("approved", 1), ("returned", 0)}
    assert (proposal.settled_by_id == one.id) == (proposal.state == "approved")


def test_two_chiefs_approve_at_once() -> None:
    world.procedure()
    case = world.opened()
    world.proposed(case, world.officer())
    one, two = world.chief(), world.chief()

    found = both(
        lambda: actions.approve(actor=one, case_id=case.id), lambda: actions.approve(actor=two, case_id=case.id)
    )

    assert sorted(error is None for error in found) == [False, True]
    assert TransitionRecord.objects.filter(name="decide").count() == 1
    assert Document.objects.filter(template="casework.notice").count() == 1


def test_two_officers_propose_at_once() -> None:
    world.procedure()
    case = world.opened()
    one, two = world.officer(), world.officer()

    found = both(lambda: world.proposed(case, one), lambda: world.proposed(case, two, "refused", "要件外"))

    assert sorted(error is None for error in found) == [False, True]
    assert Proposal.objects.count() == 1


def test_a_decision_and_a_request_for_correction_at_once() -> None:
    from datetime import timedelta

    world.procedure()
    case = world.opened()
    officer, other = world.officer(), world.officer()

    found = both(
        lambda: world.proposed(case, officer),
        lambda: actions.request_correction(
            actor=other,
            case_id=case.id,
            reasons={"account": "桁"},
            words="",
            due_on=clock.today() + timedelta(days=7),
        ),
    )

    assert sorted(error is None for error in found) == [False, True]
    corrections = world.application_of(case).corrections.count()
    assert Proposal.objects.count() + corrections == 1


def test_two_attempts_to_hand_over_again_at_once() -> None:
    world.procedure()
    case = world.decided(world.opened())
    system = world.SYSTEM
    actions.advance(actor=system, case_id=case.id)
    HandOver.objects.update(state="refused", answered_at=clock.now())
    refused, one, two = HandOver.objects.get(), world.officer(), world.officer()

    found = both(
        lambda: actions.hand_over_again(actor=one, hand_over_id=refused.id),
        lambda: actions.hand_over_again(actor=two, hand_over_id=refused.id),
    )

    assert sorted(error is None for error in found) == [False, True]
    assert sorted(HandOver.objects.values_list("attempt", flat=True)) == [1, 2]


def test_the_database_refuses_one_person_in_both_parts() -> None:
    world.procedure()
    case, officer = world.opened(), world.officer()
    proposal = world.proposed(case, officer)

    for state in ("approved", "returned"):
        with pytest.raises(IntegrityError, match="casework_second_person"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(
                state=state, settled_by_id=officer.id, settled_at=clock.now()
            )
        with pytest.raises(IntegrityError, match="casework_second_person"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=state, settled_by_id=None, settled_at=clock.now())
