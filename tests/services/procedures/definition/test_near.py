from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.procedures.definition.fields.near import near, words

STATION = (35.655555, 139.338998, "駅")
HALL = (35.6664, 139.3160, "市役所")


@pytest.mark.parametrize(
    ("lat", "lng", "said"),
    [
        (35.6556, 139.3390, "駅の近く"),
        (35.6601, 139.3390, "駅から北へ約510m"),
        (35.6510, 139.3390, "駅から南へ約510m"),
        (35.6556, 139.3445, "駅から東へ約500m"),
        (35.6556, 139.3335, "駅から西へ約500m"),
        (35.6590, 139.3431, "駅から北東へ約530m"),
        (35.6300, 139.3390, "駅から南へ約2.8km"),
        (35.6664, 139.3161, "市役所の近く"),
    ],
)
def test_a_point_is_told_from_the_nearest_place(lat: float, lng: float, said: str) -> None:
    assert near(lat, lng, [STATION, HALL], language="ja") == said


def test_every_language_tells_it() -> None:
    assert near(35.6601, 139.3390, [STATION], language="en") == "about 510m north of 駅"
    assert near(35.6601, 139.3390, [STATION], language="ja-easy") == "駅から 北へ 510mくらい"
    assert near(35.66, 139.33, [], language="ja") == ""


@given(st.floats(35.5, 35.8), st.floats(139.1, 139.5), st.sampled_from(["ja", "ja-easy", "en"]))
def test_it_always_names_a_place_and_one_of_the_ways(lat: float, lng: float, language: str) -> None:
    said = near(lat, lng, [STATION, HALL], language=language)

    assert any(name in said for name in ("駅", "市役所"))
    assert said in {words(language)["at"].format(place=name) for name in ("駅", "市役所")} or any(
        way in said for way in words(language)["ways"]
    )
