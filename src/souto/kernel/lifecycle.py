"""Lifecycles: readable tables of transitions.

A room writes its table once; the state of a record changes only through `Lifecycle.next_state`, and the room stores a
record of each transition, from which dates and what people see are derived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from souto.kernel.actor import ActorKind
from souto.kernel.errors import ConflictError


class TransitionRefusedError(ConflictError):
    """The record's state does not allow this step (somebody may have taken another one first)."""

    message = "いまの状態では、この操作はできません。最新の内容を確認してください。"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `name` (verb), the states it leads from and to, and the kinds of actor that may take it."""

    name: str
    sources: frozenset[str]
    target: str
    by: frozenset[ActorKind]


def step(name: str, sources: str | Iterable[str], target: str, *by: ActorKind) -> Transition:
    """Write a row of the table: `step("accept", "submitted", "in_review", ActorKind.STAFF)`."""
    names = {sources} if isinstance(sources, str) else set(sources)
    return Transition(name=name, sources=frozenset(names), target=target, by=frozenset(by))


@dataclass(frozen=True)
class Lifecycle:
    """A transition table with its initial state; `final` are the states that nothing leaves."""

    name: str
    initial: str
    transitions: tuple[Transition, ...]

    @property
    def states(self) -> frozenset[str]:
        """Every state that the table names."""
        named = {self.initial} | {t.target for t in self.transitions}
        return frozenset(named.union(*(t.sources for t in self.transitions)))

    @property
    def final(self) -> frozenset[str]:
        """States without a way out."""
        return self.states - frozenset().union(*(t.sources for t in self.transitions))

    def next_state(self, state: str, name: str, *, by: ActorKind) -> str:
        """The state after step `name`; raises `TransitionRefusedError` where the table has no such row."""
        for transition in self.transitions:
            if transition.name == name and state in transition.sources and by in transition.by:
                return transition.target
        raise TransitionRefusedError

    def allows(self, state: str, name: str, *, by: ActorKind) -> bool:
        """True when `by` may take step `name` from `state`."""
        return any(t.name == name and state in t.sources and by in t.by for t in self.transitions)

    def steps_from(self, state: str, *, by: ActorKind) -> tuple[str, ...]:
        """Names of the steps that `by` may take from `state`, in the table's order."""
        return tuple(t.name for t in self.transitions if state in t.sources and by in t.by)
