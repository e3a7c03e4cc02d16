"""Background work: scanning what waited, setting documents."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from souto.foundation.documents import seams
from souto.foundation.documents.models import Document, DocumentState, ScanState, StoredFile
from souto.foundation.documents.typesetting import FontSet, compile_pdf
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.jobs import job
from souto.kernel.language import say


@job("documents.scan", attempts=20, wait=15)
def scan(*, file_id: str) -> None:
    """Scan a file that came while the scanner was away; raises (and so is tried again) while it still is."""
    stored = StoredFile.objects.filter(pk=file_id, scan=ScanState.WAITING, discarded_at__isnull=True).first()
    scanner = seams.scanner()
    if stored is None or scanner is None:
        return
    with default_storage.open(stored.path) as content:
        result = scanner.scan(content)
    StoredFile.objects.filter(pk=file_id).update(scan=result.state, scanned_at=clock.real_now())


@job("documents.render", attempts=3, wait=5)
def render(*, document_id: str) -> None:
    """Set a document that is not ready; a second run finds it ready and does nothing."""
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=UUID(document_id)).first()
        if document is None or document.state == DocumentState.READY:
            return
        try:
            pdf = compile_pdf(
                seams.template_path(document.template),
                {**document.data, "title": say(document.title, document.language)},
                FontSet.at(settings.FONTS_DIR),
                title=say(document.title, document.language),
                language="ja" if document.language.startswith("ja") else document.language,
                created=document.created_at,
                as_typed=seams.prints_as_typed(document.template),
            )
        except SoutoError as error:
            # The data will not change by itself: say so on the officer's screen instead of trying for ever.
            document.state, document.problem = DocumentState.FAILED, _detail(error)
            document.save(update_fields=["state", "problem"])
            return
        default_storage.delete(document.path)
        default_storage.save(document.path, ContentFile(pdf, name=document.path))
        document.state, document.problem, document.ready_at = DocumentState.READY, "", clock.now()
        document.size, document.sha256 = len(pdf), hashlib.sha256(pdf).hexdigest()
        document.save(update_fields=["state", "problem", "ready_at", "size", "sha256"])


def _detail(error: SoutoError) -> str:
    return " ".join([str(error), *getattr(error, "__notes__", [])])
