"""Fares: charged, paid, carried over, paid back, taken on board."""

from __future__ import annotations

from typing import Any

import pytest

from souto.foundation.audit.models import Entry
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ForbiddenError
from souto.kernel.ids import new_id
from souto.services.payments import actions as payments
from souto.services.payments import ledger
from souto.services.payments.models import Charge
from souto.services.transit import actions, queries
from souto.services.transit.contradictions import problems
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.models import Booking, EventKind, FareCollection
from souto.services.transit.queries import FareState
from tests.services.transit import service
from tests.services.transit.running import SetClock, at, said, tell
from tests.services.transit.test_booking import ask, booked, rider, trip
from tests.services.transit.test_forgetting import aged
from tests.services.transit.test_phone_desk import called, member
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db
__all__ = ["at"]

CASH, PAID = FareCollection.Method.CASH, FareCollection.Method.PAID


def published(payment: str = "either", **fares: Any) -> None:
    service.published(fares={**service.BODY["fares"], "payment": payment, **fares})


def paid(charge: Charge) -> None:
    """Somebody paid it at the counter."""
    payments.take_cash(actor=service.SYSTEM, charge_id=charge.id, key=str(charge.id))


def driver() -> Actor:
    return Actor(kind=ActorKind.STAFF, id=member().id, permissions=frozenset({"transit.drive"}))


def collect(booking: Booking, *, method: FareCollection.Method = CASH, amount: int = 300, **more: Any) -> Any:
    return actions.collect_fare(
        actor=more.pop("actor", None) or driver(),
        booking_id=booking.id,
        amount=amount,
        method=method,
        client_id=more.pop("client_id", None) or new_id(),
    )


def state(booking: Booking) -> FareState:
    return queries.fare_of(Booking.objects.select_related("day__version").get(id=booking.id)).state


def test_a_ride_paid_online_is_charged_once_with_its_booking() -> None:
    published()
    who = rider()
    offer = ask(who, back_at=11 * 3600)
    assert state(offer) == FareState.AFTER_BOOKING
    assert not Charge.objects.exists(), "an offer costs nothing"

    actions.book(actor=who, booking_id=offer.id)
    actions.book(actor=who, booking_id=offer.id)

    charges = Charge.objects.order_by("id")
    assert [(c.purpose, c.amount, c.payer_person_id, c.due_on) for c in charges] == [
        ("transit.booking", 300, who.id, service.tomorrow())
    ] * 2
    assert state(offer) == FareState.OWED
    paid(charges[0])
    assert state(offer) == FareState.PAID


@pytest.mark.parametrize("payment", ["on_board", "online", "either"])
def test_callers_pay_on_board_and_free_rides_cost_nothing(payment: str) -> None:
    published(payment)
    by_phone = called()
    free = booked(rider(), trip(riders={RiderClass.INFANT: 1}, at=15 * 3600))

    assert not Charge.objects.exists()
    assert (state(by_phone), state(free)) == (FareState.ON_BOARD, FareState.FREE)


def test_giving_up_in_time_cancels_what_is_owed_and_pays_back_what_was_paid() -> None:
    published()
    who = rider()
    owed, settled = booked(who), booked(who, trip(at=15 * 3600))
    paid(Charge.objects.get(subject_id=settled.id))

    for found in (owed, settled):
        actions.cancel(actor=who, booking_id=found.id)

    assert (state(owed), state(settled)) == (FareState.GIVEN_UP, FareState.REFUND)
    assert ledger.balance(ledger.REFUND) == -300
    assert ledger.balance(ledger.RECEIVABLE) == ledger.balance(ledger.income("transit-fares")) == 0
    assert Entry.objects.filter(action="payments.refund_charge").count() == 1
    with pytest.raises(payments.AlreadySettledError):
        payments.refund_charge(actor=service.SYSTEM, charge_id=Charge.objects.get(subject_id=settled.id).id, reason="")


@pytest.mark.parametrize(("rule", "kept"), [("free", FareState.GIVEN_UP), ("charged", FareState.OWED)])
def test_giving_up_late_costs_what_the_service_says(rule: str, kept: FareState) -> None:
    service.published(
        fares={**service.BODY["fares"], "payment": "online", "late_cancellation": rule},
        booking={**service.BODY["booking"], "cancel_minutes": 1440},
    )
    who = rider()
    found = booked(who, trip(at=7 * 3600))
    Booking.objects.filter(id=found.id).update(promised_from=clock.now())

    actions.cancel(actor=who, booking_id=found.id)

    assert state(found) == kept


def test_a_change_keeps_what_was_paid_where_the_fare_is_the_same() -> None:
    published()
    who = rider()
    first = booked(who)
    paid(Charge.objects.get())
    same = actions.book(actor=who, booking_id=ask(who, trip(at=14 * 3600), replaces_id=first.id).id)

    assert Charge.objects.count() == 1
    assert state(same) == FareState.PAID

    two = trip(at=16 * 3600, riders={RiderClass.ADULT: 2})
    more = actions.book(actor=who, booking_id=ask(who, two, replaces_id=same.id).id)

    assert (state(same), state(more)) == (FareState.REFUND, FareState.OWED)
    assert Charge.objects.get(subject_id=more.id).amount == 600
    assert ledger.balance(ledger.REFUND) == -300


