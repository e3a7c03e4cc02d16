"""The registry's desk, as every kind of caller."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from souto.foundation.identity.models import Account, Department, Membership, Person, Staff
from souto.foundation.identity.roles import Role
from souto.foundation.registry import actions
from souto.foundation.registry.models import RefusedState, RefusedTown, Town, TownImport
from souto.kernel.actor import Actor

pytestmark = pytest.mark.django_db

ROWS = [{"town": "元本郷町三丁目", "lat": 35.664, "lng": 139.315}, {"town": "旭町", "lat": 139.338, "lng": 35.655}]


@pytest.fixture
def refused():
    actions.import_towns(actor=Actor.system("test"), rows=ROWS, source="試験の一覧", licence="自作", lg_code="132012")
    return RefusedTown.objects.get()


def signed_in(account):
    client = Client(headers={"accept-language": "ja"})
    client.force_login(account)
    return client


def staff(role):
    member = Staff.objects.create(number=f"n-{role}", name="検証 職員")
    section = Department.objects.create(code=f"section-{role}", name="情報管理課")
    Membership.objects.create(staff=member, department=section, role=role)
    return signed_in(Account.objects.create(staff=member))


def resident():
    person = Person()
    person.profile, person.contact = {}, {}
    person.save()
    return signed_in(Account.objects.create(person=person))


def page(refused):
    return reverse("registry_staff:refused_town", args=[refused.id])


def test_an_administrator_sees_what_waits_and_where_towns_come_from(refused):
    answer = staff(Role.ADMINISTRATOR).get(reverse("registry_staff:towns"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "緯度と経度が入れ替わっているようです" in text
    assert "試験の一覧" in text
    assert page(refused) in text
    assert text.count("<h1") == 1


def test_a_visitor_is_asked_to_sign_in(refused):
    for url in (reverse("registry_staff:towns"), page(refused)):
        for answer in (Client().get(url), Client().post(url, {"reason": "理由", "decision": "dismiss"})):
            assert answer.status_code == 302
            assert "next=" in answer.headers["Location"]

    refused.refresh_from_db()
    assert refused.state == RefusedState.WAITING


@pytest.mark.parametrize("caller", [resident, lambda: staff(Role.OFFICER), lambda: staff(Role.AUDITOR)])
def test_to_everybody_else_the_desk_does_not_exist(refused, caller):
    client = caller()
    upload = SimpleUploadedFile("towns.json", json.dumps(ROWS).encode())

    for url, sent in (
        (reverse("registry_staff:towns"), {"file": upload, "source": "別", "licence": "自作"}),
        (page(refused), {"reason": "理由", "decision": "dismiss"}),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, sent).status_code == 404

    refused.refresh_from_db()
    assert refused.state == RefusedState.WAITING
    assert TownImport.objects.count() == 1


def test_a_row_is_repaired_with_a_reason(refused):
    client = staff(Role.ADMINISTRATOR)
    form = client.get(page(refused))
    assert 'value="139.338"' in form.content.decode()

    answer = client.post(
        page(refused),
        {
            "town": "旭町",
            "koaza": "",
            "lat": "35.655",
            "lng": "139.338",
            "reason": "緯度と経度が逆",
            "decision": "repair",
        },
        follow=True,
    )

    assert "旭町を取り込みました" in answer.content.decode()
    assert Town.objects.get(name="旭町").lat == 35.655
    refused.refresh_from_db()
    assert (refused.state, refused.reason) == (RefusedState.REPAIRED, "緯度と経度が逆")


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"reason": ""}, "id_reason", "理由を500文字までで入力してください。"),
        ({"lat": "139.338", "lng": "35.655"}, "id_lat", "緯度と経度が入れ替わっているようです"),
        ({"town": ""}, "id_town", "町名を入力してください。"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(refused, change, field, message):
    typed = {"town": "旭町", "koaza": "", "lat": "35.655", "lng": "139.338", "reason": "逆だった", "decision": "repair"}

    answer = staff(Role.ADMINISTRATOR).post(page(refused), typed | change)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in text
    assert text.count(message) >= 2
    assert "139.338" in text
    refused.refresh_from_db()
    assert refused.state == RefusedState.WAITING


def test_a_row_is_dismissed_with_a_reason_only(refused):
    answer = staff(Role.ADMINISTRATOR).post(page(refused), {"reason": "市外の町", "decision": "dismiss"}, follow=True)

    assert "取り込まないことにしました" in answer.content.decode()
    refused.refresh_from_db()
    assert refused.state == RefusedState.DISMISSED


def test_two_officers_cannot_both_decide(refused):
    client = staff(Role.ADMINISTRATOR)
    client.post(page(refused), {"reason": "市外の町", "decision": "dismiss"})

    second = client.post(page(refused), {"reason": "やはり直す", "decision": "dismiss"})

    assert second.status_code == 422
    assert "ほかの人が先に更新しました" in second.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("towns.json", json.dumps(ROWS[:1]).encode()),
        (
            "TOWNS.YAML",
            "source: 書いてある出典\nlicence: 自作\ntowns:\n  - {town: 旭町, lat: 35.655, lng: 139.338}\n".encode(),
        ),
        ("bom.json", b"\xef\xbb\xbf" + json.dumps(ROWS[:1]).encode()),
    ],
)
def test_a_list_is_taken_over_from_a_file(name, content):
    typed = {} if name.endswith("YAML") else {"source": "一覧", "licence": "自作"}

    answer = staff(Role.ADMINISTRATOR).post(
        reverse("registry_staff:towns"), typed | {"file": SimpleUploadedFile(name, content)}, follow=True
    )

    assert "追加1、変更0、廃止0、確認待ち0" in answer.content.decode()
    assert Town.objects.get().lg_code == "132012"


@pytest.mark.parametrize(
    ("content", "typed", "message"),
    [
        (b"", {"source": "一覧", "licence": "自作"}, "町の行が1つもありません"),
        (b"[]", {"source": "一覧", "licence": "自作"}, "町の行が1つもありません"),
        (b"PK\x03\x04", {"source": "一覧", "licence": "自作"}, "町の一覧として読み取れないファイルです"),
        (b"[" * 200_000, {"source": "一覧", "licence": "自作"}, "町の一覧として読み取れないファイルです"),
        (b" " * 5_000_001, {"source": "一覧", "licence": "自作"}, "ファイルは5MBまでです"),
        (json.dumps(ROWS).encode(), {}, "出典と利用条件を入力してください"),
        (None, {}, "町の一覧のファイルを選んでください"),
    ],
)
def test_a_file_that_cannot_be_taken_over_says_why(content, typed, message):
    sent = {"file": SimpleUploadedFile("towns.json", content)} if content is not None else {}

    answer = staff(Role.ADMINISTRATOR).post(reverse("registry_staff:towns"), typed | sent)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not TownImport.objects.exists()
