"""Published instances are recognised by their content, and published routes have their published costs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from souto.config import environment
from souto.services.transit.dispatch import Call, CallKind, Window, check
from souto.services.transit.dispatch.instances import UnknownFormatError, read

FOLDER = environment.SAMPLES.get() / "transit"
needs_samples = pytest.mark.skipif(not FOLDER.is_dir(), reason="no sample data: SOUTO_SAMPLES names their folder")

CORDEAU = """2 2 480 3 30
0 0 0 0 0 0 480
1 3 4 3 1 0 1440
2 0 5 3 2 0 1440
3 0 0 3 -1 100 115
4 6 8 3 -2 200 215
5 0 0 0 0 0 480
"""
LI_LIM = """25\t200\t1
0\t0\t0\t0\t0\t230\t0\t0\t0
1\t3\t4\t-10\t5\t50\t10\t2\t0
2\t0\t4\t10\t2\t60\t10\t0\t1
"""
SARTORI = """NAME: tiny
SIZE: 3
CAPACITY: 30
NODES
0 41.1 2.1 0 0 240 0 0 0
1 41.2 2.2 7 10 90 5 0 2
2 41.3 2.3 -7 20 95 6 1 0
EDGES
0 4 9
5 0 6
7 8 0
EOF
"""


def written(folder, text):
    path = folder / "file"
    path.write_text(text)
    return path


def test_cordeaus_format(tmp_path):
    instance = read(written(tmp_path, CORDEAU))

    request = instance.plan.requests["2"]
    assert instance.format == "cordeau"
    assert (request.max_ride, request.pickup.service, request.party.seat) == (30, 3, 2)
    assert request.dropoff.window == Window(200, 215)
    assert instance.plan.vehicles[1].max_duration == 480
    assert instance.plan.network.times[0, 1] == 5
    assert instance.node(Call(CallKind.DROPOFF, "2")) == 4
    assert instance.plan.unserved == ("1", "2")


def test_the_older_format_counts_nodes_and_ends_at_the_first_depot(tmp_path):
    lines = CORDEAU.splitlines()
    instance = read(written(tmp_path, "\n".join(["2 4 480 3 30", *lines[1:-1]])))

    assert list(instance.plan.requests) == ["1", "2"]
    assert instance.plan.vehicles[0].end == "0"


def test_li_and_lims_format(tmp_path):
    instance = read(written(tmp_path, LI_LIM))

    (request,) = instance.plan.requests.values()
    assert (request.id, request.pickup.place, request.dropoff.place) == ("2", "2", "1")
    assert instance.nodes == {"2": (2, 1)}
    assert request.max_ride == math.inf
    assert len(instance.plan.vehicles) == 25
    assert instance.plan.objective.vehicles_first


def test_sartori_and_buriols_format(tmp_path):
    instance = read(written(tmp_path, SARTORI))

    (request,) = instance.plan.requests.values()
    assert instance.name == "tiny"
    assert instance.plan.network.times[1, 0] == 5
    assert (request.dropoff.window, request.dropoff.service) == (Window(20, 95), 6)


@pytest.mark.parametrize("text", ["", "1 2 3", CORDEAU[:40], LI_LIM[:50], SARTORI.replace("8 0", "8"), "a\nb\n"])
def test_other_files_are_refused(tmp_path, text):
    with pytest.raises(UnknownFormatError):
        read(written(tmp_path, text))


@needs_samples
def test_published_routes_have_their_published_cost():
    instance = read(FOLDER / "li_lim" / "pdp_100" / "lc101.txt")
    lines = (FOLDER / "li_lim" / "bks_solutions" / "lc101.10_829.txt").read_text().splitlines()
    calls = {
        node: Call(kind, key)
        for key, pair in instance.nodes.items()
        for kind, node in zip((CallKind.PICKUP, CallKind.DROPOFF), pair, strict=True)
    }
    routes = [line.split(":")[1].split() for line in lines if line.startswith("Route")]
    plan = replace(
        instance.plan,
        unserved=(),
        routes=tuple(
            replace(route, calls=tuple(calls[int(node)] for node in (routes[k] if k < len(routes) else ())))
            for k, route in enumerate(instance.plan.routes)
        ),
    )

    verdict = check(plan)

    assert verdict.violations == ()
    assert (verdict.vehicles, round(verdict.cost, 2)) == (10, 828.94)


@needs_samples
@pytest.mark.parametrize(("name", "riders"), [("a2-16", 16), ("b8-96", 96)])
def test_samples_are_read(name, riders):
    assert len(read(FOLDER / "cordeau_2006_ab" / f"{name}.txt").plan.requests) == riders
