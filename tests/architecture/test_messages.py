"""Every text on screen is said in every language that its readers chose. To mend: `scripts/messages ROOM`, then translate."""

from __future__ import annotations

import pytest
from scripts import messages

ROOMS = messages.rooms()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_text_of_a_room_is_translated(room: messages.Room) -> None:
    missing = [problem for language in room.languages() for problem in messages.problems(room, language)]

    assert missing == [], "\n".join(missing)


def test_catalogues_lie_where_django_looks() -> None:
    folders = {folder.name for room in ROOMS for folder in (room.folder / "locale").glob("*")}

    assert folders <= set(messages.LANGUAGES)


def test_texts_are_found_in_python() -> None:
    source = """
class FullError(SoutoError):
    message = "いっぱいです"

class PlainError(SoutoError):
    message: str = "別のです"

def f(n):
    register(NavItem(Face.STAFF, "待ち行列", "x:y"))
    register(NavItem(face=Face.STAFF, label="申請", url_name="x:y"))
    raise FullError("もう%(n)sいっぱいです", n=n)
    return _("はい"), ngettext("一つ", "%(n)sつ", n), gettext_lazy("いいえ"), "これは文ではない"
"""

    assert set(messages.of_python(source)) == {
        "いっぱいです",
        "別のです",
        "待ち行列",
        "申請",
        "もう%(n)sいっぱいです",
        "はい",
        ("一つ", "%(n)sつ"),
        "いいえ",
    }


def test_texts_are_found_in_templates() -> None:
    source = """{% translate "題名" as heading %}{{ _("値") }}
{% blocktranslate with item=row.key %}{{ item }}を変更{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }}件{% plural %}{{ n }} 件{% endblocktranslate %}
{% button "申請を送信する" kind="outline" %}{% chip case.state "審査中" %}{% button label href="x" %}
<p>文のまま</p>"""

    assert set(messages.of_template(source)) == {
        "題名",
        "値",
        "%(item)sを変更",
        ("%(n)s件", "%(n)s 件"),
        "申請を送信する",
        "審査中",
    }


def test_an_update_keeps_translations_and_drops_what_nobody_says(
    tmp_path: messages.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "room"
    (folder / "templates").mkdir(parents=True)
    page = folder / "templates/page.html"
    page.write_text('{% translate "古い" %}{% translate "残る" %}', encoding="utf-8")
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    room = messages.Room("room", folder)
    messages.update(room, "en", {"古い": "old", "残る": "stays"})

    page.write_text('{% translate "残る" %}{% translate "新しい" %}', encoding="utf-8")
    messages.update(room, "en", {})

    text = room.catalogue("en").read_text(encoding="utf-8")
    assert "古い" not in text
    assert 'msgid "残る"\nmsgstr "stays"' in text
    assert messages.problems(room, "en") == ["room/en: 「新しい」 (room/templates/page.html) is not translated"]
