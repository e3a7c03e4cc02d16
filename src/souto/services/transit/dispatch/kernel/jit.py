"""How the kernels are compiled, and where the compiled code is kept.

Compiling takes many seconds, so it happens once per installation and version: the machine code lies in numba's cache folder (`NUMBA_CACHE_DIR`, which a
server points into its state folder before this module is imported; beside the sources otherwise), in a folder named after the sources. Numba cannot read
what was cached for types that are no longer there, so another version never looks into the same folder. `dispatch.warm()` compiles everything.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config

F = TypeVar("F", bound=Callable[..., Any])

HERE = Path(__file__).parent


def cache_folder() -> Path | None:
    """Where this version's machine code is kept; None where numba has to find a place by itself."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(HERE.glob("*.py")):
        digest.update(source.read_bytes())
    base = Path(config.CACHE_DIR or HERE / "__pycache__")
    try:
        folder = base / f"dispatch-{digest.hexdigest()}"
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


_FOLDER = cache_folder()
_KERNELS: list[Any] = []


def counts() -> tuple[int, int]:
    """How many functions this process has compiled so far, and how many it has loaded from the cache.

    A function that another one calls is counted only where it was compiled, or called from Python.
    """
    stats = [one.stats for one in _KERNELS]
    return sum(sum(one.cache_misses.values()) for one in stats), sum(sum(one.cache_hits.values()) for one in stats)


def kernel(function: F) -> F:
    """Compile a function for the machine at its first call and keep the result on disk."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_FOLDER or before)
    try:
        made = numba.njit(cache=True, error_model="numpy", boundscheck=False)(function)
    finally:
        config.CACHE_DIR = before
    _KERNELS.append(made)
    return cast("F", made)
