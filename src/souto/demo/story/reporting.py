"""Scene 4: a hole in the road, reported without signing in, with a photo and a place."""

from __future__ import annotations

from souto.demo.story.cast import Cast
from souto.demo.story.filing import photo, receipt_number

WALKER = "通りがかりの人のスマートフォン"


def report(cast: Cast) -> None:
    """Photo and point on the map, no sign-in, a number to ask by."""
    phone = cast.visitor(WALKER)
    phone.open("/procedures/road-damage/")
    page = phone.send(action="/applications/start/")
    base = page.path.rsplit("/pages/", 1)[0]
    phone.open(f"{base}/pages/what/")
    phone.send({"kind": "hole"}, having="kind")
    phone.send({"detail": "自転車が転びそうな穴です。😀"}, having="detail")
    page = phone.open(f"{base}/pages/where/")
    page = phone.send({"place.landmark": "kitano", "place.note": "駅の南口を出た歩道"}, having="place.landmark")
    page = phone.open(f"{base}/pages/photo/")
    phone.send(files={"photos": ("穴.jpg", photo(), "image/jpeg")}, button="次へ", having="photos")
    phone.open(f"{base}/pages/contact/")
    phone.send({"email": ""}, having="email").expect("まだ送信されていません", "北野駅", "穴.jpg")
    page = phone.send(button="送信する")
    cast.notes["report_number"] = receipt_number(page)
    cast.notes["report"] = page.path.split("/")[2]