def test_a_change_of_what_is_owed_is_owed_once() -> None:
    published()
    who = rider()
    first = booked(who)
    again = actions.book(actor=who, booking_id=ask(who, trip(at=14 * 3600), replaces_id=first.id).id)

    assert [c.cancelled_at is None for c in Charge.objects.order_by("id")] == [False, True]
    assert (state(first), state(again)) == (FareState.GIVEN_UP, FareState.OWED)


def test_a_driver_takes_the_fare_once_and_it_settles_what_is_owed() -> None:
    published()
    found = booked(rider())
    key = new_id()

    first = collect(found, client_id=key)
    assert collect(found, client_id=key).id == first.id

    assert FareCollection.objects.count() == 1
    assert Charge.objects.get().paid_at is not None
    assert ledger.balance(ledger.clearing("cash")) == 300
    assert Entry.objects.filter(action="transit.collect_fare").count() == 1
    with pytest.raises(actions.FareTakenError):
        collect(found)


def test_what_a_driver_cannot_take() -> None:
    published()
    who = rider()
    found, settled, gone = booked(who), booked(who, trip(at=13 * 3600)), booked(who, trip(at=16 * 3600))
    paid(Charge.objects.get(subject_id=settled.id))
    actions.cancel(actor=who, booking_id=gone.id)

    with pytest.raises(actions.FareDiffersError):
        collect(found, amount=200)
    with pytest.raises(actions.FareNotPaidError):
        collect(found, method=PAID)
    with pytest.raises(actions.FareTakenError):
        collect(settled)
    with pytest.raises(actions.NotCollectableError):
        collect(gone)
    for stranger in (who, service.staff("casework.view"), Actor.anonymous()):
        with pytest.raises(ForbiddenError):
            collect(found, actor=stranger)
    assert not FareCollection.objects.exists()
    assert collect(settled, method=PAID).method == PAID


def test_on_board_fares_are_noted_without_a_charge() -> None:
    published("on_board")
    found = called()

    collect(found)

    assert (state(found), Charge.objects.count()) == (FareState.COLLECTED, 0)


def test_the_ride_offers_to_pay_and_says_what_was_paid() -> None:
    published()
    who = rider()
    client = browser(who.id)
    found = ask(who)
    assert "予約した後にこの画面から払うか、車内で払います" in client.get(f"/rides/{found.id}/").content.decode()
    actions.book(actor=who, booking_id=found.id)
    charge = Charge.objects.get()

    page = client.get(f"/rides/{found.id}/").content.decode()
    assert f"/payments/{charge.id}/?next=/rides/{found.id}/" in page
    assert client.get(f"/payments/{charge.id}/").status_code == 200
    assert browser().get(f"/payments/{charge.id}/").status_code == 404

    paid(charge)
    page = client.get(f"/rides/{found.id}/").content.decode()
    assert "支払い済み" in page
    assert f"/payments/{charge.id}/" not in page


@pytest.mark.parametrize("payment", ["either", "online", "on_board"])
def test_who_got_off_and_owes_still_pays_online_where_the_service_allows_it(at: SetClock, payment: str) -> None:
    published(payment)
    who = rider()
    found = booked(who)
    tell(said(EventKind.BOARDED, at("9:05"), found), said(EventKind.ALIGHTED, at("9:20"), found))

    page = browser(who.id).get(f"/rides/{found.id}/").content.decode()

    assert "到着しました" in page
    assert "取り消しが遅かった" not in page
    assert "車内で払います" not in page, "it has left"
    charge = Charge.objects.first()
    if payment == "on_board":
        assert charge is None
        assert "/payments/" not in page
    else:
        assert charge is not None
        assert "ここから払ってください" in page
        assert f"/payments/{charge.id}/?next=/rides/{found.id}/" in page


def test_who_was_not_there_is_asked_to_call_before_paying(at: SetClock) -> None:
    published("online")
    who = rider()
    found = booked(who)
    tell(said(EventKind.ARRIVED, at("9:00"), found), said(EventKind.NO_SHOW, at("9:10"), found))

    page = browser(who.id).get(f"/rides/{found.id}/").content.decode()

    assert "払う前に電話してください" in page
    assert f"/payments/{Charge.objects.get().id}/" in page


def test_a_forgotten_ride_leaves_no_payer_where_nothing_is_owed() -> None:
    published()
    who = rider()
    settled, owed = booked(who), booked(who, trip(at=15 * 3600))
    charge = Charge.objects.get(subject_id=settled.id)
    paid(charge)
    aged(31)

    actions.forget(actor=service.SYSTEM)

    charge.refresh_from_db()
    assert (charge.payer_person_id, charge.payer_name, charge.amount) == (None, "", 300)
    assert Charge.objects.get(subject_id=owed.id).payer_person_id == who.id


def test_a_definition_from_before_still_loads_and_a_contradiction_is_told() -> None:
    old = {**service.BODY, "booking": {**service.BODY["booking"], "hold_minutes": 10}}
    found = ServiceDefinition.model_validate(old)
    assert "hold_minutes" not in found.body()["booking"]
    assert problems(found) == problems(ServiceDefinition.model_validate(service.BODY))

    charged = {**service.BODY, "fares": {**service.BODY["fares"], "late_cancellation": "charged"}}
    assert any("取り消された" in words for words in problems(ServiceDefinition.model_validate(charged)))
