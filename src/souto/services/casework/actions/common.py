"""What every write of this room begins with: the case, held for this transaction, and the checks that all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Fact
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, SoutoError
from souto.services.applications import queries as applications
from souto.services.casework.models import Case
from souto.services.casework.queries import access

#: Longest text that a member of staff writes, in characters.
MAX_WORDS = 2_000


class WordsMissingError(SoutoError):
    """Nothing was written where words are needed."""

    message = "内容を入力してください。"


class TooLongError(SoutoError):
    """More words than fit."""

    message = "文章は%(limit)s字までです（いま%(length)s字）。短くしてください。"


class CaseChangedError(ConflictError):
    """The page on which this was decided showed an older state of the case."""

    message = "この案件は、ほかの人が先に更新しました。最新の内容を確認してから、もう一度操作してください。"


def hold(actor: Actor, case_id: UUID, permission: str, *, version: int | None = None) -> Case:
    """The case, locked together with its application, for somebody with `permission` in its section.

    The application is always locked first, as its own actions do, so that nobody waits for the other in a circle. `version`: what the
    person saw; another one raises `CaseChangedError`.
    """
    seen = access.access_case(actor=actor, case_id=case_id)
    if not access.may(actor, permission, seen):
        raise ForbiddenError
    applications.access_handled_application(actor=actor, application_id=seen.application_id, lock=True)
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("application__version__procedure", "department")
        .get(pk=case_id)
    )
    if version is not None and case.version != version:
        raise CaseChangedError
    return case


def touch(case: Case, *fields: str) -> None:
    """Store `fields` of a held case under its next version."""
    case.version += 1
    case.save(update_fields=["version", *fields])


def words(text: str, *, field: str, needed: bool = True) -> str:
    """A text as a person wrote it, without null bytes and outer spaces; raises where it is missing or too long."""
    text = text.replace("\x00", "").strip()
    if needed and not text:
        raise WordsMissingError(field=field)
    if len(text) > MAX_WORDS:
        raise TooLongError(field=field, limit=MAX_WORDS, length=len(text))
    return text


def note(
    actor: Actor, verb: str, case: Case, *, fields: Iterable[str] = (), facts: Mapping[str, Fact] | None = None
) -> None:
    """Put an action on a case on record."""
    audit.record(
        actor=actor,
        action=f"casework.{verb}",
        subject=("casework.case", case.id),
        fields=fields,
        facts={"application": str(case.application_id), **(facts or {})},
    )
