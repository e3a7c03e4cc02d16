"""Run the demo city on this machine: sample people, demo providers, nothing that leaves the machine.

Everything it keeps is in one folder (.souto/demo); delete the folder to begin again. With --check it runs aside, on free ports and in a folder that is removed
afterwards, walks the whole story as its persons, and ends with the story's exit code.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from souto.config import environment
from souto.config.commands import daytime
from souto.config.commands.base import CommandError, load_django
from souto.config.postgres import EmbeddedPostgres
from souto.config.supervisor import AlreadyRunningError, ChildSpec, PortTakenError, StateLock, Supervisor, layout
from souto.config.supervisor.child import GaveUpError
from souto.config.supervisor.run import NotReadyError, souto_command
from souto.kernel import clock

KEPT = frozenset({environment.CITY.name, environment.SAMPLES.name, environment.COMPILED.name})
FILL = "souto.demo.fill"
LOGINS = "logins.json"
TROUBLE_LINES = 60
TRIES = (
    (
        "スマートフォンの幅（375 px）で「住民票」を探し、申請を送る",
        "On a phone-wide window (375 px) search 住民票 and file the application",
    ),
    (
        "市民課の職員としてサインインし、届いた申請を審査して決裁する",
        "Sign in as an officer of 市民課, handle the case and have it approved",
    ),
    (
        "運行の担当者か運転手としてサインインし、予約が入り車両が動く一日を見る",
        "Sign in as the dispatcher or a driver and watch a day of on-demand rides: bookings arrive, vehicles move",
    ),
    (
        "計画のスコアボードを開き、いまの手続で数字が動いたことを見る",
        "Open the plan's scoreboard and see the numbers that you just moved",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto demo`."""
    parser.add_argument(
        "--port-base",
        type=int,
        default=8000,
        help="first of five ports: web, identity, cashless, core system, mail (8000)",
    )
    parser.add_argument("--state", type=Path, help="state folder (.souto/demo)")
    parser.add_argument("--check", action="store_true", help="walk the story aside and end with its exit code")
    parser.add_argument(
        "--time",
        type=_time,
        help="time of day in Tokyo that the demo's clock shows at the start, such as 10:00, or 'now' (now, or 10:00 where it is night)",
    )
    parser.add_argument("--still", action="store_true", help="nobody books and no vehicle moves by itself")
    parser.add_argument(
        "--prepare", action="store_true", help=argparse.SUPPRESS
    )  # the step that needs Django, run as a child


def _time(text: str) -> str:
    daytime.read(text)
    return text


def run(arguments: argparse.Namespace) -> int:
    """Run the demo until a signal, or the check to its end."""
    if arguments.prepare:
        return _prepare()
    try:
        with _state(arguments) as state, StateLock(state):
            aside = arguments.check and arguments.state is None
            compiled = environment.BASE_DIR / ".souto" / "demo" if aside else state  # a folder that stays
            os.environ.setdefault(environment.COMPILED.name, str(compiled / "compiled"))
            return _run(state, arguments)
    except (AlreadyRunningError, PortTakenError, NotReadyError, GaveUpError) as error:
        raise CommandError(str(error)) from error


@contextlib.contextmanager
def _state(arguments: argparse.Namespace) -> Iterator[Path]:
    if arguments.state is not None or not arguments.check:
        yield (arguments.state or environment.BASE_DIR / ".souto" / "demo").absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="souto-check-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(state: Path, arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    check: bool = arguments.check
    sockets = layout.DemoSockets(None if check else arguments.port_base)
    postgres = EmbeddedPostgres(state)
    try:
        for name in list(os.environ):
            if name in environment.TABLE and name not in KEPT:
                del os.environ[name]  # a city's own settings, its database above all, are not for a demo
        os.environ.update(layout.demo_environment(sockets, state, postgres.start()))
        os.environ[environment.DEMO_SHIFT.name] = str(daytime.shift(clock.real_now(), arguments.time))
        return asyncio.run(
            _supervise(postgres, sockets, state, started, check=check, traffic=not (check or arguments.still))
        )
    finally:
        sockets.close()
        if check:
            postgres.remove()
        else:
            postgres.stop()


def _is_cold() -> bool:
    """Whether the city has rides and their engine is not compiled yet."""
    from souto.services.transit import seams

    rides = any((environment.CITY.get() / "transit").glob("*.yaml"))
    return rides and not seams.is_compiled(Path(os.environ[environment.COMPILED.name]))


