"""The open API: published procedures as data, and a JSON Schema that their answers meet."""

from __future__ import annotations

import pytest
from django.test import Client

from souto.kernel.actor import Actor
from souto.services.procedures import actions
from souto.services.procedures.definition import Definition
from souto.services.procedures.definition.canonical import body_hash
from tests.services.procedures.helpers import published, sample_yaml

pytestmark = pytest.mark.django_db


def test_published_procedures_are_listed_and_drafts_are_not(client: Client) -> None:
    published(slug="open", title={"ja": "公開の手続", "en": "Open"})
    actions.import_yaml(actor=Actor.system("test"), text=sample_yaml(slug="in-work"))

    listed = client.get("/api/procedures").json()

    assert [(one["slug"], one["title"]["en"], one["number"]) for one in listed] == [("open", "Open", 1)]
    assert client.get("/api/procedures", {"q": "ない言葉"}).json() == []
    assert client.get("/api/procedures/in-work").status_code == 404


def test_a_procedure_comes_whole_and_its_hash_can_be_checked(client: Client) -> None:
    version = published(slug="open")

    got = client.get("/api/procedures/open").json()

    assert Definition.from_body(got["definition"]) == version.definition
    assert body_hash(got["definition"]) == got["body_hash"] == version.body_hash


def test_the_schema_names_the_fields(client: Client) -> None:
    published(slug="open")

    schema = client.get("/api/procedures/open/schema").json()

    assert schema["required"] == ["reason"]
    assert schema["properties"]["reason"]["maxLength"] == 500
    assert client.get("/api/procedures/nothing/schema").status_code == 404
