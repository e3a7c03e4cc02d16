"""Applications whose retention period has ended, and a city that says how long it keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings

from souto.foundation.identity.roles import Role
from souto.foundation.retention import actions
from souto.foundation.retention.models import DisposalList
from souto.kernel.actor import Actor
from souto.services.applications import actions as applications
from souto.services.applications.models import Application
from souto.services.casework import actions as casework
from tests.services.applications import world as filing
from tests.services.casework import world as casework_world

SYSTEM = Actor.system("test")
TOKYO = ZoneInfo("Asia/Tokyo")
KIND = "applications.application"
#: Closed on 10 May 2026 and kept for five years: may go from 1 April 2032.
CLOSED, STILL_KEPT, DUE = "2026-05-10", "2032-03-31", "2032-04-02"


def city_with(folder: Path, text: str) -> Path:
    """A city folder like the configured one, whose `[retention]` table is `text`."""
    source = Path(settings.CITY_DIR)
    for path in source.iterdir():
        if path.name != "city.toml":
            (folder / path.name).symlink_to(path)
    plain = (source / "city.toml").read_text(encoding="utf-8")
    before, rest = plain.split("[retention]\n", 1)
    after = rest[rest.index("[[department]]") :]
    (folder / "city.toml").write_text(f"{before}[retention]\n{text}\n\n{after}", encoding="utf-8")
    return folder


@contextmanager
def on(day: str, hour: int = 10) -> Iterator[None]:
    """A day in Tokyo."""
    with time_machine.travel(datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=TOKYO), tick=True):
        yield


def closed(resident: Actor | None = None, *, day: str = CLOSED) -> Application:
    """An application that was decided and closed on a day; its procedure is published already."""
    with on(day):
        case = casework_world.opened(resident)
        casework_world.decided(case)
        applications.close(actor=SYSTEM, application_id=case.application_id)
    return Application.objects.get(id=case.application_id)


def withdrawn(resident: Actor, *, day: str = CLOSED) -> Application:
    with on(day):
        application = filing.submitted(resident)
        applications.withdraw(actor=resident, application_id=application.id, reason="不要になった")
    return Application.objects.get(id=application.id)


def officer(department: str = filing.SECTION) -> Actor:
    return filing.staff(Role.OFFICER, department=department)


def chief(department: str = filing.SECTION) -> Actor:
    return filing.staff(Role.CHIEF, department=department)


def listed() -> DisposalList:
    """The list that the nightly job draws up."""
    actions.list_due(actor=SYSTEM)
    return DisposalList.objects.select_related("department").get()


def approved(found: DisposalList | None = None) -> DisposalList:
    """Reviewed by one person, approved by another."""
    found = found or listed()
    actions.review(actor=officer(), list_id=found.id)
    actions.approve(actor=chief(), list_id=found.id)
    return DisposalList.objects.select_related("department").get(pk=found.id)


def note(case_actor: Actor, application: Application, text: str) -> None:
    casework.write_note(actor=case_actor, case_id=casework_world.case_of(application.id).id, text=text)
