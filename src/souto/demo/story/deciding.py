"""Scenes 5 and 6: the officer works the case; one field is corrected; a colleague is heard; a second person approves."""

from __future__ import annotations

import re
from datetime import timedelta

from souto.demo.story.cast import Cast
from souto.demo.story.filing import DESKTOP
from souto.demo.story.office import CHIEF, CHILDCARE, COLLEAGUE, OFFICER
from souto.demo.walking import Page, WalkError
from souto.kernel import clock


def see_the_queue(cast: Cast) -> None:
    """The case stands in the queue of 市民課 with its deadline; 子育て支援課 does not see it."""
    number = cast.notes["number"]
    page = cast.visitor(OFFICER).open(f"/staff/cases/?q={number}")
    page.expect(number, "山田", "住民票")
    cast.notes["case"] = page.link(number).split("/staff/cases/")[1].split("/")[0]
    other = cast.visitor(CHILDCARE)
    if other.open("/staff/cases/").says(number):
        raise WalkError("another department sees the case")
    if other.open(f"/staff/cases/{cast.notes['case']}/").status != 404:
        raise WalkError(f"another department opens {cast.notes['case']}: {other.page.status if other.page else 0}")


def open_the_case(cast: Cast) -> None:
    """Answers and verified identity beside each other; she takes the case."""
    officer = cast.visitor(OFFICER)
    page = officer.open(f"/staff/cases/{cast.notes['case']}/")
    page.expect("回答", "本人確認", "山田", "領収書.jpg", "期限")
    page = officer.send(button="自分が担当する")
    page.expect("担当")


def ask_for_one_correction(cast: Cast) -> None:
    """One field, with a reason and a day; nothing is decided meanwhile."""
    officer = cast.visitor(OFFICER)
    officer.open(f"/staff/cases/{cast.notes['case']}/")
    page = officer.follow("修正を依頼する")
    due = clock.today() + timedelta(days=14)
    page = officer.send(
        {
            "path": "send_reason",
            "reason:send_reason": "入院先の病院の名前も書いてください。",
            "words": "送り先を確かめるためです。",
            "due_on": due.isoformat(),
        },
        having="path",
    )
    page = officer.open(f"/staff/cases/{cast.notes['case']}/")
    page.expect("修正を依頼しています")
    if any("決定を起案する" in text for _, text in page.links):
        raise WalkError("a decision is offered while a correction is open")


def correct_that_field_only(cast: Cast) -> None:
    """She sees the reason and her old answer, and can change nothing else."""
    desktop = cast.visitor(DESKTOP)
    desktop.open("/applications/").expect("修正")
    page = desktop.open(f"/applications/{cast.notes['application']}/correction/")
    page.expect("修正をお願いします（1件）", "入院先の病院の名前", "入院している病院で受け取るため")
    form = page.form("send_reason")
    if "copies" in form.names or "delivery" in form.names:
        raise WalkError("fields that nobody asked for are open")
    desktop.send({"send_reason": "東京見本病院に入院しているため"}, having="send_reason", button="内容を確認する")
    page = desktop.send(button="修正を送信する")
    page.expect("受け")


def see_what_changed(cast: Cast) -> None:
    """The officer sees old and new beside each other."""
    page = cast.visitor(OFFICER).open(f"/staff/cases/{cast.notes['case']}/")
    page.expect("東京見本病院", "変更あり", "前の回答")


def hear_a_colleague(cast: Cast) -> None:
    """A colleague gives an opinion."""
    officer, colleague = cast.visitor(OFFICER), cast.visitor(COLLEAGUE)
    officer.open(f"/staff/cases/{cast.notes['case']}/")
    page = officer.follow("意見を求める")
    whom = _person(page, "鈴木")
    officer.send({"whom": whom, "question": "病院への郵送でよいでしょうか。"}, having="whom")
    page = colleague.open("/staff/cases/opinions/")
    page.expect(cast.notes["number"])
    colleague.follow(cast.notes["number"])
    colleague.send({"answer": _first(colleague.page, "answer"), "text": "問題ありません。"}, having="answer")
    officer.open(f"/staff/cases/{cast.notes['case']}/").expect("問題ありません。")


def _person(page: Page, name: str) -> str:
    """The value of the option that names the person (the reader keeps options in the page's order)."""
    found = re.search(rf'<option value="([^"]+)"[^>]*>[^<]*{name}[^<]*</option>', page.answer.text)
    if found is None:
        raise WalkError(f"{name} cannot be asked")
    return found.group(1)


def _first(page: Page | None, name: str) -> str:
    if page is None:
        raise WalkError("no page is open")
    return page.form(name).options[name][0]


def approve(cast: Cast, case: str, outcome: str, *, officer: str = OFFICER, chief: str = CHIEF) -> None:
    """Propose and have a second person approve."""
    desk = cast.visitor(officer)
    page = desk.open(f"/staff/cases/{case}/")
    if any("自分が担当する" in b[2] for form in page.forms for b in form.buttons):
        desk.send(button="自分が担当する")
    desk.open(f"/staff/cases/{case}/decide/")
    desk.send({"outcome": outcome, "reason": ""}, having="outcome")
    page = desk.open(f"/staff/cases/{case}/")
    page.expect("決裁待ち")
    own = desk.open(f"/staff/cases/{case}/approve/")
    if own.status == 200 and any(b[1] == "approve" for form in own.forms for b in form.buttons):
        raise WalkError("the proposer may approve her own proposal")
    boss = cast.visitor(chief)
    boss.open("/staff/cases/approvals/")
    boss.open(f"/staff/cases/{case}/approve/")
    boss.send({"remark": ""}, having="remark", button="決裁する")


def decide(cast: Cast) -> None:
    """起案 by the officer, 決裁 by the chief; the proposer cannot approve."""
    approve(cast, cast.notes["case"], "issued")
    page = cast.visitor(OFFICER).open(f"/staff/cases/{cast.notes['case']}/")
    page.expect("決定：交付")


def receive_the_notice(cast: Cast) -> None:
    """The outcome notice is a PDF, in her inbox and on her application's page."""
    desktop = cast.visitor(DESKTOP)
    address = f"/applications/{cast.notes['application']}/"

    def notice() -> bool | None:
        page = desktop.open(address)
        copies = [href for href, text in page.links if "/copy/" in href and "結果" in text]
        return True if copies and desktop.open(copies[0]).content.startswith(b"%PDF-") else None

    cast.wait("the outcome notice", notice)


def decide_the_others(cast: Cast) -> None:
    """The two other copies, and 児童手当 in its own department."""
    for note in ("misaki", "ichiro"):
        approve(cast, _case(cast, OFFICER, cast.notes[f"{note}_number"]), "issued")


def _case(cast: Cast, officer: str, number: str) -> str:
    page = cast.visitor(officer).open(f"/staff/cases/?q={number}")
    return page.link(number).split("/staff/cases/")[1].split("/")[0]


def check_the_signature(cast: Cast) -> None:
    """The officer of 子育て支援課 sees every check of the signature."""
    case = _case(cast, CHILDCARE, cast.notes["signed_number"])
    page = cast.visitor(CHILDCARE).open(f"/staff/cases/{case}/")
    page.expect("署名", "山田")
