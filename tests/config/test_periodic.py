from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import procrastinate
import pytest
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from souto.config.periodic import in_tokyo

TOKYO = ZoneInfo("Asia/Tokyo")


def deferrer(cron: str) -> PeriodicDeferrer:
    app = procrastinate.App(connector=InMemoryConnector())
    app.periodic(cron=cron, periodic_id="tests.report")(app.task(name="tests.report")(lambda timestamp: None))
    return PeriodicDeferrer(registry=in_tokyo(app.periodic_registry, app))


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        ("0 3 * * *", datetime(2026, 11, 23, 12, 0, tzinfo=TOKYO), datetime(2026, 11, 24, 3, 0, tzinfo=TOKYO)),
        # at 08:00 in Tokyo on 1 April it is still 31 March in UTC: the month and the weekday are Tokyo's too
        ("30 8 1 4 *", datetime(2027, 3, 31, 12, 0, tzinfo=TOKYO), datetime(2027, 4, 1, 8, 30, tzinfo=TOKYO)),
        ("0 6 * * 1", datetime(2026, 11, 22, 12, 0, tzinfo=TOKYO), datetime(2026, 11, 23, 6, 0, tzinfo=TOKYO)),
    ],
)
def test_the_next_run_is_at_that_time_in_tokyo(cron: str, now: datetime, expected: datetime) -> None:
    seconds = deferrer(cron).get_next_tick(at=now.timestamp())

    assert datetime.fromtimestamp(now.timestamp() + seconds, UTC) == expected


def test_a_run_of_a_moment_ago_is_deferred_once() -> None:
    clock = deferrer("0 3 * * *")
    just_after = datetime(2026, 11, 24, 3, 1, tzinfo=TOKYO).timestamp()

    first = [timestamp for _, timestamp in clock.get_previous_tasks(at=just_after)]
    second = [timestamp for _, timestamp in clock.get_previous_tasks(at=just_after + 60)]

    assert first == [datetime(2026, 11, 24, 3, 0, tzinfo=TOKYO).timestamp()]
    assert second == []
