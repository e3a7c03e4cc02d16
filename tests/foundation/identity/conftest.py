from __future__ import annotations

import pytest

from tests.foundation.identity import provider as demo


@pytest.fixture(scope="session")
def _provider(tmp_path_factory):
    with demo.running(tmp_path_factory.mktemp("provider")) as made:
        yield made


@pytest.fixture
def provider(_provider):
    """The demo provider on a real port, with the application connected to it."""
    with demo.connected(_provider):
        yield _provider["provider"]
