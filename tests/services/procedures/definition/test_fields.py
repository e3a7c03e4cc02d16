"""Each field type: what is read, what is refused and with which sentence."""

from __future__ import annotations

from typing import Any

import pytest

from souto.services.procedures.definition import FieldProblem, Problem, messages
from tests.services.procedures.definition.samples import TODAY, one, stored_file


def parse(field: Any, **raw: str | list[str]) -> Any:
    """Parse form data whose names are `it`, and `it.part` for keywords that are parts."""
    form = {
        ("it" if name == "it" else f"it.{name}"): value if isinstance(value, list) else [value]
        for name, value in raw.items()
    }
    return field.parse(form, path="it", today=TODAY)


def refusal(field: Any, **raw: str | list[str]) -> tuple[str, str, str]:
    """The message, the part, and the sentence in Japanese."""
    with pytest.raises(FieldProblem) as caught:
        parse(field, **raw)
    problem = caught.value
    return problem.message, problem.part, Problem("it", problem.message, problem.params).say("ja")


def test_text_keeps_what_was_typed_but_the_blanks_at_its_ends() -> None:
    assert parse(one("text"), it="　㈱神田☎ 😀 \n".strip("\n")) == "㈱神田☎ 😀"
    assert parse(one("text", multiline=True), it="一\r\n二") == "一\n二"
    assert parse(one("text", required=False), it="　 ") is None


def test_text_refuses_what_no_record_may_hold() -> None:
    assert (
        refusal(one("text", label="理由"), it="あ\x00い")[2]
        == "理由に使えない文字（U+0000）が入っています。その文字を消してください"
    )
    assert refusal(one("text"), it="あ\u202eい")[0] == messages.CHARACTERS
    assert refusal(one("text"), it="一\n二")[0] == messages.ONE_LINE
    assert refusal(one("text", label="氏名"), it="  ")[2] == "氏名を入力してください"


def test_ten_megabytes_of_text_are_refused_politely_and_at_once() -> None:
    message, _, said = refusal(one("text", label="理由", multiline=True), it="あ" * 10_000_000)

    assert message == messages.TOO_LONG
    assert said == "理由は2000字までです（いま10000000字）"


def test_length_counts_characters_as_a_person_sees_them() -> None:
    assert parse(one("text", max_length=2), it="辻\U000e0100葛\U000e0101") == "辻\U000e0100葛\U000e0101"
    assert refusal(one("text", max_length=2), it="あいう")[0] == messages.TOO_LONG
    assert refusal(one("text", min_length=3), it="あ")[2] == "項目は3字以上で入力してください（いま1字）"


def test_digits_fold_width_and_hyphens_and_say_how_to_fill_up() -> None:
    account = one("text", format="digits", length=7, label="振込先の口座番号")

    assert parse(account, it="１２３-４５６７") == "1234567"
    assert refusal(account, it="12345")[2] == "振込先の口座番号は7桁です。5桁のときは先頭に0を2つ付けてください"
    assert refusal(account, it="12345678")[0] == messages.DIGITS_LENGTH
    assert refusal(account, it="12a4567")[0] == messages.DIGITS_ONLY


@pytest.mark.parametrize("typed", ["やまだ　はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ  ハナコ"])
def test_kana_is_converted_not_refused(typed: str) -> None:
    assert parse(one("kana"), it=typed) == "ヤマダ　ハナコ"


def test_kana_in_two_controls_gives_the_same_value_and_kanji_is_refused() -> None:
    assert parse(one("kana", parts="family_given"), family="やまだ", given="はなこ") == "ヤマダ　ハナコ"
    assert refusal(one("kana", label="フリガナ"), it="山田")[2] == "フリガナは、ひらがなかカタカナで入力してください"
    assert (
        refusal(one("kana", label="フリガナ"), it="ヤマダ😀")[2]
        == "フリガナに絵文字は使えません。絵文字を消してください"
    )


def test_a_name_is_never_normalised() -> None:
    kept = parse(one("name"), family="\ufa19崎", given="辻\U000e0100")

    assert kept == {"family": "\ufa19崎", "given": "辻\U000e0100"}


def test_a_name_of_one_part_or_of_two_but_not_both() -> None:
    assert parse(one("name"), full="Maria da Silva Santos") == {"full": "Maria da Silva Santos"}
    assert refusal(one("name"), full="山田", family="山田", given="花子")[:2] == (messages.NAME_TWICE, "full")
    assert refusal(one("name"), family="山田")[:2] == (messages.GIVEN_NAME, "given")
    assert refusal(one("name"), given="花子")[:2] == (messages.FAMILY_NAME, "family")
    assert (
        refusal(one("name", label="氏名"), family="山田", given="花子😀")[2]
        == "氏名に絵文字は使えません。絵文字を消してください"
    )


