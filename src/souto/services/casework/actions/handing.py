"""Handing over to core systems, reading their answers, and closing what is finished."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Fact
from souto.kernel import clock, events, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, NotFoundError, SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.applications import queries as applications
from souto.services.casework import packaging, seams
from souto.services.casework.actions.common import hold, note
from souto.services.casework.events import HandOverAnswered, HandOverSent
from souto.services.casework.handover import Incoming, Result, ResultState
from souto.services.casework.models import Case, HandOver, ResultFile
from souto.services.casework.queries import access
from souto.services.payments import queries as payments

#: The purpose under which applications charge their fees.
FEE = "applications.fee"
#: Seconds after which answers are looked for, besides the periodic job.
_LOOK_AFTER = (3, 15)


class NotRefusedError(ConflictError):
    """Only what was refused is handed over again."""

    message = "もう一度引き渡せるのは、差し戻されたものだけです。最新の状況を確認してください。"


class ResultSettledError(ConflictError):
    """Somebody has seen to this result file already."""

    message = "この結果ファイルは、ほかの人が対応しました。"


@transaction.atomic
def advance(*, actor: Actor, case_id: UUID) -> None:
    """Do what comes next once a case was decided, paid for or answered: prepare the hand-over that is due, or close what is finished.

    For the system; may be called at any time, any number of times.
    """
    if not actor.is_system:
        raise ForbiddenError
    case = hold(actor, case_id, access.WORK)
    _advance(actor, case)


@transaction.atomic
def send(*, actor: Actor, hand_over_id: UUID) -> HandOver:
    """Write the package of a prepared hand-over. Raises `OSError` where the folder cannot be written: the job tries again.

    What cannot be written as the core system wants it becomes a refused hand-over with the reason.
    """
    if not actor.is_system:
        raise ForbiddenError
    hand_over = HandOver.objects.select_for_update(of=("self",)).select_related("case").filter(pk=hand_over_id).first()
    if hand_over is None:
        raise NotFoundError
    if hand_over.state != HandOver.State.PREPARED:
        return hand_over
    try:
        package = packaging.build(actor, hand_over)
    except SoutoError as error:
        _refuse(actor, hand_over, str(error))
        return hand_over
    # Should the commit after this fail, the job builds and writes the same bytes under the same name again.
    hand_over.sha256 = seams.link_to(hand_over.system).send(package)
    hand_over.state, hand_over.sent_at, hand_over.problem = HandOver.State.SENT, clock.now(), ""
    hand_over.save(update_fields=["state", "sent_at", "sha256", "problem_sealed"])
    note(actor, "hand_over", hand_over.case, facts=_facts(hand_over, sha256=hand_over.sha256))
    events.publish(HandOverSent(hand_over.id), actor=actor)
    for delay in _LOOK_AFTER:
        jobs.defer("casework.read_results", delay=delay)
    return hand_over


@transaction.atomic
def note_obstacle(*, actor: Actor, hand_over_id: UUID, problem: str) -> None:
    """Show the officer why a prepared hand-over has not left yet."""
    if not actor.is_system:
        raise ForbiddenError
    hand_over = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over_id)
    if hand_over.state == HandOver.State.PREPARED:
        hand_over.problem = problem
        hand_over.save(update_fields=["problem_sealed"])


@transaction.atomic
def hand_over_again(*, actor: Actor, hand_over_id: UUID) -> HandOver:
    """Make another attempt after a refusal."""
    seen = access.access_hand_over(actor=actor, hand_over_id=hand_over_id)
    case = hold(actor, seen.case_id, access.WORK)
    last = case.hand_overs.order_by("-attempt").first()
    if last is None or last.id != seen.id or last.state != HandOver.State.REFUSED:
        raise NotRefusedError
    return _prepare(actor, case, last.system, asked_by=actor.id)


@transaction.atomic
def ask_again(*, actor: Actor, result_id: UUID) -> HandOver | None:
    """See to a result file in quarantine: where its package still waits for an answer, hand it over anew, so that the core system answers
    again. Returns the new attempt, None where nothing waits.
    """
    seen = access.access_result_file(actor=actor, result_id=result_id)
    if seen.hand_over is not None:
        case = hold(actor, seen.hand_over.case_id, access.WORK)
    elif not actor.may(access.WORK):
        raise ForbiddenError
    found = ResultFile.objects.select_for_update(of=("self",)).get(pk=result_id)
    if found.settled_at is not None or found.state != ResultFile.State.QUARANTINED:
        raise ResultSettledError
    found.settled_at, found.settled_by_id = clock.now(), actor.id
    found.save(update_fields=["settled_at", "settled_by"])
    audit.record(actor=actor, action="casework.settle_result", subject=("casework.resultfile", found.id))
    if seen.hand_over is None:
        return None
    waiting = HandOver.objects.select_for_update().get(pk=seen.hand_over.id)
    if waiting.state != HandOver.State.SENT:
        return None
    _refuse(actor, waiting, found.problem)
    return _prepare(actor, case, waiting.system, asked_by=actor.id)


def read_results(*, actor: Actor, system: str) -> int:
    """Take over every answer of a core system that lies ready; returns how many files were put away.

    Each file is one transaction, and moves away only after that has committed: a crash in between means that it is read again and found
    known.
    """
    if not actor.is_system:
        raise ForbiddenError
    link, count = seams.link_to(system), 0
    for incoming in link.results():
        taken = take_result(actor=actor, system=system, incoming=incoming)
        if taken is not None:
            link.settle(incoming, good=taken.state == ResultFile.State.TAKEN)
            count += 1
    return count


@transaction.atomic
def take_result(*, actor: Actor, system: str, incoming: Incoming) -> ResultFile | None:
    """Take over one answer, once; None where its package has not been noted as sent yet, and it must wait."""
    known = ResultFile.objects.filter(system=system, name=incoming.name, sha256=incoming.sha256).first()
    if known is not None:
        return known
    hand_over, problem = _match(system, incoming)
    if hand_over is not None:
        case = hold(actor, hand_over.case_id, access.WORK)
        hand_over = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.id)
        hand_over.case = case
        if incoming.result is not None and not problem:
            if hand_over.state == HandOver.State.PREPARED:
                return None
            problem = _contradiction(hand_over, incoming.result)
    found, made = ResultFile.objects.get_or_create(
        system=system,
        name=incoming.name,
        sha256=incoming.sha256,
        defaults={
            "state": ResultFile.State.QUARANTINED if problem else ResultFile.State.TAKEN,
            "problem": problem,
            "hand_over": hand_over,
        },
    )
    if made:
        facts: dict[str, Fact] = {"system": system, "sha256": incoming.sha256, "state": str(found.state)}
        audit.record(actor=actor, action="casework.result", subject=("casework.resultfile", found.id), facts=facts)
        if not problem and hand_over is not None and incoming.result is not None:
            _apply(actor, hand_over, incoming.result)
    return found


def _match(system: str, incoming: Incoming) -> tuple[HandOver | None, str]:
    """The hand-over that a file answers (of a broken file, by its name), and why it cannot be taken."""
    package = incoming.result.package if incoming.result else incoming.name.removesuffix(".json")
    hand_over = HandOver.objects.filter(system=system, package=package).first()
    if incoming.problem:
        return hand_over, incoming.problem
    if hand_over is None:
        return None, f"この名前の引き渡しはありません：{package}"
    return hand_over, ""


def _contradiction(hand_over: HandOver, result: Result) -> str:
    if result.package_sha256 != hand_over.sha256:
        return "引き渡したものと違う内容への結果です（package_sha256が合いません）。"
    if hand_over.state == HandOver.State.SENT:
        return ""
    same = hand_over.state == result.state.value and (not result.number or result.number == hand_over.number)
    return "" if same else f"すでに「{hand_over.get_state_display()}」の結果を受け取っています。"


def _apply(actor: Actor, hand_over: HandOver, result: Result) -> None:
    """Take an answer over; the same answer a second time changes nothing."""
    if hand_over.state != HandOver.State.SENT:
        return
    if result.state is ResultState.REFUSED:
        _refuse(actor, hand_over, "\n".join(f"{r.message}（{r.code}）" for r in result.reasons), at_core=True)
        return
    hand_over.state, hand_over.answered_at, hand_over.number = HandOver.State.ACCEPTED, clock.now(), result.number
    hand_over.save(update_fields=["state", "answered_at", "number"])
    note(actor, "hand_over_accepted", hand_over.case, facts=_facts(hand_over))
    events.publish(HandOverAnswered(hand_over.id), actor=actor)
    _advance(actor, hand_over.case)


def _refuse(actor: Actor, hand_over: HandOver, problem: str, *, at_core: bool = False) -> None:
    hand_over.state, hand_over.answered_at = HandOver.State.REFUSED, clock.now()
    hand_over.problem = problem or "理由は書かれていません。"
    hand_over.save(update_fields=["state", "answered_at", "problem_sealed"])
    note(actor, "hand_over_refused", hand_over.case, facts=_facts(hand_over, at_core=at_core))
    events.publish(HandOverAnswered(hand_over.id), actor=actor)


def _advance(actor: Actor, case: Case) -> None:
    application = applications.access_application(actor=actor, application_id=case.application_id)
    if application.state in {"withdrawn", "closed"}:
        _end_consultations(case)
        return
    definition = application.version.definition
    system = definition.core_system if definition.handover_at is not None else None
    hand_over = case.hand_overs.order_by("-attempt").first()
    if system and hand_over is None and _is_due(application):
        _prepare(actor, case, system, asked_by=None)
    elif application.state == "decided" and _is_finished(application, system, hand_over):
        applications_actions.close(actor=actor, application_id=application.id)
        _end_consultations(case)


def _is_due(application: object) -> bool:
    """True from the moment that the definition names: sent, approved, or approved and paid."""
    definition = application.version.definition  # type: ignore[attr-defined]
    if definition.handover_at == "submission":
        return True
    outcome = applications.outcome_of(application)  # type: ignore[arg-type]
    if outcome is None or not outcome.granted:
        return False
    if definition.handover_at == "approval":
        return True
    return payments.all_paid(purpose=FEE, subject_id=application.id)  # type: ignore[attr-defined]


def _is_finished(application: object, system: str | None, hand_over: HandOver | None) -> bool:
    """True when nothing is open: a refusal is over once it was told; what was granted is paid and, where it must be, taken over."""
    outcome = applications.outcome_of(application)  # type: ignore[arg-type]
    if hand_over is not None and hand_over.state != HandOver.State.ACCEPTED:
        return False
    if outcome is None or not outcome.granted:
        return True
    if not payments.all_paid(purpose=FEE, subject_id=application.id):  # type: ignore[attr-defined]
        return False
    return system is None or hand_over is not None


def _prepare(actor: Actor, case: Case, system: str, *, asked_by: UUID | None) -> HandOver:
    attempt = case.hand_overs.count() + 1
    hand_over = HandOver(
        key_id=case.application.key_id,
        case=case,
        attempt=attempt,
        system=system,
        package=f"{case.application.number}.{attempt}",
        asked_by_id=asked_by,
    )
    hand_over.problem = ""
    hand_over.save()
    note(actor, "prepare_hand_over", case, facts=_facts(hand_over))
    jobs.defer("casework.hand_over", hand_over_id=str(hand_over.id))
    return hand_over


def _end_consultations(case: Case) -> None:
    """Sections that were asked for opinions lose their access once nothing is to be decided any more."""
    others = set(case.opinions.exclude(department_id=case.department_id).values_list("department_id", flat=True))
    for department_id in sorted(others):
        applications_actions.end_access(
            actor=Actor.system("casework.opinion"), application_id=case.application_id, department_id=department_id
        )


def _facts(hand_over: HandOver, **more: Fact) -> dict[str, Fact]:
    return {"hand_over": str(hand_over.id), "attempt": hand_over.attempt, "system": hand_over.system, **more}


@transaction.atomic
def clear_packages(*, actor: Actor, application_id: UUID) -> int:
    """Remove the packages and the answers of an application that was disposed of from its core systems' folders; returns how many packages.

    For the system; while the application stands nothing is removed. Raises `OSError`: the job tries again.
    """
    if not actor.is_system:
        raise ForbiddenError
    gone = HandOver.objects.filter(case__application_id=application_id, case__application__disposed_on__isnull=False)
    for hand_over in gone:
        results = hand_over.results.values_list("name", "sha256")
        seams.link_to(hand_over.system).forget(hand_over.package, results)
        audit.record(
            actor=actor,
            action="casework.clear_package",
            subject=("casework.case", hand_over.case_id),
            facts={"hand_over": str(hand_over.id), "system": hand_over.system},
        )
    return len(gone)
