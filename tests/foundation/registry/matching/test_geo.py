from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.registry.matching import distance_m, in_japan

lats, lons = st.floats(20, 46), st.floats(122, 154)


def test_a_known_distance():
    # One degree of latitude on a sphere of the mean radius.
    assert distance_m(35.0, 139.0, 36.0, 139.0) == pytest.approx(111_195, abs=1)


@given(lats, lons, lats, lons)
def test_distance_is_symmetric_and_zero_only_at_home(lat1, lon1, lat2, lon2):
    assert distance_m(lat1, lon1, lat2, lon2) == pytest.approx(distance_m(lat2, lon2, lat1, lon1), abs=1e-6)
    assert distance_m(lat1, lon1, lat1, lon1) == 0


def test_the_box_around_japan():
    assert in_japan(35.66, 139.32)
    assert not in_japan(139.32, 35.66)
    assert not in_japan(nan, 139.0)
