import json
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.registry.matching import (
    FineTown,
    Gazetteer,
    MatchLevel,
    Note,
    agree,
    bundled_book,
    normalise,
    parts_of_town,
    place_key,
)
from souto.kernel.text import to_kanji_number
from tests.samples import samples

HACHIOJI = "132012"
# Positions of the tests' own making.
FINE = [
    *(FineTown(HACHIOJI, "元本郷町", chome, "", 35.66 + chome / 1000, 139.31) for chome in range(1, 5)),
    *(FineTown(HACHIOJI, "絹ヶ丘", chome, "", 35.63, 139.35 + chome / 1000) for chome in range(1, 4)),
    FineTown(HACHIOJI, "高尾町", None, "", 35.63, 139.25),
    FineTown(HACHIOJI, "七国", 6, "", 35.62, 139.32),
]


@lru_cache(maxsize=1)
def gazetteer():
    return Gazetteer(bundled_book(), FINE)


def read(text):
    return normalise(text, gazetteer(), home=HACHIOJI)


@pytest.mark.parametrize(
    "typed",
    [
        "東京都八王子市元本郷町三丁目24番1号",
        "東京都八王子市元本郷町３丁目２４番１号",
        "八王子市元本郷町3-24-1",
        "八王子市元本郷町３ー２４ー１",
        "八王子市元本郷町3の24の1",
        "八王子市元本郷町三ノ二十四ノ一",
        "八王子市元本郷町三丁目二四番地の一",
        "〒192-0051　東京都八王子市元本郷町3−24−1",
        "東京都 八王子市 元本郷町 3丁目 24 - 1",
        "「東京都八王子市元本郷町三丁目24番地1」",
        "東京都八王子市大字元本郷町3-24-1",
    ],
)
def test_one_place_typed_in_many_ways(typed):
    address = read(typed)

    assert address.level is MatchLevel.MATCH
    assert address.line == "東京都八王子市元本郷町三丁目24-1"
    assert (address.lg_code, address.chome, address.number, address.building) == (HACHIOJI, 3, "24-1", "")
    assert address.point == (35.663, 139.31)
    assert address.postal_codes == ("1920051",)
    assert address.original == typed


@pytest.mark.parametrize("town", ["絹ヶ丘", "絹ケ丘", "絹ｹ丘", "絹が丘", "絹ガ丘"])
def test_spellings_of_a_town(town):
    address = read(f"八王子市{town}2-1-1")

    assert address.level is MatchLevel.MATCH
    assert address.town_text == "絹ヶ丘二丁目"


@pytest.mark.parametrize(
    ("typed", "number", "building"),
    [
        ("八王子市元本郷町3-24-1市役所本庁舎", "24-1", "市役所本庁舎"),
        ("八王子市元本郷町3-24-1　ＡＢＣビル５階", "24-1", "ABCビル5階"),
        ("八王子市元本郷町3-24-1-502", "24-1", "502"),
        ("八王子市元本郷町3-24-1-502号室", "24-1", "502号室"),
        ("八王子市元本郷町3-24-2号室", "24", "2号室"),
        ("八王子市元本郷町3-24三田荘", "24", "三田荘"),
        ("八王子市高尾町1201", "1201", ""),
        ("八王子市高尾町1201番地の3", "1201-3", ""),
        ("八王子市高尾町甲12", "甲12", ""),
        ("八王子市高尾町番外地", "番外地", ""),
        ("八王子市七国六丁目", "", ""),
    ],
)
def test_number_and_building(typed, number, building):
    address = read(typed)

    assert (address.number, address.building) == (number, building)
    assert address.level is MatchLevel.MATCH


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("元本郷町3-24-1", Note.CITY_ASSUMED),
        ("八王子市元本郷町9丁目1番1号", Note.CHOME_UNKNOWN),
        ("八王子市元本郷町24番地", Note.CHOME_MISSING),
        ("八王子市高尾町1丁目2番", Note.CHOME_NOT_USED),
        ("八王子市高尾1201", Note.TOWN_COMPLETED),
        ("八王子市\ufffd\ufffd本郷町3-24-1", Note.LOST_CHARACTER),
        ("八王子市高尾町字奥山12", Note.KOAZA_UNKNOWN),
        ("八王子市架空町1-2", Note.TOWN_UNKNOWN),
        ("八王子市高尾町九九十", Note.NUMBER_UNREAD),
        ("八王子市", Note.TOWN_MISSING),
        ("さいたま市1-1", Note.WARD_MISSING),
    ],
)
def test_what_was_mended_or_not_found_is_a_candidate_and_says_so(typed, note):
    address = read(typed)

    assert address.level is MatchLevel.CANDIDATE
    assert note in address.notes


@pytest.mark.parametrize("typed", ["", "あああ", "神奈川県八王子市元本郷町1-1", "\x00", "１２３", "元本郷町" * 1000])
def test_what_names_no_place_is_no_match(typed):
    address = read(typed)

    assert address.level is MatchLevel.NONE
    assert not address.municipality


def test_municipalities_of_one_name_are_told_apart_by_the_town():
    assert read("府中市宮西町2-24").prefecture == "東京都"
    assert read("府中市府川町315").prefecture == "広島県"
    assert Note.CITY_AMBIGUOUS in read("府中市").notes
    assert read("府中市").alternatives == ("広島県府中市",)


