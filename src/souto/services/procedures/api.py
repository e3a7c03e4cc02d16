"""The open API of procedures: what is published, as data, and the JSON Schema of its answers. Nobody signs in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from souto.foundation.ui.api import Problem
from souto.services.procedures import queries
from souto.services.procedures.definition import json_schema
from souto.services.procedures.models import ProcedureVersion

router = Router(tags=["procedures"])


class ProcedureOut(Schema):
    """A published procedure in a list."""

    slug: str
    number: int = Field(description="number of the published version")
    title: dict[str, str] = Field(description="wording by language: ja, ja-easy, en")
    summary: dict[str, str]
    kind: str = Field(description="application (申請), notification (届出) or report (通報)")
    category: str
    department: str = Field(description="code of the section in charge")
    legal_basis: list[str]
    assurance: int = Field(description="what the sign-in must prove: 0 none, 1 e-mail, 2 card, 3 card signature")
    signature: bool
    published_at: datetime
    sample: bool = Field(description="true where figures are samples (見本)")


class VersionOut(ProcedureOut):
    """A published procedure whole."""

    body_hash: str = Field(description="SHA-256 of the definition's canonical JSON (RFC 8785)")
    definition: dict[str, Any]


def _short(version: ProcedureVersion) -> dict[str, Any]:
    found = version.definition
    return {
        "slug": version.slug,
        "number": version.number,
        "title": found.title,
        "summary": found.summary,
        "kind": found.kind,
        "category": found.category,
        "department": found.department,
        "legal_basis": list(found.legal_basis),
        "assurance": found.assurance,
        "signature": found.signature,
        "published_at": version.published_at,
        "sample": version.is_demo or bool(found.assumptions),
    }


@router.get("", response=list[ProcedureOut], summary="Published procedures")
def list_procedures(request: HttpRequest, q: str = "", category: str = "") -> list[dict[str, Any]]:  # noqa: ARG001 - ninja hands it over
    """Those that match `q`, best first; of one `category` where given."""
    found = queries.search_published(q, language="ja", category=category or None)
    return [_short(version) for version in found]


@router.get("/{slug}", response={200: VersionOut, 404: Problem}, summary="A published procedure")
def get_procedure(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001
    """The published version with its definition; 404 where there is none."""
    version = queries.get_published(slug)
    return {**_short(version), "body_hash": version.body_hash, "definition": version.body}


@router.get("/{slug}/schema", response={200: dict[str, Any], 404: Problem}, summary="JSON Schema of the answers")
def get_schema(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001
    """JSON Schema (2020-12) that cleaned answers of the published version meet."""
    return json_schema.derive(queries.get_published(slug).definition)