def test_a_forty_character_name_passes_whole() -> None:
    assert parse(one("name"), full="寿" * 40) == {"full": "寿" * 40}


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ({"year": "2015", "month": "4", "day": "27"}, "2015-04-27"),
        ({"era": "reiwa", "year": "元", "month": "5", "day": "1"}, "2019-05-01"),
        ({"era": "showa", "year": "６４", "month": "１", "day": "７"}, "1989-01-07"),
        ({"it": "平成三十一年四月三十日"}, "2019-04-30"),
        ({"it": "20261122"}, "2026-11-22"),
    ],
)
def test_dates_are_read_in_either_calendar(raw: dict[str, str], iso: str) -> None:
    assert parse(one("date"), **raw) == iso


def test_dates_that_never_were_are_refused_with_the_fix() -> None:
    era = refusal(one("date"), era="showa", year="65", month="1", day="1")
    assert era[2] == "昭和は64年までです。年号か年を直してください"
    assert era[1] == "year"
    assert refusal(one("date"), era="heisei", year="31", month="5", day="1")[1] == "era"
    assert refusal(one("date"), year="2026", month="2", day="30")[1] == "day"
    assert refusal(one("date", label="生年月日"), year="2015", month="4")[2] == "生年月日の「日」を入力してください"
    assert refusal(one("date", label="生年月日"), year="2015", month="四月", day="1")[1] == "month"
    assert refusal(one("date", partial=True), year="9" * 20)[:2] == (messages.UNREADABLE, "year")
    assert refusal(one("date"), it="きのう")[0].startswith("日付は「2026年11月22日」か")


def test_dates_keep_their_bounds() -> None:
    past = one("date", when="past", label="生年月日")

    assert refusal(past, it="2026-11-22")[2] == "生年月日は、今日より前の日付にしてください"
    assert parse(one("date", when="past_or_today"), it="2026-11-22") == "2026-11-22"
    assert refusal(one("date", when="future"), it="2026-11-22")[0] == messages.DATE_FUTURE
    assert refusal(one("date", earliest="2026-04-01"), it="2026-03-31")[2].endswith(
        "2026年（令和8年）4月1日以後の日付にしてください"
    )


def test_a_birth_date_may_be_known_in_part_only_where_the_field_says_so() -> None:
    assert parse(one("date", partial=True), year="1940", month="5") == "1940-05"
    assert parse(one("date", partial=True), era="showa", year="15") == "1940"
    assert refusal(one("date"), year="1940", month="5")[0] == messages.DATE_DAY
    assert one("date", partial=True).display("1940-05", language="ja") == ["1940年（昭和15年）5月（日は不詳）"]


def test_an_address_is_read_in_the_order_of_an_envelope() -> None:
    whole = {
        "postal_code": "〒１９２－００５１",
        "prefecture": "東京都",
        "city": "八王子市",
        "town": "元本郷町三丁目24番1号",
    }

    kept = parse(one("address"), **whole)

    assert kept == {
        "postal_code": "1920051",
        "prefecture": "東京都",
        "city": "八王子市",
        "town": "元本郷町三丁目24番1号",
    }
    assert one("address").display(kept, language="ja") == ["〒192-0051", "東京都八王子市元本郷町三丁目24番1号"]
    assert refusal(one("address"), **{**whole, "postal_code": "192"})[:2] == (messages.POSTAL_CODE, "postal_code")
    assert refusal(one("address"), **{**whole, "town": ""})[:2] == (messages.TOWN, "town")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("042-620-0000", "042-620-0000"),
        ("(042)620-0000", "042-620-0000"),
        ("０９０１２３４５６７８", "09012345678"),
        ("090ー1234ー5678", "090-1234-5678"),
        ("+81 42 620 0000", "042-620-0000"),
        ("+1 415 555 2671", "+1-415-555-2671"),
    ],
)
def test_phone_numbers_are_read_as_people_write_them(typed: str, kept: str) -> None:
    assert parse(one("phone"), it=typed) == kept


def test_phone_numbers_that_cannot_be_called_are_refused() -> None:
    assert refusal(one("phone"), it="620-0000")[2] == "電話番号は、市外局番から入力してください"
    assert refusal(one("phone"), it="042-620")[0] == messages.PHONE_DIGITS
    assert refusal(one("phone"), it="042-ABC-0000")[0] == messages.PHONE_DIGITS


def test_email() -> None:
    assert parse(one("email"), it="ｈａｎａｋｏ＠example.jp") == "hanako@example.jp"
    assert parse(one("email"), it="old..phone.@docomo.ne.jp") == "old..phone.@docomo.ne.jp"
    assert refusal(one("email"), it="hanako.example.jp")[2] == "メールアドレスに「@」を入れてください"
    assert refusal(one("email"), it="花子@example.jp")[2] == "メールアドレスに使えない文字（花）が入っています"
    assert refusal(one("email"), it="hanako@localhost")[0] == messages.EMAIL_PARTS


