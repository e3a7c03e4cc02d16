"""What the benchmark of reading says it read is what the files hold."""

from __future__ import annotations

import json
import zipfile

from benchmarks import reading
from souto.services.transit.roads import around_places, read_extract
from tests.samples import samples


def test_a_made_up_network_comes_back_from_its_extract(tmp_path):
    roads = around_places([35.60, 35.61, 35.62], [139.30, 139.32, 139.31])
    reading.write_extract(roads, tmp_path / "town.osm.pbf")

    back = read_extract(tmp_path / "town.osm.pbf").network

    assert (len(back.lat), len(back.start), len(back.corners)) == (len(roads.lat), len(roads.start), len(roads.start))
    assert sorted(back.road_class) == sorted(roads.road_class)
    assert (~back.backward).sum() == (~roads.backward).sum()


def test_the_ways_between_the_stops_of_an_extract_are_worked_out(tmp_path):
    lat, lon = [35.60, 35.61, 35.62], [139.30, 139.32, 139.31]
    reading.write_extract(around_places(lat, lon), tmp_path / "town.osm.pbf")

    made = reading.extract(str(tmp_path / "town.osm.pbf"), lat, lon)()

    assert (made["stops"], made["unreachable"]) == (3, 0)
    assert made["links"] == made["bends"] > 3


def test_rows_and_notices_of_a_feed_are_counted(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        archive.writestr("agency.txt", "agency_id,agency_name\n1,市営\n")
        archive.writestr("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\na,駅,35.6,139.3\nb,病院,35.7,139.4\n")

    assert reading.main(["feeds", str(tmp_path / "feed.zip"), "--json"]) == 0

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]["feed.zip"]
    assert figures["rows"] == 3
    assert figures["notices"]["error"] > 0


def test_a_folder_without_samples_is_said(tmp_path, capsys):
    assert reading.main(["feeds", "--data", str(tmp_path)]) == 2
    assert reading.main(["roads", "--data", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "no feed" in said
    assert "population_choume.csv" in said


def test_the_largest_sample_is_read_whole():
    made = reading.feed(str(samples("gtfs_jp") / "ryobi.zip"))()

    assert made["rows"]["stop_times.txt"] > 10_000
