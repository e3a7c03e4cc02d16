"""Answers as people read them: page by page, field by field, with what a correction changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from souto.foundation.identity import queries as identity
from souto.foundation.ui.maps import MapContent, Marker
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.kernel.language import say
from souto.services.applications import canonical, paths
from souto.services.applications.models import Application, Draft, Submission
from souto.services.procedures.definition import Definition
from souto.services.procedures.definition.fields import FieldBase, FileField, GroupField, MapPointField


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of an answer."""

    file_id: UUID
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer: `lines` as shown, `before` as it was in the submission compared with ("" lines where it was new)."""

    path: str
    label: str
    lines: tuple[str, ...]
    changed: bool = False
    before: tuple[str, ...] = ()
    verified: bool = False
    files: tuple[FileRef, ...] = ()
    #: The place of the answer (latitude, longitude, degrees), and whether the applicant named a landmark for it.
    point: tuple[float, float] | None = None
    by_landmark: bool = False

    @property
    def map(self) -> MapContent | None:
        """The place of the answer, to be drawn."""
        if self.point is None:
            return None
        lat, lng = self.point
        label = gettext("場所の地図：%(place)s") % {"place": self.lines[0]}
        return MapContent(label=label, markers=(Marker(lat, lng, tone="error"),), max_zoom=16)


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of a page, or of one row of a repeating group."""

    key: str
    title: str
    rows: tuple[AnswerRow, ...] = field(default_factory=tuple)


def sections(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    language: str,
    before: Mapping[str, Any] | None = None,
    shown: Iterable[str] | None = None,
) -> list[AnswerSection]:
    """`answers` in the order of the pages; each row of a group is a section of its own.

    `before`: earlier answers, whose differences are marked. `shown`: paths that appear although nothing was answered (an optional
    question that was asked). Fields that were not asked do not appear.
    """
    asked = frozenset(shown or ())
    found: list[AnswerSection] = []
    for page in definition.pages:
        rows: list[AnswerRow] = []
        groups: list[AnswerSection] = []
        for item in page.fields:
            if isinstance(item, GroupField):
                groups += _group(item, answers, language, before, asked)
            elif (row := _row(item, item.key, answers, language, before, asked)) is not None:
                rows.append(row)
        if rows:
            found.append(AnswerSection(page.key, say(page.title, language), tuple(rows)))
        found += [AnswerSection(page.key, g.title, g.rows) for g in groups]
    return found


def _group(
    group: GroupField,
    answers: Mapping[str, Any],
    language: str,
    before: Mapping[str, Any] | None,
    asked: frozenset[str],
) -> list[AnswerSection]:
    ids = [row["id"] for row in answers.get(group.key) or ()]
    gone = [row["id"] for row in (before or {}).get(group.key) or () if row["id"] not in ids]
    parts = []
    for number, row_id in enumerate([*ids, *gone], start=1):
        rows = [
            row
            for item in group.fields
            if (row := _row(item, f"{group.key}/{row_id}/{item.key}", answers, language, before, asked)) is not None
        ]
        if rows:
            parts.append(AnswerSection(group.key, f"{say(group.row_label, language)} {number}", tuple(rows)))
    return parts


def _row(
    item: FieldBase,
    path: str,
    answers: Mapping[str, Any],
    language: str,
    before: Mapping[str, Any] | None,
    asked: frozenset[str],
) -> AnswerRow | None:
    value = paths.get(answers, path)
    old = None if before is None else paths.get(before, path)
    if value is None and old is None and path not in asked:
        return None
    changed = before is not None and value != old
    return AnswerRow(
        path=path,
        label=say(item.label, language),
        lines=tuple(item.display(value, language=language)) if value is not None else (),
        changed=changed,
        before=tuple(item.display(old, language=language)) if changed and old is not None else (),
        verified=item.verified,
        files=tuple(_file(f) for f in value or ()) if isinstance(item, FileField) else (),
        point=(value["lat"], value["lng"]) if isinstance(item, MapPointField) and value is not None else None,
        by_landmark=isinstance(item, MapPointField) and value is not None and "landmark" in value,
    )


def _file(item: Mapping[str, Any]) -> FileRef:
    return FileRef(UUID(item["file_id"]), item["name"], item["size"], item["sha256"])


def current_submission(application: Application) -> Submission:
    """The submission that counts: the last one."""
    return application.submissions.order_by("-revision")[0]


def previous_submission(application: Application) -> Submission | None:
    """The submission before the current one."""
    return application.submissions.order_by("-revision")[1:2].first()


def changed_paths(application: Application) -> frozenset[str]:
    """What the last correction changed; empty before any."""
    previous = previous_submission(application)
    if previous is None:
        return frozenset()
    return paths.changed(previous.payload["answers"], current_submission(application).payload["answers"])


def answers_view(application: Application, language: str) -> list[AnswerSection]:
    """The current answers, what the last correction changed marked with what stood there before."""
    previous = previous_submission(application)
    return sections(
        application.version.definition,
        current_submission(application).payload["answers"],
        language=language,
        before=None if previous is None else previous.payload["answers"],
    )


def attachments_of(submission: Submission) -> list[canonical.Attachment]:
    """The files of a submission: path, stored file, SHA-256, name, size."""
    answers = submission.payload["answers"]
    definition = submission.application.version.definition
    return canonical.attachments({p: paths.get(answers, p) or () for p in definition.file_paths(answers)})


def canonical_bytes(record: Draft | Application, answers: Mapping[str, Any]) -> bytes:
    """The canonical bytes of `answers` to the procedure of a draft or application, as a signature covers them."""
    definition = record.version.definition
    return canonical.content(
        application_id=record.id,
        procedure=definition.slug,
        version=record.version.number,
        answers=answers,
        attachments=canonical.attachments({p: paths.get(answers, p) or () for p in definition.file_paths(answers)}),
    )


def content_of(submission: Submission) -> bytes:
    """The canonical bytes of a submission."""
    return canonical_bytes(submission.application, submission.payload["answers"])


def is_intact(submission: Submission) -> bool:
    """True when the stored answers are those whose commitment was recorded when they were sent."""
    salt = bytes.fromhex(submission.payload["salt"])
    return canonical.commitment(content_of(submission), salt=salt) == submission.commitment


def is_signed(
    *, actor: Actor, signing_id: UUID | None, record: Draft | Application, answers: Mapping[str, Any]
) -> bool:
    """True when a verified signature of the actor covers exactly what would be sent now."""
    if signing_id is None:
        return False
    try:
        signature = identity.get_signature(actor=actor, signing_id=signing_id)
    except NotFoundError:
        return False
    return signature.ok and signature.content_digest == canonical.digest(canonical_bytes(record, answers))
