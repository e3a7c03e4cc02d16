"""Compiling happens once: what is compiled is kept in the folder that the server names, apart for each version."""

from __future__ import annotations

import os
import subprocess
import sys

from souto.services.transit.dispatch import warm
from souto.services.transit.dispatch.kernel import jit


def test_warm_runs_every_kernel_and_has_nothing_left_to_do_the_second_time():
    warm()
    again = warm()

    assert (again.compiled, again.loaded) == (0, 0)


def test_what_one_process_compiled_another_one_loads(tmp_path):
    code = (
        "import numpy\n"
        "from souto.services.transit.dispatch.kernel import jit, search\n"
        "search.uniform(numpy.ones(1, numpy.uint64))\n"
        "print(*jit.counts())"
    )

    def said() -> str:
        env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True).stdout

    assert said() == "1 0\n"
    assert said() == "0 1\n"


def test_the_compiled_code_lies_in_the_folder_that_the_environment_names(tmp_path):
    code = "from souto.services.transit.dispatch.kernel import jit; print(jit.cache_folder())"
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()

    assert said.startswith(str(tmp_path))
    assert said.rsplit("/", 1)[-1] == jit.cache_folder().name, "the name says which version it is"
