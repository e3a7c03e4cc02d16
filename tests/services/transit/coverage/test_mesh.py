import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.transit.coverage import MeshError, MeshLevel, codes, corners, level_of, size_degrees

PLACES = st.floats(20, 45.999), st.floats(122, 153.999)
LEVELS = st.sampled_from(MeshLevel)


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        # worked out by hand from the definition
        (35 + 40 / 60, 139, 5339_40_00),
        (35.6581, 139.7414, 5339_35_89),  # 東京タワー
        (35.6558, 139.3389, 5339_32_87),  # 八王子駅: 8th row, 7th column of 5339-32
    ],
)
def test_known_third_level_squares(lat, lon, code):
    assert codes(lat, lon, MeshLevel.THIRD) == code


def test_halves_are_counted_from_the_south_west():
    south, west, north, east = (edge[0] for edge in corners(53393287))
    middle = (south + north) / 2, (west + east) / 2

    found = [
        int(codes(middle[0] + up * 1e-4, middle[1] + right * 1e-4, MeshLevel.HALF)) % 10
        for up, right in [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    ]

    assert found == [1, 2, 3, 4]


@given(*PLACES, LEVELS)
def test_a_place_lies_in_its_square(lat, lon, level):
    code = int(codes(lat, lon, level))
    south, west, north, east = (float(edge[0]) for edge in corners(code))

    assert level_of(code) is level
    assert south - 1e-6 <= lat < north + 1e-6
    assert west - 1e-6 <= lon < east + 1e-6
    assert (north - south, east - west) == pytest.approx(size_degrees(level))


@given(*PLACES, LEVELS)
def test_the_middle_of_a_square_has_its_code(lat, lon, level):
    code = codes(lat, lon, level)
    south, west, north, east = (edge[0] for edge in corners(code))

    assert codes((south + north) / 2, (west + east) / 2, level) == code


@given(*PLACES, st.sampled_from([MeshLevel.HALF, MeshLevel.QUARTER, MeshLevel.EIGHTH]))
def test_a_finer_square_begins_with_the_code_of_the_coarser(lat, lon, level):
    assert str(int(codes(lat, lon, level))).startswith(str(int(codes(lat, lon, MeshLevel.THIRD))))


@pytest.mark.parametrize("code", [53393, 5339_92_00, 533932875, 5339328705, 9999, 123456789012])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(MeshError):
        corners(code)


def test_squares_of_several_sizes_are_not_mixed():
    with pytest.raises(MeshError):
        corners(np.array([53393287, 533932871]))


def test_places_outside_of_japan_have_no_square():
    with pytest.raises(MeshError):
        codes(139.3, 35.6, MeshLevel.THIRD)
