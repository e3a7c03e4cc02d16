"""What the applicant thinks of the procedure, asked once after the end (CX)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from souto.foundation.audit import actions as audit
from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.services.applications.events import FeedbackGiven
from souto.services.applications.lifecycle import State
from souto.services.applications.models import Feedback
from souto.services.applications.queries.access import access_own_application

SCALE = range(1, 6)
MAX_COMMENT = 1_000


class FeedbackTooEarlyError(ConflictError):
    """The application is not settled yet."""

    message = "結果が決まってから、ご意見をお聞きします。"


class FeedbackGivenError(ConflictError):
    """The questions were answered already."""

    message = "この申請へのご意見は、すでにいただいています。"


class ChooseOneError(SoutoError):
    """One of the two questions has no answer."""

    message = "5つの中から1つ選んでください。"


class CommentTooLongError(SoutoError):
    """More words than the comment holds."""

    message = "ご意見は%(limit)s字までです（いま%(length)s字）。短くしてください。"


@transaction.atomic
def give_feedback(
    *, actor: Actor, application_id: UUID, ease: int, satisfaction: int, comment: str = "", token: str = ""
) -> Feedback:
    """Keep the answers to the two questions: how easy (1 to 5), how satisfied (1 to 5); once an application."""
    application = access_own_application(actor=actor, application_id=application_id, token=token, lock=True)
    if application.state not in {State.DECIDED, State.CLOSED}:
        raise FeedbackTooEarlyError
    for field, value in (("ease", ease), ("satisfaction", satisfaction)):
        if value not in SCALE:
            raise ChooseOneError(field=field)
    comment = comment.replace("\x00", "").strip()
    if len(comment) > MAX_COMMENT:
        raise CommentTooLongError(field="comment", limit=MAX_COMMENT, length=len(comment))
    feedback = Feedback(key_id=application.key_id, application=application, ease=ease, satisfaction=satisfaction)
    feedback.comment = comment
    try:
        with transaction.atomic():
            feedback.save(force_insert=True)
    except IntegrityError:
        raise FeedbackGivenError from None
    audit.record(
        actor=actor,
        action="applications.give_feedback",
        subject=("applications.application", application.id),
        facts={"ease": ease, "satisfaction": satisfaction},
    )
    events.publish(FeedbackGiven(application.id), actor=actor)
    return feedback
