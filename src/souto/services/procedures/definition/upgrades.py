"""Upgraders: each takes a definition of one schema version to the next. Pure: a mapping in, a new mapping out.

Nothing that is stored is rewritten; an old body is lifted when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from souto.kernel.errors import SoutoError
from souto.services.procedures.definition.model import SCHEMA_VERSION

Body = dict[str, Any]


class SchemaVersionError(SoutoError):
    """The file was written for a newer Souto, or carries no version that is known."""

    message = "この手続の定義の版（schema_version: %(found)s）は読めません。読めるのは0から%(newest)sまでです。"


def upgrade(body: Mapping[str, Any]) -> Body:
    """`body` in the newest form; raises `SchemaVersionError`. A body without `schema_version` is of version 0."""
    found = body.get("schema_version", 0)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= SCHEMA_VERSION:
        raise SchemaVersionError(found=str(found)[:20], newest=SCHEMA_VERSION)
    lifted = dict(body)
    for version in range(found, SCHEMA_VERSION):
        lifted = {**_UPGRADES[version](lifted), "schema_version": version + 1}
    return lifted


def _from_0(body: Body) -> Body:
    """Version 0 had a plain `fee` with `fee_due` and `fee_account` beside it, `show_if` (a mapping of field to value, or to a list of
    values) where there are condition trees now, and called the pages `questions`.
    """
    lifted = {key: value for key, value in body.items() if key not in ("fee", "fee_due", "fee_account", "questions")}
    if isinstance(body.get("fee"), int):
        if body["fee"]:
            due, account = body.get("fee_due", "submission"), body.get("fee_account", "general")
            lifted["fee"] = {"amount": body["fee"], "due": due, "account": account}
    elif "fee" in body:
        lifted["fee"] = body["fee"]
    pages = body.get("pages", body.get("questions", []))
    lifted["pages"] = [_page_from_0(page) for page in pages] if isinstance(pages, list) else pages
    return lifted


def _page_from_0(page: Any) -> Any:
    if not isinstance(page, dict):
        return page
    lifted = _show_if(page)
    if isinstance(page.get("fields"), list):
        lifted["fields"] = [_page_from_0(field) for field in page["fields"]]
    return lifted


def _show_if(part: Body) -> Body:
    rule = part.get("show_if")
    lifted = {key: value for key, value in part.items() if key != "show_if"}
    if isinstance(rule, dict) and rule:
        tests = [
            {"in": {"field": field, "values": value}}
            if isinstance(value, list)
            else {"equals": {"field": field, "value": value}}
            for field, value in rule.items()
        ]
        lifted["condition"] = tests[0] if len(tests) == 1 else {"all": tests}
    return lifted


_UPGRADES: dict[int, Callable[[Body], Body]] = {0: _from_0}
