import pytest
from django.test import Client
from ninja.testing import TestClient

from souto.foundation.registry import actions, api, queries, views
from souto.foundation.registry.codes import CorporateNumberCheckDigitError
from souto.kernel.actor import Actor

pytestmark = pytest.mark.django_db


def test_a_code_gives_candidates_to_anybody():
    answer = Client().get("/registry/postal", {"code": "１９２－００５１"})

    assert answer.status_code == 200
    (place,) = answer.json()["candidates"]
    assert (place["prefecture"], place["city"], place["town"]) == ("東京都", "八王子市", "元本郷町")
    assert place["kana"] == "トウキョウトハチオウジシモトホンゴウチョウ"
    assert "no-store" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("192", 400, "郵便番号は7桁の数字で入力してください。"),
        ("", 400, "郵便番号は7桁の数字で入力してください。"),
        ("0000000", 404, "この郵便番号に合う住所がありません。住所を直接入力してください。"),
    ],
)
def test_what_has_no_place_says_what_to_do(code, status, message):
    answer = Client(headers={"accept-language": "ja"}).get("/registry/postal", {"code": code})

    assert answer.status_code == status
    assert answer.json() == {"candidates": [], "message": message}


def test_the_message_speaks_the_language_of_the_page():
    english = Client(headers={"accept-language": "en"}).get("/registry/postal", {"code": "192"})
    easy = Client().get("/registry/postal?lang=ja-easy", {"code": "192", "lang": "ja-easy"})

    assert english.json()["message"] == "Enter the postal code as 7 digits."
    assert easy.json()["message"] != english.json()["message"]
    assert "すうじ" in easy.json()["message"] or "数字" in easy.json()["message"]


def test_only_reading_is_allowed():
    assert Client().post("/registry/postal", {"code": "1920051"}).status_code == 405


@pytest.fixture(scope="module")
def open_api():
    return TestClient(api.router)


def test_the_api_answers_with_places_and_problems(open_api):
    found = open_api.get("/postal-codes/192-0051")
    unknown = open_api.get("/postal-codes/0000000")
    unreadable = open_api.get("/postal-codes/x")

    assert found.status_code == 200
    assert (found.json()[0]["town"], found.json()[0]["lg_code"]) == ("元本郷町", "132012")
    assert (unknown.status_code, unreadable.status_code) == (404, 400)
    assert unknown.json()["message"]


def test_the_api_finds_the_nearest_town(open_api):
    row = {"town": "元本郷町三丁目", "lat": 35.664, "lng": 139.315}
    actions.import_towns(actor=Actor.system("test"), rows=[row], source="試験", licence="自作", lg_code="132012")

    found = open_api.get("/towns/nearest?lat=35.665&lon=139.315")

    assert found.status_code == 200
    assert found.json()["name"] == "元本郷町三丁目"
    assert open_api.get("/towns/nearest?lat=43.06&lon=141.35").status_code == 404
    assert open_api.get("/towns/nearest?lat=0&lon=0").status_code == 400
    assert open_api.get("/towns/nearest?lat=nan&lon=139").status_code == 400
    assert open_api.get("/towns/nearest?lat=x&lon=139").status_code == 422


def test_the_router_offers_its_two_reads():
    offered = {
        (path, method)
        for path, view in api.router.path_operations.items()
        for one in view.operations
        for method in one.methods
    }

    assert offered == {("postal-codes/{code}", "GET"), ("towns/nearest", "GET")}


def test_promises_to_other_rooms():
    assert queries.check_corporate_number("8700110005901") == "8700110005901"
    with pytest.raises(CorporateNumberCheckDigitError):
        queries.check_corporate_number("8700110005902")
    assert queries.find_postal_code("192-0051")[0].city == "八王子市"
    assert views.candidate(queries.find_postal_code("0608621")[0])["office"]
