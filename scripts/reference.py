"""Makes the pages of docs/reference that say what the code holds: permissions, measures, events, jobs, settings.

    python -m scripts.reference    write them anew

Each page is a function without arguments that returns Markdown; `PAGES` names them all, and a test compares them with what stands in docs/.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "souto"

#: What each permission lets its holder do; a test holds the keys to those that roles carry.
PERMISSIONS = {
    "audit.export": "Take the audit trail (監査記録) out as a file.",
    "audit.view": "Read the audit trail.",
    "casework.approve": "Settle proposals (決裁) of others in one's own section; never one's own.",
    "casework.assign": "Give cases of one's section to somebody.",
    "casework.propose": "Propose a decision (起案).",
    "casework.view": "See the cases of one's section: answers, attachments, verified identity. Every look is recorded.",
    "casework.work": "Take cases up, ask for corrections (補正), write notes, ask for and give opinions, hand over.",
    "identity.manage": "Invite staff, give and end memberships.",
    "payments.import": "Take files of payment notices (納入済通知) over.",
    "payments.match": "Settle what waits in suspense against a charge, with a reason.",
    "payments.view": "See charges, slips and suspense.",
    "plan.close": "Close a fiscal year of the plan: its figures freeze.",
    "plan.edit": "Enter outside figures and stages reached, marked as entered by hand.",
    "plan.rows": "Open the rows behind a figure.",
    "procedures.edit": "Draft procedures, import YAML and the inventory (手続台帳).",
    "procedures.publish": "Publish a version; the database keeps it unchanged from then on.",
    "registry.import": "Take over lists of towns and settle refused rows.",
    "transit.drive": "Report for a vehicle of demand transit what happens on the road, and see who rides in it today.",
    "transit.operate": "See, take, change and cancel bookings of others (a caller without a phone of her own).",
    "transit.publish": "Draft demand-transit services (デマンド交通) and publish versions for a day on.",
    "retention.approve": "Approve lists of what is disposed of (廃棄候補一覧) in one's own section; never one that one reviewed.",
    "retention.review": "See and review the lists of one's own section, hold records back (保存延長).",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Lines of a Markdown table."""
    head = list(head)
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows),
    ]


def page(title: str, *parts: str | list[str]) -> str:
    """A page: its title, how it is made, its parts with a blank line between them."""
    texts = ["\n".join(part) if isinstance(part, list) else part for part in parts]
    return (
        "\n\n".join([f"# {title}", *texts, "This page is made from the code: `scripts/reference` writes it anew."])
        + "\n"
    )


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join((inspect.cleandoc(text or "").split("\n\n")[0]).split())


def room_of(module: str) -> str:
    """The room's own word: `souto.services.payments.jobs` is of `payments`."""
    parts = module.split(".")
    return parts[2] if parts[1] in {"foundation", "services"} else parts[1]


def permissions() -> str:
    """Who may do what."""
    from souto.foundation.identity import roles

    names = sorted({name for carried in roles.PERMISSIONS.values() for name in carried})
    return page(
        "Permissions",
        "A membership gives a person a role in one section (課), and the role carries permissions. Those of casework and retention hold for records of that section only: a chief of one "
        "section is no chief of another. The others hold for the whole city. One person may hold several memberships. What a person may not see answers 404, as if it were "
        "not there, and the attempt is put on record. Residents hold no permissions: they reach what is their own through the `access_*` gates of each room.",
        table(
            ("Role", "On screen", "Permissions"),
            (
                (
                    f"`{role.value}`",
                    roles.LABELS[role],
                    ", ".join(f"`{name}`" for name in sorted(roles.PERMISSIONS[role])),
                )
                for role in roles.Role
            ),
        ),
        table(
            ("Permission", "Lets one", "Roles"),
            (
                (
                    f"`{name}`",
                    PERMISSIONS[name],
                    ", ".join(f"`{role.value}`" for role in roles.Role if name in roles.PERMISSIONS[role]),
                )
                for name in names
            ),
        ),
    )


