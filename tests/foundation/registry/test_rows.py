import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.registry.matching import FineTown
from souto.foundation.registry.rows import (
    RowProblem,
    TownFileError,
    TownRowError,
    digest_of,
    keepable,
    key_of,
    read_row,
    read_town_file,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


def test_a_row_becomes_a_town():
    row = {"town": "元本郷町三丁目", "koaza": "", "lat": 35.66, "lng": 139.31}

    assert read_row(row, lg_code="132012") == FineTown("132012", "元本郷町", 3, "", 35.66, 139.31)


def test_a_row_may_name_its_municipality_and_write_numbers_as_text():
    row = {"town": " 富士見町 ", "lat": "35.69", "lon": "139.40", "lg_code": "13202"}

    assert read_row(row, lg_code="132012") == FineTown("132021", "富士見町", None, "", 35.69, 139.40)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"town": ""}, RowProblem.NAME_MISSING),
        ({"town": None}, RowProblem.NAME_MISSING),
        ({"town": 3}, RowProblem.ROW_UNREADABLE),
        ({"town": "町" * 65}, RowProblem.NAME_TOO_LONG),
        ({"town": "元\x00町"}, RowProblem.NAME_CHARACTERS),
        ({"koaza": "\ue000"}, RowProblem.NAME_CHARACTERS),
        ({"lat": None}, RowProblem.POINT_MISSING),
        ({"lng": ""}, RowProblem.POINT_MISSING),
        ({"lat": "北"}, RowProblem.POINT_UNREADABLE),
        ({"lat": True}, RowProblem.POINT_UNREADABLE),
        ({"lat": float("nan")}, RowProblem.POINT_UNREADABLE),
        ({"lat": 10**400}, RowProblem.POINT_UNREADABLE),
        ({"lat": 139.31, "lng": 35.66}, RowProblem.POINT_SWAPPED),
        ({"lat": 0, "lng": 0}, RowProblem.POINT_OUTSIDE),
        ({"lg_code": "132013"}, RowProblem.CITY_UNKNOWN),
    ],
)
def test_each_fault_has_its_own_problem(change, problem):
    row = {"town": "元本郷町三丁目", "koaza": "", "lat": 35.66, "lng": 139.31} | change

    with pytest.raises(TownRowError) as refused:
        read_row(row, lg_code="132012")
    assert refused.value.problem is problem


@given(anything)
def test_any_row_is_read_or_refused_and_can_be_kept(row):
    with suppress(TownRowError):
        read_row(row, lg_code="132012")

    kept = json.dumps(keepable(row), allow_nan=False)
    kept.encode("utf-8")
    assert "\\u0000" not in kept
    assert digest_of(keepable(row)) == digest_of(json.loads(kept))


def test_spellings_of_a_town_have_one_key():
    assert key_of(FineTown("132012", "絹ヶ丘", 2, "", 35, 139)) == key_of(FineTown("132012", "絹ケ丘", 2, "", 35, 139))
    assert key_of(FineTown("132012", "絹ヶ丘", 2, "", 35, 139)) != key_of(FineTown("132012", "絹ヶ丘", 3, "", 35, 139))


def test_a_file_with_source_and_licence(tmp_path):
    path = tmp_path / "towns.yaml"
    path.write_text(
        'source: 手入力\nlicence: 事実\nlg_code: "132012"\ntowns:\n  - {town: 旭町, lat: 35.65, lon: 139.33}\n'
    )

    found = read_town_file(path)

    assert (found.source, found.licence, found.lg_code) == ("手入力", "事実", "132012")
    assert found.rows == [{"town": "旭町", "lat": 35.65, "lon": 139.33}]


@pytest.mark.parametrize("content", ["", "{", "3", '{"towns": 3}', "[" * 100_000])
def test_what_is_no_list_is_refused(tmp_path, content):
    path = tmp_path / "towns.json"
    path.write_text(content)

    with pytest.raises(TownFileError):
        read_town_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TownFileError):
        read_town_file(tmp_path / "nothing.json")