def test_county_and_ward_are_parts():
    county = read("岩手県胆沢郡金ケ崎町西根1")
    ward = read("横浜市港北区日吉1-1")

    assert (county.county, county.city, county.ward) == ("胆沢郡", "金ケ崎町", "")
    assert (ward.county, ward.city, ward.ward, ward.prefecture) == ("", "横浜市", "港北区", "神奈川県")
    assert read("千代田区紀尾井町1").ward == ""


@pytest.mark.parametrize(
    ("typed", "town", "koaza", "number"),
    [
        ("岩手県九戸郡軽米町大字軽米第10地割85番地", "軽米", "第10地割", "85"),
        ("新潟市中央区学校町通1番町602番地1", "学校町通", "1番町", "602-1"),
        ("石川県羽咋郡志賀町末吉千古1番地1", "末吉", "千古", "1-1"),
        ("京都府乙訓郡大山崎町字円明寺小字夏目3", "円明寺", "夏目", "3"),
        ("久太郎町４丁目渡辺3号", "久太郎町", "渡辺", "3"),
    ],
)
def test_parts_below_the_town_are_kept_and_marked_as_unproved(typed, town, koaza, number):
    address = read(typed)

    assert (address.town, address.koaza, address.number) == (town, koaza, number)
    assert Note.KOAZA_UNKNOWN in address.notes


def test_a_village_without_towns_needs_none():
    address = read("東京都利島村248番地")

    assert (address.level, address.number, address.notes) == (MatchLevel.MATCH, "248", ())


def test_the_streets_of_old_kyoto_stay():
    address = read("京都市中京区寺町通御池上る上本能寺前町488")

    assert (address.street, address.town, address.number) == ("寺町通御池上る", "上本能寺前町", "488")


@given(
    st.sampled_from(FINE), st.integers(1, 99), st.integers(1, 99), st.sampled_from(["-", "ー", "の", "番", "番地の"])
)
def test_every_town_is_read_back_from_every_way_to_write_it(town, block, house, joint):
    written = (
        f"八王子市{town.name}" + (f"{to_kanji_number(town.chome)}丁目" if town.chome else "") + f"{block}{joint}{house}"
    )

    address = read(written)

    assert address.level is MatchLevel.MATCH
    assert (address.town, address.chome, address.number) == (town.name, town.chome, f"{block}-{house}")
    assert address.point == (town.lat, town.lon)
    assert read(address.line).line == address.line


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("東京都八王子市元本郷町三丁目24番1号ー-のヶ字大 \ufffd")),
        max_size=40,
    )
)
def test_any_text_gives_an_answer(text):
    address = read(text)

    assert address.original == text
    assert (address.level is MatchLevel.NONE) == (not address.municipality)


def test_agreement_of_two_addresses():
    card, typed = read("東京都八王子市元本郷町三丁目２４番１号"), read("八王子市元本郷町3-24-1 市役所")

    assert agree(card, typed) is MatchLevel.MATCH
    assert agree(card, read("元本郷町3-24-1")) is MatchLevel.CANDIDATE
    assert agree(card, read("八王子市元本郷町3-24-2")) is MatchLevel.CANDIDATE
    assert agree(card, read("八王子市高尾町3-24-1")) is MatchLevel.NONE
    assert agree(card, read("立川市")) is MatchLevel.NONE
    assert agree(card, read("")) is MatchLevel.CANDIDATE


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("暁町一丁目", ("暁町", 1)),
        ("追分町", ("追分町", None)),
        ("八丁目", ("八丁目", None)),
        ("西２３丁目", ("西", 23)),
        ("北野台十一丁目", ("北野台", 11)),
    ],
)
def test_town_names_fall_into_town_and_chome(name, parts):
    assert parts_of_town(name) == parts


def test_place_keys_meet():
    assert place_key("絹ヶ丘二丁目") == place_key("絹ケ丘２丁目") == place_key("大字絹が丘2丁目")
    assert place_key("井の頭") == place_key("井之頭") == place_key("井ノ頭")
    assert place_key("八日町") != place_key("八日市")


@pytest.mark.parametrize("folder", ["basic-test-cases", "general-test-cases"])
def test_addresses_that_others_collected(folder):
    """At least nine in ten of the published cases agree in prefecture, county, city, ward and town."""
    cases = json.loads(samples("abr", folder, "expects.json").read_text(encoding="utf-8"))
    missed = []
    for case in cases:
        address, wanted = read(case["query"]["input"]), case["result"]
        found = (address.prefecture, address.county, address.city, address.ward, place_key(address.town or "-"))
        town = (wanted["oaza_cho"] or "-").removeprefix("大字")
        if found != (wanted["pref"], wanted["county"] or "", wanted["city"], wanted["ward"] or "", place_key(town)):
            missed.append(case["query"]["input"])

    assert len(missed) <= len(cases) * 0.1, missed


def test_every_town_of_a_published_list_is_found_with_its_point():
    rows = json.loads(samples("geo", "geolonia_hachioji_towns.json").read_text(encoding="utf-8"))
    fine = [FineTown(HACHIOJI, *parts_of_town(row["town"]), row["koaza"], row["lat"], row["lng"]) for row in rows]
    whole = Gazetteer(bundled_book(), fine)

    for row in rows:
        address = normalise(f"東京都八王子市{row['town']}1番地の2", whole, home=HACHIOJI)

        assert address.level is MatchLevel.MATCH, row["town"]
        assert address.point == (row["lat"], row["lng"])
        assert address.number == "1-2"
