"""How the kernels are compiled, and where the compiled code is kept.

Compiling takes many seconds, so it happens once per installation: the folder in the environment variable `NUMBA_CACHE_DIR` (which a server points
into its state folder before this module is first imported) holds the machine code; without it numba puts it beside the sources, or into the user's
cache where that cannot be written. `dispatch.warm()` compiles everything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function for the machine at its first call and keep the result on disk."""
    return cast("F", numba.njit(cache=True, error_model="numpy", boundscheck=False)(function))
