"""Real sample data that nobody on this project wrote; it lies beside the repository and is never copied into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("SOUTO_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "data"))


def samples(*parts: str) -> Path:
    """The path of a sample file; skips the test where the folder is absent."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"sample data not here: {'/'.join(parts)}")
    return path
