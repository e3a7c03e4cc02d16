"""The viewer of a case: one attachment, one page of it, and what comes before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from souto.foundation.documents import queries as documents
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError, SoutoError
from souto.services.casework.queries.page import Attachment


@dataclass(frozen=True, slots=True)
class Shown:
    """What the viewer shows. `position` and `total` count files, `page` and `pages` the pages of this one (0: nothing that a browser can
    show); `previous` and `next` are (file, page); `problem` says why nothing is drawn.
    """

    attachment: Attachment
    position: int
    total: int
    page: int
    pages: int
    previous: tuple[UUID, int] | None
    next: tuple[UUID, int] | None
    problem: SoutoError | None = None

    @property
    def is_pdf(self) -> bool:
        """True for a file of pages."""
        return self.attachment.file.media_type == "application/pdf"


def shown_file(attachments: Sequence[Attachment], *, actor: Actor, file_id: UUID, page: int) -> Shown:
    """The file and page to show; the nearest page where that one is not there. `NotFoundError` for a file that is none of these."""
    at = next((i for i, a in enumerate(attachments) if a.file.id == file_id), None)
    if at is None:
        raise NotFoundError
    pages, problem = 0, None
    try:
        pages = documents.pages_of(actor=actor, file_id=file_id)
    except (ForbiddenError, NotFoundError):
        raise
    except SoutoError as error:
        problem = error
    page = min(max(page, 1), max(pages, 1))
    before = (file_id, page - 1) if page > 1 else ((attachments[at - 1].file.id, 1) if at else None)
    after = (file_id, page + 1) if page < pages else None
    if after is None and at + 1 < len(attachments):
        after = (attachments[at + 1].file.id, 1)
    return Shown(attachments[at], at + 1, len(attachments), page, pages, before, after, problem)
