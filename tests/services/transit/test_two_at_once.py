"""Two riders take the last seats at the same moment, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from souto.services.transit import actions, dispatch, plans
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, BookingStep, ServiceDay
from tests.services.transit import service
from tests.services.transit.test_booking import ask, rider, trip

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Run in threads that begin together; the answers or errors in order."""
    gate = threading.Barrier(len(works))
    answers: list[object] = [None] * len(works)

    def run(number: int) -> None:
        try:
            gate.wait(timeout=60)
            answers[number] = works[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def test_one_gets_the_last_seats_and_the_other_an_offer_or_a_reason() -> None:
    service.published()
    who = [rider(), rider()]
    offers = [ask(one, trip(riders={RiderClass.ADULT: 3})) for one in who]

    answers = together(
        *(
            lambda one=one, offer=offer: actions.book(actor=one, booking_id=offer.id)
            for one, offer in zip(who, offers, strict=True)
        )
    )

    states = sorted(str(booking.state) for booking in Booking.objects.all())
    assert all(isinstance(answer, Booking) for answer in answers), answers
    assert states.count(State.BOOKED) == 1
    loser = Booking.objects.exclude(state=State.BOOKED).get()
    assert loser.state == State.OFFERED or loser.reason
    plan = plans.read(ServiceDay.objects.get())
    assert list(plan.requests) == [str(Booking.objects.get(state=State.BOOKED).id)]
    assert dispatch.check(plan).valid


def test_two_taps_on_one_offer_book_once() -> None:
    service.published()
    who = rider()
    offer = ask(who)

    answers = together(*(lambda: actions.book(actor=who, booking_id=offer.id) for _ in range(3)))

    assert [isinstance(answer, Booking) and answer.state for answer in answers] == [State.BOOKED] * 3
    assert BookingStep.objects.count() == 1
    assert list(plans.read(ServiceDay.objects.get()).requests) == [str(offer.id)]


def test_riders_who_do_not_stand_in_each_others_way_are_all_booked() -> None:
    service.published()
    who = [rider() for _ in range(3)]
    offers = [ask(one, trip(at=(8 + 3 * number) * 3600)) for number, one in enumerate(who)]

    together(
        *(
            lambda one=one, offer=offer: actions.book(actor=one, booking_id=offer.id)
            for one, offer in zip(who, offers, strict=True)
        )
    )

    assert Booking.objects.filter(state=State.BOOKED).count() == 3
    plan = plans.read(ServiceDay.objects.get())
    assert len(plan.requests) == 3
    assert dispatch.check(plan).valid
