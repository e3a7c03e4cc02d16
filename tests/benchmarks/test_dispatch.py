"""The dispatch benchmark reads its files, checks what contenders answer, and ends with a line of JSON."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from benchmarks import dispatch, dispatch_static
from benchmarks.dispatch_day import PUBLISHED
from souto.services.transit.dispatch.instances import read
from tests.services.transit.dispatch.test_instances import CORDEAU, LI_LIM

DAY = "4\n0 1 5\n1 2 5\n2 3 5\n3 0 5\n"


def last(said):
    return json.loads(said.strip().splitlines()[-1])


def test_static_writes_plans_that_another_program_can_check(tmp_path, capsys):
    (tmp_path / "tiny").write_text(CORDEAU)
    (tmp_path / "best.csv").write_text("instance,vehicles,cost\ntiny,1,30.5\n")

    code = dispatch.main(
        [
            "static", str(tmp_path / "tiny"), "--cpu-seconds", "0.2", "--best", str(tmp_path / "best.csv"),
            "--out", str(tmp_path / "plans"), "--json",
        ]
    )  # fmt: skip

    line = last(capsys.readouterr().out)
    plan = json.loads((tmp_path / "plans" / "tiny.souto.json").read_text())
    assert sorted(node for route in plan["routes"] for node in route) == [1, 2, 3, 4]
    assert line["benchmark"] == "dispatch static"
    assert line["figures"]["tiny"]["souto"]["valid"]
    assert line["met"] == (code == 0)


def test_a_plan_that_a_peer_breaks_is_called_so(tmp_path):
    (tmp_path / "tiny").write_text(LI_LIM)
    instance = read(tmp_path / "tiny")

    plan = dispatch_static.plan_of(instance, [[1, 2]])

    assert not dispatch_static.check(plan).valid
    assert dispatch_static.plan_of(instance, []).unserved == ("2",)


@pytest.mark.parametrize(
    "table", ["instance;size;vehicles;cost\nX-1;100;6;732\n", "name,vehicles,distance\nx-1,6,732\n", "X-1 6 732\n"]
)
def test_best_known_plans_are_read_in_the_usual_layouts(tmp_path, table):
    (tmp_path / "best").write_text(table)

    assert dispatch_static._best(tmp_path / "best") == {"x-1": (6, 732.0)}


def test_a_day_on_a_street_network(tmp_path, capsys):
    (tmp_path / "town.d").write_text(DAY)
    (tmp_path / "town.xy").write_text("4\n")
    (tmp_path / "day.reqs").write_text("1 0 2\n2 1 3\n3 2 2\n")

    dispatch.main(
        [
            "day", "--requests", str(tmp_path / "day.reqs"), "--network", str(tmp_path / "town.xy"),
            "--vehicles", "1", "--cpu-seconds", "0.2", "--json",
        ]
    )  # fmt: skip

    figures = last(capsys.readouterr().out)["figures"]
    assert (figures["requests"], figures["travel_time"], figures["valid"]) == (2, 15, True)
    assert figures["less_than_prunegdp_percent"] is None, "published figures are for another size"
    assert PUBLISHED["pruneGDP"][0] == 1.48831e7


def literature(folder):
    """The layout of the folder with the instances of the literature, one tiny instance in each."""
    for name, text in (
        ("cordeau_2006_ab/a2-16.txt", CORDEAU),
        ("cordeau_laporte_2003_pr/pr01", CORDEAU),
        ("cordeau_laporte_2003_pr/results/pr01.res", "30.02\n1 D: …\n"),
        ("li_lim/pdp_100/lc1.txt", LI_LIM),
        ("li_lim/bks_computed.csv", "instance,size,vehicles,distance,our_check\nlc1,100,1,60.0,feasible\n"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_the_table_sets_each_figure_beside_its_aim(tmp_path, capsys):
    literature(tmp_path)

    code = dispatch.main(
        ["table", "--data", str(tmp_path), "--rows", "pr", "li-lim-100", "--share", "0.01", "--json"]
    )  # fmt: skip

    said = capsys.readouterr().out
    line = last(said)
    rows = line["figures"]
    assert list(rows) == ["pr", "li-lim-100"]
    one = rows["pr"]["instances"]["pr01"]
    assert one["valid"]
    assert one["known_cost"] == 30.02
    assert rows["pr"]["met"] == one["met"] == (one["cost"] <= 30.025)
    assert rows["li-lim-100"]["of"] == 1
    assert line["met"] == all(row["met"] for row in rows.values()) == (code == 0)
    assert all(f"== {name}:" in said for name in rows)


def test_random_bookings_are_checked_often_and_a_peer_that_takes_no_part_says_why(tmp_path, capsys):
    arguments = insertion_of(tmp_path)

    code = dispatch.main([*arguments, "--random", "40", "--peers", "pyvrp", "--json"])

    said = capsys.readouterr().out
    own = last(said)["figures"]["souto"]
    assert own["offers"] > 0
    assert own["checked"] >= 1
    assert own["broken_promises"] == 0
    assert f"{own['checked']} plans checked whole" in said
    assert "pyvrp not run:" in said
    assert code in {0, 1}


@pytest.mark.skipif(not find_spec("ortools"), reason="OR-Tools is not installed (dependency group bench)")
def test_or_tools_is_asked_for_one_more_rider_and_its_plan_is_checked(tmp_path, capsys):
    dispatch.main([*insertion_of(tmp_path), "--peers", "ortools", "--json"])

    said = capsys.readouterr().out
    peer = last(said)["figures"]["ortools"]
    assert sum(peer["verdicts"].values()) == peer["riders"] == 1
    assert "ortools with previous routes" in said


def insertion_of(folder):
    """The arguments for a rider more in a plan of one rider and one vehicle."""
    (folder / "tiny").write_text(LI_LIM)
    (folder / "routes").write_text("Route 1 : 2 1\n")
    return ["insertion", str(folder / "tiny"), "--solution", str(folder / "routes"), "--vehicles", "1"]


def test_a_file_of_no_known_format_ends_with_two(tmp_path, capsys):
    (tmp_path / "odd").write_text("nothing")

    assert dispatch.main(["static", str(tmp_path / "odd"), "--json"]) == 2
    assert "odd" in capsys.readouterr().err
