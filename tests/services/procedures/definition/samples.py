"""Definitions that the tests ask questions of."""

from __future__ import annotations

from datetime import date
from typing import Any

from souto.services.procedures.definition import Definition

TODAY = date(2026, 11, 22)
FACTS: dict[str, Any] = {"today": TODAY.isoformat()}


def field(type_: str, key: str = "it", **more: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, "label": {"ja": more.pop("label", "項目")}, **more}


def page(key: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "title": key, "fields": list(fields), **more}


def body(*pages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "slug": "sample",
        "title": {"ja": "見本の手続"},
        "summary": "見本です",
        "kind": "application",
        "department": "citizen",
        "category": "certificate",
        "processing_days": 3,
        "outcomes": [
            {"code": "yes", "label": "承認", "granted": True},
            {"code": "no", "label": "却下", "granted": False},
        ],
        "pages": list(pages),
        **more,
    }


def definition(*pages: dict[str, Any], **more: Any) -> Definition:
    return Definition.from_body(body(*pages, **more))


def one(type_: str, **more: Any) -> Any:
    """A single field of a type."""
    return definition(page("p", field(type_, **more))).pages[0].fields[0]


def certificate() -> Definition:
    """Most of the machinery in one small form: a page that a condition opens, a group with a condition in its rows, a computed fee."""
    return definition(
        page(
            "who",
            field("name", "name", prefill="card.name", verified=True),
            field("date", "born", when="past_or_today", prefill="card.birth_date", verified=True, partial=True),
        ),
        page(
            "what",
            field(
                "choice", "delivery", options=[{"code": "counter", "label": "窓口"}, {"code": "mail", "label": "郵送"}]
            ),
            field("number", "copies", minimum=1, maximum=10),
            field("text", "reason", condition={"greater": {"field": "copies", "than": 3}}),
        ),
        page("where", field("address", "address"), condition={"equals": {"field": "delivery", "value": "mail"}}),
        page(
            "family",
            field(
                "group",
                "children",
                row_label="お子さん",
                required=False,
                min_rows=0,
                max_rows=3,
                fields=[
                    field("text", "child_name"),
                    field("yes_no", "apart"),
                    field("file", "proof", condition={"equals": {"field": "apart", "value": True}}),
                ],
            ),
        ),
        page(
            "fee",
            field(
                "computed",
                "fee",
                result="yen",
                compute={
                    "sum": [
                        {"product": [{"field": "copies"}, 300]},
                        {
                            "cases": [{"if": {"equals": {"field": "delivery", "value": "mail"}}, "then": 110}],
                            "otherwise": 0,
                        },
                    ]
                },
            ),
            field("consent", "agree", statement="手数料を払います"),
        ),
        fee={"amount": "fee", "account": "certificates", "due": "approval"},
        assurance=2,
    )


def stored_file(number: int = 1) -> dict[str, Any]:
    return {"file_id": f"018f0000-0000-7000-8000-{number:012d}", "name": "写真.jpg", "size": 1200, "sha256": "a" * 64}
