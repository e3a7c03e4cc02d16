from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _city(settings: LazySettings, tmp_path: Path) -> None:
    """A city that keeps applications for five years and says nothing about the rest."""
    from tests.foundation.retention import world  # needs the rooms, which are not loaded yet when this file is

    folder = tmp_path / "city"
    folder.mkdir()
    settings.CITY_DIR = world.city_with(folder, "application = 5")
    settings.HANDOVER_DIR = tmp_path / "handover"


@pytest.fixture
def procedure(db: None) -> None:
    from tests.services.applications import world

    world.publish()
