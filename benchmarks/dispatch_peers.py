"""The peers of the dispatch benchmark: OR-Tools, VROOM and PyVRP, each as its documentation would have a city use it, on one thread.

Travel times become whole numbers, rounded up, so that what a peer calls feasible is feasible in doubles. OR-Tools alone can express a longest ride; VROOM and
PyVRP get windows cut by it, the usual way around, and may still break it. "Vehicles first" is a fixed cost above any distance.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from souto.services.transit.dispatch.instances import Instance, read

#: Whole units in one unit of the instance: VROOM's seconds, and the others' integers.
FINE, COARSE = 1000, 100
#: What a vehicle costs, in units of distance, when vehicles count first.
VEHICLE = 10_000
#: What a rider left behind costs OR-Tools.
UNSERVED = 1_000_000
Prepared = Callable[[], tuple[list[list[int]], float]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: `prepare_static(file, vehicles_first, seconds, seed)` imports and reads, what it returns is the counted work."""

    prepare_static: Callable[[str, bool, float, int], Prepared]


@dataclass(frozen=True, slots=True)
class Whole:
    """An instance in whole numbers: matrix between nodes (places of starts, pickups, drop-offs), windows, service times, pairs."""

    matrix: np.ndarray[Any, np.dtype[np.int64]]
    windows: list[tuple[int, int]]
    service: list[int]
    load: list[int]
    pairs: list[tuple[int, int]]
    horizon: int


def whole(instance: Instance, scale: int) -> Whole:
    """Round an instance: node 0 is the depot, then the file's nodes in the order of `pairs`. Windows are cut by the longest ride."""
    plan = instance.plan
    vehicle = plan.vehicles[0]
    horizon = math.floor(vehicle.shift.latest * scale)
    places = [vehicle.start]
    windows = [(math.ceil(vehicle.shift.earliest * scale), horizon)]
    service, load, pairs = [0], [0], []
    for request in plan.requests.values():
        p, d = request.pickup, request.dropoff
        direct = float(plan.network.times[plan.network.place(p.place), plan.network.place(d.place)])
        stay = p.service + request.max_ride
        ends = (
            (
                max(p.window.earliest, d.window.earliest - stay),
                min(p.window.latest, d.window.latest - p.service - direct),
            ),
            (
                max(d.window.earliest, p.window.earliest + p.service + direct),
                min(d.window.latest, p.window.latest + stay),
            ),
        )
        for visit, (early, late), party in zip((p, d), ends, (request.party.seat, -request.party.seat), strict=True):
            places.append(visit.place)
            windows.append(
                (math.ceil(early * scale), min(horizon, math.floor(late * scale) if late < math.inf else horizon))
            )
            service.append(math.ceil(visit.service * scale))
            load.append(party)
        pairs.append((len(places) - 2, len(places) - 1))
    rows = [plan.network.place(place) for place in places]
    matrix = np.ceil(plan.network.times[np.ix_(rows, rows)] * scale - 1e-9).astype(np.int64)
    windows = [(min(early, late), late) for early, late in windows]
    return Whole(matrix, windows, service, load, pairs, horizon)


def numbers(instance: Instance) -> list[int]:
    """The file's number of each node of `whole`; 0 for the depot."""
    return [0, *(node for pair in instance.nodes.values() for node in pair)]


class OrToolsModel:
    """An instance as OR-Tools' routing library has it; the model closes with `begin_with` or `solve`."""

    def __init__(self, instance: Instance, w: Whole, *, vehicles_first: bool) -> None:
        from ortools.constraint_solver import pywrapcp

        self.instance = instance
        vehicle, count = instance.plan.vehicles[0], len(instance.plan.vehicles)
        self.manager = manager = pywrapcp.RoutingIndexManager(len(w.load), count, 0)
        self.model = model = pywrapcp.RoutingModel(manager)
        self.first: Any = None
        ways = (w.matrix + np.array(w.service)[:, None]).tolist()
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(w.matrix.tolist()))
        if vehicles_first:
            model.SetFixedCostOfAllVehicles(VEHICLE * FINE)
        longest = (
            min(w.horizon, math.floor(vehicle.max_duration * FINE))
            if math.isfinite(vehicle.max_duration)
            else w.horizon
        )
        model.AddDimension(model.RegisterTransitMatrix(ways), w.horizon, w.horizon, False, "time")
        model.AddDimension(model.RegisterUnaryTransitVector(w.load), 0, vehicle.layouts[0].seat, True, "load")
        clock = model.GetDimensionOrDie("time")
        for v in range(count):
            clock.SetSpanUpperBoundForVehicle(longest, v)
        solver = model.solver()
        for (pickup, dropoff), request in zip(w.pairs, instance.plan.requests.values(), strict=True):
            a, b = manager.NodeToIndex(pickup), manager.NodeToIndex(dropoff)
            model.AddPickupAndDelivery(a, b)
            model.AddDisjunction([a], UNSERVED * FINE)  # rather nobody for a rider than no plan at all
            model.AddDisjunction([b], UNSERVED * FINE)
            solver.Add(model.VehicleVar(a) == model.VehicleVar(b))
            solver.Add(clock.CumulVar(a) <= clock.CumulVar(b))
            if math.isfinite(request.max_ride):
                solver.Add(
                    clock.CumulVar(b) - clock.CumulVar(a) <= w.service[pickup] + math.floor(request.max_ride * FINE)
                )
            for node in (pickup, dropoff):
                clock.CumulVar(manager.NodeToIndex(node)).SetRange(*w.windows[node])
        self.parameters = pywrapcp.DefaultRoutingSearchParameters()
        self._choose()

    def _choose(self) -> None:
        from ortools.constraint_solver import routing_enums_pb2

        self.parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        self.parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        self.parameters.time_limit.FromSeconds(3600)  # the monitor ends it, by CPU-seconds

    def begin_with(self, routes: list[list[int]]) -> bool:
        """Give the routes to begin with, as nodes of `whole`; whether OR-Tools takes them."""
        self.model.CloseModelWithParameters(self.parameters)
        given = [[self.manager.NodeToIndex(node) for node in route] for route in routes]
        self.first = self.model.ReadAssignmentFromRoutes(given, True)
        return self.first is not None

    def solve(self, until: float) -> list[list[int]] | None:
        """Search until the process has used so many CPU-seconds: routes of the file's node numbers, None where there is no plan."""
        solver = self.model.solver()
        self.model.AddSearchMonitor(solver.CustomLimit(lambda: time.process_time() >= until))
        if self.first is not None:
            found = self.model.SolveFromAssignmentWithParameters(self.first, self.parameters)
        else:
            found = self.model.SolveWithParameters(self.parameters)
        if found is None:
            return None
        names, routes = numbers(self.instance), []
        for v in range(len(self.instance.plan.vehicles)):
            index, route = self.model.Start(v), list[int]()
            while not self.model.IsEnd(index):
                if node := self.manager.IndexToNode(index):
                    route.append(names[node])
                index = found.Value(self.model.NextVar(index))
            if route:
                routes.append(route)
        return routes


