"""Scene 8: a ride on demand, booked on a phone and by telephone, driven, paid."""

from __future__ import annotations

from uuid import UUID, uuid4

from souto.demo.story.cast import Cast, sign_in_resident
from souto.demo.story.filing import HANAKO
from souto.demo.story.office import DISPATCHER, DRIVER
from souto.demo.walking import Page, WalkError
from souto.kernel.actor import Actor
from souto.services.transit import queries as transit

PHONE = "花子のスマートフォン（乗車）"
SERVICE, DRIVE = "southwest", "/staff/transit/drive/"
CALLER = {"name": "鈴木 ハル", "phone": "0426200001"}


def book(cast: Cast) -> None:
    """Where from, where to, when: an offer with its window, arrival and fare. Two taps book one ride."""
    sign_in_resident(cast, PHONE, HANAKO, to="/rides/")
    phone = cast.visitor(PHONE)
    phone.open(f"/rides/{SERVICE}/from/")
    phone.follow("市役所")
    phone.follow("JR八王子駅").expect("いつ乗りますか")
    page = phone.send({"when": "now"}, having="when")
    page.expect("この便に乗れます", "まだ予約していません", "400円")
    taken = page.form(action="/book/")
    for _ in range(2):
        page = phone.post(taken.action, {name: [value] for name, value in taken.values})
    page.expect("予約済み", "のあいだ")
    cast.notes["ride"] = page.path.split("/")[2]


def pay(cast: Cast) -> None:
    """She pays the fare with the cashless provider before the vehicle comes."""
    phone = cast.visitor(PHONE)
    phone.open(f"/rides/{cast.notes['ride']}/")
    phone.follow("料金を払う").expect("400円")
    phone.send(button="キャッシュレスで支払う").expect("400円", "見本")
    phone.send(button="支払う").expect("支払いが終わりました")
    phone.open(f"/rides/{cast.notes['ride']}/").expect("支払い済み")


def call(cast: Cast) -> None:
    """Somebody without a phone of her own calls; the operator books and reads the answer aloud."""
    desk = cast.visitor(DISPATCHER)
    desk.open("/staff/transit/phone/")
    page = desk.send({"phone": CALLER["phone"]}, having="phone")
    page.expect("はじめての番号です")
    page = desk.send({"name": CALLER["name"], "origin": "めじろ", "goal": "北野駅", "adult": "1"}, having="origin")
    page.expect("めじろ台駅へお迎えに行きます", "予約してよろしいですか")
    page = desk.send(action="/book/")
    page.expect("予約")
    cast.notes["called"] = next(part for part in page.answer.url.path.split("/") + page.text.split() if _is_key(part))


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def drive(cast: Cast) -> None:
    """A driver takes over the vehicle that comes for her; a report that is sent twice is on record once."""
    ride = UUID(cast.notes["ride"])
    booking = transit.access_booking(actor=Actor.system("demo.story"), booking_id=ride)
    expected = transit.expected(booking)
    if expected is None:
        raise WalkError("no vehicle comes for the booked ride")
    cast.notes["vehicle"] = expected.vehicle
    driver = cast.visitor(DRIVER)
    driver.open(DRIVE).expect("乗務する車両を選ぶ")
    page = driver.open(f"{DRIVE}{SERVICE}/{expected.vehicle}/")
    page = driver.send(button="乗務を始める")
    page.expect("つぎの停留所")
    key = str(uuid4())
    for _ in range(2):
        page = _report(cast, page, "boarded", key)
    page.expect("いま乗っている人")
    cast.visitor(PHONE).open(f"/rides/{ride}/").expect("乗車中")


def arrive(cast: Cast) -> None:
    """She gets off; dispatchers see that every promise was kept, and strangers see nothing of her ride."""
    driver = cast.visitor(DRIVER)
    page = driver.open(f"{DRIVE}{SERVICE}/{cast.notes['vehicle']}/")
    _report(cast, page, "alighted", str(uuid4()))
    cast.visitor(PHONE).open(f"/rides/{cast.notes['ride']}/").expect("降車済み")
    stranger = cast.visitor("通りがかりの人")
    if cast.notes["ride"] in stranger.open(f"/rides/{cast.notes['ride']}/").text:
        raise WalkError("a stranger sees a ride")
    desk = cast.visitor(DISPATCHER)
    desk.open("/staff/transit/dispatch/").expect("1号車")


def _report(cast: Cast, page: Page, kind: str, key: str) -> Page:
    """Press a button of the driver's page for her ride."""
    form = page.form(action="/report/")
    token = dict(form.values)["csrfmiddlewaretoken"]
    data = {"csrfmiddlewaretoken": [token], "kind": [kind], "id": [key], "booking": [cast.notes["ride"]]}
    return cast.visitor(DRIVER).post(form.action, data)
