"""Every write is an action: named arguments, an actor, one transaction, a trace in the audit trail."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.architecture import house

#: Actions without an actor: why.
WITHOUT_ACTOR = {
    "souto.foundation.identity.attempts.allow_attempt": "counts before anybody is known",
    "souto.foundation.identity.attempts.forget_attempts": "sweeps counters that belong to nobody",
}

#: Actions that are not one transaction from end to end: why.
NOT_ATOMIC = {
    "souto.foundation.audit.actions.record": "writes in the transaction of the change that it records",
    "souto.foundation.documents.actions.store_upload": "the refusal of an infected file stays on record",
    "souto.foundation.identity.attempts.allow_attempt": "an attempt counts even when what follows is rolled back",
    "souto.foundation.identity.attempts.forget_attempts": "one statement",
    "souto.foundation.identity.passkeys.sign_in_with_passkey": "a refusal stays on record",
    "souto.foundation.identity.signing.start_signing": "asks the signing service; nothing is locked meanwhile",
    "souto.foundation.identity.signing.finish_signing": "asks the signing service; nothing is locked meanwhile",
    "souto.foundation.retention.disposing.dispose_item": "destroys keys between its two transactions: no rollback brings a key back",
    "souto.foundation.registry.actions.import_town_file": "reads a file, then calls one action",
    "souto.services.applications.drafts.autosave": "is save_page in other words",
    "souto.services.applications.signing.start_signing": "asks the signing service; nothing is locked meanwhile",
    "souto.services.applications.signing.start_signing_correction": "asks the signing service; nothing is locked meanwhile",
    "souto.services.casework.handing.read_results": "each file is a transaction of its own",
    "souto.services.transit.repeating.book_series": "each day is a transaction of its own",
    "souto.services.transit.improving.improve": "searches between its transactions: nothing is locked meanwhile",
    "souto.services.transit.simulating.note_progress": "one statement",
    "souto.services.transit.improving.remind": "each rider is a transaction of its own",
    "souto.services.payments.checkouts.start_checkout": "asks the provider; nothing is locked meanwhile",
    "souto.services.payments.checkouts.complete_checkout": "asks the provider; nothing is locked meanwhile",
    "souto.services.payments.checkouts.notify_checkout": "asks the provider; nothing is locked meanwhile",
}

#: Actions that leave no entry in the audit trail: why.
WITHOUT_TRACE = {
    "souto.foundation.audit.actions.record": "is the trace",
    "souto.foundation.identity.attempts.allow_attempt": "counts before anybody is known",
    "souto.foundation.identity.attempts.forget_attempts": "sweeps counters that belong to nobody",
    "souto.foundation.notifications.actions.mark_read": "that somebody read her own message concerns nobody else",
    "souto.services.casework.handing.note_obstacle": "says why a folder could not be written; the hand-over itself is recorded",
    "souto.services.transit.simulating.note_progress": "counts simulated days; beginning and end are recorded",
}

#: Functions that an `actions` module offers although they write nothing.
READS = {
    "souto.services.procedures.inventory.read_csv": "turns bytes into rows for import_inventory",
}

#: Rows of a room's plan that only read.
READING = frozenset({"queries", "measures", "forms", "views", "api"})

#: Methods through which a model or a queryset writes.
WRITES = frozenset(
    {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "asave", "acreate"}
)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The public functions of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def names_called(function: ast.AST) -> Iterator[str]:
    """The last part of every name that a function calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).split(".")[-1]


def offered(tree: ast.Module) -> set[str] | None:
    """The names in `__all__`, or None where the module has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def actions() -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every action that a room offers, as `room.module.function`; in a package, what its `__init__` names."""
    found = {}
    for room in house.rooms():
        own = [module for module in house.modules() if house.within(module.name, f"{room}.actions")]
        names = next((offered(module.tree) for module in own if module.name == f"{room}.actions"), None)
        for module in own:
            for function in functions(module.tree):
                if names is None or function.name in names:
                    found[f"{room}.{module.name.rsplit('.', 1)[-1]}.{function.name}"] = function
    return found


ACTIONS = actions()
WRITING = sorted(ACTIONS.keys() - READS.keys())


def test_the_lists_name_actions_that_exist() -> None:
    assert {*WITHOUT_ACTOR, *NOT_ATOMIC, *READS, *WITHOUT_TRACE} - ACTIONS.keys() == set()


def test_actions_take_named_arguments_only() -> None:
    positional = [name for name in WRITING if ACTIONS[name].args.posonlyargs or ACTIONS[name].args.args]

    assert positional == []


def test_actions_ask_who_acts() -> None:
    without = set()
    assumed = set()
    for name in WRITING:
        taken = ACTIONS[name].args
        defaults = {
            argument.arg: default for argument, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
        }
        if "actor" not in defaults:
            without.add(name)
        elif defaults["actor"] is not None:
            assumed.add(name)

    assert without == WITHOUT_ACTOR.keys()
    assert assumed == set(), "an actor is never assumed"


def test_actions_are_one_transaction() -> None:
    loose = {
        name
        for name in WRITING
        if not any(ast.unparse(decorator) == "transaction.atomic" for decorator in ACTIONS[name].decorator_list)
    }

    assert loose - NOT_ATOMIC.keys() == set(), "decorate it with transaction.atomic, or say in NOT_ATOMIC why not"
    assert NOT_ATOMIC.keys() - loose == set(), "exceptions that nobody needs any more"


def test_actions_leave_a_trace() -> None:
    """Followed by name through the room's own functions, and to the actions of other rooms, which leave their own."""
    called: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in house.modules():
        room = house.room_of(module.name)
        if room is not None and not house.engine_of(module.name):
            for function in module.tree.body:
                if isinstance(function, ast.FunctionDef):
                    called[room, function.name].update(names_called(function))
    offered_names = {name.rsplit(".", 1)[-1] for name in ACTIONS}

    def reaches(room: str, names: Iterable[str], seen: set[str]) -> bool:
        for name in names:
            if name == "record" or ((room, name) not in called and name in offered_names):
                return True
            if (room, name) in called and name not in seen:
                seen.add(name)
                if reaches(room, called[room, name], seen):
                    return True
        return False

    silent = {
        name
        for name in WRITING
        if not reaches(
            next(room for room in house.rooms() if house.within(name, room)), names_called(ACTIONS[name]), set()
        )
    }

    assert silent - WITHOUT_TRACE.keys() == set()
    assert WITHOUT_TRACE.keys() - silent == set(), "exceptions that nobody needs any more"


def test_faces_and_reads_write_nothing() -> None:
    writing = [
        f"{module.where}:{node.lineno}: {ast.unparse(node)[:80]}"
        for module in house.modules()
        if (room := house.room_of(module.name)) and house.part_of(module.name, room) in READING
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]

    assert writing == [], "a write is an action"


def test_the_demo_writes_through_actions_only() -> None:
    writing = [
        f"{module.where}:{node.lineno}"
        for module in house.modules()
        if house.within(module.name, "souto.demo")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {*WRITES, "update"}
        and ".objects" in ast.unparse(node.func)
    ]

    assert writing == []
