"""Engine: gaps in public transport (交通空白, 交通不便). How many people live within reach of a stop that is served well enough, where the others live, and what a
new stop, line or demand zone would change.

Problem: a share of *area* says little in a city with forests; a share of *people* needs to know where they live, how far they walk and when the bus comes. Method:
the city is cut into the squares of JIS X 0410 and these into sample points; people are laid onto the samples from a census by square or around the points of their
towns; the ways from every stop to the samples around it, straight or on a walking network, are measured once and kept as pairs; a standard (distances
by kind of stop, departures a day, first and last departure) then is a comparison over those pairs, and a change adds a few pairs. Sources: JIS X 0410 for squares; e-Stat
地域メッシュ統計 for their people; the distances in use in Japan stand in `docs/explanation/coverage.md`. Units: degrees, metres, people, minutes since
midnight. Complexity: O(pairs) for any answer; about 700,000 pairs for a city of 186 km² with 2,100 stops and a horizon of 1 km. No Django.
"""

from souto.services.transit.coverage.analysis import (
    Analysis,
    Assessment,
    CellTable,
    Change,
    Comparison,
    State,
    TownResult,
)
from souto.services.transit.coverage.area import covered_area
from souto.services.transit.coverage.mesh import MeshError, MeshLevel, codes, corners, level_of, size_degrees
from souto.services.transit.coverage.people import Grid, People, PeopleError, SquareCensus, Town, read_census
from souto.services.transit.coverage.service import (
    DISTANCES,
    UNKNOWN,
    Kind,
    Service,
    ServiceError,
    Standard,
    Stop,
    Zone,
)
from souto.services.transit.coverage.walks import NetworkWalk, Reached, StraightWalk, Walk

__all__ = [
    "DISTANCES",
    "UNKNOWN",
    "Analysis",
    "Assessment",
    "CellTable",
    "Change",
    "Comparison",
    "Grid",
    "Kind",
    "MeshError",
    "MeshLevel",
    "NetworkWalk",
    "People",
    "PeopleError",
    "Reached",
    "Service",
    "ServiceError",
    "SquareCensus",
    "Standard",
    "State",
    "Stop",
    "StraightWalk",
    "Town",
    "TownResult",
    "Walk",
    "Zone",
    "codes",
    "corners",
    "covered_area",
    "level_of",
    "read_census",
    "size_degrees",
]
