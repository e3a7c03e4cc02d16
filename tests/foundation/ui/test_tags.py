from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from souto.foundation.ui.components import Step, SummaryRow
from souto.foundation.ui.phrases import mark

AT = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)  # 14:05 in Tokyo


def show(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("ja", "2026年11月22日（日）", "2026年11月22日（日）14:05"),
        ("ja-easy", "2026年11月22日（日曜日）", "2026年11月22日（日曜日） 午後2時5分"),
        ("en", "22 November 2026 (Sun)", "22 November 2026 (Sun) 14:05"),
    ],
)
def test_dates_are_written_in_the_readers_language_and_in_tokyo_time(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert show("{{ at|date_ja }}", at=AT) == day
        assert show("{% date_ja at %}", at=date(2026, 11, 22)) == day
        assert show("{{ at|datetime_ja }}", at=AT) == moment


def test_a_moment_before_midnight_utc_falls_on_tokyos_next_day() -> None:
    assert show("{{ at|date_staff }}", at=datetime(2026, 12, 31, 20, 0, tzinfo=UTC)) == "2027/01/01 05:00"


def test_dates_for_staff_and_with_eras() -> None:
    assert show("{{ d|date_staff }} {{ d|era }} {{ 2019|era }}", d=date(2026, 11, 22)) == (
        "2026/11/22 2026年（令和8年）11月22日 2019年（平成31年・令和元年）"
    )


def test_nothing_stays_nothing() -> None:
    assert (
        show("[{{ x|date_ja }}{{ x|datetime_ja }}{{ x|date_staff }}{{ x|era }}{{ x|say }}] {{ x|yen }}", x=None)
        == "[] –"
    )


@pytest.mark.parametrize(("language", "written"), [("ja", "12,345円"), ("ja-easy", "12,345円"), ("en", "12,345 yen")])
def test_yen(language: str, written: str) -> None:
    with translation.override(language):
        assert show("{{ 12345|yen }}") == written


def test_phrases_break_between_words_only_and_escape_what_they_wrap() -> None:
    assert mark("今日は<b>天気です。") == '<span class="s-phrases">今日は<wbr>&lt;b&gt;天気です。</span>'
    assert "near" in mark("Stops near めじろ台1丁目"), "no word in letters is cut"
    assert "2026年" in mark("2026年12月3日（木）から予約します"), "nor a number"
    assert "<wbr>" in show('{% button "申請の内容を確認して送信する" %}')
    assert mark("ただいま表示できません") == "ただいま表示できません"
    assert mark("Privacy & <b>") == "Privacy &amp; &lt;b&gt;"


def test_a_literal_in_a_component_is_said_in_the_readers_language() -> None:
    with translation.override("en"):
        assert "Show the page again" in show('{% button "もう一度表示する" %}')


def test_texts_that_people_define_fall_back_to_japanese() -> None:
    text = {"ja": "引越し", "en": "Moving"}

    assert show("{{ t|say:'en' }} {{ t|say:'ja-easy' }}", t=text) == "Moving 引越し"
    with translation.override("en"):
        assert show("{{ t|say }}", t=text) == "Moving"


def test_a_button_with_an_address_is_a_link() -> None:
    html = show('{% button "状況を見る" href=url kind="outline" hx_boost="true" data_x=None %}', url="/a?b=1&c=2")

    assert html.startswith('<a class="s-button s-button--outline" href="/a?b=1&amp;c=2" hx-boost="true">')


def test_a_button_submits_and_names_its_object_for_screen_readers() -> None:
    html = show('{% button "見る" size="sm" about=what name="open" value="1" %}', what="<tsucho>を")

    assert html == (
        '<button class="s-button s-button--sm" name="open" value="1" type="submit">'
        '<span class="s-hidden-text">&lt;tsucho&gt;を</span><span>見る</span></button>'
    )


def test_chips_take_states_and_colours_and_never_speak_by_colour_alone() -> None:
    assert 's-chip--light-blue">審査中' in show('{% chip "in_review" "審査中" %}')
    assert "s-chip--green" in show('{% chip "green" "承認" %}')
    assert "<svg" in show('{% chip "overdue" "期限超過" %}')
    assert "s-chip--gray-outline" in show('{% chip "unheard-of" "?" %}')


def test_a_summary_list_shows_lines_changes_and_gaps() -> None:
    rows = [
        SummaryRow("住所", ("八王子市", "元本郷町"), "/change"),
        SummaryRow("電話番号", "", "/phone"),
        SummaryRow("口座", "1234567", changed=True, before="12345"),
    ]

    html = show("{% summary_list rows %}", rows=rows)

    assert "<p>八王子市</p><p>元本郷町</p>" in html
    assert '<a href="/change"><span class="s-hidden-text">住所を</span>変更</a>' in html
    assert '<a href="/phone">電話番号を入力する</a>' in html
    assert "s-summary__row--changed" in html
    assert "前の回答：12345" in html


def test_an_error_summary_counts_and_links() -> None:
    html = show("{% error_summary p %}", p=[("name", "氏名を入力してください"), ("", "<もう一度>")])

    assert "（2件）" in html
    assert '<a href="#name">氏名を入力してください</a>' in html
    assert "&lt;もう一度&gt;" in html
    assert show("{% error_summary p %}", p=[]).strip() == ""


def test_pagination_keeps_the_filters_and_hides_for_one_page() -> None:
    request = RequestFactory().get("/list/?state=open&page=3")

    html = show("{% pagination page %}", page=Paginator(range(400), 20).page(3), request=request)

    assert 'href="?state=open&amp;page=2"' in html
    assert 'aria-current="page"><span class="s-hidden-text">ページ </span>3<' in html
    assert html.count("…") == 1
    assert show("{% pagination page %}", page=Paginator(range(4), 20).page(1), request=request).strip() == ""


def test_a_timeline_tells_what_is_to_come() -> None:
    html = show(
        "{% timeline s %}", s=[Step("結果のお知らせ", date(2026, 12, 4), coming=True), Step("受付", AT, "市民課")]
    )

    assert "2026年12月4日（金）ごろ" in html
    assert "2026年11月22日（日）14:05 市民課" in html


def test_a_field_ties_its_label_help_and_error_to_its_control() -> None:
    html = show(
        '{% field "n" label help="たすけ" error=error %}<input id="n"{% describe "n" "たすけ" error %}>{% endfield %}',
        label="氏名<",
        error="入力してください",
    )

    assert '<label class="s-field__label" for="n">氏名&lt;' in html
    assert '<input id="n" aria-describedby="n-error n-help" aria-invalid="true">' in html
    assert 'id="n-help">たすけ' in html
    assert 'id="n-error"' in html
    assert "※必須" in html


def test_a_group_is_a_fieldset_whose_legend_may_be_the_pages_heading() -> None:
    html = show('{% field "d" "生年月日" group=True heading=True required=False %}x{% endfield %}')

    assert "<fieldset" in html
    assert "<h1>生年月日</h1>" in html
    assert "※任意" in html


class CopyForm(forms.Form):
    reason = forms.CharField(label="理由", help_text="短く", widget=forms.Textarea)
    copies = forms.ChoiceField(label="通数", choices=[("1", "1通"), ("2", "2通")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="確認しました")


def test_django_forms_show_in_our_frame_and_tell_their_problems() -> None:
    form = CopyForm({"copies": "2"})

    html = show(
        "{% for f in form %}{% form_field f %}{% endfor %}{% form_problems form as p %}{% error_summary p %}", form=form
    )

    assert 'class="s-textarea" aria-describedby="id_reason-error id_reason-help" aria-invalid="true"' in html
    assert '<input class="s-choice__box" type="radio" name="copies" value="2" id="id_copies_1" checked>' in html
    assert '<a href="#id_agree">' in html
    assert "（2件）" in html


def test_a_section_without_a_phone_is_reached_through_the_city_hall() -> None:
    html = show('{% contact "childcare" %}')

    assert "子育て支援課" in html
    assert 'href="tel:042-626-3111"' in html
    assert "見本" in html  # the hours are not known
