import numpy as np
import pytest

from souto.services.transit.roads import ExtractError, Mode, RoadClass, Router, read_extract, snap

NODES = {
    1: (35.6500, 139.3300),
    2: (35.6500, 139.3310),
    3: (35.6500, 139.3320),
    4: (35.6510, 139.3320),
    5: (35.6520, 139.3320),
    6: (35.6510, 139.3300),
    7: (35.6600, 139.3400),
    8: (35.6600, 139.3410),
}
WAYS = [
    ([1, 2, 3], {"highway": "residential"}),
    ([3, 4, 5], {"highway": "secondary", "oneway": "yes", "maxspeed": "40"}),
    ([2, 6], {"highway": "footway"}),
    ([5, 6, 1], {"highway": "unclassified", "maxspeed": "20 mph"}),
    ([7, 8], {"highway": "service", "access": "private"}),
    ([4, 99], {"highway": "service"}),
    ([1, 3, 5, 1], {"highway": "pedestrian", "area": "yes"}),
    ([7, 8], {"highway": "proposed"}),
    ([7, 8], {"waterway": "river"}),
]


def osm(folder, ways=WAYS, name="town.osm"):
    nodes = "".join(f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in NODES.items())
    body = "".join(
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{n}"/>' for n in refs)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</way>"
        for number, (refs, tags) in enumerate(ways, 1)
    )
    path = folder / name
    path.write_text(f'<?xml version="1.0"?><osm version="0.6" generator="test">{nodes}{body}</osm>', encoding="utf-8")
    return path


def test_an_extract_becomes_crossings_and_links_with_their_bends(tmp_path):
    imported = read_extract(osm(tmp_path))
    roads = imported.network

    assert roads.links == 6  # 1–2, 2–3, 3–5 with its bend, 2–6, 5–6, 6–1
    assert len(roads.corners) == 1
    assert imported.left_out == {"closed": 1, "no_location": 1, "too_short": 1, "area": 1, "other_highway": 1}


def test_one_way_streets_footways_and_limits_are_read(tmp_path):
    roads = read_extract(osm(tmp_path)).network
    kinds = [RoadClass(kind) for kind in roads.road_class]
    secondary, footway = kinds.index(RoadClass.SECONDARY), kinds.index(RoadClass.PATH)

    assert (roads.forward[secondary], roads.backward[secondary]) == (True, False)
    assert roads.speed_kmh[secondary] == 40
    assert (roads.forward[footway], roads.backward[footway], roads.walkable[footway]) == (False, False, True)
    assert roads.speed_kmh[kinds.index(RoadClass.UNCLASSIFIED)] == pytest.approx(32.19, abs=0.01)


def test_people_and_vehicles_go_different_ways(tmp_path):
    roads = read_extract(osm(tmp_path)).network
    drive, walk = roads.usable_part(Mode.DRIVE), roads.usable_part(Mode.WALK)
    ends = [NODES[5][0], NODES[3][0]], [NODES[5][1], NODES[3][1]]

    by_car = Router(drive, Mode.DRIVE, drive.length_m).between(snap(drive, *ends))
    on_foot = Router.walking_metres(walk).between(snap(walk, *ends))

    assert by_car[1, 0] == pytest.approx(222, abs=1)  # straight up the one-way street
    assert by_car[0, 1] > 400  # and around the block back
    assert on_foot[0, 1] == pytest.approx(222, abs=1)


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"highway": "primary", "oneway": "-1"}, (False, True)),
        ({"highway": "tertiary", "junction": "roundabout"}, (True, False)),
        ({"highway": "motorway_link"}, (True, False)),
        ({"highway": "residential", "oneway": "no", "access": "no", "motor_vehicle": "yes"}, (True, True)),
        ({"highway": "residential", "motor_vehicle": "private"}, (False, False)),
        ({"highway": "residential", "oneway": "reversible"}, (False, False)),
    ],
)
def test_who_may_drive_where(tmp_path, tags, directions):
    roads = read_extract(osm(tmp_path, [([1, 2], tags), ([2, 3], {"highway": "footway"})])).network
    row = next((i for i, kind in enumerate(roads.road_class) if kind != RoadClass.PATH), None)

    assert (bool(roads.forward[row]), bool(roads.backward[row])) == directions


def test_a_loop_is_cut_where_it_meets_itself(tmp_path):
    roads = read_extract(osm(tmp_path, [([1, 3, 5, 1], {"highway": "residential"})])).network

    assert roads.links == 1
    assert roads.start[0] == roads.end[0]
    assert len(roads.corners) == 2


@pytest.mark.parametrize("content", ["", "<osm", "stop_id,stop_name\n1,駅\n", '<osm version="0.6"></osm>'])
def test_what_is_no_extract_is_refused(tmp_path, content):
    path = tmp_path / "town.osm"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ExtractError):
        read_extract(path)
    with pytest.raises(ExtractError):
        read_extract(tmp_path / "absent.osm.pbf")


def test_the_same_in_the_binary_format(tmp_path):
    import osmium

    with osmium.SimpleWriter(str(tmp_path / "town.osm.pbf")) as writer:
        for element in osmium.FileProcessor(str(osm(tmp_path))):
            writer.add(element)

    text, binary = read_extract(tmp_path / "town.osm").network, read_extract(tmp_path / "town.osm.pbf").network

    assert np.array_equal(text.length_m, binary.length_m)
    assert np.array_equal(text.start, binary.start)
