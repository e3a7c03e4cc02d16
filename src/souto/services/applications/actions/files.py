"""Files of a form: stored one by one, put in place in the answers, checked against the limits of their field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File

from souto.foundation.documents import actions as documents
from souto.foundation.documents.actions import Limits
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.services.applications import paths
from souto.services.procedures.definition.fields import FileField

#: The purpose under which files of drafts and applications are kept; the subject is the draft's id, which is the application's.
PURPOSE = "applications.attachment"


class TooManyFilesError(SoutoError):
    """The field holds as many files as it takes."""

    message = "ファイルは%(limit)s個までです。別のファイルを入れるときは、先に1つ外してください。"


def put_file(
    actor: Actor,
    field: FileField,
    answers: Mapping[str, Any],
    path: str,
    subject_id: UUID,
    name: str,
    content: IO[bytes] | File[Any],
    kept: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Store a file and return the answers with it in place; a field for one file takes it in place of the old one.

    The old one is destroyed unless it is among `kept` (ids of files that were sent before). Raises `TooManyFilesError` and the
    `UploadError`s of `documents`.
    """
    before = list(paths.get(answers, path) or ())
    single = field.max_files == 1
    if len(before) >= field.max_files and not single:
        raise TooManyFilesError(limit=field.max_files)
    limits = Limits(max_bytes=field.max_bytes, types=frozenset(field.accept))
    stored = documents.store_upload(
        actor=actor, purpose=PURPOSE, subject_id=subject_id, name=name, content=content, limits=limits
    )
    for old in before if single else ():
        if old["file_id"] not in kept:
            documents.discard_file(actor=actor, file_id=UUID(old["file_id"]))
    item = {"file_id": str(stored.id), "name": stored.name, "size": stored.size, "sha256": stored.sha256}
    return paths.put(answers, path, [item] if single else [*before, item])


def take_file(
    actor: Actor, answers: Mapping[str, Any], path: str, file_id: str, kept: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the answers without the file, which is destroyed unless it is among `kept`; only one that stands at `path` is touched."""
    before = list(paths.get(answers, path) or ())
    if not any(isinstance(item, dict) and item.get("file_id") == file_id for item in before):
        return dict(answers)
    if file_id not in kept:
        documents.discard_file(actor=actor, file_id=UUID(file_id))
    return paths.put(answers, path, [item for item in before if item["file_id"] != file_id] or None)
