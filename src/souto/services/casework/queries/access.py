"""The gates: who may load a case, an opinion, a hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from souto.foundation.identity import queries as identity
from souto.foundation.vault.erasure import DisposedError
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.casework.models import Case, HandOver, Opinion, ResultFile

VIEW, WORK, PROPOSE, ASSIGN, APPROVE = (
    "casework.view",
    "casework.work",
    "casework.propose",
    "casework.assign",
    "casework.approve",
)


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases of the actor's sections; all of them for the system. Those that were disposed of stand on their list only."""
    kept = Case.objects.filter(application__disposed_on__isnull=True)
    if actor.is_system:
        return kept
    if actor.is_staff and actor.may(VIEW):
        return kept.filter(department_id__in=actor.departments)
    return Case.objects.none()


def access_case(*, actor: Actor, case_id: UUID) -> Case:
    """The case, for staff of its section and for the system. Raises `NotFoundError` and `HiddenError`."""
    case = _whole().filter(pk=case_id).first()
    if case is None:
        raise NotFoundError
    if not sees(actor, case):
        raise HiddenError("casework.case", case_id)
    return _kept(case)


def case_of_application(*, actor: Actor, application_id: UUID) -> Case:
    """The case of an application, through the same gate."""
    case = _whole().filter(application_id=application_id).first()
    if case is None:
        raise NotFoundError
    if not sees(actor, case):
        raise HiddenError("casework.case", case.id)
    return _kept(case)


def access_opinion(*, actor: Actor, opinion_id: UUID) -> Opinion:
    """An opinion, for whom it was asked of and for the section that asked. The one asked keeps it for as long as the case is undecided."""
    opinion = Opinion.objects.select_related("case", "department", "asked_of").filter(pk=opinion_id).first()
    if opinion is None:
        raise NotFoundError
    if not sees(actor, opinion.case) and not (may_answer(actor, opinion) and _granted(opinion)):
        raise HiddenError("casework.opinion", opinion_id)
    _kept(opinion.case)
    return opinion


def access_hand_over(*, actor: Actor, hand_over_id: UUID) -> HandOver:
    """A hand-over, for the section whose case it is."""
    found = HandOver.objects.select_related("case").filter(pk=hand_over_id).first()
    if found is None:
        raise NotFoundError
    if not sees(actor, found.case):
        raise HiddenError("casework.handover", hand_over_id)
    _kept(found.case)
    return found


def access_result_file(*, actor: Actor, result_id: UUID) -> ResultFile:
    """A result file: for the section whose package it names; one that names none, for every section with cases."""
    found = ResultFile.objects.select_related("hand_over__case").filter(pk=result_id).first()
    if found is None:
        raise NotFoundError
    allowed = sees(actor, found.hand_over.case) if found.hand_over else actor.is_system or actor.may(VIEW)
    if not allowed:
        raise HiddenError("casework.resultfile", result_id)
    return found


def sees(actor: Actor, case: Case) -> bool:
    """True for the system and for staff of the case's section."""
    return actor.is_system or (actor.is_staff and actor.may(VIEW) and case.department_id in actor.departments)


def may(actor: Actor, permission: str, case: Case) -> bool:
    """True when the actor holds the permission *in the case's section*: a chief elsewhere is no chief here."""
    if actor.is_system:
        return True
    if not sees(actor, case) or not actor.may(permission):
        return False
    return len(actor.departments) == 1 or permission in identity.permissions_in(actor, case.department_id)


def may_answer(actor: Actor, opinion: Opinion) -> bool:
    """True for the person asked, or, where a section was asked, for its staff."""
    if not actor.is_staff or not actor.may(VIEW):
        return False
    if opinion.asked_of_id is not None:
        return opinion.asked_of_id == actor.id
    return opinion.department_id in actor.departments


def opinions_asked_of(actor: Actor) -> QuerySet[Opinion]:
    """The opinions that wait for the actor, oldest first."""
    if not actor.is_staff or not actor.may(VIEW):
        return Opinion.objects.none()
    mine = Q(asked_of_id=actor.id) | Q(asked_of__isnull=True, department_id__in=actor.departments)
    return (
        Opinion.objects.filter(mine, answered_at__isnull=True, withdrawn_at__isnull=True)
        .exclude(asked_by_id=actor.id)
        .select_related("case__application__version__procedure", "case__department", "asked_by")
    )


def _granted(opinion: Opinion) -> bool:
    return (
        opinion.department_id == opinion.case.department_id
        or opinion.case.application.grants.filter(department_id=opinion.department_id, ended_at__isnull=True).exists()
    )


def _kept(case: Case) -> Case:
    """The case, unless its application was disposed of: then `DisposedError`."""
    if case.application.disposed_on is not None:
        raise DisposedError(case.application.disposed_on, case.application.disposed_under)
    return case


def _whole() -> QuerySet[Case]:
    return Case.objects.select_related("application__version__procedure", "department", "assignee")


def subjects_numbered(text: str) -> list[tuple[str, UUID]]:
    """The case of the application with this number, as the auditor's desk names it; no personal data."""
    found = Case.objects.filter(application__number=text.strip().upper()).values_list("id", flat=True)
    return [("casework.case", case_id) for case_id in found]


def pages_of_applications(ids: Sequence[UUID], *, actor: Actor) -> dict[UUID, str]:
    """The address of the case of each of these applications whose case the actor sees; for the rows behind a figure."""
    cases = visible_cases(actor).filter(application_id__in=ids).values_list("application_id", "id")
    return {application: reverse("casework_staff:case", args=[case]) for application, case in cases}
