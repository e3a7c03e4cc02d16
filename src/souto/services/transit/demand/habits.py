"""Who rides where and when: facilities, purposes and habits, each a parameter with its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from souto.kernel.errors import SoutoError

DAY = 1_440
"""Minutes of a day."""


class DemandError(SoutoError):
    """Parameters that contradict themselves: shares below zero, nobody at home, hours that end before they begin."""

    message = "需要の前提に誤りがあります（%(what)s）。"


class Kind(StrEnum):
    """Kinds of facilities to which people ride."""

    HOSPITAL = "hospital"
    STATION = "station"
    SHOP = "shop"
    CITY_HALL = "city_hall"
    LEISURE = "leisure"


@dataclass(frozen=True, slots=True)
class Facility:
    """A place to which people ride: degrees, its pull compared with others of its kind, and when it is open.

    `hours`: minutes of opening and closing by weekday (0 Monday … 6 Sunday); a weekday that is missing is a day on which it is closed.
    """

    id: str
    name: str
    kind: Kind
    lat: float
    lon: float
    attraction: float = 1.0
    hours: Mapping[int, tuple[int, int]] = field(default_factory=lambda: dict.fromkeys(range(7), (0, DAY)))

    def __post_init__(self) -> None:
        wrong = any(
            not (0 <= opens < closes <= 30 * 60) or day not in range(7) for day, (opens, closes) in self.hours.items()
        )
        if wrong or not self.attraction >= 0:
            raise DemandError(what=f"{self.name}の開いている時間または重みが正しくありません")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why people ride to a kind of facility.

    `share`: of all outward rides; `arrivals`: when they want to be there, weights for the hours 0–23; `stay_min`: how long they stay on average, minutes;
    `stay_shape`: how alike stays are (a gamma distribution; 1: widely spread, 10: much alike).
    """

    kind: Kind
    share: float
    arrivals: tuple[float, ...]
    stay_min: float
    stay_shape: float = 4.0

    def __post_init__(self) -> None:
        if len(self.arrivals) != 24 or min(self.arrivals) < 0 or sum(self.arrivals) <= 0:
            raise DemandError(what="到着の時間帯には、24の0以上の数が必要です")
        if not (self.share >= 0 and self.stay_min > 0 and self.stay_shape > 0):
            raise DemandError(what="目的の割合または滞在時間が正しくありません")


def _hours(first: int, *weights: float) -> tuple[float, ...]:
    return (*(0.0,) * first, *weights, *(0.0,) * (24 - first - len(weights)))


PURPOSES: tuple[Purpose, ...] = (
    Purpose(Kind.HOSPITAL, 0.34, _hours(8, 5, 9, 8, 5, 1, 2, 3, 2, 1), 100),
    Purpose(Kind.SHOP, 0.28, _hours(9, 2, 6, 7, 4, 4, 5, 5, 4, 3, 1), 70),
    Purpose(Kind.STATION, 0.22, _hours(6, 2, 6, 7, 5, 3, 2, 2, 2, 2, 2, 3, 3, 2, 1), 330, 2.0),
    Purpose(Kind.CITY_HALL, 0.08, _hours(9, 5, 6, 4, 1, 3, 4, 3), 45),
    Purpose(Kind.LEISURE, 0.08, _hours(9, 3, 5, 3, 1, 5, 4, 2, 1), 130),
)
"""Purposes of elderly people who do not drive. Our assumptions, to be replaced by a survey of the city (パーソントリップ調査, アンケート)."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How much and how people ride.

    `rides_per_1000`: outward rides that 1,000 inhabitants want on an average weekday (the share of the trips that demand transit would win, not all trips).
    `weekdays`: factor for Monday … Sunday. `purposes`: their shares are scaled to 1. `decay_m`: a facility twice this farther away is chosen e² times less
    (gravity with exponential decay, straight line). `shortest_m`: nearer, people walk. `longest_m`: farther, nobody rides. `returns`: share that
    rides back. `party`: probabilities of 1, 2, 3 … riders together. `wheelchair`: share of parties with one. `ahead`: share booked on an earlier day, at
    most `ahead_days` before; the others call `lead_min` minutes before on average, at least `notice_min`.
    """

    rides_per_1000: float = 4.0
    weekdays: tuple[float, ...] = (1.05, 1.0, 1.0, 0.95, 1.0, 0.7, 0.45)
    purposes: tuple[Purpose, ...] = PURPOSES
    decay_m: float = 2_500.0
    shortest_m: float = 500.0
    longest_m: float = 15_000.0
    returns: float = 0.85
    party: tuple[float, ...] = (0.84, 0.13, 0.03)
    wheelchair: float = 0.03
    ahead: float = 0.45
    ahead_days: int = 7
    lead_min: float = 60.0
    notice_min: float = 10.0

    def __post_init__(self) -> None:
        shares = (self.returns, self.wheelchair, self.ahead)
        if not all(0 <= share <= 1 for share in shares) or len(self.weekdays) != 7 or min(self.weekdays) < 0:
            raise DemandError(what="割合は0から1、曜日の係数は7つの0以上の数にしてください")
        if not self.party or min(self.party) < 0 or abs(sum(self.party) - 1) > 1e-6:
            raise DemandError(what="人数の確率の合計が1ではありません")
        positive = (self.decay_m, self.lead_min, self.ahead_days, self.longest_m - self.shortest_m)
        if min(positive) <= 0 or min(self.rides_per_1000, self.shortest_m, self.notice_min) < 0:
            raise DemandError(what="距離、回数または時間が正しくありません")
        if not self.purposes or sum(purpose.share for purpose in self.purposes) <= 0:
            raise DemandError(what="目的がありません")
