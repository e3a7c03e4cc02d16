"""The story (物語): a procedure from the first tap to the plan's number, walked over HTTP as its persons.

`souto check --story` prints a line a step and last a JSON line `{"ok": true, "steps": N, "seconds": S}`; it ends at the first step that fails.
"""

from __future__ import annotations

import json
import sys
import time
import traceback

from souto.demo.story.cast import Cast
from souto.demo.story.scenes import SCENES
from souto.demo.walking import WalkError

__all__ = ["run"]


def run(base_url: str) -> int:
    """Walk every scene against the demo at `base_url`; returns the exit code."""
    started, done = time.monotonic(), 0
    with Cast(base_url) as cast:
        for number, (title, scene) in enumerate(SCENES, start=1):
            begun = time.monotonic()
            try:
                scene(cast)
            except Exception as error:  # noqa: BLE001 - whatever went wrong, the step failed and the line below says so
                print(f"{number:2d}  FAILED  {title}: {error}", flush=True)  # noqa: T201
                if not isinstance(error, WalkError):
                    traceback.print_exc(file=sys.stderr)
                _end(ok=False, steps=done, seconds=time.monotonic() - started)
                return 1
            done = number
            print(f"{number:2d}  {time.monotonic() - begun:5.1f} s  {title}", flush=True)  # noqa: T201
    _end(ok=True, steps=done, seconds=time.monotonic() - started)
    return 0


def _end(*, ok: bool, steps: int, seconds: float) -> None:
    print(json.dumps({"ok": ok, "steps": steps, "seconds": round(seconds, 1)}), flush=True)  # noqa: T201
