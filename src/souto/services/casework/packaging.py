"""From an application to the package that its core system takes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from souto.foundation.documents import queries as documents
from souto.foundation.ui.city import city
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.applications import queries as applications
from souto.services.casework.city import core_system
from souto.services.casework.handover import Package, Part
from souto.services.casework.handover.package import json_bytes
from souto.services.casework.models import HandOver

_SUFFIX = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}


def build(actor: Actor, hand_over: HandOver) -> Package:
    """The package of a hand-over: the same bytes whenever it is built, for submissions, decisions and files never change.

    Raises `UnwritableCharacterError` where a declared CSV table cannot say a character, and what `documents.open_file` raises.
    """
    application = applications.access_application(actor=actor, application_id=hand_over.case.application_id)
    submission = applications.current_submission(application)
    envelope = applications.gif_envelope(application)
    about = _about(application, submission.revision, hand_over)
    parts = [
        Part("answers.json", applications.content_of(submission), "application/json"),
        Part("envelope.json", json_bytes(envelope), "application/json"),
    ]
    table = core_system(hand_over.system).columns_for(application.version.definition.slug)
    if table is not None:
        items = envelope["B票"]["内容"]["項目"]
        answers = {item["パス"]: " ".join(item["表示"]) for item in items}
        parts.append(Part(table.name, table.write(application=about, answers=answers), "text/csv"))
    for number, item in enumerate(applications.attachments_of(submission), start=1):
        stored, content = documents.open_file(actor=actor, file_id=UUID(item["file_id"]))
        with content:
            body = content.read()
        name = f"attachments/{number:02d}.{_SUFFIX.get(stored.media_type, 'bin')}"
        parts.append(Part(name, body, stored.media_type, title=item["name"]))
    return Package(hand_over.package, hand_over.system, about, tuple(parts))


def _about(application: Any, revision: int, hand_over: HandOver) -> dict[str, Any]:
    decision, outcome = applications.decision_of(application), applications.outcome_of(application)
    found: dict[str, Any] = {
        "id": str(application.id),
        "number": application.number,
        "attempt": hand_over.attempt,
        "procedure": application.version.definition.slug,
        "version": application.version.number,
        "revision": revision,
        "submitted_on": clock.local_date(application.submitted_at).isoformat(),
        "city": city().lg_code,
        "department": application.department_code,
        "prepared_at": hand_over.prepared_at.isoformat(),
        "sample": application.is_demo,
    }
    if decision is not None and outcome is not None:
        found["outcome"] = outcome.code
        found["granted"] = outcome.granted
        found["decided_on"] = clock.local_date(decision.at).isoformat()
    return found
