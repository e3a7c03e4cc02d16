"""Shortest ways in a road network, from everywhere to everywhere: Dijkstra's algorithm with a binary heap."""

from __future__ import annotations

import numpy as np

from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.state import F8, I4


@kernel
def all_ways(first: I4, head: I4, length: F8, sources: I4) -> F8:
    """Lengths of the shortest ways, of shape (sources, nodes), infinite where there is none.

    The arcs of node x are `first[x] … first[x + 1] - 1`, each with its head and its length.
    """
    nodes = len(first) - 1
    ways = np.full((len(sources), nodes), np.inf)
    keys = np.empty(len(head) + 2)
    heap = np.empty(len(head) + 2, np.int32)
    for number in range(len(sources)):
        row = ways[number]
        row[sources[number]] = 0.0
        keys[0], heap[0] = 0.0, sources[number]
        size = 1
        while size > 0:
            key, node = keys[0], heap[0]
            size -= 1
            last_key, last = keys[size], heap[size]
            hole = 0
            while True:
                child = 2 * hole + 1
                if child >= size:
                    break
                if child + 1 < size and keys[child + 1] < keys[child]:
                    child += 1
                if keys[child] >= last_key:
                    break
                keys[hole], heap[hole] = keys[child], heap[child]
                hole = child
            keys[hole], heap[hole] = last_key, last
            if key > row[node]:
                continue
            for arc in range(first[node], first[node + 1]):
                there = head[arc]
                reach = key + length[arc]
                if reach < row[there]:
                    row[there] = reach
                    hole = size
                    size += 1
                    while hole > 0:
                        parent = (hole - 1) >> 1
                        if keys[parent] <= reach:
                            break
                        keys[hole], heap[hole] = keys[parent], heap[parent]
                        hole = parent
                    keys[hole], heap[hole] = reach, there
    return ways
