"""Documents about an application: the applicant's copies, and those that rooms above make for it (notices)."""

from __future__ import annotations

from souto.foundation.documents import queries as documents
from souto.foundation.documents.queries import Document
from souto.services.applications.models import Application

#: The applicant's copy of what she sent.
RECEIPT = "applications.receipt"
#: Under this purpose a room above makes a document for an application (the notice of a decision, say); its subject is the application.
NOTICE = "applications.notice"


def documents_for_applicant(application: Application) -> list[Document]:
    """What the applicant may read, newest first."""
    found = [
        document
        for purpose in (NOTICE, RECEIPT)
        for document in documents.documents_of(purpose=purpose, subject_id=application.id, for_person=True)
    ]
    return sorted(found, key=lambda document: document.created_at, reverse=True)
