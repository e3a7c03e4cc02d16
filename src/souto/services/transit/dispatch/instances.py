"""Files of published instances, recognised by their content, as plans in which nobody rides yet.

Conventions: Cordeau (2006), Ropke, Cordeau and Laporte (2007), Cordeau and Laporte (2003): travel time and cost are Euclidean distances in
doubles, the longest ride counts from the end of service at the pickup; the second number of the header is the number of requests or of nodes, so the lines
are counted. Li and Lim (2001): likewise Euclidean, no longest ride. Sartori and Buriol (2020): integer minutes from a road network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.model import (
    Constraint,
    ModelError,
    Objective,
    Request,
    Seats,
    Vehicle,
    Visit,
    Window,
)
from souto.services.transit.dispatch.network import Network
from souto.services.transit.dispatch.plan import Call, CallKind, Plan
from souto.services.transit.dispatch.roads import from_roads


class UnknownFormatError(ModelError):
    """A file that is none of the known formats, or is cut short."""

    def __init__(self, message: str) -> None:
        super().__init__(Constraint.PAIRING, message)


@dataclass(frozen=True, slots=True)
class Instance:
    """A published instance: `plan` has every request unserved; `nodes` are the file's numbers of (pickup, drop-off) of each request."""

    name: str
    format: str
    plan: Plan
    nodes: dict[str, tuple[int, int]]

    def node(self, call: Call) -> int:
        """The file's number of a call."""
        pickup, dropoff = self.nodes[call.id]
        return pickup if call.kind is CallKind.PICKUP else dropoff


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    load: int
    service: float
    window: Window


