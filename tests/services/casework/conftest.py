from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def handover(settings: LazySettings, tmp_path: Path) -> Path:
    """A hand-over folder of the test's own."""
    settings.HANDOVER_DIR = tmp_path / "handover"
    return settings.HANDOVER_DIR
