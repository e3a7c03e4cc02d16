"""A small made-up city for the tests: a rectangle of 4 by 3 km with a few towns and stops."""

from souto.services.transit.coverage import Grid, Kind, People, Service, Stop, Town

SOUTH, WEST, NORTH, EAST = 35.640, 139.300, 35.667, 139.344
BOUNDARY = {
    "type": "Polygon",
    "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
}
TOWNS = (
    Town("駅前町", 35.655, 139.322, 9_000),
    Town("南町", 35.644, 139.310, 2_500),
    Town("北台一丁目", 35.663, 139.338, 4_000),
    Town("山の町", 35.664, 139.303, 120),
)
DAY = Service(60, 330, 1_410)
STOPS = (
    Stop("ekimae", "駅前", 35.655, 139.322, Kind.STATION, DAY),
    Stop("minami", "南町", 35.644, 139.311, Kind.BUS, Service(8, 450, 1_080)),
    Stop("kitadai", "北台", 35.6625, 139.336, Kind.BUS, Service(40, 360, 1_380)),
    Stop("yama", "山の町", 35.664, 139.3035, Kind.BUS),
)


def people(side=4):
    return People.around_towns(Grid.of(BOUNDARY, side=side), TOWNS)
