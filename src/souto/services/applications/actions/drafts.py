"""Filling in: drafts are begun, saved as they are typed, and thrown away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any, Literal
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.documents import actions as documents
from souto.foundation.identity import queries as identity
from souto.kernel import clock, events, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError, SoutoError
from souto.services.applications import paths
from souto.services.applications.actions.files import put_file, take_file
from souto.services.applications.events import DraftStarted
from souto.services.applications.filling import Filling
from souto.services.applications.known import facts_for
from souto.services.applications.merging import Tab
from souto.services.applications.models import Draft
from souto.services.applications.queries.access import access_draft, hash_of
from souto.services.procedures import queries as procedures
from souto.services.procedures.definition import Definition, Problem
from souto.services.procedures.definition.fields import FileField, GroupField

#: What a draft may hold as typed, in characters; the longest form asks for a tenth of it.
MAX_RAW = 400_000


class SignInNeededError(ForbiddenError):
    """The procedure must know who applies, as surely as `assurance` says (0 to 3)."""

    message = "この手続きには、マイナンバーカードでのサインインが必要です。"

    def __init__(self, assurance: int) -> None:
        self.assurance = assurance
        super().__init__()


class TooMuchTextError(SoutoError):
    """More text than any form asks for; nothing of it was stored."""

    message = "入力された文章が長すぎるため、保存できませんでした。短くしてから、もう一度お試しください。"
    status = 413


@dataclass(frozen=True, slots=True)
class Started:
    """A new draft; `token` is what an anonymous browser must keep, "" for everybody else."""

    draft: Draft
    token: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A press of a named button inside the form: add or remove a row of the group at `path`, remove a file (`target`) of
    the field at `path` ("" where only the file is known).
    """

    kind: Literal["add_row", "remove_row", "remove_file"]
    path: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a posted page."""

    path: str
    name: str
    content: IO[bytes] | File[Any]


@dataclass(frozen=True, slots=True)
class PageSaved:
    """What became of a posted page: `problems` keep the person on it, `clashed` are the paths on which this save replaced what another tab
    had stored meanwhile, `file` what `attach_file` put in place.
    """

    draft: Draft
    problems: list[Problem] = field(default_factory=list)
    clashed: tuple[str, ...] = ()
    file: dict[str, Any] | None = None


@transaction.atomic
def start_draft(*, actor: Actor, slug: str, language: str, person_id: UUID | None = None) -> Started:
    """Begin to fill in the published version of a procedure; it stays pinned to that version.

    A resident fills in for herself. Staff fill in for somebody at the counter (`casework.work` in the section that handles the
    procedure); `person_id` names that person where she is known. Anybody else gets a token. What the city knows is filled in.
    Raises `SignInNeededError`.
    """
    version = procedures.get_published(slug)
    definition = version.definition
    token = ""
    if actor.is_staff:
        actor.require("casework.work")
        if identity.get_department(definition.department).id not in actor.departments:
            raise NotFoundError
    elif actor.is_resident:
        person_id = actor.id
    elif not actor.is_system:
        person_id, token = None, secrets.token_urlsafe(32)
    if not actor.is_staff and (actor.assurance < definition.assurance or (definition.needs_identity and not person_id)):
        raise SignInNeededError(definition.assurance)
    draft = Draft(
        version=version,
        person_id=person_id,
        token_hash=hash_of(token) if token else None,
        assisted_by_id=actor.id if actor.is_staff else None,
        language=language,
        expires_on=_expiry(),
        is_demo=settings.DEMO or version.is_demo,
    )
    draft.answers = definition.prefill(facts_for(actor, person_id))
    draft.raw = {}
    draft.save(force_insert=True)
    _record(actor, "start_draft", draft, facts={"version": str(version.id)})
    events.publish(DraftStarted(draft.id), actor=actor)
    return Started(draft, token)


@transaction.atomic
def save_page(
    *,
    actor: Actor,
    draft_id: UUID,
    page_key: str,
    raw: Mapping[str, Sequence[str]],
    tab: Tab | None = None,
    uploads: Sequence[Upload] = (),
    edit: Edit | None = None,
    token: str = "",
) -> PageSaved:
    """Store a posted page and check it. What was typed is kept, right or wrong; nothing that another tab stored is lost unnoticed.

    `tab` is what the page knew of itself (see `merging`). `uploads` are stored one by one: one that is refused becomes a problem of its
    field, the others stay. Raises `UnknownPageError` for a page that the answers hide, `TooMuchTextError`.
    """
    draft = access_draft(actor=actor, draft_id=draft_id, token=token, lock=True)
    facts = facts_for(actor, draft.person_id)
    definition = draft.version.definition
    page = definition.page(page_key)
    filling = _filling(draft, facts)
    tab = tab or Tab(draft.revision)
    posted = filling.post(page, raw, tab=tab, touched=draft.touched, today=clock.today())
    if sum(len(v) for values in posted.raw.values() for v in values) > MAX_RAW:
        raise TooMuchTextError
    draft.raw, draft.answers = posted.raw, posted.answers
    changed = set(posted.changed)
    refused: list[Problem] = []
    for upload in uploads:
        try:
            _attach(actor, draft, upload)
            changed.add(upload.path)
        except SoutoError as error:
            refused.append(Problem(upload.path, error.message, error.params, page_key))
    if edit is not None:
        changed |= _apply(actor, draft, edit, facts)
    problems = posted.problems
    if uploads or edit is not None:
        after = definition.check_page(page_key, draft.raw, draft.answers, facts=facts, today=clock.today())
        draft.answers = after.answers
        taken = {p.path for p in refused}
        problems = [*refused, *(p for p in after.problems if p.path not in taken)]
    if changed:
        _touch(actor, draft, changed, tab.id)
    return PageSaved(draft, problems, posted.clashed)


def autosave(
    *,
    actor: Actor,
    draft_id: UUID,
    page_key: str,
    raw: Mapping[str, Sequence[str]],
    tab: Tab | None = None,
    token: str = "",
) -> PageSaved:
    """Store what stands on a page while it is being typed: as `save_page`, and nobody is told of problems yet."""
    saved = save_page(actor=actor, draft_id=draft_id, page_key=page_key, raw=raw, tab=tab, token=token)
    return PageSaved(saved.draft, [], saved.clashed)


@transaction.atomic
def attach_file(
    *, actor: Actor, draft_id: UUID, path: str, name: str, content: IO[bytes] | File[Any], token: str = ""
) -> PageSaved:
    """Store one file as soon as it was chosen and put it in place. Raises a `documents` `UploadError` that says what to do."""
    draft = access_draft(actor=actor, draft_id=draft_id, token=token, lock=True)
    _attach(actor, draft, Upload(path, name, content))
    _touch(actor, draft, {path})
    return PageSaved(draft, file=(paths.get(draft.answers, path) or [None])[-1])


@transaction.atomic
def remove_file(*, actor: Actor, draft_id: UUID, path: str, file_id: UUID, token: str = "") -> PageSaved:
    """Take a file away and destroy it; one that is not there is no error."""
    draft = access_draft(actor=actor, draft_id=draft_id, token=token, lock=True)
    changed = _apply(actor, draft, Edit("remove_file", path, str(file_id)), {})
    if changed:
        _touch(actor, draft, changed)
    return PageSaved(draft)


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID, token: str = "") -> None:
    """Throw a draft away with its files, for good."""
    draft = access_draft(actor=actor, draft_id=draft_id, token=token, lock=True)
    drop(actor, draft, "discard_draft")


def drop(actor: Actor, draft: Draft, verb: str) -> None:
    """Remove a locked draft, its files and its key; `verb` says why in the audit trail."""
    for _, value in _files(draft.version.definition, draft.answers):
        documents.discard_file(actor=actor, file_id=UUID(value["file_id"]))
    _record(actor, verb, draft)
    jobs.defer("applications.forget_key", key_id=str(draft.key_id))
    draft.delete()


def _attach(actor: Actor, draft: Draft, upload: Upload) -> None:
    definition = draft.version.definition
    visible = _filling(draft, facts_for(actor, draft.person_id)).visible()
    field_ = definition.field_at(upload.path)
    if not isinstance(field_, FileField) or upload.path not in visible:
        raise NotFoundError
    draft.answers = put_file(actor, field_, draft.answers, upload.path, draft.id, upload.name, upload.content)


def _apply(actor: Actor, draft: Draft, edit: Edit, facts: Mapping[str, Any]) -> set[str]:
    definition = draft.version.definition
    target = definition.field_at(edit.path)
    if edit.kind == "remove_file":
        path = edit.path or next((p for p, f in _files(definition, draft.answers) if f["file_id"] == edit.target), "")
        answers = take_file(actor, draft.answers, path, edit.target)
        changed = {path} if answers != draft.answers else set()
        draft.answers = answers
        return changed
    if not isinstance(target, GroupField):
        raise NotFoundError
    filling = _filling(draft, facts)
    if edit.kind == "add_row":
        draft.raw, draft.answers = filling.add_row(target, secrets.token_hex(4))
        return {edit.path}
    row = paths.get(draft.answers, f"{edit.path}/{edit.target}") or {}
    for value in (v for v in row.values() if isinstance(v, list)):
        for item in (i for i in value if isinstance(i, dict) and "file_id" in i):
            documents.discard_file(actor=actor, file_id=UUID(item["file_id"]))
    draft.raw, draft.answers = filling.remove_row(target, edit.target)
    return {edit.path}


def _files(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, item) for path in definition.file_paths(answers) for item in paths.get(answers, path) or ()]


def _filling(draft: Draft, facts: Mapping[str, Any]) -> Filling:
    return Filling(draft.version.definition, draft.answers, draft.raw, facts, seed=str(draft.id))


def _touch(actor: Actor, draft: Draft, changed: set[str], tab: str = "") -> None:
    """Store a changed draft: a new revision, a new last day. A signature over the old content stands no longer."""
    draft.revision += 1
    draft.touched = {**draft.touched, **{path: [draft.revision, tab] for path in changed}}
    draft.saved_at, draft.expires_on, draft.warned_at, draft.signing_id = clock.now(), _expiry(), None, None
    draft.save()
    _record(actor, "save_draft", draft, fields=changed)


def _expiry() -> Any:
    return clock.today() + timedelta(days=settings.DRAFT_DAYS)


def _record(
    actor: Actor, verb: str, draft: Draft, *, fields: set[str] | None = None, facts: Mapping[str, str] | None = None
) -> None:
    audit.record(
        actor=actor,
        action=f"applications.{verb}",
        subject=("applications.draft", draft.id),
        fields=fields or (),
        facts=facts,
    )
