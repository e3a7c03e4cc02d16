"""What the pages of the counter (窓口) show: procedures that may be taken in, drafts under way, and who came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from souto.foundation.identity import queries as identity
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.language import say
from souto.services.applications.attendance import CHECK_LABELS, IdentityCheck
from souto.services.applications.models import Application, Channel, Draft
from souto.services.applications.queries.access import WORK
from souto.services.procedures import queries as procedures

if TYPE_CHECKING:
    from souto.services.procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class CounterDraft:
    """A draft that an officer types: `name` of the applicant, "" where the register does not know her."""

    id: UUID
    title: str
    name: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Attended:
    """Who came to the counter, for staff. `check`: how identity was proved, as a text to translate ("" where it was not noted);
    `proxy`, `relation`: of a proxy, "" where the applicant came herself.
    """

    officer: str
    check: str
    proxy: str
    relation: str


def counter_procedures(actor: Actor) -> list[ProcedureVersion]:
    """The published procedures of the sections in which the officer works; none for everybody else."""
    if not actor.is_staff or not actor.may(WORK):
        return []
    codes = {department.code for department in identity.departments_of(actor)}
    return [version for version in procedures.list_published() if version.definition.department in codes]


def counter_drafts(actor: Actor, *, language: str) -> list[CounterDraft]:
    """The drafts that the officer has begun for others, last saved first."""
    if not actor.is_staff or not actor.may(WORK):
        return []
    codes = {department.code for department in identity.departments_of(actor)}
    rows = Draft.objects.filter(assisted_by_id=actor.id).select_related("version__procedure").order_by("-saved_at")
    mine = [row for row in rows if row.version.definition.department in codes]
    names = identity.display_names([row.person_id for row in mine if row.person_id is not None])
    return [
        CounterDraft(
            row.id,
            say(row.version.definition.title, language),
            names.get(row.person_id, "") if row.person_id else "",
            row.saved_at,
        )
        for row in mine
    ]


def attended(application: Application) -> Attended | None:
    """Who came to the counter; None for what came in another way. The caller has passed a gate."""
    if application.channel != Channel.COUNTER:
        return None
    opened = next((record for record in application.records.all() if record.name == "submit"), None)
    code = opened.facts.get("identity_check", "") if opened is not None else ""
    mandate = application.mandate or {}
    by_staff = application.submitter_kind == ActorKind.STAFF and application.submitter_id is not None
    return Attended(
        officer=identity.staff_name(application.submitter_id) if by_staff and application.submitter_id else "",
        check=CHECK_LABELS[IdentityCheck(code)] if code in set(IdentityCheck) else "",
        proxy=mandate.get("name", ""),
        relation=mandate.get("relation", ""),
    )
