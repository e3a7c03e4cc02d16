"""Engine: feeds. Timetables of others read whole, demand transit told to everybody.

Problem: a city needs the timetables of its bus operators, which come as zips of text files with faults of every kind, and its own demand transit must be found by route
planners. Method: every row of a feed is kept and every fault is noted with file, line, field and meaning, after limits on size that are counted while unpacking; what Souto
offers is one model of plain values that is written in several formats. Sources: GTFS Schedule reference with GTFS-Flex (gtfs.org), 標準的なバス情報フォーマット (GTFS-JP) 第3版 and
第4版 of 国土交通省, GTFS-Realtime 2.0, GOFS 1.0 of MobilityData. Units: degrees, seconds or minutes of the service day (which may pass 24:00), yen. No Django, no network.
"""

from souto.services.transit.feeds.archive import ArchiveError, Limits
from souto.services.transit.feeds.gofs import WaitQuery, gofs_documents, wait_times
from souto.services.transit.feeds.gtfs_writer import gtfs_files, gtfs_zip
from souto.services.transit.feeds.model import (
    Area,
    BookingKind,
    BookingRule,
    Calendar,
    DemandService,
    Hours,
    Offer,
    OfferError,
    Operator,
    Publisher,
    StopGroup,
    VehicleType,
    VirtualStop,
)
from souto.services.transit.feeds.notices import MEANINGS, Notice, Severity
from souto.services.transit.feeds.reading import Feed, read_feed
from souto.services.transit.feeds.realtime import Alert, Occupancy, Position, alerts, readable, vehicle_positions
from souto.services.transit.feeds.spec import Profile
from souto.services.transit.feeds.tables import Table
from souto.services.transit.feeds.timetable import busiest_day, departures, served_stops, services_on

__all__ = [
    "MEANINGS",
    "Alert",
    "ArchiveError",
    "Area",
    "BookingKind",
    "BookingRule",
    "Calendar",
    "DemandService",
    "Feed",
    "Hours",
    "Limits",
    "Notice",
    "Occupancy",
    "Offer",
    "OfferError",
    "Operator",
    "Position",
    "Profile",
    "Publisher",
    "Severity",
    "StopGroup",
    "Table",
    "VehicleType",
    "VirtualStop",
    "WaitQuery",
    "alerts",
    "busiest_day",
    "departures",
    "gofs_documents",
    "gtfs_files",
    "gtfs_zip",
    "read_feed",
    "readable",
    "served_stops",
    "services_on",
    "vehicle_positions",
    "wait_times",
]
