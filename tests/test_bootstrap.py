"""What `scripts/bootstrap` does on machines that are not this one: no uv, no venv module, a mirror in pip's configuration."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A working copy with nothing but the scripts."""
    shutil.copytree(ROOT / "scripts", tmp_path / "clone" / "scripts")
    return tmp_path / "clone"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH with the usual tools, without uv, Python and apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "dirname", "sha256sum", "cut", "cat", "mkdir", "sed", "head", "rm", "id"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


def bash(clone: Path, path: Path | str, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": str(path), "HOME": str(clone.parent), **environment}
    return subprocess.run(
        ["bash", "-c", f"source {clone}/scripts/bootstrap; {program}"],
        capture_output=True,
        text=True,
        env=given,
        check=False,
    )


def tool(folder: Path, name: str, program: str) -> None:
    (folder / name).write_text(f"#!/bin/bash\n{program}\n")
    (folder / name).chmod(0o755)


def test_without_python_it_says_what_to_install(clone: Path, bare: Path) -> None:
    done = bash(clone, bare, "ensure_uv")

    assert done.returncode == 1
    assert "Souto needs Python 3.11 or newer" in done.stderr


def test_an_old_python_is_not_taken(clone: Path, bare: Path) -> None:
    tool(bare, "python3", "exit 1")

    assert "Souto needs Python 3.11 or newer" in bash(clone, bare, "ensure_uv").stderr


def test_without_the_venv_module_it_says_what_to_install(clone: Path, bare: Path) -> None:
    tool(bare, "python3", 'case "$*" in *ensurepip*) exit 1;; esac')

    done = bash(clone, bare, "ensure_uv")

    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs by apt-get")
def test_root_gets_the_venv_module_by_apt(clone: Path, bare: Path) -> None:
    tool(
        bare,
        "python3",
        f'case "$*" in *ensurepip*) [ -e {clone}/installed ];; *venv*) mkdir -p "$3/bin"; ln -s $0 "$3/bin/python";; esac',
    )
    tool(bare, "apt-get", f'case "$*" in *python3-venv*) cat </dev/null >{clone}/installed;; esac')
    tool(bare, "ln", f'exec {shutil.which("ln")} "$@"')

    done = bash(clone, bare, "ensure_uv; echo $UV")

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{clone}/.souto/tools/bin/uv"
    assert (clone / "installed").exists()


def test_uv_on_the_path_is_used(clone: Path, bare: Path) -> None:
    tool(bare, "uv", "exit 0")

    assert bash(clone, bare, "ensure_uv; echo $UV").stdout.strip() == f"{bare}/uv"


@pytest.mark.parametrize(
    ("environment", "config", "index"),
    [
        ({}, "", ""),
        ({"PIP_INDEX_URL": "https://mirror.example/simple"}, "", "https://mirror.example/simple"),
        ({}, "[global]\nindex-url = https://mirror.example/pip\n", "https://mirror.example/pip"),
        ({"UV_DEFAULT_INDEX": "https://uv.example/simple"}, "[global]\nindex-url = https://mirror.example/pip\n", ""),
        ({}, "[global]\nextra-index-url = https://more.example/simple\n", ""),
    ],
)
def test_a_mirror_in_pips_configuration_is_respected(
    clone: Path, environment: dict[str, str], config: str, index: str
) -> None:
    (clone.parent / ".pip").mkdir()
    (clone.parent / ".pip" / "pip.conf").write_text(config)

    assert bash(clone, os.environ["PATH"], "pip_index", **environment).stdout.strip() == index


def test_a_mirror_gets_the_locked_files_by_their_hashes(clone: Path, bare: Path) -> None:
    tool(bare, "uv", f'echo "$@" >>{clone}/calls')

    done = bash(clone, bare, "ensure_uv; install_packages demo", PIP_INDEX_URL="https://mirror.example/simple")

    assert done.returncode == 0, done.stderr
    calls = (clone / "calls").read_text()
    assert "--require-hashes --default-index https://mirror.example/simple" in calls
    assert "sync" not in calls


def test_a_failing_step_is_named_and_its_code_passed_on(clone: Path) -> None:
    done = bash(clone, os.environ["PATH"], 'step "front end" bash -c "exit 7"')

    assert done.returncode == 7
    assert "front end" in done.stderr
    assert "FAILED" in done.stderr


def test_a_step_is_skipped_while_its_inputs_are_the_same(clone: Path) -> None:
    program = "unchanged it abc && echo early; done_with it abc; unchanged it abc && echo same; unchanged it abd || echo other"

    assert bash(clone, os.environ["PATH"], program).stdout.split() == ["same", "other"]