def test_numbers() -> None:
    copies = one("number", minimum=1, maximum=10, unit="通", label="通数")

    assert parse(copies, it="３通") == 3
    assert parse(copies, it="二") == 2
    assert refusal(copies, it="11")[2] == "通数は10以下にしてください"
    assert refusal(copies, it="0")[2] == "通数は1以上にしてください"
    assert refusal(copies, it="1.5")[0] == messages.NUMBER_WHOLE
    assert refusal(copies, it="たくさん")[0] == messages.NUMBER
    assert parse(one("number", decimals=2), it="12.5") == "12.50"
    assert refusal(one("number", decimals=2), it="12.555")[0] == messages.NUMBER_DECIMALS
    assert copies.display(3, language="ja") == ["3通"]
    with pytest.raises(FieldProblem):
        one("number").check(10**40, today=TODAY)


def test_yen() -> None:
    assert parse(one("yen"), it="１２，３４５円") == 12345
    assert parse(one("yen"), it="1万2千円") == 12000
    assert refusal(one("yen"), it="-5円")[0] == messages.YEN
    assert refusal(one("yen", minimum=100, label="寄附の額"), it="50")[2] == "寄附の額は100円以上にしてください"
    assert one("yen").display(12345, language="en") == ["¥12,345"]


OPTIONS = [
    {"code": "a", "label": {"ja": "甲", "en": "A"}},
    {"code": "b", "label": "乙"},
    {"code": "none", "label": "ない"},
]


def test_choices_are_those_on_the_page() -> None:
    choice = one("choice", options=OPTIONS, label="種類")

    assert parse(choice, it="a") == "a"
    assert choice.display("a", language="en") == ["A"]
    assert refusal(choice, it="z")[0] == messages.OPTION_GONE
    assert refusal(choice)[2] == "種類を選んでください"


def test_several_choices_come_in_the_options_order_and_an_exclusive_one_alone() -> None:
    many = one("multi_choice", options=OPTIONS, exclusive=["none"], maximum=2)

    assert parse(many, it=["b", "a", "a"]) == ["a", "b"]
    assert refusal(many, it=["a", "none"])[2] == "項目で「ない」を選ぶときは、ほかのものを外してください"
    assert refusal(one("multi_choice", options=OPTIONS, minimum=2), it=["a"])[0] == messages.CHOOSE_AT_LEAST


def test_yes_no_and_consent() -> None:
    assert parse(one("yes_no"), it="no") is False
    assert refusal(one("yes_no"), it="maybe")[0] == messages.OPTION_GONE
    assert parse(one("consent", statement="よみました"), it="yes") is True
    assert (
        refusal(one("consent", statement="よみました", label="確認しました"))[2]
        == "先に進むには「確認しました」にチェックを入れてください"
    )
    assert parse(one("consent", statement="よみました", required=False)) is False


def test_files_are_references_and_their_number_is_bounded() -> None:
    photo = one("file", max_files=2, label="写真")
    three = [stored_file(n) for n in (1, 2, 3)]

    assert photo.check(three[:2], today=TODAY) == three[:2]
    assert photo.display(three[:1], language="ja") == ["写真.jpg（1KB）"]
    for wrong in (three, [stored_file(1), stored_file(1)], [{"file_id": "x"}], [{**three[0], "size": 0}], [], "x"):
        with pytest.raises(FieldProblem):
            photo.check(wrong, today=TODAY)


def test_a_point_lies_in_the_city_or_is_a_landmark() -> None:
    place = one(
        "map_point",
        label="場所",
        box={"south": 35.5, "west": 139.1, "north": 35.8, "east": 139.5},
        landmarks=[{"code": "station", "label": "八王子駅", "lat": 35.6556, "lng": 139.3389}],
    )

    assert parse(place, lat="35.65561234", lng="139.3389", note="橋の北") == {
        "lat": 35.655612,
        "lng": 139.3389,
        "note": "橋の北",
    }
    assert parse(place, landmark="station") == {"lat": 35.6556, "lng": 139.3389, "landmark": "station"}
    assert refusal(place, lat="34.7", lng="135.5")[2] == "場所は、市内の場所を選んでください"
    assert refusal(place, lat="35.6")[:2] == (messages.POINT_NUMBERS, "lng")
    assert refusal(place, lat="nan", lng="139.3")[0] == messages.POINT_NUMBERS
    assert refusal(place, landmark="moon")[0] == messages.OPTION_GONE
    assert refusal(place, note="橋の北")[:2] == (messages.CHOOSE_POINT, "landmark")


def test_a_point_is_read_back_in_words_and_degrees() -> None:
    landmarks = [
        {"code": "station", "label": {"ja": "八王子駅", "en": "Hachioji Station"}, "lat": 35.6556, "lng": 139.3389}
    ]
    place, bare = one("map_point", landmarks=landmarks), one("map_point")
    point = {"lat": 35.6601, "lng": 139.3389, "note": "橋の北\n歩道"}

    assert place.display(point, language="ja") == ["八王子駅から北へ約500m", "35.660100, 139.338900", "橋の北", "歩道"]
    assert place.display(point, language="en")[0] == "about 500m north of Hachioji Station"
    assert place.display({**point, "landmark": "station"}, language="ja") == ["八王子駅", "橋の北", "歩道"]
    assert bare.display({"lat": 35.6601, "lng": 139.3389}, language="ja") == ["35.660100, 139.338900"]
