"""What a made-up city offers."""

from datetime import date

from souto.services.transit.feeds import (
    Area,
    BookingKind,
    BookingRule,
    Calendar,
    DemandService,
    Hours,
    Offer,
    Operator,
    Publisher,
    StopGroup,
    VehicleType,
    VirtualStop,
)

SQUARE = {
    "type": "Polygon",  # clockwise on purpose
    "coordinates": [[[139.30, 35.64], [139.30, 35.66], [139.34, 35.66], [139.34, 35.64], [139.30, 35.64]]],
}
PUBLISHER = Publisher(
    "桑都市", "https://www.example.jp/", "2026v1", date(2026, 4, 1), date(2027, 3, 31), "feed@example.jp"
)
OPERATOR = Operator(
    "2000020132012", "桑都交通", "https://bus.example.jp/", "そうとこうつう", "+81426000000", "bus@example.jp"
)
STOPS = (
    VirtualStop("s1", "桑都駅前", "そうとえきまえ", 35.655, 139.339, "Souto Station"),
    VirtualStop("s2", "市民病院", "しみんびょういん", 35.650, 139.330),
    VirtualStop("s3", "南団地", "みなみだんち", 35.645, 139.320),
)
WEEKDAYS = Calendar(
    "weekdays",
    frozenset(range(5)),
    date(2026, 4, 1),
    date(2027, 3, 31),
    added=(date(2026, 8, 15),),
    removed=(date(2026, 4, 29),),
)
RULES = (
    BookingRule(
        "same-day",
        BookingKind.SAME_DAY,
        notice_min=30,
        start_day=7,
        start_minute=540,
        message="30分前までに予約してください。",
        phone="+81426000000",
        info_url="https://www.example.jp/ride",
        booking_url="https://www.example.jp/ride/book",
    ),
    BookingRule("now", BookingKind.REAL_TIME, phone="+81426000000"),
    BookingRule("day-before", BookingKind.PRIOR_DAYS, last_day=1, last_minute=1020, prior_calendar="weekdays"),
)
SERVICES = (
    DemandService(
        "south",
        "南部デマンド",
        "なんぶでまんど",
        (Hours("group", "group", "weekdays", 8 * 60, 18 * 60, 18 * 60 + 30),),
        "same-day",
        ("van",),
        300,
        "South on demand",
        "1c7f49",
        "ffffff",
    ),
    DemandService(
        "door", "ドアツードア", "どあつーどあ", (Hours("zone", "zone", "weekdays", 540, 1020),), "now", ("van", "taxi")
    ),
    DemandService(
        "hospital",
        "病院行き",
        "びょういんいき",
        (Hours("zone", "group", "weekdays", 480, 720),),
        "day-before",
        ("taxi",),
        500,
    ),
)


def offer(**changes):
    """The offer, with changes."""
    parts = {
        "publisher": PUBLISHER,
        "operator": OPERATOR,
        "services": SERVICES,
        "calendars": (WEEKDAYS,),
        "booking_rules": RULES,
        "vehicle_types": (VehicleType("van", 8, True), VehicleType("taxi", 4, False)),
        "stops": STOPS,
        "groups": (StopGroup("group", "南部の乗り場", ("s1", "s2", "s3")),),
        "areas": (Area("zone", "南部", SQUARE),),
    }
    return Offer(**{**parts, **changes})
