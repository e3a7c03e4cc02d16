"""Scenes 8 and 9: the core system takes over, both sides are asked two questions, and the plan's numbers have moved."""

from __future__ import annotations

import httpx
from django.conf import settings

from souto.demo.story.cast import Cast
from souto.demo.story.filing import DESKTOP
from souto.demo.story.office import CHILDCARE, OFFICER, PLANNER
from souto.demo.walking import Page, WalkError
from souto.foundation.audit import queries as audit


def note_the_numbers(cast: Cast) -> None:
    """What the scoreboard says before anything happens."""
    figures = _figures(cast)
    for key, figure in figures.items():
        cast.notes[f"before {key}"] = f"{figure['numerator']}/{figure['denominator']}"


def _figures(cast: Cast) -> dict[str, dict[str, object]]:
    found = cast.visitor(PLANNER).open("/api/plan/").answer.json()
    return {i["key"]: i for i in found["indicators"]}


def hand_over(cast: Cast) -> None:
    """The core system has the application, number for number, and answers; nothing was typed twice."""
    officer, address = cast.visitor(OFFICER), f"/staff/cases/{cast.notes['case']}/"

    def accepted() -> Page | None:
        page = officer.open(address)
        return page if page.says("連携先の番号") else None

    cast.wait("the core system's answer", accepted, seconds=150)
    received = httpx.get(settings.CORE_SYSTEM_URL, timeout=10, follow_redirects=True)
    if cast.notes["number"] not in received.text:
        raise WalkError("the core system does not show the application")


def answer_two_questions(cast: Cast) -> None:
    """CX: how easy, how satisfied."""
    desktop = cast.visitor(DESKTOP)
    page = desktop.open(f"/applications/{cast.notes['application']}/feedback/")
    desktop.send(_best(page), having="ease")
    again = desktop.open(f"/applications/{cast.notes['application']}/feedback/")
    if again.status == 200 and any("ease" in form.names for form in again.forms):
        raise WalkError("she is asked twice")


def ask_the_officer(cast: Cast) -> None:
    """EX: the same two questions to the officer."""
    officer = cast.visitor(OFFICER)
    page = officer.open(f"/staff/cases/{cast.notes['case']}/feedback/")
    officer.send(_best(page), having="ease")


def _best(page: Page) -> dict[str, str]:
    options = page.form("ease").options
    return {name: max(options[name]) for name in ("ease", "satisfaction")}


MOVED = ("online-share", "elqr-share", "handed-over", "cx", "ex", "corrected-share")


def see_the_numbers(cast: Cast) -> None:
    """The scoreboard shows vision, grid and every indicator; the work of this story has moved them."""
    page = cast.visitor("市民").open("/plan/?lang=ja")
    page.expect("基本方針", "取組12", "79%", "手入力")

    def moved() -> list[str] | None:
        figures = _figures(cast)
        same = [k for k in MOVED if cast.notes[f"before {k}"] == _count(figures[k])]
        return None if same else list(MOVED)

    try:
        cast.wait("the figures", moved, seconds=90)
    except WalkError:
        figures = _figures(cast)
        stuck = {k: (cast.notes[f"before {k}"], _count(figures[k]), figures[k]["state"]) for k in MOVED}
        raise WalkError(f"the numbers did not move: {stuck}") from None


def _count(figure: dict[str, object]) -> str:
    return f"{figure['numerator']}/{figure['denominator']}"


def open_the_rows(cast: Cast) -> None:
    """Each number opens to its definition; its records only to those who may see them."""
    address = "/plan/indicators/online-share/?lang=ja"
    cast.visitor("市民").open(address).expect("測り方", "担当する職員だけが見られます")
    cast.visitor(OFFICER).open(address).expect("もとになった記録", "数える", cast.notes["number"])
    if cast.visitor(CHILDCARE).open(address).says(cast.notes["number"]):
        raise WalkError("another department sees the record behind the figure")


def verify_the_trail(_cast: Cast) -> None:
    """Everything that was done, seen and refused is on record, and the chain holds."""
    found = audit.verify()
    if not found.ok:
        raise WalkError(f"the audit chain breaks at {found.broken_at}: {found.reason}")
    if found.links == 0:
        raise WalkError("the sealer has chained nothing")