def prepare_ortools(file: str, vehicles_first: bool, seconds: float, _seed: int) -> Prepared:  # noqa: FBT001
    """Guided local search from a parallel cheapest insertion, stopped by CPU-seconds."""
    import ortools.constraint_solver.pywrapcp

    assert ortools
    instance = read(Path(file))
    w = whole(instance, FINE)

    def work() -> tuple[list[list[int]], float]:
        begin = time.process_time()
        return OrToolsModel(instance, w, vehicles_first=vehicles_first).solve(begin + seconds) or [], 0.0

    return work


def prepare_vroom(file: str, vehicles_first: bool, seconds: float, _seed: int) -> Prepared:  # noqa: FBT001
    """VROOM at its highest exploration level with the time limit; it ends by itself when it has converged."""
    import vroom

    instance = read(Path(file))
    w = whole(instance, COARSE)

    def work() -> tuple[list[list[int]], float]:
        problem = vroom.Input()
        problem.set_durations_matrix("car", w.matrix.astype(np.uint32))
        vehicle = instance.plan.vehicles[0]
        for v in range(len(instance.plan.vehicles)):
            problem.add_vehicle(
                vroom.Vehicle(
                    v + 1,
                    start=0,
                    end=0,
                    capacity=[vehicle.layouts[0].seat],
                    time_window=w.windows[0],
                    costs=vroom.VehicleCosts(fixed=VEHICLE * COARSE if vehicles_first else 0),
                )
            )
        for pickup, dropoff in w.pairs:
            steps = [
                vroom.ShipmentStep(node, location=node, default_service=w.service[node], time_windows=[w.windows[node]])
                for node in (pickup, dropoff)
            ]
            problem.add_shipment(steps[0], steps[1], amount=vroom.Amount([w.load[pickup]]))
        answer = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
        names, routes = numbers(instance), dict[int, list[int]]()
        for step in answer.routes.itertuples():
            if step.type in {"pickup", "delivery"}:
                routes.setdefault(int(step.vehicle_id), []).append(names[int(step.id)])
        return list(routes.values()), 0.0

    return work


def prepare_pyvrp(file: str, vehicles_first: bool, seconds: float, seed: int) -> Prepared:  # noqa: FBT001
    """PyVRP's iterated local search with shipments, stopped by CPU-seconds."""
    import pyvrp

    instance = read(Path(file))
    w = whole(instance, FINE)

    class Spent:
        """A stopping criterion that counts CPU-seconds."""

        def __init__(self) -> None:
            self.begin = time.process_time()

        def __call__(self, best_cost: float) -> bool:
            return time.process_time() - self.begin >= seconds

    def work() -> tuple[list[list[int]], float]:
        model = pyvrp.Model()
        vehicle = instance.plan.vehicles[0]
        locations = [model.add_location(0, 0) for _ in w.load]
        depot = model.add_depot(locations[0], tw_early=w.windows[0][0], tw_late=w.horizon)
        longest = vehicle.max_duration * FINE
        model.add_vehicle_type(
            len(instance.plan.vehicles),
            capacity=[vehicle.layouts[0].seat],
            fixed_cost=VEHICLE * FINE if vehicles_first else 0,
            start_depot=depot,
            end_depot=depot,
            **({"shift_duration": math.floor(longest)} if math.isfinite(longest) else {}),
        )
        for pickup, dropoff in w.pairs:
            model.add_shipment(
                locations[pickup],
                locations[dropoff],
                *w.windows[pickup],
                w.service[pickup],
                *w.windows[dropoff],
                w.service[dropoff],
                [w.load[pickup]],
            )
        for a, row in enumerate(w.matrix.tolist()):
            for b, way in enumerate(row):
                model.add_edge(locations[a], locations[b], way, way)
        answer = model.solve(Spent(), seed=seed, display=False)
        names, routes = numbers(instance), []
        for found in answer.best.routes():
            stops = [w.pairs[step.idx][1 if step.is_delivery() else 0] for step in found if step.is_shipment()]
            if stops:
                routes.append([names[node] for node in stops])
        return routes, 0.0

    return work


PEERS = {"ortools": Peer(prepare_ortools), "vroom": Peer(prepare_vroom), "pyvrp": Peer(prepare_pyvrp)}
