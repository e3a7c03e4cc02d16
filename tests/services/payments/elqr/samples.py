"""The sample codes that others wrote, kept beside the repository."""

import json
from typing import Any

import pytest

from tests import samples

SAMPLES = samples.ROOT / "elqr" / "elqr_vectors.json"


def vectors() -> list[Any]:
    """The vectors as parameters; a single skipped parameter that says what is missing where there are none."""
    if not SAMPLES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no sample codes at {SAMPLES}: set SOUTO_SAMPLES"))]
    return [pytest.param(vector, id=vector["anken"]) for vector in json.loads(SAMPLES.read_text())["vectors"]]
