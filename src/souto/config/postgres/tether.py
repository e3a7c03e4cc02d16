"""A child process that does not outlive its parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def tether(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that has the kernel send `death_signal` to the child when its parent dies, even by SIGKILL.

    The kernel ties the child to the *thread* that started it, so children are started from a thread that lives as long as they should.
    Elsewhere than on Linux the child is not tied (there `stop()` alone ends it).
    """
    parent = os.getpid()

    def in_child() -> None:
        if _libc is None:
            return
        if _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
            os._exit(126)
        if os.getppid() != parent:  # the parent died before the kernel knew: nobody would ever tell us
            os._exit(125)

    return in_child
