"""Records of one room point down to those of another, and nothing vanishes with what it points to."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db import models

from tests.architecture import house


@cache
def floors() -> dict[str, int]:
    """How high each room stands, from the layers in `.importlinter`."""
    linter = configparser.ConfigParser()
    linter.read(house.ROOT / ".importlinter", encoding="utf-8")
    heights: dict[str, int] = {}
    for shelf in house.SHELVES:
        layers = linter[f"importlinter:contract:{shelf}"]["layers"].split("\n")
        for height, layer in enumerate(reversed([line for line in layers if line.strip()])):
            for room in layer.replace("(", "").replace(")", "").split("|"):
                heights[f"souto.{shelf}.{room.strip()}"] = height + 100 * house.SHELVES.index(shelf)
    return heights | {"souto.plan": 1_000, "souto.web": 2_000}


def across() -> Iterator[tuple[str, str, str, models.ForeignKey]]:
    """Foreign keys from one room's records to another's: (label, room, other room, field)."""
    for model in apps.get_models():
        room = house.room_of(model.__module__)
        for field in model._meta.get_fields():
            if room is None or not isinstance(field, models.ForeignKey):
                continue
            other = house.room_of(field.remote_field.model.__module__)
            if other is not None and other != room:
                yield f"{model._meta.label}.{field.name}", room, other, field


def test_there_are_keys_across_rooms() -> None:
    assert len(list(across())) > 10


def test_keys_point_down() -> None:
    upward = [label for label, room, other, _ in across() if floors()[other] >= floors()[room]]

    assert upward == [], "a reference upward is plain: purpose and subject_id"


def test_keys_protect_what_they_point_to_and_leave_no_way_back() -> None:
    loose = [
        label
        for label, _, _, field in across()
        if field.remote_field.on_delete is not models.PROTECT or field.remote_field.related_name != "+"
    ]

    assert loose == []


def test_no_record_disappears_with_another() -> None:
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if house.room_of(model.__module__)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]

    assert cascading == []
