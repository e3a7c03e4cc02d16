"""Fills the demo city through the actions that people use. Doing it twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings

from souto.demo.residents import file_samples
from souto.foundation.identity import actions as identity
from souto.foundation.identity import queries as people
from souto.foundation.identity.models import Staff
from souto.foundation.identity.roles import LABELS, Role
from souto.foundation.registry import actions as registry
from souto.foundation.ui.city import city
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.plan import actions as plan
from souto.plan import queries as plan_queries
from souto.plan.models import ManualValue
from souto.services.procedures import actions as procedures
from souto.services.procedures.queries import State
from souto.services.transit import actions as transit
from souto.services.transit import queries as transit_queries

if TYPE_CHECKING:
    from souto.services.transit.models import ServiceVersion

SYSTEM = Actor.system("demo.fill")


@dataclass(frozen=True, slots=True)
class Login:
    """A way into the demo: who, and how."""

    role: str
    name: str
    how: str


def fill() -> list[Login]:
    """Departments, staff, procedures, inventory, transit services, towns, the plan's outside figures, sample applications; returns the logins."""
    folder = Path(settings.CITY_DIR)
    _departments()
    staff = _staff(folder)
    editor = _as(staff, Role.PROCEDURE_EDITOR)
    _inventory(folder, editor)
    _procedures(folder, editor)
    _services(folder, _as(staff, Role.DISPATCHER))
    _towns(folder)
    _plan(_as(staff, Role.PLANNER))
    file_samples()
    return _logins(folder, staff)


def _departments() -> None:
    for order, section in enumerate(city().sections, start=1):
        identity.create_department(
            actor=SYSTEM,
            code=section.code,
            name=say(section.name, "ja"),
            name_en=section.name.get("en", ""),
            name_easy=section.name.get("ja-easy", ""),
            phone=section.phone,
            hours=say(section.hours, "ja"),
            place=section.place,
            order=order * 10,
        )


@dataclass(frozen=True, slots=True)
class _Member:
    staff: Staff
    roles: tuple[tuple[str, Role], ...]


def _staff(folder: Path) -> list[_Member]:
    members = []
    for row in _yaml(folder / "demo" / "staff.yaml")["staff"]:
        roles = tuple((role["department"], Role(role["role"])) for role in row["roles"])
        found = Staff.objects.filter(number=row["number"]).first()
        if found is None:
            found = identity.create_staff(actor=SYSTEM, number=row["number"], name=row["name"], is_demo=True)
            for department, role in roles:
                identity.add_membership(actor=SYSTEM, staff_id=found.id, department_code=department, role=role)
        members.append(_Member(found, roles))
    return members


def _as(members: Iterable[_Member], role: Role) -> Actor:
    """The actor of the first member who holds `role`."""
    return people.actor_for_staff(next(m.staff for m in members if any(held is role for _, held in m.roles)))


def _inventory(folder: Path, editor: Actor) -> None:
    path = folder / "inventory.csv"
    if path.exists():
        rows = list(csv.DictReader(StringIO(path.read_text("utf-8-sig"))))
        procedures.import_inventory(actor=editor, rows=rows, source=path.name)


def _procedures(folder: Path, editor: Actor) -> None:
    for path in sorted((folder / "procedures").glob("*.yaml")):
        version = procedures.import_yaml(actor=editor, text=path.read_text("utf-8"), is_demo=True)
        if version.state == State.DRAFT:
            procedures.publish(actor=editor, version_id=version.id)


def _services(folder: Path, dispatcher: Actor) -> None:
    """Demand-transit services, published for today on."""
    for path in sorted((folder / "transit").glob("*.yaml")):
        version = transit.import_yaml(actor=dispatcher, text=path.read_text("utf-8"), is_demo=True)
        if version.published_at is None:
            first = transit_queries.first_day(slug=path.stem)
            transit.publish(actor=dispatcher, version_id=version.id, valid_from=first)
            _closing_days(dispatcher, version)


def _closing_days(dispatcher: Actor, version: ServiceVersion) -> None:
    """A notice of the next days on which the service does not run."""
    hours = version.definition.hours
    days = sorted(day for day in hours.closed if day >= clock.today())
    if not days:
        return
    span = (days[0], days[-1])
    transit.write_alert(
        actor=dispatcher,
        slug=version.service.slug,
        header={"ja": "運休する日があります", "ja-easy": "休む 日が あります", "en": "Days without service"},
        text={
            "ja": "この間は運休します。",
            "ja-easy": "このあいだは 休みます。",
            "en": "There is no service on these days.",
        },
        cause="HOLIDAY",
        effect="NO_SERVICE",
        starts_at=datetime.combine(span[0], time.min, clock.TOKYO),
        ends_at=datetime.combine(span[1], time.max, clock.TOKYO).replace(second=0, microsecond=0),
    )


def _towns(folder: Path) -> None:
    listed = _yaml(folder / "towns.yaml")
    registry.import_towns(
        actor=SYSTEM,
        rows=listed["towns"],
        source=listed["source"],
        licence=listed["licence"],
        lg_code=listed["lg_code"],
        allow_shrinking=True,
    )


def _plan(planner: Actor) -> None:
    """The outside figure that the plan itself names, typed as a planner would type it."""
    key = "card-holders"
    indicator = plan_queries.current_plan().indicator(key)
    if indicator.baseline is None or ManualValue.objects.filter(indicator=key).exists():
        return
    plan.enter_value(
        actor=planner,
        indicator_key=key,
        value=str(indicator.baseline.value),
        as_of=date(2025, 8, 31),
        source="DX推進計画に記載の数字（2025年8月）",
    )


def _logins(folder: Path, members: Iterable[_Member]) -> list[Login]:
    provider = "サインインの画面で選びます / choose on the sign-in page"
    residents = [
        Login("住民 / resident", row["name"].replace("\u3000", " "), f"{provider}（{say(row['note'], 'ja')}）")
        for row in _yaml(folder / "demo" / "people.yaml")["residents"][:3]
    ]
    names = {section.code: say(section.name, "ja") for section in city().sections}
    staff = [
        Login(
            "職員 / staff",
            member.staff.name.replace("\u3000", " "),
            f"{settings.BASE_URL}/demo/ （{'、'.join(f'{names[d]} {LABELS[r]}' for d, r in member.roles)}）",
        )
        for member in members
    ]
    return residents + staff


def _yaml(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"{path.name} holds no mapping")
    return loaded