def measures() -> str:
    """Every figure that can be measured."""
    from souto.kernel import measures as kernel

    by_room: dict[str, list[kernel.Measure]] = defaultdict(list)
    for measure in kernel.registered().values():
        by_room[room_of(inspect.getmodule(measure.compute).__name__)].append(measure)  # type: ignore[union-attr]
    parts: list[str | list[str]] = []
    for room in sorted(by_room):
        parts.append(f"## {room}")
        parts.append(
            table(
                ("Measure", "Title", "Unit", "Kind", "By", "Definition"),
                (
                    (
                        f"`{measure.key}`",
                        measure.title,
                        measure.unit,
                        "stock" if measure.stock else "flow",
                        ", ".join(measure.dimensions) or "–",
                        measure.definition,
                    )
                    for measure in sorted(by_room[room], key=lambda measure: measure.key)
                ),
            )
        )
    return page(
        "Measures",
        "What the rooms can measure from their own records (指標の測定). `plan.toml` of a city names them in its indicators; where it names a measure that no room offers, the "
        "scoreboard says that the room is not built yet. A *flow* counts what happened within a period, a *stock* describes the state on its last day. Titles and "
        "definitions are those that stand beside the figure on screen. Samples (見本) count in demo mode only.",
        *parts,
    )


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of Souto by its dotted name, parsed."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def announced() -> list[type]:
    """The event classes of all rooms, by room and in the order of their files."""
    found = []
    for name, tree in trees().items():
        if name.endswith(".events") and name != "souto.kernel.events":
            module = import_module(name)
            found += [getattr(module, node.name) for node in tree.body if isinstance(node, ast.ClassDef)]
    return found


def publishers(event: type) -> list[str]:
    """The functions in which the event is made, as `room.function`."""
    return sorted(
        {
            f"{room_of(name)}.{function.name}"
            for name, tree in trees().items()
            for function in tree.body
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] == event.__name__
            and not name.endswith(".events")
        }
    )


def events() -> str:
    """Every event, who announces it and who reacts."""
    from souto.kernel import events as kernel

    by_room: dict[str, list[type]] = defaultdict(list)
    for event in announced():
        by_room[room_of(event.__module__)].append(event)
    parts: list[str | list[str]] = []
    for room in sorted(by_room):
        parts.append(f"## {room}")
        parts.append(
            table(
                ("Event", "When", "Holds", "Announced in", "Reactions"),
                (
                    (
                        f"`{event.__name__}`",
                        first_sentence(event.__doc__),
                        ", ".join(f"`{field.name}`" for field in fields(event)),
                        ", ".join(f"`{name}`" for name in publishers(event)) or "–",
                        ", ".join(
                            f"`{room_of(handler.__module__)}.{handler.__name__}`"
                            for handler in kernel.handlers_of(event)
                        )
                        or "–",
                    )
                    for event in by_room[room]
                ),
            )
        )
    return page(
        "Events",
        "What rooms announce to rooms above and beside them. An event is a frozen dataclass of ids; its handlers run at once, in the publisher's transaction, so that a change and "
        "all its reactions are stored together or not at all. A handler changes only rows of its own room. Callables are named `room.function`.",
        *parts,
    )


def jobs() -> str:
    """Every background job."""
    from souto.kernel import jobs as kernel

    registered = sorted(kernel.registered().values(), key=lambda job: job.name)
    return page(
        "Jobs",
        "Background work, done by `souto worker`. A job is stored in the transaction of the change that needs it, takes ids only, looks at the state anew and may run twice without "
        "harm. Between attempts it waits, longer each time. Times are Asia/Tokyo.",
        table(
            ("Job", "Does", "Attempts", "By itself"),
            (
                (
                    f"`{job.name}`",
                    first_sentence(job.run.__doc__),
                    str(job.attempts),
                    f"`{job.cron}`" if job.cron else "–",
                )
                for job in registered
            ),
        ),
    )


def settings() -> str:
    """Every environment variable."""
    from souto.config import environment

    return environment.as_markdown()


PAGES: dict[str, Callable[[], str]] = {
    "events.md": events,
    "jobs.md": jobs,
    "measures.md": measures,
    "permissions.md": permissions,
    "settings.md": settings,
}


def main() -> int:
    """Write every page."""
    import django

    django.setup()
    for name, make in PAGES.items():
        path = ROOT / "docs" / "reference" / name
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written: docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
