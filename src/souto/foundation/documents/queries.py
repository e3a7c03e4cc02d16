"""Reading files and documents: always through the gate of the room that they belong to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from souto.foundation.documents import paging, seams
from souto.foundation.documents.models import Document, DocumentState, ScanState, StoredFile
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError, SoutoError

__all__ = [
    "Document",
    "NotReadyError",
    "StoredFile",
    "WaitingForScanError",
    "access_document",
    "access_file",
    "documents_of",
    "files_of",
    "open_document",
    "open_file",
    "page_of",
    "pages_of",
]


class WaitingForScanError(SoutoError):
    """The scanner has not answered yet, or has found something: nobody opens the file."""

    message = "このファイルはウイルス検査が終わっていないため、まだ開けません。"
    status = 409


class NotReadyError(SoutoError):
    """The document is still being set, or could not be."""

    message = "この書類は作成中です。1分ほどしてから、もう一度開いてください。"
    status = 409


def access_file(*, actor: Actor, file_id: UUID) -> StoredFile:
    """The file, for somebody who may see the record that it belongs to."""
    stored = StoredFile.objects.filter(pk=file_id, discarded_at__isnull=True).first()
    if stored is None:
        raise NotFoundError
    if not seams.may_open(actor, stored.purpose, stored.subject_id):
        raise HiddenError("documents.storedfile", file_id)
    return stored


def open_file(*, actor: Actor, file_id: UUID) -> tuple[StoredFile, File[Any]]:
    """The file and its content (a few megabytes at most)."""
    stored = access_file(actor=actor, file_id=file_id)
    if stored.scan in {ScanState.WAITING, ScanState.INFECTED}:
        raise WaitingForScanError
    return stored, default_storage.open(stored.path)


def pages_of(*, actor: Actor, file_id: UUID) -> int:
    """How many pages can be looked at: those of a PDF, 1 for a picture, 0 for what no browser shows."""
    stored, content = open_file(actor=actor, file_id=file_id)
    with content:
        if stored.media_type == "application/pdf":
            return paging.count(content.read())
    return int(stored.is_image)


def page_of(*, actor: Actor, file_id: UUID, page: int) -> bytes:
    """A page of a PDF, from 1, as a PNG. Raises what `paging.draw` raises; a file of another type has no pages."""
    stored, content = open_file(actor=actor, file_id=file_id)
    with content:
        if stored.media_type != "application/pdf":
            raise NotFoundError
        return paging.draw(content.read(), page)


def access_document(*, actor: Actor, document_id: UUID) -> Document:
    """The document, for somebody who may see the record that it belongs to; residents see what is meant for them."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        raise NotFoundError
    meant = document.person_visible or actor.is_staff or actor.is_system
    if not meant or not seams.may_open(actor, document.purpose, document.subject_id):
        raise HiddenError("documents.document", document_id)
    return document


def open_document(*, actor: Actor, document_id: UUID) -> tuple[Document, File[Any]]:
    """The document and its PDF."""
    document = access_document(actor=actor, document_id=document_id)
    if document.state != DocumentState.READY:
        raise NotReadyError
    return document, default_storage.open(document.path)


def files_of(*, purpose: str, subject_id: UUID) -> list[StoredFile]:
    """The files of a record, oldest first; the caller has passed that record's gate."""
    return list(
        StoredFile.objects.filter(purpose=purpose, subject_id=subject_id, discarded_at__isnull=True).order_by("id")
    )


def documents_of(*, purpose: str, subject_id: UUID, for_person: bool = False) -> list[Document]:
    """The documents of a record, newest first; `for_person`: only those meant for the resident."""
    found = Document.objects.filter(purpose=purpose, subject_id=subject_id).order_by("-id")
    return list(found.filter(person_visible=True) if for_person else found)
