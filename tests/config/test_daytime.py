"""What time a demo's clock shows."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from souto.config.commands import daytime
from souto.kernel import clock


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.TOKYO)


@pytest.mark.parametrize(
    ("real", "asked", "shown"),
    [
        ("2026-12-01T10:30", None, "2026-12-01T10:30"),
        ("2026-12-01T22:00", None, "2026-12-02T10:00"),
        ("2026-12-01T03:00", None, "2026-12-01T10:00"),
        ("2026-12-04T23:00", None, "2026-12-07T10:00"),  # Friday night: Monday
        ("2026-12-01T22:00", "now", "2026-12-01T22:00"),
        ("2026-12-01T22:00", "8:15", "2026-12-01T08:15"),
    ],
)
def test_at_night_it_is_morning_unless_somebody_wants_otherwise(real: str, asked: str | None, shown: str) -> None:
    now = tokyo(real)
    assert now + timedelta(seconds=daytime.shift(now, asked)) == tokyo(shown)


def test_what_is_no_time_is_refused() -> None:
    for wrong in ("24:00", "ten", "9"):
        with pytest.raises(ValueError, match=wrong):
            daytime.shift(tokyo("2026-12-01T10:30"), wrong)


@pytest.mark.parametrize(("demo", "moved"), [("1", True), ("0", False), ("", False)])
def test_only_a_demo_s_business_clock_is_moved(demo: str, moved: bool) -> None:
    code = "from souto.kernel import clock; print(round((clock.now() - clock.real_now()).total_seconds()))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "SOUTO_DEMO": demo, "SOUTO_DEMO_SHIFT": "3600"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(found.stdout) == (3600 if moved else 0)
