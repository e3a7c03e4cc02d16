"""Scenes 1 and 2: she finds the procedure, signs in with her card, fills it in on two devices and sends it once."""

from __future__ import annotations

import io
import re
from email import message_from_bytes
from email.policy import default

from PIL import Image

from souto.demo.story.cast import Cast, sign_in_resident
from souto.demo.walking import Page, WalkError

HANAKO = "hanako"
PHONE, DESKTOP = "花子のスマートフォン", "花子のパソコン"


def find(cast: Cast) -> None:
    """She searches for 住民票 on the portal."""
    phone = cast.visitor(PHONE)
    phone.open("/").expect("何をお探しですか")
    phone.send({"q": "住民票"}, having="q").expect("住民票の写しの交付請求")
    phone.follow("住民票の写しの交付請求").expect("申請をはじめる", "手数料", "必要なもの")


def read_in_three_languages(cast: Cast) -> None:
    """The same page in やさしい日本語 and English; the language keeps."""
    phone = cast.visitor(PHONE)
    address = "/procedures/juminhyo/"
    phone.open(f"{address}?lang=ja-easy").expect("住民票の 写しを もらう")
    phone.open(f"{address}?lang=en").expect("Request a copy of your residence record")
    phone.open(address).expect("Request a copy of your residence record")
    phone.open(f"{address}?lang=ja").expect("住民票の写しの交付請求")


def check_eligibility(cast: Cast) -> None:
    """Two questions say whether she can apply."""
    phone = cast.visitor(PHONE)
    phone.open("/procedures/juminhyo/")
    phone.follow("対象か確認する")
    phone.send({"registered": "now"}, having="registered")
    page = phone.send({"whose": "self"}, having="whose")
    page.expect("対象になりそうです")


def sign_in(cast: Cast) -> None:
    """She signs in with her card at the provider's own origin and comes back."""
    page = sign_in_resident(cast, PHONE, HANAKO, to="/procedures/juminhyo/")
    page.expect("住民票の写しの交付請求")
    if not page.url.startswith(cast.base_url):
        raise WalkError(f"she came back to {page.url}")


def start(cast: Cast) -> None:
    """Name, kana, address and birth date stand there already."""
    phone = cast.visitor(PHONE)
    phone.open("/procedures/juminhyo/")
    page = phone.send(action="/applications/start/")
    cast.notes["draft"] = page.path.split("/")[2]
    # Nothing is missing on the first page, so the form opens at the second; she looks back all the same.
    page = phone.open(f"/applications/{cast.notes['draft']}/pages/applicant/")
    page.expect("山田", "花子", "元横山町", "1990年")
    kana = dict(page.form("name_kana").values)["name_kana"]
    if "ヤマダ" not in kana:
        raise WalkError(f"the reading is not filled in: {kana!r}")
    phone.send(button="次へ", having="name_kana")


def be_corrected_by_the_form(cast: Cast) -> None:
    """A mistake is said where it is, in words that help, and what she typed stays."""
    phone = cast.visitor(PHONE)
    phone.send({"scope": "self"}, having="scope")
    phone.send({"honseki": "no", "relationship": "no"}, having="honseki")
    page = phone.send({"copies": "９９"}, having="copies")
    page.expect("入力内容を確認してください")
    if dict(page.form("copies").values)["copies"] != "９９":
        raise WalkError("what she typed is gone")
    phone.send({"copies": "２"}, having="copies")
    phone.send({"purpose": "work"}, having="purpose")


def open_a_page_by_an_answer(cast: Cast) -> None:
    """Her answer opens another page, and the postal code completes the address there."""
    phone = cast.visitor(PHONE)
    page = phone.send({"delivery": "elsewhere"}, having="delivery")
    names = page.form("send_to").names
    postal = next(name for name in names if name.endswith((".postal_code", ".postal")))
    found = phone.client.get(cast.base_url + "/registry/postal", params={"code": "192-0051"})
    if found.json()["candidates"][0]["town"] != "元本郷町":
        raise WalkError(f"the postal code gives {found.text[:200]}")
    town = {name.split(".", 1)[1]: name for name in names if name.startswith("send_to.")}
    values = {postal: "１９２－００５１"}
    for part, text in {
        "prefecture": "東京都",
        "city": "八王子市",
        "town": "元本郷町三丁目",
        "street": "24番1号",
        "line": "元本郷町三丁目24番1号",
        "building": "",
    }.items():
        if part in town:
            values[town[part]] = text
    cast.notes["send_to"] = ",".join(sorted(town))
    phone.send({**values, "send_reason": "入院している病院で受け取るため"}, having="send_reason")


