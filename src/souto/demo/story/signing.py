"""Scene 3: 児童手当 with a child, signed with the card; another card's signature is refused."""

from __future__ import annotations

from souto.demo.story.cast import Cast, sign_in_resident
from souto.demo.story.filing import DESKTOP, receipt_number
from souto.demo.walking import WalkError

_PASSWORD = "HANAKO90"  # noqa: S105 - printed on the demo provider's own page


def fill_in(cast: Cast) -> None:
    """A repeating group, conditions and an account."""
    desktop = cast.visitor(DESKTOP)
    desktop.open("/procedures/jido-teate/")
    page = desktop.send(action="/applications/start/")
    cast.notes["signed_draft"] = page.path.split("/")[2]
    base = f"/applications/{cast.notes['signed_draft']}/pages"
    desktop.open(f"{base}/applicant/")
    desktop.send({"phone": "090-1234-5678"}, having="phone")
    page = desktop.open(f"{base}/reason/")
    date = {"reason_date.year": "8", "reason_date.month": "11", "reason_date.day": "1", "reason_date.era": "reiwa"}
    known = {name: value for name, value in date.items() if name in page.form("reason").names}
    era = page.form("reason").options.get("reason_date.era", [])
    known["reason_date.era"] = next((code for code in era if code.lower() in {"reiwa", "令和", "r"}), "")
    desktop.send({"reason": "birth", **known}, having="reason")
    desktop.open(f"{base}/pension/")
    desktop.send({"pension": "employees"}, having="pension")
    page = desktop.open(f"{base}/children/")
    row = next(name.split("/")[1] for name in page.form("children/").names if name.endswith("child_kana"))
    at = f"children/{row}"
    page = desktop.send(
        {
            **_name(page.form("children/").names, f"{at}/child_name"),
            f"{at}/child_kana": "やまだ　さくら",
            f"{at}/child_birth_date.year": "2026",
            f"{at}/child_birth_date.month": "10",
            f"{at}/child_birth_date.day": "30",
            f"{at}/relationship": "child",
            f"{at}/lives_together": "yes",
        },
        having="children/",
        button="次へ",
    )
    account = {
        "bank_name": "見本銀行",
        "branch_name": "八王子支店",
        "account_kind": "ordinary",
        "account_number": "０１２３４５６",
        "account_holder": "ヤマダ ハナコ",
    }
    desktop.open(f"{base}/account/")
    desktop.send(account, having="bank_name")
    desktop.open(f"{base}/consent/").expect("1")
    page = desktop.send({"records_consent": "yes"}, having="records_consent")
    page.expect("まだ送信されていません", "ヤマダ", "サクラ", "署名")


def _name(names: set[str], path: str) -> dict[str, str]:
    if f"{path}.family" in names:
        return {f"{path}.family": "山田", f"{path}.given": "さくら"}
    return {path: "山田　さくら"}


def refuse_another_card(cast: Cast) -> None:
    """Somebody else's card cannot sign her application."""
    desktop = cast.visitor(DESKTOP)
    desktop.open(f"/applications/{cast.notes['signed_draft']}/review/")
    desktop.send(button="署名する")
    page = desktop.send({"resident": "misaki", "password": "MISAKI85", "answer": "yes"}, having="resident")
    if page.says("署名を確認しました"):
        raise WalkError("the signature of another card was taken")


def sign(cast: Cast) -> None:
    """She signs; the certificate and the signature are verified; then she sends it."""
    desktop = cast.visitor(DESKTOP)
    desktop.open(f"/applications/{cast.notes['signed_draft']}/review/")
    desktop.send(button="署名する")
    page = desktop.send({"resident": "hanako", "password": _PASSWORD, "answer": "yes"}, having="resident")
    page.expect("署名を確認しました", "まだ送信されていません")
    page = desktop.send(button="送信する")
    cast.notes["signed_number"] = receipt_number(page)
    cast.notes["signed_application"] = page.path.split("/")[2]


def other_residents(cast: Cast) -> None:
    """Another resident who guesses the address finds nothing there."""
    who = "美咲のスマートフォン"
    sign_in_resident(cast, who, "misaki", to="/applications/")
    page = cast.visitor(who).open(f"/applications/{cast.notes['application']}/")
    if page.status != 404 or page.says(cast.notes["number"]):
        raise WalkError(f"another resident got {page.status}")
