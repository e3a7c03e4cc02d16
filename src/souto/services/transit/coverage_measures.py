"""People whom demand transit brings within reach, as a figure for the plan: an estimate from where people live, never from anybody's ride."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period, measure
from souto.services.transit import gaps, queries, surroundings


@measure(
    "transit.newly_covered",
    unit="人",
    title="デマンド交通で新しく交通が届いた人",
    definition=(
        "期末に運行しているデマンド交通の停留所によって、市の基準の距離に平日の交通が届くようになった人の数。"
        "市の時刻表と駅だけのときと比べます。人の住まいは人口の統計からの推計です。"
    ),
    stock=True,
)
def newly_covered(period: Period, _dimension: str | None, *, actor: Actor) -> Measured:  # noqa: ARG001 - no rows: nobody is named
    """People within the city's own standard through published services, who are not through its timetable alone; None without data on people."""
    from souto.services.transit import coverage

    held = queries.services_on(day=min(period.end, clock.today()))
    services = {str(v.id): v.definition for v in held if settings.DEMO or not v.is_demo}
    try:
        distances, departures = surroundings.usual_standard()
        city = gaps.analysis(gaps.DayKind.WEEKDAY)
        source = surroundings.source()
    except surroundings.NoPlanningDataError:
        return Measured(value=None, as_of=clock.now())
    standard = coverage.Standard(reach_m=coverage.DISTANCES[distances], departures=departures)
    found = city.what_if(standard, gaps.changes(city, gaps.Trial(services=services), gaps.DayKind.WEEKDAY))
    people = round(found.newly_covered)
    assumptions = {"人口": source.people, "基準": f"{distances}m、1日{departures}本以上"}
    return Measured(value=Decimal(people), as_of=clock.now(), numerator=people, assumptions=assumptions)
