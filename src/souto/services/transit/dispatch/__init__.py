"""Engine: dial-a-ride dispatch with promises that hold.

Problem: people ask for rides between places, one after the other, and are told at once when the vehicle comes; vehicles have shifts,
breaks, seats of several kinds; every rider has time windows and a longest ride. Find the best vehicle and moment for a new rider without breaking what was
promised to the others (`insert`), better plans between two bookings (`improve`), and whole plans from nothing (`solve`): the dial-a-ride problem (DARP)
and the pickup and delivery problem with time windows (PDPTW).

Units: times are floats in one unit per plan, seconds since local midnight in Souto; costs are those of the network's matrix.
Sources: Cordeau and Laporte 2003, Cordeau 2006, Hunsaker and Savelsbergh 2002, Firat and Woeginger 2011 (longest ride), Ichoua, Gendreau and
Potvin 2003 (speeds over the day).
"""

from souto.services.transit.dispatch.answers import Offer, Refusal, Relaxation, RelaxationKind
from souto.services.transit.dispatch.checker import Verdict, Violation, check
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
from souto.services.transit.dispatch.network import Network, NetworkError, Profile
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route

__all__ = [
    "KINDS",
    "Break",
    "Call",
    "CallKind",
    "Constraint",
    "ModelError",
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
    "Request",
    "Route",
    "Seats",
    "Slack",
    "Vehicle",
    "Verdict",
    "Violation",
    "Visit",
    "Window",
    "check",
    "insert",
]
