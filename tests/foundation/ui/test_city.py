from __future__ import annotations

from pathlib import Path

import pytest

from souto.foundation.registry.codes import check_corporate_number
from souto.foundation.ui.city import CityFileError, city, load

SMALL = """
name = "見本市"
name_kana = "ミホンシ"
name_en = "Sample City"
lg_code = "999999"
postal_code = "000-0000"
address = "見本1番地"
phone = "000-000-0000"
hours = "平日 9:00〜16:00"
[[department]]
code = "citizens"
name = "市民課"
phone = "000-000-0001"
"""


def test_the_city_of_the_settings() -> None:
    here = city()

    assert (here.name, here.lg_code, here.phone) == ("八王子市", "132012", "042-626-3111")
    assert here.named("en") == "Hachioji City"
    assert here.unverified == {"hours", "retention", "licence"}
    assert here.open_data is not None
    assert check_corporate_number(here.open_data.corporate_number) == here.open_data.corporate_number


def test_a_city_says_only_what_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text(SMALL, encoding="utf-8")

    here = load(path)

    assert here.named("ja-easy") == "見本市"
    assert here.all_hours["en"] == "平日 9:00〜16:00"
    citizens = here.section("citizens")
    assert citizens is not None
    assert citizens.phone == "000-000-0001"
    assert here.section("unknown") is None


def test_a_file_that_lacks_something_names_it(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text(SMALL.replace("lg_code", "code"), encoding="utf-8")

    with pytest.raises(CityFileError, match="lg_code"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match=str(tmp_path)):
        load(tmp_path / "city.toml")
