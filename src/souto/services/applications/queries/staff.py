"""What staff need beside the answers: whether the person is the one the card proved, and what the signature says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from souto.foundation.identity import queries as identity
from souto.kernel.language import say
from souto.kernel.text.names import Agreement, names_agree
from souto.services.applications import canonical
from souto.services.applications.models import Application, Submission
from souto.services.applications.queries.answers import content_of, current_submission, is_intact


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field that a fact of the city stands behind: what was sent, what the card or register says now.

    `agreement`: the evidence character by character for names and addresses, None for other fields.
    """

    path: str
    label: str
    answered: str
    known: str
    same: bool
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """A signature over a submission. `covers`: it was made over exactly the content that stands in the submission; `intact`: that content is
    still what was committed to when it was sent. `revision`: the submission that was signed; `is_current` False where a later correction
    needed no new signature. `report` is the verification report of `identity`.
    """

    ok: bool
    covers: bool
    intact: bool
    digest: str
    signed_at: datetime
    report: dict[str, Any]
    revision: int
    is_current: bool


def identity_comparison(application: Application, *, language: str = "ja") -> list[Comparison]:
    """Each visible field that has a prefill: the answer beside what card and register say now."""
    if application.person_id is None:
        return []
    profile = identity.profile_of(application.person_id)
    known = {
        "card.name": profile.card_name,
        "card.address": profile.card_address,
        "card.birth_date": profile.birth_date,
        "card.sex": profile.sex,
        "register.name_kana": profile.name_kana,
    }
    masks = {"card.name": profile.name_substituted, "card.address": profile.address_substituted}
    answers = current_submission(application).payload["answers"]
    found = []
    for _, field in application.version.definition.all_fields():
        fact = known.get(field.prefill or "")
        if not fact or answers.get(field.key) is None:
            continue
        expected = field.from_fact(fact, known)
        answered = " ".join(field.display(answers[field.key], language=language))
        shown = fact if expected is None else " ".join(field.display(expected, language=language))
        agreement = (
            names_agree(shown, answered, substituted=masks.get(field.prefill or "", "")) if _is_text(fact) else None
        )
        same = answers[field.key] == expected or (agreement is not None and agreement.agrees)
        found.append(Comparison(field.key, say(field.label, language), answered, shown, same, agreement))
    return found


def signature_report(application: Application) -> SignatureReport | None:
    """What the newest signature says; None where none was made."""
    signed = application.submissions.filter(signing_id__isnull=False).order_by("-revision").first()
    return None if signed is None else signature_of(signed)


def signature_of(submission: Submission) -> SignatureReport | None:
    """What the signature over a submission says."""
    if submission.signing_id is None:
        return None
    signature = identity.signature_by_id(submission.signing_id)
    if signature is None:
        return None
    digest = canonical.digest(content_of(submission))
    return SignatureReport(
        ok=signature.ok,
        covers=signature.content_digest == digest,
        intact=is_intact(submission),
        digest=digest,
        signed_at=signature.signed_at,
        report=signature.report,
        revision=submission.revision,
        is_current=submission == current_submission(submission.application),
    )


def _is_text(fact: str) -> bool:
    return not fact.isdigit() and not fact[:4].isdigit()
