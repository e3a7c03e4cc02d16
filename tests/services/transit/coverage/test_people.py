import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.coverage import Grid, MeshLevel, People, PeopleError, Town, codes, read_census
from tests.samples import samples
from tests.services.transit.coverage.town import BOUNDARY, EAST, NORTH, SOUTH, TOWNS, WEST, people

CENSUS = """KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001102001,T001102002
,,,,　人口（総数）,　人口　男
5339328711,0,,,120,61
5339328712,1,5339328711,,3,*
5339328713,2,,5339328712,88,40
"""


def test_the_samples_fill_the_boundary():
    grid = Grid.of(BOUNDARY)
    plane_area = np.prod(np.ptp(grid.plane.xy([SOUTH, NORTH], [WEST, EAST]), axis=0))

    assert len(grid.lat) * grid.sample_m2 == pytest.approx(plane_area, rel=0.02)
    assert grid.lat.min() > SOUTH
    assert grid.lon.max() < EAST
    assert np.array_equal(grid.cells[grid.cell], codes(grid.lat, grid.lon, MeshLevel.QUARTER))


def test_a_feature_collection_is_a_boundary_and_a_hole_is_left_out():
    hole = [[139.32, 35.65], [139.33, 35.65], [139.33, 35.66], [139.32, 35.66], [139.32, 35.65]]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {**BOUNDARY, "coordinates": [*BOUNDARY["coordinates"], hole]},
    }

    grid = Grid.of({"type": "FeatureCollection", "features": [feature]})

    assert len(grid.lat) < len(Grid.of(BOUNDARY).lat)
    assert not ((grid.lat > 35.65) & (grid.lat < 35.66) & (grid.lon > 139.32) & (grid.lon < 139.33)).any()


@pytest.mark.parametrize(
    "boundary", [{}, {"type": "Point", "coordinates": [139, 35]}, {"type": "Polygon"}, shapely.Point(139, 35)]
)
def test_what_has_no_area_is_no_boundary(boundary):
    with pytest.raises(PeopleError):
        Grid.of(boundary)


def test_each_town_keeps_its_people():
    laid = people()

    by_town = np.bincount(laid.town, laid.count)

    assert by_town == pytest.approx([town.people for town in TOWNS])


def test_people_live_around_the_point_of_their_town():
    laid = people()
    mountain = laid.count[laid.town == 3]
    lived_in = (mountain > 0).sum() * laid.grid.sample_m2 / 1e6

    assert lived_in == pytest.approx(120 / 4_000, rel=0.2)  # a hamlet fills no more land than it needs
    assert (mountain == 0).sum() > (mountain > 0).sum()


towns = st.lists(
    st.builds(Town, st.text(max_size=3), st.floats(SOUTH, NORTH), st.floats(WEST, EAST), st.floats(0, 50_000)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(towns, st.sampled_from([500.0, 4_000.0, 20_000.0]))
def test_nobody_is_lost_or_made_up(made, density):
    laid = People.around_towns(Grid.of(BOUNDARY, MeshLevel.HALF), made, density)

    assert laid.total == pytest.approx(sum(town.people for town in made))
    assert (laid.count >= 0).all()


def test_negative_people_are_refused():
    with pytest.raises(PeopleError):
        People.around_towns(Grid.of(BOUNDARY), [Town("町", 35.65, 139.32, -1)])


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_a_census_by_square_is_read(encoding):
    census = read_census(CENSUS.encode(encoding))

    assert census.column == "T001102001"
    assert census.people == {5339328711: 120, 5339328712: 3, 5339328713: 88}
    assert census.hidden == 0


def test_hidden_values_are_counted():
    census = read_census(CENSUS.encode("cp932"), "T001102002")

    assert census.people[5339328712] == 0
    assert census.hidden == 1


@pytest.mark.parametrize(
    ("data", "column"), [(b"", ""), (b"stop_id\n1", ""), (CENSUS.encode(), "T999"), (b"KEY_CODE,T1\nabc,4", "")]
)
def test_another_file_is_no_census(data, column):
    with pytest.raises(PeopleError):
        read_census(data, column)


def test_a_census_keeps_the_people_of_squares_inside():
    grid = Grid.of(BOUNDARY)
    whole = {int(code): 100.0 for code in grid.cells}

    laid = People.of_squares(grid, {**whole, 5339_00_00_11: 7.0}, TOWNS)

    assert laid.total == pytest.approx(100 * len(grid.cells))
    with pytest.raises(PeopleError):
        People.of_squares(grid, {53393287: 1.0}, TOWNS)


def test_a_real_boundary_has_its_published_area():
    import json

    grid = Grid.of(json.loads(samples("geo", "hachioji_boundary_13201.json").read_text(encoding="utf-8")))

    assert len(grid.lat) * grid.sample_m2 / 1e6 == pytest.approx(186.38, abs=0.4)  # 全国都道府県市区町村別面積調
