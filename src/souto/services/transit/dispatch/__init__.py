"""Engine: dial-a-ride dispatch with promises that hold.

Problem: people ask for rides between places, one after the other, and are told at once when the vehicle comes; vehicles have shifts,
breaks, seats of several kinds; every rider has time windows and a longest ride. Find the best vehicle and moment for a new rider without breaking what was
promised to the others (`insert`), better plans between two bookings (`improve`), and whole plans from nothing (`solve`): the dial-a-ride problem (DARP)
and the pickup and delivery problem with time windows (PDPTW). `follow` puts in what vehicles report, `move` what a dispatcher wants, `close` and `rescue` fetch the
riders of a vehicle that broke down. `check` looks over every plan on its own, `warm` compiles.

Method: `insert` walks all pairs of places in all routes with earliest and latest times and loads as bounds, and tries what survives in full (longest rides by
raising moments until nothing moves); it is exact. Searches take strings of neighbouring calls out and put their riders back by that same insertion, or let two
vehicles exchange the rest of their ways, under simulated annealing. For n calls in a route `insert` is O(n^2) per vehicle in the worst case, near O(n) with windows; one trial is O(n).

Units: times are floats in one unit per plan, seconds since local midnight in Souto; costs are those of the network's matrix.
Sources: Cordeau and Laporte 2003, Cordeau 2006 (model, windows), Hunsaker and Savelsbergh 2002, Firat and Woeginger 2011 (longest rides), Dechter, Meiri
and Pearl 1991 (temporal networks, the checker), Ichoua, Gendreau and Potvin 2003 (speeds over the day), Christiaens and Vanden Berghe 2020 (string removal),
Potvin and Rousseau 1995 (exchange of ways), Nagata and Kobayashi 2010 (fewer vehicles). More in `docs/explanation/dispatch.md`.
"""

from souto.services.transit.dispatch.answers import Offer, Refusal, Relaxation, RelaxationKind
from souto.services.transit.dispatch.checker import Verdict, Violation, check
from souto.services.transit.dispatch.driving import (
    Followed,
    Report,
    ReportKind,
    facts,
    follow,
    late_calls,
    lateness,
    leaves,
    under_way,
)
from souto.services.transit.dispatch.insertion import Slack, insert
from souto.services.transit.dispatch.model import (
    KINDS,
    Break,
    Constraint,
    ModelError,
    Objective,
    Promise,
    Request,
    Seats,
    Vehicle,
    Visit,
    Window,
)
from souto.services.transit.dispatch.moving import Closed, Moved, Rescue, close, move, rescue, reworded
from souto.services.transit.dispatch.network import Network, NetworkError, Profile
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route
from souto.services.transit.dispatch.roads import from_roads
from souto.services.transit.dispatch.schedule import Timetable, timetable
from souto.services.transit.dispatch.solving import Budget, improve, solve
from souto.services.transit.dispatch.warming import Warmth, warm

__all__ = [
    "KINDS",
    "Break",
    "Budget",
    "Call",
    "CallKind",
    "Closed",
    "Constraint",
    "Followed",
    "ModelError",
    "Moved",
    "Network",
    "NetworkError",
    "Objective",
    "Offer",
    "Plan",
    "Profile",
    "Promise",
    "Refusal",
    "Relaxation",
    "RelaxationKind",
    "Report",
    "ReportKind",
    "Request",
    "Rescue",
    "Route",
    "Seats",
    "Slack",
    "Timetable",
    "Vehicle",
    "Verdict",
    "Violation",
    "Visit",
    "Warmth",
    "Window",
    "check",
    "close",
    "facts",
    "follow",
    "from_roads",
    "improve",
    "insert",
    "late_calls",
    "lateness",
    "leaves",
    "move",
    "rescue",
    "reworded",
    "solve",
    "timetable",
    "under_way",
    "warm",
]
