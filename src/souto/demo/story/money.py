"""Scene 7: the fee, in the browser or on a slip; a notice file is matched, and what matches nothing waits to be settled by hand."""

from __future__ import annotations

from uuid import UUID

from souto.demo.story.cast import Cast, sign_in_resident
from souto.demo.story.filing import DESKTOP, receipt_number
from souto.demo.story.office import CASHIER
from souto.demo.walking import Page, Visitor, WalkError
from souto.services.payments import queries as payments
from souto.services.payments.queries import Slip

MISAKI, ICHIRO = "美咲のスマートフォン", "一郎のパソコン"


def file_two_more(cast: Cast) -> None:
    """Two more residents ask for a copy; one has a name that her card cannot hold."""
    _file(cast, MISAKI, "misaki", "misaki")
    _file(cast, ICHIRO, "ichiro", "ichiro")


def _file(cast: Cast, who: str, resident: str, note: str) -> None:
    sign_in_resident(cast, who, resident, to="/applications/")
    visitor = cast.visitor(who)
    visitor.open("/procedures/juminhyo/")
    page = visitor.send(action="/applications/start/")
    base = f"/applications/{page.path.split('/')[2]}/pages"
    for key, values in (
        ("whose", {"scope": "self"}),
        ("items", {"honseki": "no", "relationship": "no"}),
        ("copies", {"copies": "1"}),
        ("purpose", {"purpose": "work"}),
        ("delivery", {"delivery": "registered"}),
        ("contact", {"phone": "042-626-3111"}),
    ):
        visitor.open(f"{base}/{key}/")
        visitor.send(values, having=next(iter(values)))
    visitor.open(f"{base}/fee/")
    page = visitor.send(button="次へ")
    page.expect("まだ送信されていません", "300円")
    page = visitor.send(button="送信する")
    cast.notes[f"{note}_number"], cast.notes[f"{note}_application"] = receipt_number(page), page.path.split("/")[2]


def pay_in_the_browser(cast: Cast) -> None:
    """She pays with the cashless provider; coming back without paying pays nothing."""
    desktop = cast.visitor(DESKTOP)
    charge = _charge(desktop, cast.notes["application"])
    charge.expect("600円")
    desktop.send(button="キャッシュレスで支払う")
    desktop.send(button="支払わずに戻る").expect("支払いは行われませんでした")
    desktop.send(button="キャッシュレスで支払う").expect("600円", "見本")
    page = desktop.send(button="支払う")
    page.expect("支払いが終わりました")


def _charge(visitor: Visitor, application: str) -> Page:
    page = visitor.open(f"/applications/{application}/")
    return visitor.open(page.link("/payments/"))


def take_slips(cast: Cast) -> None:
    """The other two take a slip: a PDF with an eL-QR, visibly 見本."""
    for who, note in ((MISAKI, "misaki"), (ICHIRO, "ichiro")):
        visitor = cast.visitor(who)
        _charge(visitor, cast.notes[f"{note}_application"]).expect("300円")
        page = visitor.send(button="納付書を開く")
        if not page.content.startswith(b"%PDF-"):
            raise WalkError(f"the slip is no PDF: {page.status}")


def import_notices(cast: Cast) -> None:
    """One row pays Misaki's charge; Ichiro's carries a wrong confirmation number and waits in suspense."""
    misaki, ichiro = (_slip(cast, note) for note in ("misaki", "ichiro"))
    wrong = f"{(int(ichiro.confirmation) + 1) % 1_000_000:06d}"
    rows = [
        f"D,1,{misaki.case_key},{misaki.confirmation},1310001,20261124,300",
        f"D,1,{ichiro.case_key},{wrong},1310001,20261124,300",
    ]
    content = "\r\n".join(["H,20261124", *rows, "T,2,600", ""]).encode()
    cashier = cast.visitor(CASHIER)
    cashier.open("/staff/payments/")
    cut = _import(cashier, "cut.csv", content[:-12])
    cut.expect("途中で切れています")
    _import(cashier, "notice.csv", content).expect("消し込み 1件", "仮受 1件")
    _import(cashier, "notice.csv", content).expect("取り込み済み")
    cast.visitor(MISAKI).open(f"/applications/{cast.notes['misaki_application']}/").expect("支払い")


def _import(cashier: Visitor, name: str, content: bytes) -> Page:
    cashier.open("/staff/payments/")
    return cashier.send({"mapping": "sample-csv"}, files={"file": (name, content, "text/csv")}, having="mapping")


def _slip(cast: Cast, note: str) -> Slip:
    application = UUID(cast.notes[f"{note}_application"])
    (charge,) = payments.charges_for(purpose="applications.fee", subject_id=application)
    return payments.slips_of(charge)[0]


def settle_by_hand(cast: Cast) -> None:
    """The cashier sees why the row waits and settles it with a reason."""
    cashier = cast.visitor(CASHIER)
    ichiro = _slip(cast, "ichiro")
    page = cashier.open("/staff/payments/?state=suspense")
    page.expect(ichiro.case_key, "確認番号")
    page = cashier.follow(ichiro.case_key)
    page.expect("料金と照合する")
    charge = str(ichiro.charge_id)
    if charge not in page.form("reason").options.get("charge", []):
        raise WalkError("the charge is not offered for matching")
    cashier.send({"charge": charge, "reason": "本人に電話で確認した"}, having="reason").expect("照合しました")
