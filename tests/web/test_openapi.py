"""The open API under what its description allows and what it forbids: no answer is a server error, and each has a described shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from souto.web.api import api
from tests.services.applications import world

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = WSGIHandler()
    for found in schema.include(method="GET").get_all_operations():
        yield found.ok()


OPERATIONS = {operation.label: operation for operation in _operations()}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Let requests share the test's transaction, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _ask_often(label: str, mode: GenerationMode) -> None:
    world.publish()

    @settings(max_examples=15)
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_the_document_allows_is_answered_as_it_describes(label: str) -> None:
    _ask_often(label, GenerationMode.POSITIVE)


@pytest.mark.parametrize("label", [label for label, operation in OPERATIONS.items() if operation.query])
def test_what_the_document_forbids_is_answered_as_it_describes(label: str) -> None:
    _ask_often(label, GenerationMode.NEGATIVE)


@pytest.mark.parametrize(
    "address",
    [
        "/api/procedures?q=%00&category=%00",
        "/api/procedures/a%00b",
        "/api/procedures/a%00b/schema",
        "/api/registry/postal-codes/192%000051",
        "/api/registry/towns/nearest?lat=nan&lon=inf",
        "/api/registry/towns/nearest?lat=1e999&lon=-1e999",
        "/api/plan/?year=99999999999999999999",
        f"/api/procedures?q={'手' * 2000}",
    ],
)
def test_odd_values_are_never_a_server_error(client: Client, address: str) -> None:
    assert client.get(address).status_code < 500


def test_what_could_not_be_read_is_named_in_the_language_of_the_request(client: Client) -> None:
    answer = client.get("/api/registry/towns/nearest?lat=here", headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert answer.json() == {
        "message": "These values could not be read: lat、lon. See the API's description for their form.",
        "fields": ["lat", "lon"],
    }


@pytest.mark.parametrize(
    ("label", "path", "query"),
    [
        ("GET /api/procedures", {}, {"q": "手当", "category": "childcare"}),
        ("GET /api/procedures/{slug}", {"slug": "allowance"}, {}),
        ("GET /api/procedures/{slug}/schema", {"slug": "allowance"}, {}),
        ("GET /api/registry/postal-codes/{code}", {"code": "1920051"}, {}),
        ("GET /api/plan/", {}, {"year": 2026}),
    ],
)
def test_what_exists_is_answered_in_the_described_shape(
    label: str, path: dict[str, Any], query: dict[str, Any]
) -> None:
    world.publish()

    answer = OPERATIONS[label].Case(path_parameters=path, query=query).call_and_validate(checks=CHECKS)

    assert answer.status_code == 200
