from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.foundation.identity import provider as demo


@pytest.fixture(scope="session")
def running_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with demo.running(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def provider(running_provider: dict[str, Any]) -> Iterator[Any]:
    """The demo provider on a real port, with the application connected to it."""
    with demo.connected(running_provider):
        yield running_provider["provider"]
