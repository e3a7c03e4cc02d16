"""The life of an application (申請の状態遷移): one table for each kind, all in this file.

A draft is no state: it is another record, which becomes an application when it is sent. A request for correction (補正) is no
state either: it is an object with a reason and a deadline, and the application stays where it is. The outcome (承認, 却下 …) is
data of the decision's record, because each procedure names its own.
"""

from __future__ import annotations

from enum import StrEnum

from souto.kernel.actor import ActorKind
from souto.kernel.lifecycle import Lifecycle, step


class Kind(StrEnum):
    """What the law calls it."""

    APPLICATION = "application"
    NOTIFICATION = "notification"
    REPORT = "report"


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_STAFF, _RESIDENT, _ANYBODY, _SYSTEM = ActorKind.STAFF, ActorKind.RESIDENT, ActorKind.ANONYMOUS, ActorKind.SYSTEM
_OPEN = (State.SUBMITTED, State.IN_REVIEW)

#: 申請: reviewed before it is decided; the applicant may withdraw until then.
APPLICATION = Lifecycle(
    name="申請",
    initial=State.SUBMITTED,
    transitions=(
        step("start_review", State.SUBMITTED, State.IN_REVIEW, _STAFF, _SYSTEM),
        step("decide", State.IN_REVIEW, State.DECIDED, _STAFF),
        step("withdraw", _OPEN, State.WITHDRAWN, _RESIDENT, _STAFF),
        step("close", State.DECIDED, State.CLOSED, _STAFF, _SYSTEM),
    ),
)

#: 届出: takes effect by being made; the city confirms the form of it, so it may be settled without a review of its own.
NOTIFICATION = Lifecycle(
    name="届出",
    initial=State.SUBMITTED,
    transitions=(
        step("start_review", State.SUBMITTED, State.IN_REVIEW, _STAFF, _SYSTEM),
        step("decide", _OPEN, State.DECIDED, _STAFF, _SYSTEM),
        step("withdraw", _OPEN, State.WITHDRAWN, _RESIDENT, _STAFF),
        step("close", State.DECIDED, State.CLOSED, _STAFF, _SYSTEM),
    ),
)

#: 通報: anybody may make and withdraw it, signed in or not; `decide` says what was done about it.
REPORT = Lifecycle(
    name="通報",
    initial=State.SUBMITTED,
    transitions=(
        step("start_review", State.SUBMITTED, State.IN_REVIEW, _STAFF, _SYSTEM),
        step("decide", _OPEN, State.DECIDED, _STAFF),
        step("withdraw", _OPEN, State.WITHDRAWN, _RESIDENT, _ANYBODY, _STAFF),
        step("close", State.DECIDED, State.CLOSED, _STAFF, _SYSTEM),
    ),
)

LIFECYCLES: dict[Kind, Lifecycle] = {
    Kind.APPLICATION: APPLICATION,
    Kind.NOTIFICATION: NOTIFICATION,
    Kind.REPORT: REPORT,
}

#: States in which the application still waits for a decision: corrections and withdrawal are possible.
UNDECIDED = frozenset(_OPEN)


def of(kind: str) -> Lifecycle:
    """The table of a kind."""
    return LIFECYCLES[Kind(kind)]


def as_markdown() -> str:
    """All tables as the page docs/reference/lifecycle.md shows them (a test holds the two equal)."""
    parts = []
    for kind, table in LIFECYCLES.items():
        rows = [
            f"| `{t.name}` | {', '.join(f'`{s}`' for s in sorted(t.sources))} | `{t.target}` | {', '.join(sorted(t.by))} |"
            for t in table.transitions
        ]
        parts.append(
            "\n".join(
                (
                    f"## {table.name} (`{kind}`)",
                    "",
                    f"First state: `{table.initial}`. Final: {', '.join(f'`{s}`' for s in sorted(table.final))}.",
                    "",
                    "| step | from | to | by |",
                    "|---|---|---|---|",
                    *rows,
                )
            )
        )
    return "\n\n".join(parts) + "\n"
