"""From a decision to the core system and back: what goes wrong on the way stays visible, and nothing happens twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from asgiref.sync import async_to_sync

from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError
from souto.services.casework import actions, seams
from souto.services.casework.demo_core_system import asgi
from souto.services.casework.handover import DirectoryDrop, Incoming, Package, Reason, Result, ResultState, digest
from souto.services.casework.models import Case, HandOver, ResultFile
from souto.services.payments import actions as payments
from souto.services.payments.events import ChargePaid
from souto.services.payments.queries import charges_for
from tests.jobs import run_all, waiting
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def sent() -> HandOver:
    """An approved case whose package lies in the outbox."""
    world.procedure()
    world.decided(world.opened())
    run_all()
    return HandOver.objects.select_related("case").get()


def answer(handover: Path, hand_over: HandOver, *, name: str = "", **more: object) -> None:
    found = {
        "package": hand_over.package,
        "package_sha256": hand_over.sha256,
        "state": ResultState.ACCEPTED,
        "answered_at": clock.now(),
        "number": "J-000001",
        **more,
    }
    lay(handover, name or f"{hand_over.package}.json", Result(**found).as_bytes())


def lay(handover: Path, name: str, content: bytes, *, sha256: str = "") -> None:
    drop = DirectoryDrop(handover / "juki")
    drop.put("inbox", name, content)
    drop.put("inbox", f"{name}.sha256", f"{sha256 or digest(content)}  {name}\n".encode())


def read() -> int:
    return actions.read_results(actor=SYSTEM, system="juki")


def test_an_approved_application_goes_out_whole(handover: Path, sent: HandOver) -> None:
    path = handover / "juki" / "outbox" / f"{sent.package}.zip"

    assert sent.state == "sent"
    assert sent.package == f"{sent.case.application.number}.1"
    assert digest(path.read_bytes()) == sent.sha256
    assert asgi.build(folder=handover, book=":memory:").state.core.scan() == 1


def test_with_the_answer_the_case_closes(handover: Path, sent: HandOver) -> None:
    answer(handover, sent)

    assert read() == 1

    sent.refresh_from_db()
    assert (sent.state, sent.number) == ("accepted", "J-000001")
    assert world.application_of(sent.case).state == "closed"
    assert list((handover / "juki" / "inbox").iterdir()) == []


def test_the_same_answer_twice_changes_nothing(handover: Path, sent: HandOver) -> None:
    answer(handover, sent)
    read()
    before = world.fresh(sent.case).version

    answer(handover, sent)
    answer(handover, sent, name="again.json")

    assert read() == 2
    assert world.fresh(sent.case).version == before
    assert ResultFile.objects.exclude(state="taken").count() == 0


def test_a_second_answer_that_contradicts_is_set_aside(handover: Path, sent: HandOver) -> None:
    answer(handover, sent)
    read()

    answer(handover, sent, name="late.json", state=ResultState.REFUSED, number="", reasons=(Reason("x", "だめ"),))
    read()

    sent.refresh_from_db()
    assert sent.state == "accepted"
    assert "すでに" in ResultFile.objects.get(state="quarantined").problem


def test_a_refusal_is_visible_and_another_attempt_goes_out(handover: Path, sent: HandOver) -> None:
    answer(handover, sent, state=ResultState.REFUSED, number="", reasons=(Reason("E01", "住所を確認してください"),))
    read()
    sent.refresh_from_db()
    assert (sent.state, sent.problem) == ("refused", "住所を確認してください（E01）")
    assert world.application_of(sent.case).state == "decided"

    again = actions.hand_over_again(actor=world.officer(), hand_over_id=sent.id)
    run_all()
    again.refresh_from_db()
    answer(handover, again)
    read()

    assert world.application_of(sent.case).state == "closed"
    assert list(HandOver.objects.values_list("attempt", "state")) == [(1, "refused"), (2, "accepted")]


@pytest.mark.parametrize("fault", ["cut", "wrong hash", "not json"])
def test_a_broken_answer_is_quarantined_and_asked_for_again(handover: Path, sent: HandOver, fault: str) -> None:
    whole = Result(sent.package, sent.sha256, ResultState.ACCEPTED, clock.now(), "J-1").as_bytes()
    content = {"cut": whole[:80], "wrong hash": whole, "not json": b"\x00\xff"}[fault]
    sha256 = {"cut": digest(whole), "wrong hash": "0" * 64, "not json": ""}[fault]
    lay(handover, f"{sent.package}.json", content, sha256=sha256)

    read()

    found = ResultFile.objects.get()
    assert (found.state, found.hand_over_id) == ("quarantined", sent.id)
    assert found.problem
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert len(list((handover / "juki" / "quarantine").iterdir())) == 2
    stranger = world.chief("childcare")
    with pytest.raises(HiddenError):
        actions.ask_again(actor=stranger, result_id=found.id)
    again = actions.ask_again(actor=world.officer(), result_id=found.id)
    assert again is not None
    assert (again.attempt, again.state) == (2, "prepared")
    with pytest.raises(actions.ResultSettledError):
        actions.ask_again(actor=world.officer(), result_id=found.id)


def test_an_answer_to_nothing_we_sent_is_quarantined(handover: Path, sent: HandOver) -> None:
    lay(handover, "x.json", Result("H99-1.1", "a" * 64, ResultState.ACCEPTED, clock.now(), "J-1").as_bytes())
    answer(handover, sent, name="y.json", package_sha256="b" * 64)

    read()

    problems = dict(ResultFile.objects.values_list("name", "problem"))
    assert "この名前の引き渡しはありません" in problems["x.json"]
    assert "違う内容" in problems["y.json"]
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_crash_between_writing_and_committing_sends_the_same_package_once(handover: Path) -> None:
    world.procedure()
    case = world.decided(world.opened())
    actions.advance(actor=SYSTEM, case_id=case.id)
    hand_over = HandOver.objects.get()

    class Dies(DirectoryDrop):
        def send(self, package: Package) -> str:
            super().send(package)
            raise KeyboardInterrupt

    seams.register_link("juki", lambda: Dies(handover / "juki"))
    try:
        with pytest.raises(KeyboardInterrupt):
            actions.send(actor=SYSTEM, hand_over_id=hand_over.id)
    finally:
        seams._links.pop("juki")
    path = handover / "juki" / "outbox" / f"{hand_over.package}.zip"
    written = path.read_bytes()
    hand_over.refresh_from_db()
    assert hand_over.state == "prepared"
    # The core system was quicker than our second try: its answer waits.
    asgi.build(folder=handover, book=":memory:").state.core.scan()
    assert read() == 0

    actions.send(actor=SYSTEM, hand_over_id=hand_over.id)

    assert path.read_bytes() == written
    assert read() == 1
    assert world.application_of(case).state == "closed"


def test_a_crash_between_committing_and_moving_reads_the_answer_once(handover: Path, sent: HandOver) -> None:
    answer(handover, sent)
    incoming = next(iter(DirectoryDrop(handover / "juki").results()))
    actions.take_result(actor=SYSTEM, system="juki", incoming=incoming)

    assert read() == 1

    assert ResultFile.objects.count() == 1
    assert list((handover / "juki" / "inbox").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_shown_and_tried_again(handover: Path) -> None:
    world.procedure()
    case = world.decided(world.opened())
    actions.advance(actor=SYSTEM, case_id=case.id)
    handover.parent.joinpath("handover").write_text("in the way")
    hand_over = HandOver.objects.get()

    from souto.services.casework import jobs

    with pytest.raises(OSError, match="directory"):
        jobs.hand_over(hand_over_id=str(hand_over.id))

    hand_over.refresh_from_db()
    assert hand_over.state == "prepared"
    assert "書き込めません" in hand_over.problem
    handover.unlink()
    jobs.hand_over(hand_over_id=str(hand_over.id))
    hand_over.refresh_from_db()
    assert (hand_over.state, hand_over.problem) == ("sent", "")


def test_what_is_paid_for_goes_out_after_the_payment(handover: Path) -> None:
    fee = {"amount": 300, "account": "certificate", "due": "submission"}
    applications.publish(applications.body(handover_at="payment", core_system="juki", fee=fee))
    case = world.opened()
    _charge(case)
    world.decided(case)
    run_all()
    assert not HandOver.objects.exists()
    assert world.application_of(case).state == "decided"

    _pay(case)
    run_all()

    assert HandOver.objects.get().state == "sent"


def _charge(case: Case) -> None:
    """What is owed for the case, unless its application has seen to that already."""
    if not charges_for(purpose="applications.fee", subject_id=case.application_id):
        payments.create_charge(
            actor=SYSTEM,
            purpose="applications.fee",
            subject_id=case.application_id,
            payer_person_id=None,
            payer_name="山田 花子",
            description={"ja": "手数料"},
            amount=300,
            account="certificate",
            due_on=clock.today() + timedelta(days=30),
            idempotency_key=f"fee-{case.id}",
            is_demo=False,
        )


def _pay(case: Case) -> None:
    """The money has come in: what payments stores and announces then."""
    for charge in charges_for(purpose="applications.fee", subject_id=case.application_id):
        charge.paid_at = clock.now()
        charge.save(update_fields=["paid_at"])
        events.publish(ChargePaid(charge.id, charge.purpose, charge.subject_id), actor=SYSTEM)


def test_doing_the_next_step_again_and_again_does_it_once(handover: Path, sent: HandOver) -> None:
    for _ in range(3):
        actions.advance(actor=SYSTEM, case_id=sent.case_id)
    run_all()

    assert HandOver.objects.count() == 1
    assert [name for name, _ in waiting("casework.hand_over")] == []


def test_the_demo_core_system_answers_over_http_and_gives_one_number_an_application(
    handover: Path, sent: HandOver
) -> None:
    app = asgi.build(folder=handover, book=":memory:")

    async def ask(method: str, path: str, **more: object) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8003") as client:
            return await client.request(method, path, **more)

    call = async_to_sync(ask)
    number = sent.case.application.number
    call("POST", "/refuse", data={"application": number})
    page = call("GET", "/")
    read()
    sent.refresh_from_db()
    assert page.status_code == 200
    assert "山田" in page.text
    assert "見本" in page.text
    assert sent.state == "refused"

    again = actions.hand_over_again(actor=world.officer(), hand_over_id=sent.id)
    run_all()
    assert call("GET", "/entries").json()["entries"][0] == {
        "system": "juki",
        "package": again.package,
        "application": number,
        "state": "accepted",
        "number": "MIHON-000001",
    }
    read()
    assert world.application_of(sent.case).state == "closed"
    assert call("POST", "/refuse", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("fault", ["cut", "no applicant", "other system"])
def test_the_demo_core_system_refuses_what_a_real_one_would(handover: Path, sent: HandOver, fault: str) -> None:
    drop = DirectoryDrop(handover / "juki")
    path = handover / "juki" / "outbox" / f"{sent.package}.zip"
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        package = _opened(path)
        if fault == "no applicant":
            envelope = {"A票": {"申請者": {}}}
            parts = tuple(
                p if p.name != "envelope.json" else type(p)(p.name, json.dumps(envelope).encode(), p.media_type)
                for p in package.parts
            )
            package = Package(package.name, package.system, package.about, parts)
        else:
            package = Package(package.name, "tax", package.about, package.parts)
        HandOver.objects.filter(pk=sent.pk).update(sha256=drop.send(package))

    asgi.build(folder=handover, book=":memory:").state.core.scan()
    read()

    sent.refresh_from_db()
    assert sent.state == "refused"
    words = {"cut": "ハッシュが合いません", "no applicant": "申請者の氏名", "other system": "ほかのシステム"}
    assert words[fault] in sent.problem


def _opened(path: Path) -> Package:
    from souto.services.casework.handover import Part, read_package

    received = read_package(path, path.with_name(f"{path.name}.sha256").read_text())
    manifest = received.manifest
    parts = tuple(Part(f["name"], received.files[f["name"]], f["media_type"]) for f in manifest["files"])
    return Package(manifest["package"], manifest["system"], manifest["application"], parts)


def test_attachments_travel_with_their_application(handover: Path) -> None:
    world.procedure()
    resident = applications.resident()
    draft = applications.started(resident)
    row = applications.ROW
    applications.fill(resident, draft.id, {k: v for k, v in applications.FORM.items() if k != "family"})
    family = {"children": [row], f"children/{row}/child": ["空"], f"children/{row}/apart": ["yes"]}
    applications.actions.save_page(actor=resident, draft_id=draft.id, page_key="family", raw=family)
    photo = applications.photo()
    applications.actions.attach_file(
        actor=resident, draft_id=draft.id, path=f"children/{row}/proof", name="通帳.jpg", content=photo
    )
    application = applications.actions.submit(actor=resident, draft_id=draft.id)
    world.decided(world.case_of(application.id))
    run_all()

    sent = HandOver.objects.get()
    package = _opened(handover / "juki" / "outbox" / f"{sent.package}.zip")

    attachment = next(p for p in package.parts if p.name.startswith("attachments/"))
    assert attachment.content == photo.getvalue()
    assert attachment.name == "attachments/01.jpg"


def test_incoming_without_a_result_or_problem_is_no_hand_over(sent: HandOver) -> None:
    found = actions.take_result(actor=SYSTEM, system="juki", incoming=Incoming("odd.json", "c" * 64, problem="x"))

    assert found is not None
    assert (found.state, found.hand_over) == ("quarantined", None)
    assert Case.objects.get().version == world.fresh(sent.case).version
