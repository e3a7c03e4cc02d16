"""Everything that the page of a case shows, read once its gate has let the officer in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from souto.foundation.documents import queries as documents
from souto.foundation.documents.queries import Document, StoredFile
from souto.foundation.identity import queries as identity
from souto.foundation.identity.jpki.report import LABELS
from souto.foundation.retention.queries import Holding, holding_of
from souto.foundation.ui.components import Step
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.services.applications import queries as applications
from souto.services.casework.models import Case, HandOver, Note, Opinion, Proposal
from souto.services.casework.queries.access import APPROVE, ASSIGN, PROPOSE, WORK, may
from souto.services.casework.queries.standing import STANDINGS, UNDECIDED, Due, due_of, with_standing
from souto.services.payments import queries as payments

FEE = "applications.fee"
APPLICATION = "applications.application"
#: Somebody who opened the case within this time counts as looking at it.
_LOOKING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """A line of the signature's report."""

    label: str
    ok: bool
    made: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the applicant sent, to look at beside the answers."""

    label: str
    name: str
    file: StoredFile
    path: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of a case."""

    case: Case
    application: Any
    title: str
    name: str
    standing: str
    label: str
    chip: str
    due: Due
    sections: Sequence[applications.AnswerSection]
    changed: int
    comparisons: Sequence[applications.Comparison]
    signature: applications.SignatureReport | None
    checks: Sequence[SignatureCheck]
    needs_signature: bool
    profile: Any
    attended: applications.Attended | None
    attachments: Sequence[Attachment]
    timeline: Sequence[Step]
    notes: Sequence[Note]
    opinions: Sequence[Opinion]
    proposal: Proposal | None
    returned: Proposal | None
    outcome: str
    proposed_outcome: str
    decision: Any
    correction: Any
    asked: Sequence[tuple[str, str]]
    charges: Sequence[Any]
    hand_overs: Sequence[HandOver]
    documents: Sequence[Document]
    viewers: Sequence[str]
    holding: Holding
    may: dict[str, bool] = field(default_factory=dict)


def case_page(case: Case, *, actor: Actor, language: str) -> CasePage:
    """Read everything about a case for its page; the caller has passed `access_case`."""
    application = applications.access_application(actor=actor, application_id=case.application_id)
    standing = standing_of(case)
    label, chip = STANDINGS[standing]
    sections = applications.answers_view(application, language)
    signature = applications.signature_report(application)
    outcome = applications.outcome_of(application)
    proposal = open_proposal(case)
    profile = identity.profile_of(application.person_id) if application.person_id else None
    name = (identity.person_display_name(application.person_id) if application.person_id else "") or (
        application.contact["name"]
    )
    correction = applications.open_correction(application)
    labels = {row.path: row.label for part in sections for row in part.rows}
    return CasePage(
        case=case,
        application=application,
        title=say(application.version.definition.title, language),
        name=name,
        standing=standing,
        label=label,
        chip=chip,
        due=due_of(case),
        sections=sections,
        changed=sum(row.changed for part in sections for row in part.rows),
        comparisons=applications.identity_comparison(application, language=language),
        signature=signature,
        checks=_checks(signature),
        needs_signature=application.version.definition.signature,
        profile=profile,
        attended=applications.attended(application),
        attachments=attachments_in(sections),
        timeline=_timeline(case, application, language),
        notes=list(case.notes.select_related("by").order_by("-at")),
        opinions=list(case.opinions.select_related("department", "asked_of", "asked_by", "answered_by")),
        proposal=proposal,
        returned=last_return(case),
        outcome=say(outcome.label, language) if outcome else "",
        proposed_outcome=outcome_label(application, proposal.outcome, language) if proposal else "",
        decision=applications.decision_of(application),
        correction=correction,
        asked=[(labels.get(i["path"], i["path"]), i["reason"]) for i in correction.items] if correction else [],
        charges=payments.charges_for(purpose=FEE, subject_id=application.id),
        hand_overs=list(case.hand_overs.order_by("-attempt")),
        documents=documents.documents_of(purpose="applications.notice", subject_id=application.id),
        viewers=_viewers(case, actor),
        holding=holding_of(actor=actor, kind=APPLICATION, record=applications.record_of(application)),
        may=_may(case, actor, standing, proposal),
    )


def standing_of(case: Case) -> str:
    """Where one case stands."""
    found: str = with_standing(Case.objects.filter(pk=case.pk)).values_list("standing", flat=True).get()
    return found


def open_proposal(case: Case) -> Proposal | None:
    """The proposal that waits for the second person."""
    return case.proposals.select_related("proposed_by").filter(state=Proposal.State.OPEN).first()


def last_return(case: Case) -> Proposal | None:
    """The last proposal where it was given back: its remark tells the officer what to mend."""
    last = case.proposals.select_related("settled_by").last()
    return last if last is not None and last.state == Proposal.State.RETURNED else None


def answered_opinions(case: Case) -> list[Opinion]:
    """The opinions that came."""
    return list(case.opinions.filter(answered_at__isnull=False).select_related("department", "answered_by"))


def outcome_label(application: Any, code: str, language: str) -> str:
    """The label of an outcome of the application's procedure."""
    found = next((o for o in application.version.definition.outcomes if o.code == code), None)
    return say(found.label, language) if found else code


