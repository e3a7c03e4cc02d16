"""Every write of this room."""

from __future__ import annotations

from souto.services.transit.actions.alerts import (
    AlertKindError,
    AlertPeriodError,
    AlertTextError,
    end_alert,
    write_alert,
)
from souto.services.transit.actions.asking import ContactMissingError, NotReplaceableError, ask
from souto.services.transit.actions.beginning import CodeTakenError, begin_service
from souto.services.transit.actions.booking import AboardError, BusyError, book, cancel
from souto.services.transit.actions.calling import find_caller, open_call
from souto.services.transit.actions.costs import CostMonthError, CostRefusedError, CostSourceError, enter_cost
from souto.services.transit.actions.dispatching import (
    BrokenDown,
    MoveBreaksError,
    MoveRefusedError,
    NotRunningError,
    break_down,
    move,
)
from souto.services.transit.actions.driving import OldDayError, Report, Seen, Taken, report
from souto.services.transit.actions.fares import (
    FareDiffersError,
    FareNotPaidError,
    FareTakenError,
    NotCollectableError,
    collect_fare,
)
from souto.services.transit.actions.favourites import (
    NameMissingError,
    TooManyFavouritesError,
    drop_favourite,
    keep_favourite,
    rename_favourite,
)
from souto.services.transit.actions.forgetting import forget
from souto.services.transit.actions.improving import improve, remind
from souto.services.transit.actions.looking import open_day, open_ride
from souto.services.transit.actions.repeating import (
    NotRepeatableError,
    NoWeekdayError,
    SeriesOverError,
    book_series,
    end_series,
    skip_day,
    start_series,
)
from souto.services.transit.actions.simulating import (
    NothingToCompareError,
    UnusableAlternativeError,
    begin_simulation,
    cancel_simulation,
    finish_simulation,
    note_progress,
    simulate,
)
from souto.services.transit.actions.tablets import Delivered, TakenFare, Unfit, deliver, drop_reports, note_sheet
from souto.services.transit.actions.versions import (
    DraftChangedError,
    NotADraftError,
    PublishRefusedError,
    TooSoonError,
    discard_draft,
    draft_from,
    edit_draft,
    import_yaml,
    publish,
)
from souto.services.transit.definition import RiderClass
from souto.services.transit.engine import EngineStartingError
from souto.services.transit.models import EventKind
from souto.services.transit.trips import Trip, When

__all__ = [
    "AboardError",
    "AlertKindError",
    "AlertPeriodError",
    "AlertTextError",
    "BrokenDown",
    "BusyError",
    "CodeTakenError",
    "ContactMissingError",
    "CostMonthError",
    "CostRefusedError",
    "CostSourceError",
    "Delivered",
    "DraftChangedError",
    "EngineStartingError",
    "EventKind",
    "FareDiffersError",
    "FareNotPaidError",
    "FareTakenError",
    "MoveBreaksError",
    "MoveRefusedError",
    "NameMissingError",
    "NoWeekdayError",
    "NotADraftError",
    "NotCollectableError",
    "NotRepeatableError",
    "NotReplaceableError",
    "NotRunningError",
    "NothingToCompareError",
    "OldDayError",
    "PublishRefusedError",
    "Report",
    "RiderClass",
    "Seen",
    "SeriesOverError",
    "Taken",
    "TakenFare",
    "TooManyFavouritesError",
    "TooSoonError",
    "Trip",
    "Unfit",
    "UnusableAlternativeError",
    "When",
    "ask",
    "begin_service",
    "begin_simulation",
    "book",
    "book_series",
    "break_down",
    "cancel",
    "cancel_simulation",
    "collect_fare",
    "deliver",
    "discard_draft",
    "draft_from",
    "drop_favourite",
    "drop_reports",
    "edit_draft",
    "end_alert",
    "end_series",
    "enter_cost",
    "find_caller",
    "finish_simulation",
    "forget",
    "import_yaml",
    "improve",
    "keep_favourite",
    "move",
    "note_progress",
    "note_sheet",
    "open_call",
    "open_day",
    "open_ride",
    "publish",
    "remind",
    "rename_favourite",
    "report",
    "simulate",
    "skip_day",
    "start_series",
    "write_alert",
]
