"""Taking files in, throwing them away, making documents."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from souto.foundation.audit.actions import Outcome, record
from souto.foundation.documents import intake, queries, seams
from souto.foundation.documents.intake import Limits
from souto.foundation.documents.models import Document, DocumentState, ScanState, StoredFile
from souto.foundation.vault.erasure import Erasure
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.kernel.language import LocalText

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "discard_file",
    "erase",
    "hand_over_files",
    "keep_document",
    "make_document",
    "note_document_opened",
    "note_file_opened",
    "render_again",
    "store_upload",
]

DEFAULT_LIMITS = Limits()


def store_upload(
    *,
    actor: Actor,
    purpose: str,
    subject_id: UUID,
    name: str,
    content: IO[bytes] | File[Any],
    limits: Limits = DEFAULT_LIMITS,
) -> StoredFile:
    """Take one file in, sealed; the calling room has checked that `actor` may add to `subject_id`.

    Raises an `intake.UploadError` that says what to do; then nothing was stored. Without a scanner the file is marked as not
    scanned; while the scanner does not answer it waits and nobody can open it.
    """
    raw = content.file if isinstance(content, File) and content.file is not None else content
    found = intake.examine(raw, limits=limits)
    scan = _scan(raw)
    if scan is ScanState.INFECTED:
        record(
            actor=actor,
            action="documents.upload",
            outcome=Outcome.REFUSED,
            subject=(purpose, subject_id),
            facts={"scan": scan},
        )
        raise intake.InfectedFileError
    with transaction.atomic():
        stored = StoredFile(
            purpose=purpose,
            subject_id=subject_id,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            scan=scan,
            scanned_at=clock.real_now() if scan is ScanState.CLEAN else None,
            uploaded_by_kind=actor.kind,
            uploaded_by_id=actor.id,
        )
        stored.name = intake.clean_name(name, media_type=found.media_type)
        raw.seek(0)
        # The bytes are safe before the row: a rolled-back row leaves a sealed orphan, never a row without a file.
        default_storage.save(stored.path, File(raw, name=stored.path))
        stored.save()
        record(
            actor=actor,
            action="documents.upload",
            subject=(purpose, subject_id),
            facts={"file": str(stored.id), "type": found.media_type, "size": found.size, "scan": scan.value},
        )
        if scan is ScanState.WAITING:
            jobs.defer("documents.scan", file_id=str(stored.id))
    return stored


def _scan(content: IO[bytes]) -> ScanState:
    scanner = seams.scanner()
    if scanner is None:
        return ScanState.NOT_SCANNED
    content.seek(0)
    try:
        return scanner.scan(content).state
    except seams.ScannerUnavailableError:
        return ScanState.WAITING


@transaction.atomic
def discard_file(*, actor: Actor, file_id: UUID) -> None:
    """Throw a file away for good (its key is destroyed); the row stays as the record that it was there."""
    stored = StoredFile.objects.select_for_update().filter(pk=file_id, discarded_at__isnull=True).first()
    if stored is None:
        return
    stored.discarded_at = clock.now()
    stored.save(update_fields=["discarded_at"])
    record(
        actor=actor,
        action="documents.discard",
        subject=(stored.purpose, stored.subject_id),
        facts={"file": str(file_id)},
    )
    transaction.on_commit(Erasure((stored.key_id,), (stored.path,)).carry_out)


@transaction.atomic
def erase(*, actor: Actor, purposes: Collection[str], subject_id: UUID) -> Erasure:
    """Give up every file and document of a record that is disposed of; the caller carries the answer out once it has committed.

    For the system only. The rows stay as the record that something was there, with types and sizes and without names.
    """
    if not actor.is_system:
        raise ForbiddenError
    files = StoredFile.objects.select_for_update().filter(purpose__in=purposes, subject_id=subject_id)
    kept = list(files.filter(discarded_at__isnull=True))
    documents = list(Document.objects.select_for_update().filter(purpose__in=purposes, subject_id=subject_id))
    StoredFile.objects.filter(pk__in=[f.pk for f in kept]).update(discarded_at=clock.now())
    gone: list[StoredFile | Document] = [*kept, *documents]
    for purpose in sorted({one.purpose for one in gone}):
        count = sum(one.purpose == purpose for one in gone)
        record(actor=actor, action="documents.erase", subject=(purpose, subject_id), facts={"files": count})
    return Erasure(
        tuple(one.key_id for one in gone),
        tuple(one.path for one in gone),
        {"attachments": len(kept), "documents": len(documents)},
    )


@transaction.atomic
def hand_over_files(*, actor: Actor, purpose: str, from_subject: UUID, to_purpose: str, to_subject: UUID) -> int:
    """Move the files of a draft to the record that it became; returns how many."""
    moved = StoredFile.objects.filter(purpose=purpose, subject_id=from_subject, discarded_at__isnull=True).update(
        purpose=to_purpose, subject_id=to_subject
    )
    if moved:
        record(actor=actor, action="documents.hand_over", subject=(to_purpose, to_subject), facts={"files": moved})
    return moved


@transaction.atomic
def make_document(
    *,
    actor: Actor,
    purpose: str,
    subject_id: UUID,
    template: str,
    data: Mapping[str, Any],
    language: str,
    title: LocalText,
    person_visible: bool = True,
) -> Document:
    """Ask for a PDF: the row exists at once, the job `documents.render` sets it. `data` is JSON, printed literally."""
    seams.template_path(template)
    document = Document(
        purpose=purpose,
        subject_id=subject_id,
        template=template,
        title=dict(title),
        language=language,
        person_visible=person_visible,
    )
    document.data = dict(data)
    document.save()
    record(
        actor=actor,
        action="documents.make",
        subject=(purpose, subject_id),
        facts={"document": str(document.id), "template": template},
    )
    jobs.defer("documents.render", document_id=str(document.id))
    return document


@transaction.atomic
def keep_document(
    *,
    actor: Actor,
    purpose: str,
    subject_id: UUID,
    kind: str,
    pdf: bytes,
    language: str,
    title: LocalText,
    person_visible: bool = True,
) -> Document:
    """Keep a PDF that a room's own engine has set (`kind` in place of a template's name); it is ready at once."""
    document = Document(
        purpose=purpose,
        subject_id=subject_id,
        template=kind,
        title=dict(title),
        language=language,
        person_visible=person_visible,
        state=DocumentState.READY,
        ready_at=clock.now(),
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    document.data = {}
    default_storage.save(document.path, ContentFile(pdf, name=document.path))
    document.save()
    record(
        actor=actor,
        action="documents.keep",
        subject=(purpose, subject_id),
        facts={"document": str(document.id), "kind": kind},
    )
    return document


@transaction.atomic
def render_again(*, actor: Actor, document_id: UUID) -> None:
    """Set a document that failed once more."""
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotFoundError
    record(actor=actor, action="documents.render_again", subject=("documents.document", document_id))
    jobs.defer("documents.render", document_id=str(document_id))


@transaction.atomic
def note_file_opened(*, actor: Actor, file_id: UUID, page: int = 0, taken_away: bool = False) -> None:
    """Put on record that staff looked at a file, or at one `page` of it, or saved it (閲覧記録). A resident's look at her own is none."""
    stored = queries.access_file(actor=actor, file_id=file_id)
    if actor.is_staff:
        facts: dict[str, str | int | bool] = {"file": str(file_id), "taken_away": taken_away}
        if page:
            facts["page"] = page
        record(
            actor=actor,
            action="documents.open_file",
            outcome=Outcome.SEEN,
            subject=(stored.purpose, stored.subject_id),
            facts=facts,
        )


@transaction.atomic
def note_document_opened(*, actor: Actor, document_id: UUID, taken_away: bool = False) -> None:
    """Put on record that staff looked at a document that Souto made, or saved it (閲覧記録)."""
    found = queries.access_document(actor=actor, document_id=document_id)
    if actor.is_staff:
        record(
            actor=actor,
            action="documents.open_document",
            outcome=Outcome.SEEN,
            subject=(found.purpose, found.subject_id),
            facts={"document": str(document_id), "taken_away": taken_away},
        )
