"""Engine: demand. A week of wishes to ride, for planners who try out a service before it exists.

Problem: a planner compares zones, hours and fleets, and needs rides that look like the city's: from where people live to where they go, when those places are open. Method: the
number of rides of a purpose on a day is Poisson distributed; homes are drawn in proportion to people; the facility by production-constrained gravity (pull × exp(−distance / decay), Wilson
1967); the hour by the purpose's profile cut to the opening hours; most ride back after a stay (gamma); some book days ahead, the others call before. Every parameter has its meaning in
`Habits`, and those that come with Souto are assumptions, not measurements. Deterministic: a day depends on the seed and its date only. Units: degrees, metres in a straight line, minutes of
the service day, people. Left out: rides that neither begin nor end at home, and influence of the service's quality on the number of wishes. No Django.
"""

from souto.services.transit.demand.habits import PURPOSES, DemandError, Facility, Habits, Kind, Purpose
from souto.services.transit.demand.week import Assigned, Homes, Wish, to_stops, week

__all__ = [
    "PURPOSES",
    "Assigned",
    "DemandError",
    "Facility",
    "Habits",
    "Homes",
    "Kind",
    "Purpose",
    "Wish",
    "to_stops",
    "week",
]