def _may(case: Case, actor: Actor, standing: str, proposal: Proposal | None) -> dict[str, bool]:
    """What this officer can do now; the actions check again."""
    undecided = standing in UNDECIDED
    free = undecided and proposal is None
    second = case.application.kind == "application"
    works, proposes = may(actor, WORK, case), may(actor, PROPOSE, case)
    asked = standing == "correction"
    last = case.hand_overs.order_by("-attempt").first()
    overdue = asked and (c := applications.open_correction(case.application)) is not None and c.due_on < clock.today()
    can_decide = free and (not asked or overdue)
    return {
        "take": works and case.assignee_id != actor.id and standing not in {"closed", "withdrawn"},
        "assign": may(actor, ASSIGN, case) and standing not in {"closed", "withdrawn"},
        "note": works,
        "ask": works and undecided,
        "correct": works and free and not asked,
        "cancel_correction": works and asked,
        "propose": proposes and second and can_decide,
        "settle": works and not second and can_decide,
        "cancel_proposal": proposal is not None and proposal.proposed_by_id == actor.id,
        "approve": proposal is not None and proposal.proposed_by_id != actor.id and may(actor, APPROVE, case),
        "hand_over_again": works and last is not None and last.state == HandOver.State.REFUSED,
        "feedback": works
        and case.application.state == "closed"
        and not case.feedback.filter(staff_id=actor.known_id).exists(),
    }


def _checks(signature: applications.SignatureReport | None) -> list[SignatureCheck]:
    if signature is None:
        return []
    found = [
        SignatureCheck(LABELS[c["name"]], c["ok"], c.get("made", True), c["detail"])
        for c in signature.report.get("checks", [])
        if c["name"] in LABELS
    ]
    found.append(
        SignatureCheck(
            _("署名した内容と、送られた内容が同じであること"),
            signature.covers and signature.intact,
            made=True,
            detail=_("いまの提出内容に対する署名です。")
            if signature.covers and signature.intact
            else _("署名の後に内容が変わっています。"),
        )
    )
    return found


def attachments(application: Any, language: str) -> list[Attachment]:
    """The files of the current submission; the caller has passed the application's gate."""
    return attachments_in(applications.answers_view(application, language))


def attachments_in(sections: Sequence[applications.AnswerSection]) -> list[Attachment]:
    """The files that stand in answers."""
    found = []
    system = Actor.system("casework.page")
    for part in sections:
        for row in part.rows:
            for item in row.files:
                stored = documents.access_file(actor=system, file_id=item.file_id)
                found.append(Attachment(row.label, item.name, stored, row.path))
    return found


def _viewers(case: Case, actor: Actor) -> list[str]:
    since = clock.real_now() - _LOOKING
    seen = case.viewings.filter(at__gte=since).exclude(staff_id=actor.known_id).select_related("staff").order_by("-at")
    return [viewing.staff.name for viewing in seen]


def _timeline(case: Case, application: Any, language: str) -> list[Step]:
    """What happened to the application and to its case, newest first."""
    told = applications.timeline(application, applications.Audience.STAFF, language=language)
    coming = [Step(h.title, h.at, h.by, h.body, coming=True) for h in told if h.coming]
    happened = [Step(h.title, h.at, h.by, h.body) for h in told if not h.coming]
    happened += [*_assigned(case), *_proposed(case, application, language), *_asked(case), *_handed(case)]
    happened.sort(key=lambda step: str(step.at), reverse=True)
    if happened:
        first = happened[0]
        happened[0] = Step(first.title, first.at, first.by, first.body, current=True)
    return [*coming, *happened]


def _assigned(case: Case) -> list[Step]:
    return [
        Step(_("担当：%(name)s") % {"name": a.staff.name} if a.staff else _("担当を外しました"), a.at, a.by.name)
        for a in case.assignments.select_related("staff", "by")
    ]


def _proposed(case: Case, application: Any, language: str) -> list[Step]:
    found = []
    titles = {
        Proposal.State.APPROVED: _("決裁しました"),
        Proposal.State.RETURNED: _("起案を差し戻しました"),
        Proposal.State.CANCELLED: _("起案を取り消しました"),
    }
    for p in case.proposals.select_related("proposed_by", "settled_by"):
        label = outcome_label(application, p.outcome, language)
        found.append(Step(_("起案しました：%(outcome)s") % {"outcome": label}, p.proposed_at, p.proposed_by.name))
        if p.settled_at is not None:
            by = p.settled_by.name if p.settled_by else ""
            found.append(Step(titles[Proposal.State(p.state)], p.settled_at, by, p.remark))
    return found


def _asked(case: Case) -> list[Step]:
    found = []
    for o in case.opinions.select_related("department", "asked_of", "asked_by", "answered_by"):
        whom = o.asked_of.name if o.asked_of else o.department.name
        found.append(Step(_("意見を求めました：%(whom)s") % {"whom": whom}, o.asked_at, o.asked_by.name))
        if o.answered_at is not None and o.answered_by is not None:
            title = _("意見が届きました：%(answer)s") % {"answer": _(str(o.get_answer_display()))}
            found.append(Step(title, o.answered_at, o.answered_by.name))
    return found


def _handed(case: Case) -> list[Step]:
    found = []
    for h in case.hand_overs.all():
        if h.sent_at is not None:
            found.append(Step(_("基幹システムへ引き渡しました"), h.sent_at, "", h.package))
        if h.state == HandOver.State.ACCEPTED:
            found.append(Step(_("基幹システムが受け入れました"), h.answered_at, "", h.number))
        elif h.state == HandOver.State.REFUSED:
            found.append(Step(_("基幹システムへの引き渡しが差し戻されました"), h.answered_at, "", h.problem))
    return found
