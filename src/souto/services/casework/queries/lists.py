"""The smaller lists: proposals that wait for approval, hand-overs, answers of core systems, cases whose officer was not asked yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from souto.foundation.identity import queries as identity
from souto.kernel.actor import Actor
from souto.services.casework.city import rules
from souto.services.casework.models import Case, HandOver, OfficerFeedback, Proposal, ResultFile
from souto.services.casework.queries.access import APPROVE, VIEW, WORK, may, opinions_asked_of, visible_cases
from souto.services.casework.queries.standing import UNDECIDED, with_standing


def case_id_of(application_id: UUID) -> UUID | None:
    """The id of an application's case, for reactions of the system."""
    return Case.objects.filter(application_id=application_id).values_list("id", flat=True).first()


def cases_of_applications(application_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The ids of the cases of applications; whoever opens one passes its gate."""
    found = Case.objects.filter(application_id__in=list(application_ids))
    return dict(found.values_list("application_id", "id"))


def core_systems() -> list[str]:
    """The codes of every core system that is named by the city or was ever handed anything."""
    known = set(HandOver.objects.order_by().values_list("system", flat=True).distinct())
    return sorted(known | {system.code for system in rules().core_system})


def proposals_to_settle(actor: Actor) -> QuerySet[Proposal]:
    """The proposals that wait in the sections where the actor may approve, oldest first; one's own are among them, to be seen."""
    if not actor.is_staff or not actor.may(APPROVE):
        return Proposal.objects.none()
    sections = [d for d in actor.departments if APPROVE in identity.permissions_in(actor, d)]
    return (
        Proposal.objects.filter(state=Proposal.State.OPEN, case__department_id__in=sections)
        .select_related("case__application__version__procedure", "proposed_by", "case__department")
        .order_by("proposed_at")
    )


def hand_overs(*, actor: Actor, state: str = "") -> QuerySet[HandOver]:
    """The hand-overs of the actor's sections, newest first."""
    found = HandOver.objects.filter(case__in=visible_cases(actor)).select_related(
        "case__application__version__procedure", "asked_by"
    )
    return (found.filter(state=state) if state in HandOver.State.values else found).order_by("-prepared_at")


def may_retry(actor: Actor, hand_over: HandOver) -> bool:
    """True where another attempt can be made by this officer: the last one was refused."""
    if hand_over.state != HandOver.State.REFUSED or not may(actor, WORK, hand_over.case):
        return False
    return not HandOver.objects.filter(case=hand_over.case_id, attempt__gt=hand_over.attempt).exists()


def quarantined(*, actor: Actor) -> QuerySet[ResultFile]:
    """The result files in quarantine that nobody has seen to: those of the actor's sections, and those that name no package of anybody."""
    if not actor.is_system and not actor.may(VIEW):
        return ResultFile.objects.none()
    mine = Q(hand_over__case__in=visible_cases(actor)) | Q(hand_over__isnull=True)
    return (
        ResultFile.objects.filter(mine, state=ResultFile.State.QUARANTINED, settled_at__isnull=True)
        .select_related("hand_over__case__application")
        .order_by("-at")
    )


def waiting_for_me(actor: Actor) -> int | None:
    """How many undecided cases the actor is responsible for (badge of the queue)."""
    if not actor.is_staff or not actor.may(VIEW):
        return None
    mine = visible_cases(actor).filter(assignee_id=actor.id)
    return with_standing(mine).filter(standing__in=UNDECIDED - {"correction", "proposed"}).count()


def waiting_for_approval(actor: Actor) -> int | None:
    """How many proposals the actor can settle."""
    return proposals_to_settle(actor).exclude(proposed_by_id=actor.id).count() if actor.may(APPROVE) else None


def waiting_for_opinion(actor: Actor) -> int | None:
    """How many opinions are asked of the actor."""
    return opinions_asked_of(actor).count() if actor.is_staff and actor.may(VIEW) else None


def waiting_at_hand_over(actor: Actor) -> int | None:
    """How many hand-overs were refused without another attempt, and result files in quarantine."""
    if not actor.is_staff or not actor.may(VIEW):
        return None
    later = HandOver.objects.filter(case=OuterRef("case"), attempt__gt=OuterRef("attempt"))
    refused = hand_overs(actor=actor, state=HandOver.State.REFUSED).exclude(Exists(later)).count()
    return refused + quarantined(actor=actor).count()


def cases_to_rate(actor: Actor) -> QuerySet[Case]:
    """Closed cases that the actor was responsible for and has not said anything about (EX)."""
    said = OfficerFeedback.objects.filter(case=OuterRef("pk"), staff_id=actor.known_id)
    return visible_cases(actor).filter(assignee_id=actor.id, application__state="closed").exclude(Exists(said))
