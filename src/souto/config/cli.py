"""The `souto` command. Each subcommand is a small module in `souto.config.commands` and imports what it needs when it runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from souto.config.commands.base import CommandError
from souto.config.environment import SettingError
from souto.config.postgres import PostgresError
from souto.kernel.errors import SoutoError

COMMANDS = ("demo", "up", "serve", "worker", "migrate", "warm", "check", "audit", "import", "export", "invite")
_MODULES = {"import": "import_", "export": "export"}


def parser() -> argparse.ArgumentParser:
    """Return the parser with every subcommand."""
    top = argparse.ArgumentParser(
        prog="souto", description="Souto (桑都): the digital platform that a Japanese city runs itself."
    )
    subcommands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"souto.config.commands.{_MODULES.get(name, name)}")
        doc = (module.__doc__ or "").strip()
        sub = subcommands.add_parser(
            name,
            help=doc.split("\n", 1)[0].rstrip("."),
            description=doc,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit code: 0 done, 1 not done (the last line says why), 2 wrong use."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except (CommandError, PostgresError, SettingError, SoutoError) as error:
        print(f"souto {parsed.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