def read(path: Path) -> Instance:
    """Read an instance.

    Raises
    ------
    UnknownFormatError
        It is none of the known formats; the message says what was found.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if "NODES" in text and "EDGES" in text:
            return _sartori(path.stem, text)
        lines = [line.split() for line in text.splitlines() if line.strip()]
        if lines and len(lines[0]) == 5 and len(lines[1]) == 7:
            return _cordeau(path.stem, lines)
        if lines and len(lines[0]) == 3 and len(lines[1]) == 9:
            return _li_lim(path.stem, lines)
    except (ValueError, IndexError, KeyError) as error:
        raise UnknownFormatError(f"{path.name} cannot be read: {error}") from error
    raise UnknownFormatError(f"{path.name} is neither Cordeau's, nor Li and Lim's, nor Sartori and Buriol's format")


def _euclid(points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    xy = np.array(points)
    difference = xy[:, None, :] - xy[None, :, :]
    distances: NDArray[np.float64] = np.sqrt((difference**2).sum(axis=2))
    return distances


def _instance(
    name: str,
    kind: str,
    network: Network,
    fleet: list[Vehicle],
    pairs: list[tuple[_Row, _Row]],
    *,
    longest: float = np.inf,
    vehicles_first: bool = False,
) -> Instance:
    requests = {
        str(pickup.number): Request(
            str(pickup.number),
            Visit(str(pickup.number), pickup.window, pickup.service),
            Visit(str(dropoff.number), dropoff.window, dropoff.service),
            Seats(pickup.load),
            longest,
        )
        for pickup, dropoff in pairs
    }
    plan = Plan.empty(network, fleet, objective=Objective(vehicles_first=vehicles_first))
    plan = replace(plan, requests=MappingProxyType(requests), unserved=tuple(requests))
    nodes = {str(pickup.number): (pickup.number, dropoff.number) for pickup, dropoff in pairs}
    return Instance(name, kind, plan, nodes)


def _fleet(count: int, seats: int, shift: Window, duration: float = np.inf, end: str = "0") -> list[Vehicle]:
    return [Vehicle(str(k + 1), "0", end, shift, (Seats(seats),), max_duration=duration) for k in range(count)]


def _cordeau(name: str, lines: list[list[str]]) -> Instance:
    vehicles, _, duration, seats, longest = lines[0]
    body = lines[1:]
    count = len(body) // 2 * 2 - (0 if len(body) % 2 else 2)
    rows = [_Row(int(f[0]), int(f[4]), float(f[3]), Window(float(f[5]), float(f[6]))) for f in body]
    half = count // 2
    if count < 2 or int(lines[0][1]) not in (half, count) or [row.number for row in rows] != list(range(len(rows))):
        raise ValueError("the nodes are not as many as the header says, or not numbered from 0")
    network = Network.of(
        [str(k) for k in range(len(rows))], _euclid([(float(f[1]), float(f[2])) for f in body]), metric=True
    )
    end = str(count + 1) if len(rows) == count + 2 else "0"
    fleet = _fleet(int(vehicles), int(seats), rows[0].window, float(duration), end)
    pairs = [(rows[k], rows[k + half]) for k in range(1, half + 1)]
    return _instance(name, "cordeau", network, fleet, pairs, longest=float(longest))


def _li_lim(name: str, lines: list[list[str]]) -> Instance:
    vehicles, seats = int(lines[0][0]), int(lines[0][1])
    body = lines[1:]
    rows = {int(f[0]): _Row(int(f[0]), int(f[3]), float(f[6]), Window(float(f[4]), float(f[5]))) for f in body}
    pairs = [(rows[int(f[0])], rows[int(f[8])]) for f in body if int(f[8]) > 0]
    if list(rows) != list(range(len(rows))) or 2 * len(pairs) + 1 != len(rows):
        raise ValueError("pickups and deliveries do not come in pairs")
    network = Network.of([f[0] for f in body], _euclid([(float(f[1]), float(f[2])) for f in body]), metric=True)
    fleet = _fleet(max(vehicles, 1), seats, rows[0].window)
    return _instance(name, "li-lim", network, fleet, pairs, vehicles_first=True)


def _sartori(name: str, text: str) -> Instance:
    head, _, rest = text.partition("NODES")
    middle, _, tail = rest.partition("EDGES")
    facts = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    body = [line.split() for line in middle.splitlines() if line.strip()]
    rows = [_Row(int(f[0]), int(f[3]), float(f[6]), Window(float(f[4]), float(f[5]))) for f in body]
    times = np.array(tail.replace("EOF", "").split(), np.float64).reshape(len(rows), len(rows))
    pairs = [(rows[int(f[0])], rows[int(f[8])]) for f in body if int(f[3]) > 0]
    fleet = _fleet(len(pairs), int(facts["CAPACITY"]), rows[0].window)
    network = Network.of([f[0] for f in body], times)
    return _instance(facts.get("NAME", name).strip(), "sartori-buriol", network, fleet, pairs, vehicles_first=True)


def read_day(requests: Path, network: Path, vehicles: int, *, seats: int = 8) -> Plan:
    """A day of taxi requests on a street network as a plan in which nobody rides yet (Luo, Florio, Das and Guo 2023).

    `requests` has lines `id from to`. `network` names the streets, a file that begins with the number of arcs and goes on with `from to length` (`.d`), or the
    file of coordinates beside it. Drivers stand where the file of the same name with the ending `.drv` says (`id node`), and where it
    is missing, evenly over the nodes. Routes begin at the driver and end anywhere; a party is one person; there are no windows.

    Raises
    ------
    UnknownFormatError
        A file is missing, cut short, or has another layout.
    """
    try:
        streets = np.loadtxt(network.with_suffix(".d"), skiprows=1, ndmin=2)
        asked = np.loadtxt(requests, dtype=np.int64, ndmin=2)
        drivers = network.with_suffix(".drv")
        nodes = int(max(streets[:, :2].max(), asked[:, 1:].max())) + 1
        if drivers.exists():
            starts = np.loadtxt(drivers, dtype=np.int64, ndmin=2)[:vehicles, 1]
        else:
            starts = np.linspace(0, nodes - 1, vehicles).astype(np.int64)
        places = [str(node) for node in range(nodes)]
        roads = from_roads(places, streets[:, :2].astype(np.int64), streets[:, 2])
    except (OSError, ValueError, IndexError) as error:
        raise UnknownFormatError(f"the day cannot be read: {error}") from error
    if len(starts) < vehicles:
        raise UnknownFormatError(f"{drivers.name} has {len(starts)} drivers, not {vehicles}")
    fleet = [Vehicle(f"v{k}", str(start), None, Window(), (Seats(seats),)) for k, start in enumerate(starts.tolist())]
    wanted = {
        str(key): Request(str(key), Visit(str(origin)), Visit(str(target)))
        for key, origin, target in asked.tolist()
        if origin != target
    }
    plan = Plan.empty(roads, fleet)
    return replace(plan, requests=MappingProxyType(wanted), unserved=tuple(wanted))
