"""Paying with the cashless provider: the demo provider on its own origin, over real HTTP; the browser is never believed."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import time_machine
import uvicorn

from souto.foundation.identity.models import Person
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import HiddenError
from souto.kernel.ids import new_id
from souto.services.payments import actions, cashless, jobs, ledger, seams
from souto.services.payments.demo_provider.asgi import build
from souto.services.payments.models import Charge, Checkout
from tests.services.payments.test_ledger import charge

KEY, SECRET = "test-key-1", "test-secret-1"


class Running(threading.Thread):
    """The provider in a thread of its own, on a port of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        app = build(path=":memory:", key=KEY, secret=SECRET, returns_to="http://localhost:8000", notify="")
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))

    def run(self) -> None:
        self.server.run(sockets=[self.socket])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    running = Running()
    running.start()
    while not running.server.started:
        time.sleep(0.01)
    yield running.url
    running.server.should_exit = True
    running.join(10)


@pytest.fixture(autouse=True)
def _offered(provider: str) -> Iterator[None]:
    kept = dict(seams._providers)
    seams.register_provider(cashless.Cashless(url=provider, key=KEY, secret=SECRET))
    yield
    seams._providers.clear()
    seams._providers.update(kept)


def payer() -> Actor:
    person = Person()
    person.profile, person.contact = {}, {}
    person.save()
    return Actor(kind=ActorKind.RESIDENT, id=person.id)


def begin(actor: Actor, amount: int = 300) -> tuple[Charge, Checkout, str]:
    made = charge(amount, key=str(new_id()), person=actor.id)
    url = actions.start_checkout(actor=actor, charge_id=made.id, provider="cashless", return_to="/applications/")
    return made, Checkout.objects.get(charge=made), url


def press(url: str, answer: str) -> httpx.Response:
    return httpx.post(url, data={"answer": answer})


@pytest.mark.django_db
def test_the_payer_pays_and_the_books_say_so() -> None:
    actor = payer()
    made, checkout, url = begin(actor)
    assert "300円" in httpx.get(url).text

    back = press(url, "pay")
    done = actions.complete_checkout(actor=actor, checkout_id=checkout.id)
    actions.complete_checkout(actor=actor, checkout_id=checkout.id)

    assert back.headers["location"].endswith(f"/payments/returned/{checkout.id}/")
    assert (done.state, ledger.balance("clearing:cashless"), ledger.owed(made)) == (Checkout.State.PAID, 300, 0)


@pytest.mark.django_db
def test_coming_back_without_paying_pays_nothing() -> None:
    actor = payer()
    made, checkout, url = begin(actor)

    assert actions.complete_checkout(actor=actor, checkout_id=checkout.id).state == Checkout.State.STARTED
    press(url, "decline")
    assert actions.complete_checkout(actor=actor, checkout_id=checkout.id).state == Checkout.State.FAILED
    press(url, "pay")  # too late: the provider has ended it
    actions.complete_checkout(actor=actor, checkout_id=checkout.id)

    assert ledger.owed(made) == 300
    again = actions.start_checkout(actor=actor, charge_id=made.id, provider="cashless", return_to="")
    assert again != url


@pytest.mark.django_db
def test_two_taps_are_one_payment() -> None:
    actor = payer()
    made, _, url = begin(actor)

    assert actions.start_checkout(actor=actor, charge_id=made.id, provider="cashless", return_to="") == url
    assert Checkout.objects.count() == 1


@pytest.mark.django_db
def test_a_crash_before_the_reference_was_kept_finds_the_same_payment() -> None:
    actor = payer()
    made, checkout, url = begin(actor)
    Checkout.objects.filter(pk=checkout.pk).update(reference="", redirect_url="")

    assert actions.start_checkout(actor=actor, charge_id=made.id, provider="cashless", return_to="") == url


