"""The gates: the only way to load a draft or an application on behalf of somebody."""

from __future__ import annotations

import hmac
from uuid import UUID

from django.db.models import QuerySet

from souto.foundation.identity import queries as identity
from souto.foundation.vault.erasure import DisposedError
from souto.foundation.vault.keys import keyed_hash
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.applications.models import AccessGrant, Application, Channel, Correction, Draft

#: What a member of a section needs besides the grant of the section.
VIEW, WORK = "casework.view", "casework.work"


def hash_of(token: str) -> bytes:
    """The stored form of the token by which an anonymous browser keeps its draft."""
    return keyed_hash(token, purpose="applications.token")


def access_draft(*, actor: Actor, draft_id: UUID, token: str = "", lock: bool = False) -> Draft:
    """The draft, for its person, for the browser that holds its `token`, for the staff member who types it, and for the system.

    `lock`: hold the row to the end of the transaction. Raises `NotFoundError` and `HiddenError`.
    """
    rows = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects
    draft = rows.select_related("version", "version__procedure").filter(id=draft_id).first()
    if draft is None:
        raise NotFoundError
    if not _owns(actor, draft, token) and not _types(actor, draft):
        raise HiddenError("applications.draft", draft_id)
    return draft


def access_application(*, actor: Actor, application_id: UUID, token: str = "", lock: bool = False) -> Application:
    """The application, for its applicant, for the browser that holds its token, for staff of a section that was granted access, and
    for the system. Raises `NotFoundError` and `HiddenError`, and `DisposedError` where only the number is left.
    """
    rows = Application.objects.select_for_update(of=("self",)) if lock else Application.objects
    application = rows.select_related("version", "version__procedure").filter(id=application_id).first()
    if application is None:
        raise NotFoundError
    if not _owns(actor, application, token) and not may_handle(actor, application_id):
        raise HiddenError("applications.application", application_id)
    if application.disposed_on is not None:
        raise DisposedError(application.disposed_on, application.disposed_under)
    return application


def access_own_application(*, actor: Actor, application_id: UUID, token: str = "", lock: bool = False) -> Application:
    """As `access_application`, for the applicant only: what an applicant may do, staff may not do in her place."""
    application = access_application(actor=actor, application_id=application_id, token=token, lock=lock)
    if not _owns(actor, application, token):
        raise HiddenError("applications.application", application_id)
    return application


def access_handled_application(*, actor: Actor, application_id: UUID, lock: bool = False) -> Application:
    """As `access_application`, for staff of a granted section and for the system only."""
    application = access_application(actor=actor, application_id=application_id, lock=lock)
    if not may_handle(actor, application_id):
        raise HiddenError("applications.application", application_id)
    return application


def access_counter_application(*, actor: Actor, application_id: UUID, lock: bool = False) -> Application:
    """As `access_handled_application`, for one that was taken in at the counter."""
    application = access_handled_application(actor=actor, application_id=application_id, lock=lock)
    if application.channel != Channel.COUNTER:
        raise HiddenError("applications.application", application_id)
    return application


def access_correctable_application(
    *, actor: Actor, application_id: UUID, token: str = "", lock: bool = False
) -> Application:
    """As `access_own_application`, and for staff who type a correction in the place of somebody whose application was taken in at the
    counter: a granted section, with `casework.work`.
    """
    if not actor.is_staff:
        return access_own_application(actor=actor, application_id=application_id, token=token, lock=lock)
    application = access_counter_application(actor=actor, application_id=application_id, lock=lock)
    actor.require(WORK)
    return application


def access_correction(*, actor: Actor, correction_id: UUID, token: str = "") -> Correction:
    """The correction request, for those who may see its application."""
    correction = Correction.objects.filter(id=correction_id).first()
    if correction is None:
        raise NotFoundError
    correction.application = access_application(actor=actor, application_id=correction.application_id, token=token)
    return correction


def may_handle(actor: Actor, application_id: UUID) -> bool:
    """True for the system, and for staff with `casework.view` in a section that has access."""
    if actor.is_system:
        return True
    if not actor.is_staff or not actor.may(VIEW):
        return False
    return _grants(actor).filter(application_id=application_id).exists()


def visible_to(actor: Actor, rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those of `rows` that `access_application` would let `actor` (without a token) open: the same rule, set-wise."""
    if actor.is_system:
        return rows
    if actor.is_resident and actor.id is not None:
        return rows.filter(person_id=actor.id)
    if actor.is_staff and actor.may(VIEW):
        return rows.filter(id__in=_grants(actor).values("application_id"))
    return rows.none()


def _grants(actor: Actor) -> QuerySet[AccessGrant]:
    return AccessGrant.objects.filter(department_id__in=actor.departments, ended_at__isnull=True)


def _types(actor: Actor, draft: Draft) -> bool:
    """True for the member of staff who types the draft, for as long as she works in the section that handles the procedure."""
    if not actor.is_staff or draft.assisted_by_id != actor.id or not actor.may(WORK):
        return False
    return identity.get_department(draft.version.definition.department).id in actor.departments


def _owns(actor: Actor, record: Draft | Application, token: str) -> bool:
    if actor.is_system:
        return True
    if actor.is_staff:
        return False
    if isinstance(record, Draft) and record.assisted_by_id is not None:
        return False  # it is the officer's until it was sent
    if actor.is_resident and record.person_id is not None and record.person_id == actor.id:
        return True
    return record.token_hash is not None and bool(token) and hmac.compare_digest(record.token_hash, hash_of(token))


def subjects_numbered(text: str) -> list[tuple[str, UUID]]:
    """The application with this number, as the auditor's desk names it; no personal data."""
    found = Application.objects.filter(number=text.strip().upper()).values_list("id", flat=True)
    return [("applications.application", application_id) for application_id in found]