async def _supervise(
    postgres: EmbeddedPostgres, sockets: layout.DemoSockets, state: Path, started: float, *, check: bool, traffic: bool
) -> int:
    log = state / "demo.log"
    log.unlink(missing_ok=True)
    supervisor = Supervisor(postgres=postgres, give_up_after=5, log=log)
    supervisor.catch_signals()
    cold = _is_cold()
    specs: list[ChildSpec] = [
        layout.demo_services(sockets, state / "mail"),
        layout.worker(),
        *layout.web(sockets["web"], processes=1),
    ]
    if traffic:
        specs.append(layout.traffic())
    code = 1
    try:
        if cold:
            await supervisor.start([layout.warming()])  # beside the filling
        if not await _prepared(supervisor, state):
            return code
        await supervisor.start(specs)
        if check:
            code = await supervisor.run_beside(souto_command("check", "--story"))
        else:
            _announce(sockets, state, time.monotonic() - started, cold=_is_cold())
            code = await supervisor.wait()
    finally:
        await supervisor.stop()
        if code != 0:
            _show_trouble(log)
    return code


def _show_trouble(log: Path) -> None:
    """Show the end of what the processes said, without what was in order."""
    with contextlib.suppress(FileNotFoundError):
        lines = [
            line
            for line in log.read_text(errors="replace").splitlines()
            if "[info" not in line and "[debug" not in line
        ]
        sys.stderr.write("".join(f"{line}\n" for line in lines[-TROUBLE_LINES:]))


async def _prepared(supervisor: Supervisor, state: Path) -> bool:
    """Prepare tables and city, unless exactly this code did so before: a second start is quick. False where a signal came first."""
    stamp, inputs = state / "prepared", _fingerprint()
    with contextlib.suppress(FileNotFoundError):
        if stamp.read_text() == inputs:
            return True
    if await supervisor.run_beside(souto_command("demo", "--prepare"), environment={"SOUTO_LOG_LEVEL": "WARNING"}) != 0:
        if supervisor.stopping:
            return False
        raise CommandError("The demo city could not be prepared; the lines above say why.")
    stamp.write_text(inputs)
    return True


def _fingerprint() -> str:
    """Return a hash that changes when any file of Souto or of the city changes."""
    city = environment.CITY.get()
    files = sorted(
        path
        for folder in (environment.BASE_DIR / "src", city)
        for path in folder.rglob("*")
        if path.suffix not in {".pyc", ".mo"}
    )
    facts = [
        f"{path} {info.st_size} {info.st_mtime_ns}" for path in files if not path.is_dir() and (info := path.stat())
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _prepare() -> int:
    """Bring the tables up to date and fill the city, once; keep the logins for the announcement."""
    from souto.config.commands import migrate

    load_django()
    code = migrate.apply(os.environ["DATABASE_URL"], verbosity=0)
    if code != 0 or not layout.present(FILL):
        return code
    filled = import_module(FILL).fill()
    logins = [{"role": login.role, "name": login.name, "how": login.how} for login in filled]
    (Path(os.environ["SOUTO_STATE"]) / LOGINS).write_text(json.dumps(logins, ensure_ascii=False))
    return 0


def _announce(sockets: layout.DemoSockets, state: Path, seconds: float, *, cold: bool) -> None:
    """Print address, logins and three things to try."""
    shift = float(os.environ[environment.DEMO_SHIFT.name])
    shown = clock.local(clock.real_now() + timedelta(seconds=shift))
    wait = "  乗り物の予約は、配車の準備が終わる1分ほど後から / Rides can be booked in about a minute, once their engine is compiled"
    lines = [
        "",
        f"桑都の見本の街が動いています / The demo city is running (started in {seconds:.1f} s)",
        "",
        f"    {sockets.origin('web')}",
        "",
        *([wait, ""] if cold else []),
    ]
    if shift:
        lines += [f"  デモの時計 / The demo's clock shows {shown:%Y-%m-%d %H:%M} (--time)", ""]
    with contextlib.suppress(FileNotFoundError):
        logins = json.loads((state / LOGINS).read_text())
        lines += [
            "  サインイン / Sign in as",
            *(f"    {login['role']}  {login['name']}: {login['how']}" for login in logins),
            "",
        ]
    lines.append("  試してみる / Four things to try")
    for number, (japanese, english) in enumerate(TRIES, start=1):
        lines += [f"    {number}. {japanese}", f"       {english}"]
    lines += [
        "",
        f"  届いたメール / E-mail that was sent: {state / 'mail' / 'new'}",
        f"  くわしい記録 / What the processes say: {state / 'demo.log'}",
        "  終わるとき / To stop: Ctrl-C",
        "",
    ]
    print("\n".join(lines), flush=True)