@pytest.mark.django_db
def test_a_payer_who_never_comes_back_is_found_by_the_job() -> None:
    made, checkout, url = begin(payer())
    press(url, "pay")

    with time_machine.travel(clock.real_now() + timedelta(minutes=5)):
        jobs.reconcile()

    assert ledger.owed(made) == 0
    assert Checkout.objects.get(pk=checkout.pk).state == Checkout.State.PAID


@pytest.mark.django_db
def test_money_for_a_charge_that_was_settled_otherwise_waits_in_suspense() -> None:
    actor = payer()
    made, checkout, url = begin(actor)
    actions.cancel_charge(actor=Actor.system("test"), charge_id=made.id, reason="x")
    press(url, "pay")

    actions.complete_checkout(actor=actor, checkout_id=checkout.id)
    actions.complete_checkout(actor=actor, checkout_id=checkout.id)

    assert (ledger.balance(ledger.SUSPENSE), ledger.balance("clearing:cashless")) == (-300, 300)


@pytest.mark.django_db
def test_another_resident_cannot_pay_or_see_it() -> None:
    made, _, _ = begin(payer())

    with pytest.raises(HiddenError):
        actions.start_checkout(actor=payer(), charge_id=made.id, provider="cashless", return_to="")


@pytest.mark.django_db
def test_a_provider_that_is_away_is_said_and_nothing_is_lost() -> None:
    actor = payer()
    seams.register_provider(cashless.Cashless(url="http://127.0.0.1:1", key=KEY, secret=SECRET))
    made = charge(person=actor.id)

    with pytest.raises(actions.CheckoutUnavailableError):
        actions.start_checkout(actor=actor, charge_id=made.id, provider="cashless", return_to="")

    assert Charge.objects.get(pk=made.pk).is_open


def signed(body: bytes, *, secret: str = SECRET, stamp: int | None = None) -> dict[str, str]:
    at = str(stamp if stamp is not None else int(clock.real_now().timestamp()))
    signature = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Cashless-Time": at, "X-Cashless-Signature": signature}


@pytest.mark.django_db
def test_only_a_fresh_signed_notification_counts(client: object) -> None:
    made, checkout, url = begin(payer())
    press(url, "pay")
    body = json.dumps({"payment": Checkout.objects.get(pk=checkout.pk).reference}).encode()
    system = Actor.system("notification")
    old = int(clock.real_now().timestamp()) - 3600
    for headers in ({}, signed(body, secret="other"), signed(body, stamp=old), signed(b"{}")):
        assert not actions.notify_checkout(actor=system, provider="cashless", body=body, headers=headers)
        assert ledger.owed(made) == 300

    assert actions.notify_checkout(actor=system, provider="cashless", body=body, headers=signed(body))

    assert ledger.owed(made) == 0


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, {}, 401),
        ({"Authorization": "Bearer wrong"}, {}, 401),
        ({"Authorization": f"Bearer {KEY}"}, {"amount": 1}, 400),
        ({"Authorization": f"Bearer {KEY}", "Idempotency-Key": "12345678"}, {"amount": 1}, 400),
        (
            {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "12345678"},
            {"amount": 0, "currency": "JPY", "description": "x", "return_url": "http://localhost:8000/"},
            422,
        ),
        (
            {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "12345678"},
            {"amount": 1, "currency": "JPY", "description": "x", "return_url": "http://localhost:8000.evil.example/"},
            422,
        ),
    ],
)
def test_the_demo_provider_keeps_its_rules(provider: str, headers: dict[str, str], body: object, status: int) -> None:
    assert httpx.post(f"{provider}/v1/payments", json=body, headers=headers).status_code == status


def test_an_idempotency_key_used_for_something_else_is_refused(provider: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "once-only-1"}
    body = {"amount": 1, "currency": "JPY", "description": "x", "return_url": "http://localhost:8000/a"}
    first = httpx.post(f"{provider}/v1/payments", json=body, headers=headers)

    assert httpx.post(f"{provider}/v1/payments", json=body, headers=headers).json()["id"] == first.json()["id"]
    assert httpx.post(f"{provider}/v1/payments", json={**body, "amount": 2}, headers=headers).status_code == 409