def attach_a_photo(cast: Cast) -> None:
    """A file that is no picture is refused and says why; the photo is taken."""
    phone = cast.visitor(PHONE)
    page = phone.page
    assert page is not None
    refused = phone.send(files={"send_photo": ("proof.jpg", b"%PDF-not a picture", "image/jpeg")}, having="send_photo")
    refused.expect("入力内容を確認してください")
    phone.send(files={"send_photo": ("領収書.jpg", photo(), "image/jpeg")}, having="send_photo")


def photo() -> bytes:
    """A small picture as a telephone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#88aacc").save(out, "JPEG")
    return out.getvalue()


def go_on_at_a_desk(cast: Cast) -> None:
    """She closes the browser and goes on at a PC, where everything is as she left it."""
    cast.leave(PHONE)
    sign_in_resident(cast, DESKTOP, HANAKO, to="/applications/")
    desktop = cast.visitor(DESKTOP)
    desktop.open("/applications/").expect("住民票の写しの交付請求", "下書き")
    page = desktop.open(f"/applications/{cast.notes['draft']}/resume/")
    page = desktop.open(f"/applications/{cast.notes['draft']}/pages/send_proof/").expect("領収書.jpg")
    page = desktop.send(button="次へ", having="send_photo")
    phone = {name: "０４２（６２６）３１１１" for name in page.form("phone").names if name == "phone"}
    page = desktop.send({**phone, "email": "hanako@example.jp"}, having="phone")
    page.expect("600円")
    desktop.send(button="次へ")


def review(cast: Cast) -> None:
    """Everything on one page, not sent yet."""
    page = cast.visitor(DESKTOP).page
    assert page is not None
    page.expect("まだ送信されていません", "山田", "042", "600円", "領収書.jpg", "元本郷町")
    page.form("送信する")


def send_with_two_taps(cast: Cast) -> None:
    """Two taps, one application, one receipt number."""
    desktop = cast.visitor(DESKTOP)
    review_page = desktop.page
    first = desktop.send(button="送信する")
    number = receipt_number(first)
    desktop.page = review_page
    second = desktop.send(button="送信する")
    if receipt_number(second) != number:
        raise WalkError(f"two taps gave {number} and {receipt_number(second)}")
    cast.notes["number"] = number
    cast.notes["application"] = second.path.split("/")[2]
    second.expect("申請を受け付けました")


def receipt_number(page: Page) -> str:
    """The receipt number that the page shows."""
    found = re.search(r"[A-Z]\d{2}-\d{6}-\d", page.text)
    if found is None:
        raise WalkError(f"{page.path} shows no receipt number: {page.text[:400]}")
    return found.group()


def receive(cast: Cast) -> None:
    """The receipt as PDF, a message in the inbox, an e-mail, all with the number."""
    desktop, number = cast.visitor(DESKTOP), cast.notes["number"]
    address = f"/applications/{cast.notes['application']}/"

    def pdf() -> bytes | None:
        page = desktop.open(address)
        href = next((h for h, text in page.links if "/copy/" in h or "/documents/" in h), None)
        found = desktop.open(href) if href else None
        return found.content if found and found.content.startswith(b"%PDF-") else None

    cast.wait("the PDF receipt", pdf)
    desktop.open("/inbox/").expect("受け付けました")

    def mail() -> bool | None:
        for raw in cast.mails():
            parsed = message_from_bytes(raw, policy=default)
            body = parsed.get_body(("plain",))
            if body and number in body.get_content() and "hanako@example.jp" in str(parsed["To"]):
                return True
        return None

    cast.wait("the e-mail", mail)
