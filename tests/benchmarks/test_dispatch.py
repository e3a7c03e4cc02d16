"""The dispatch benchmark reads its files, checks what contenders answer, and ends with a line of JSON."""

from __future__ import annotations

import json

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


def test_a_file_of_no_known_format_ends_with_two(tmp_path, capsys):
    (tmp_path / "odd").write_text("nothing")

    assert dispatch.main(["static", str(tmp_path / "odd"), "--json"]) == 2
    assert "odd" in capsys.readouterr().err
