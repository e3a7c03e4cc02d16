from __future__ import annotations

import pytest
from django.test import Client

from souto.foundation.ui.furigana import annotate, read


def shown(text: str) -> str:
    return "".join(f"{part}({reading})" if reading else part for part, reading in read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手続きをさがす", "手続(てつづ)きをさがす"),
        ("取り扱い", "取(と)り扱(あつか)い"),
        ("何をお探しですか", "何(なに)をお探(さが)しですか"),
        ("生年月日を入力してください", "生年月日(せいねんがっぴ)を入力(にゅうりょく)してください"),
        ("八王子市に住んでいる方", "八王子市(はちおうじし)に住(す)んでいる方(かた)"),
        ("2026年11月20日（日）", "2026年(ねん)11月(がつ)20日(はつか)（日(にち)）"),
        ("15分 10分 2人", "15分(ふん) 10分(ぷん) 2人(ふたり)"),
        ("もう一度", "もう一度(いちど)"),
        ("大学と大", "大学(だいがく)と大(だい)"),
        ("オンライン", "オンライン"),
    ],
)
def test_readings_stand_over_the_kanji_only(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_names_of_people_get_no_guess() -> None:
    assert shown("山田 花子 様") == "山田 花子 様(さま)"


def test_the_text_itself_never_changes() -> None:
    text = "𠮷野家の前、「神」〆切 ｶﾀｶﾅ 12,345円\n<b>&amp;</b>"

    assert "".join(part for part, _ in read(text)) == text


def test_only_what_is_read_as_text_is_annotated() -> None:
    html = (
        '<title>見本</title><body class="見本"><p>見本 &lt;3</p><p class="s-name">見本</p><b lang="en">見本</b>'
        '<select><option>見本</option></select><input value="見本" title="a > b"><textarea>見本</textarea>'
        '<code>見<span>本</span></code><!-- 見本 --><i data-x="1 > 2">年</i></body>'
    )

    page = annotate(html)

    ruby = '<span class="s-ruby"><ruby>{}<rp>（</rp><rt aria-hidden="true">{}</rt><rp>）</rp></ruby>{}</span>'
    assert page == html.replace("<p>見本 &lt;3</p>", f"<p>{ruby.format('見本', 'みほん', ' &lt;3')}</p>").replace(
        ">年<", f">{ruby.format('年', 'ねん', '')}<"
    )


@pytest.mark.django_db
def test_a_reader_turns_readings_on_and_off() -> None:
    client = Client()

    turned_on = client.get("/furigana/?to=on&next=/privacy/")
    with_readings = client.get("/privacy/").content.decode()
    in_english = client.get("/privacy/?lang=en").content.decode()
    for_staff = client.get("/staff/sign-in?lang=ja").content.decode()
    client.get("/furigana/?to=off&next=/privacy/")
    without = client.get("/privacy/?lang=ja").content.decode()

    assert turned_on["Location"] == "/privacy/"
    assert '<html lang="ja" class="s-furigana">' in with_readings
    assert "<ruby>手続<rp>（</rp>" in with_readings
    assert "<ruby>" not in in_english
    assert "<ruby>" not in for_staff
    assert "<ruby>" not in without
