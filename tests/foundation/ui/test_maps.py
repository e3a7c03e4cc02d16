"""The city's base map and the tag that puts it on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from souto.foundation.ui import maps
from souto.foundation.ui.city import CityFileError
from tests.foundation.ui.test_city import SMALL

BOUNDS = "bounds = {south = 35.0, west = 139.0, north = 36.0, east = 140.0}"
TILES = f'{SMALL}\n[map]\n{BOUNDS}\nraster = "/tiles/{{z}}/{{x}}/{{y}}.png"\nattribution = "出典：地理院タイル"\n'
PLACE = maps.MapContent(label="場所の地図：<駅>", markers=(maps.Marker(35.6, 139.3, label="駅 & 橋", tone="error"),))


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    maps.base_map.cache_clear()
    yield
    maps.base_map.cache_clear()


def write(folder: Path, text: str) -> Path:
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_city_ships_a_sketch_whose_labels_speak_every_language() -> None:
    base = maps.base_map()

    assert base is not None
    assert base.kind == "sketch"
    kinds: dict[str, int] = {}
    for feature in base.sketch["features"]:
        about = feature["properties"]
        kinds[about["kind"]] = kinds.get(about["kind"], 0) + 1
        if about["kind"] != "hill":
            assert {"name", "name_easy", "name_en"} <= set(about), about
        if feature["geometry"]["type"] == "Point":
            lng, lat = feature["geometry"]["coordinates"]
            assert base.bounds.south <= lat <= base.bounds.north, about
            assert base.bounds.west <= lng <= base.bounds.east, about
    assert {"rail", "river", "road", "station", "landmark", "district"} <= set(kinds)
    assert set(base.attribution) == {"ja", "ja-easy", "en"}


def test_tiles_take_the_place_of_the_sketch(tmp_path: Path) -> None:
    base = maps.load(write(tmp_path, TILES))

    assert base is not None
    assert (base.kind, base.source, base.sketch) == ("raster", "/tiles/{z}/{x}/{y}.png", {})
    assert json.loads(base.as_json())["bounds"] == {"south": 35.0, "west": 139.0, "north": 36.0, "east": 140.0}


def test_a_city_without_a_map_has_none(tmp_path: Path) -> None:
    assert maps.load(write(tmp_path, SMALL)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TILES.replace('"/tiles', '"https://tiles.example/tiles'), "同じサーバー"),
        (TILES.replace('"/tiles', '"//tiles.example/tiles'), "同じサーバー"),
        (TILES.replace(BOUNDS, ""), "「bounds」がありません"),
        (TILES.replace("south = 35.0", "south = 37.0"), "south < north"),
        (TILES + 'style = "/tiles/style.json"\n', "どちらかだけ"),
        (TILES.replace("raster", "sketch").replace("/tiles/{z}/{x}/{y}.png", "none.geojson"), "none.geojson"),
    ],
)
def test_a_map_that_cannot_be_says_why(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CityFileError) as raised:
        maps.load(write(tmp_path, text))

    assert reason in str(raised.value)


def test_a_sketch_must_be_a_collection(tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text('{"type": "Point"}', encoding="utf-8")
    path = write(tmp_path, f'{SMALL}\n[map]\n{BOUNDS}\nsketch = "map.geojson"\nattribution = "略図"\n')

    with pytest.raises(CityFileError, match="FeatureCollection"):
        maps.load(path)


def test_browsers_keep_the_base_map_while_its_version_is_asked_for(client: Client) -> None:
    base = maps.base_map()
    assert base is not None

    kept = client.get(f"/map/base.json?v={base.version}")
    other = client.get("/map/base.json?v=older")

    assert kept.json()["kind"] == "sketch"
    assert "immutable" in kept.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"


def test_no_base_map_answers_404(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.CITY_DIR = write(tmp_path, SMALL).parent

    assert client.get("/map/base.json").status_code == 404


def test_the_tag_says_what_the_script_needs_and_escapes_it() -> None:
    html = Template('{% map "show" content %}').render(Context({"content": PLACE}))

    found = re.search(r'data-map-content="([^"]*)"', html)
    assert found is not None
    assert json.loads(unescape(found[1]))["markers"][0]["label"] == "駅 & 橋"
    assert "<駅>" not in html
    assert 'data-map-label="場所の地図：&lt;駅&gt;"' in html
    assert "略図" in html
    assert "data-map-still" not in html
    assert "data-map-zoom" in html


def test_a_still_map_has_no_controls_and_credits_in_the_readers_language() -> None:
    with translation.override("en"):
        html = Template('{% map "show" content still=True %}').render(Context({"content": PLACE}))

    assert "data-map-still" in html
    assert "data-map-zoom" not in html
    assert "A sketch" in html


def test_the_tag_draws_nothing_where_the_city_has_no_map(settings: Any, tmp_path: Path) -> None:
    settings.CITY_DIR = write(tmp_path, SMALL).parent

    assert Template('{% map "show" content %}').render(Context({"content": PLACE})).strip() == ""


def test_workers_come_from_our_own_origin_only(client: Client) -> None:
    policy = client.get("/accessibility/").headers["Content-Security-Policy"]

    assert "worker-src 'self';" in f"{policy};"
