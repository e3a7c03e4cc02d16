from __future__ import annotations

from pathlib import Path

import pytest

from souto.kernel.actor import ActorKind
from souto.kernel.lifecycle import TransitionRefusedError
from souto.services.applications import lifecycle
from souto.services.applications.lifecycle import Kind, State

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "application-lifecycle.md"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_is_known_reachable_and_ends_somewhere(kind: Kind) -> None:
    table = lifecycle.of(kind)
    reached, grew = {table.initial}, True

    while grew:
        more = {t.target for t in table.transitions if t.sources & reached} - reached
        reached |= more
        grew = bool(more)

    assert reached == table.states == set(State)
    assert table.final == {State.CLOSED, State.WITHDRAWN}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("state", [State.DECIDED, State.CLOSED, State.WITHDRAWN])
def test_nothing_is_withdrawn_or_decided_after_the_decision(kind: Kind, state: State) -> None:
    for step in ("withdraw", "decide", "start_review"):
        with pytest.raises(TransitionRefusedError):
            lifecycle.of(kind).next_state(state, step, by=ActorKind.STAFF)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_resident_decides_nothing(kind: Kind) -> None:
    table = lifecycle.of(kind)

    assert {t.name for t in table.transitions if ActorKind.RESIDENT in t.by} == {"withdraw"}


def test_only_a_report_can_be_withdrawn_without_signing_in() -> None:
    may = {kind for kind in Kind if lifecycle.of(kind).allows(State.SUBMITTED, "withdraw", by=ActorKind.ANONYMOUS)}

    assert may == {Kind.REPORT}


def test_the_reference_page_shows_the_tables_as_they_are() -> None:
    assert PAGE.read_text().endswith("\n\n" + lifecycle.as_markdown())
