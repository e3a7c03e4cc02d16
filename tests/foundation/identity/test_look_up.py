from __future__ import annotations

from datetime import date

import pytest

from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.identity import actions
from souto.foundation.identity.matching import link_number
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError
from tests.services.applications import world

pytestmark = pytest.mark.django_db

BORN = date(1990, 4, 27)


@pytest.fixture
def officer() -> Actor:
    return world.staff()


def _found(officer: Actor, name: str, born: date) -> list[str]:
    return [str(p.person_id) for p in actions.look_up_persons(actor=officer, name=name, birth_date=born)]


def test_name_and_birth_date_find_exactly_those_who_have_both(officer: Actor) -> None:
    her = world.person()
    world.person(birth_date="1991-04-27")
    world.person(name="山田　空")

    assert _found(officer, "山田花子", BORN) == [str(her.id)]
    assert _found(officer, "山田　花", BORN) == []


@pytest.mark.parametrize(
    ("known", "asked", "meets"),
    [
        ("319460000", date(1946, 8, 1), True),
        ("319460800", date(1946, 8, 31), True),
        ("319460800", date(1946, 9, 1), False),
        ("319460000", date(1947, 1, 1), False),
        ("", date(1946, 1, 1), False),
    ],
)
def test_of_a_birth_date_known_in_part_the_known_part_decides(
    officer: Actor, known: str, asked: date, *, meets: bool
) -> None:
    world.person(birth_date=known)

    assert bool(_found(officer, "山田花子", asked)) is meets


def test_a_register_number_finds_its_person_however_it_is_typed(officer: Actor) -> None:
    her = world.person()
    link_number(her, "000000000000123")

    found = actions.look_up_persons(actor=officer, number="０００００００００００0123 ".replace(" ", ""))

    assert [p.person_id for p in found] == [her.id]


def test_nobody_leafs_through_the_residents(officer: Actor) -> None:
    world.person()

    for half in ({"name": "山田花子"}, {"birth_date": BORN}, {"name": " 　", "birth_date": BORN}, {}):
        with pytest.raises(actions.LookUpTooWideError):
            actions.look_up_persons(actor=officer, **half)  # type: ignore[arg-type]


def test_only_officers_look_for_persons(officer: Actor) -> None:
    her = world.person()

    for actor in (world.resident(her), world.ANYBODY, Actor(kind=officer.kind, id=officer.id)):
        with pytest.raises(ForbiddenError):
            actions.look_up_persons(actor=actor, name="山田花子", birth_date=BORN)

    assert not Entry.objects.filter(action="identity.look_up").exists()


def test_who_was_looked_for_is_on_record_without_her_name(officer: Actor) -> None:
    her = world.person()
    actions.look_up_persons(actor=officer, name="山田花子", birth_date=BORN)

    entry = Entry.objects.get(action="identity.look_up")

    assert (entry.outcome, entry.actor_id, entry.fields) == (Outcome.SEEN, officer.id, ["birth_date", "name"])
    assert entry.facts == {"found": 1, "persons": str(her.id)}
