"""Two questions to the officer when a case has ended (EX)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, SoutoError
from souto.services.casework.actions.common import note, words
from souto.services.casework.events import OfficerFeedbackGiven
from souto.services.casework.models import OfficerFeedback
from souto.services.casework.queries import access


class ChooseError(SoutoError):
    """A question without an answer."""

    message = "1から5のうち、1つを選んでください。"


class NotEndedError(SoutoError):
    """The case is still under way."""

    message = "回答できるのは、案件が終わってからです。"


class GivenError(ConflictError):
    """Once for each person and case."""

    message = "この案件の2つの質問には、回答済みです。"


@transaction.atomic
def give_feedback(
    *, actor: Actor, case_id: UUID, ease: int | None, satisfaction: int | None, comment: str = ""
) -> OfficerFeedback:
    """Answer both questions from 1 to 5, with a remark if one likes; once for each person and case."""
    case = access.access_case(actor=actor, case_id=case_id)
    if not actor.is_staff or not access.may(actor, access.WORK, case):
        raise ForbiddenError
    if case.application.state != "closed":
        raise NotEndedError
    if ease is None or not 1 <= ease <= 5:
        raise ChooseError(field="ease")
    if satisfaction is None or not 1 <= satisfaction <= 5:
        raise ChooseError(field="satisfaction")
    given = OfficerFeedback(
        key_id=case.application.key_id, case=case, staff_id=actor.known_id, ease=ease, satisfaction=satisfaction
    )
    given.comment = words(comment, field="comment", needed=False)
    try:
        with transaction.atomic():
            given.save(force_insert=True)
    except IntegrityError:
        raise GivenError from None
    # Not which grade: the trail says that somebody answered, the answer stands in the erasable row.
    note(actor, "give_feedback", case, facts={"feedback": str(given.id)})
    events.publish(OfficerFeedbackGiven(case.id), actor=actor)
    return given
