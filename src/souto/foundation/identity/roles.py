"""Roles of staff (役割) and what each may do; the scope is the department (課) in which a person holds the role."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_noop


class Role(StrEnum):
    """The roles that a membership can carry."""

    OFFICER = "officer"
    CHIEF = "chief"
    CASHIER = "cashier"
    PROCEDURE_EDITOR = "procedure_editor"
    PLANNER = "planner"
    DISPATCHER = "dispatcher"
    DRIVER = "driver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


#: Shown on screen.
LABELS: dict[Role, str] = {
    Role.OFFICER: gettext_noop("担当者"),
    Role.CHIEF: gettext_noop("課長（決裁者）"),
    Role.CASHIER: gettext_noop("収納担当"),
    Role.PROCEDURE_EDITOR: gettext_noop("手続の編集者"),
    Role.PLANNER: gettext_noop("計画の担当者"),
    Role.DISPATCHER: gettext_noop("運行の担当者"),
    Role.DRIVER: gettext_noop("運転手"),
    Role.AUDITOR: gettext_noop("監査担当"),
    Role.ADMINISTRATOR: gettext_noop("管理者"),
}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OFFICER: frozenset({"casework.view", "casework.work", "casework.propose", "retention.review"}),
    Role.CHIEF: frozenset(
        {
            "casework.view",
            "casework.work",
            "casework.propose",
            "casework.assign",
            "casework.approve",
            "retention.review",
            "retention.approve",
        }
    ),
    Role.CASHIER: frozenset({"payments.view", "payments.match", "payments.import"}),
    Role.PROCEDURE_EDITOR: frozenset({"procedures.edit", "procedures.publish"}),
    Role.PLANNER: frozenset({"plan.edit", "plan.close", "plan.rows"}),
    Role.DISPATCHER: frozenset({"transit.drive", "transit.operate", "transit.publish"}),
    Role.DRIVER: frozenset({"transit.drive"}),
    Role.AUDITOR: frozenset({"audit.view", "audit.export"}),
    Role.ADMINISTRATOR: frozenset(
        {"identity.manage", "procedures.edit", "procedures.publish", "registry.import", "plan.rows"}
    ),
}
