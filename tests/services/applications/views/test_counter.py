from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from souto.kernel.actor import Actor
from souto.services.applications import actions, letters, queries, receipts
from souto.services.applications.models import Application, Draft
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    world.publish()
    return world.staff()


@pytest.fixture
def desk(officer: Actor) -> Client:
    return world.browser(officer)


def _url(name: str, *args: Any) -> str:
    return reverse(f"applications_staff:{name}", args=args)


def _read(answer: Any) -> str:
    return str(answer.content.decode()).replace("<wbr>", "").replace('<span class="s-phrases">', "")


def _hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def _begin(desk: Client, **data: str) -> UUID:
    answer = desk.post(_url("begin", "allowance"), {"language": "ja", "person": "", **data})
    assert answer.status_code == 302, answer.content
    return UUID(answer.headers["Location"].split("/")[3])


def _find(desk: Client, **data: str) -> str:
    return _read(desk.post(_url("begin", "allowance"), {"search": "1", **data}))


def _chosen(html: str) -> str:
    found = re.search(r'name="person" value="([^"]+)"', html)
    assert found is not None, html
    return unescape(found[1])


def _fill(desk: Client, draft: UUID, **more: dict[str, list[str]]) -> None:
    for page, data in {**world.FORM, **more}.items():
        shown = desk.get(_url("page", draft, page)).content.decode()
        answer = desk.post(_url("page", draft, page), {**_hidden(shown), **data})
        assert answer.status_code == 302, _read(answer)


def _take_in(desk: Client, draft: UUID, **data: str) -> Any:
    shown = _read(desk.get(_url("review", draft)))
    return desk.post(_url("review", draft), {**_hidden(shown), "check": "photo", "who": "self", **data})


def test_an_officer_finds_the_person_fills_in_and_hands_over_the_copy(desk: Client, officer: Actor) -> None:
    her = world.person()
    assert "allowance" in _read(desk.get(_url("counter")))
    found = _find(desk, name="山田花子", birth_date="平成2年4月27日")

    draft = _begin(desk, person=_chosen(found), language="en")
    first = _read(desk.get(_url("page", draft, "you")))
    _fill(desk, draft)
    again = _take_in(desk, draft)
    receipt = _read(desk.get(again.headers["Location"]))

    application = Application.objects.get()
    assert "山田　花子" in first
    assert "マイナンバーカードから読み取りました" in first
    assert (application.person_id, application.channel, application.language) == (her.id, "counter", "en")
    assert (application.submitter_kind, application.submitter_id) == ("staff", officer.id)
    assert application.mandate is None
    assert application.number in receipt
    document = re.search(r"/copy/([0-9a-f-]+)/", receipt)
    assert document is not None
    assert desk.get(_url("copy", application.id, document[1])).status_code in {200, 302}


def test_somebody_without_an_account_is_typed_in(desk: Client) -> None:
    assert "見つかりませんでした" in _find(desk, name="だれか", birth_date="1946-04-03")

    draft = _begin(desk)
    _fill(desk, draft, you={"name.full": ["佐藤　きく"], "email": [""]})
    _take_in(desk, draft)

    application = Application.objects.get()
    assert application.person_id is None
    assert receipts.applicant_name(application) == "佐藤　きく"
    assert not letters.can_look(application)


def test_a_proxy_is_kept_apart_from_applicant_and_officer(desk: Client, officer: Actor) -> None:
    draft = _begin(desk, person=_chosen(_find(desk, name="山田花子", birth_date="1990/4/27") if world.person() else ""))
    _fill(desk, draft)
    proxy = {"who": "proxy", "proxy_name": "山田　太郎", "relation": "夫"}

    refused = [_take_in(desk, draft, **data) for data in ({**proxy, "proxy_name": ""}, proxy, {"check": "no"})]
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "代理人の氏名" in _read(refused[0])
    assert "委任状などを見て" in _read(refused[1])
    assert "本人確認の方法を選んでください" in _read(refused[2])
    assert not Application.objects.exists()

    _take_in(desk, draft, **proxy, mandate_seen="1")
    application = Application.objects.get()
    assert application.mandate == {"name": "山田　太郎", "relation": "夫", "seen": True}
    came = queries.attended(application)
    assert came is not None
    assert (came.proxy, came.relation) == ("山田　太郎", "夫")
    assert came.check.startswith("顔写真のある書類")


def test_two_taps_take_one_application_in(desk: Client) -> None:
    draft = _begin(desk)
    _fill(desk, draft, you={"name.full": ["佐藤　きく"], "email": [""]})
    shown = _hidden(_read(desk.get(_url("review", draft))))

    answers = [desk.post(_url("review", draft), {**shown, "check": "photo", "who": "self"}) for _ in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {_url("receipt", draft)}
    assert Application.objects.count() == 1
    assert desk.get(_url("review", draft)).headers["Location"] == _url("receipt", draft)


def test_a_person_cannot_be_named_unfound(desk: Client) -> None:
    her = world.person()
    other = world.browser(world.staff())
    word = _chosen(_find(other, name="山田花子", birth_date="1990-04-27"))

    for person in (str(her.id), word, "x:y:z"):
        answer = desk.post(_url("begin", "allowance"), {"language": "ja", "person": person})
        assert answer.status_code == 422

    assert not Draft.objects.exists()


def test_a_search_by_half_or_by_no_day_is_sent_back_with_words(desk: Client) -> None:
    world.person()

    assert "氏名と生年月日の両方か" in _find(desk, name="山田花子")
    assert "昭和は64年までです" in _find(desk, name="山田花子", birth_date="昭和65年1月1日")
    assert 'name="person" value="' in _find(desk, name="山田花子", birth_date="1990年4月27日")


def test_each_kind_of_caller_at_the_counter(desk: Client, officer: Actor) -> None:
    her = world.person()
    draft = _begin(desk, person=_chosen(_find(desk, name="山田花子", birth_date="1990-04-27")))
    before = Draft.objects.get().revision
    pages = [("page", (draft, "you")), ("review", (draft,)), ("draft", (draft,)), ("discard", (draft,))]
    callers: dict[str, tuple[Actor, int]] = {
        "anonymous": (world.ANYBODY, 302),
        "herself": (world.resident(her), 404),
        "another resident": (world.resident(), 404),
        "a colleague": (world.staff(), 404),
        "another section": (world.staff(department="childcare"), 404),
    }

    for name, (actor, status) in callers.items():
        client = world.browser(actor)
        for page, args in pages:
            assert client.get(_url(page, *args)).status_code == status, (name, page)
            if page != "draft":
                posted = client.post(_url(page, *args), {"email": "a@example.jp", "check": "photo", "who": "self"})
                assert posted.status_code == status, (name, page)
    start = world.browser(world.staff(department="childcare"))
    assert start.get(_url("begin", "allowance")).status_code == 404
    assert start.post(_url("begin", "allowance"), {"person": ""}).status_code == 404
    assert "allowance" not in _read(start.get(_url("counter")))

    assert Draft.objects.get().revision == before
    assert not Application.objects.exists()


def test_what_was_taken_in_is_open_to_the_section_only_and_what_came_online_is_no_business_of_the_counter(
    desk: Client, officer: Actor
) -> None:
    her = world.resident()
    online = world.submitted(her)
    draft = _begin(desk)
    _fill(desk, draft, you={"name.full": ["佐藤　きく"], "email": [""]})
    _take_in(desk, draft)

    statuses = {
        "colleague": world.browser(world.staff()).get(_url("receipt", draft)).status_code,
        "elsewhere": world.browser(world.staff(department="childcare")).get(_url("receipt", draft)).status_code,
        "resident": world.browser(her).get(_url("receipt", draft)).status_code,
        "online": desk.get(_url("receipt", online.id)).status_code,
    }

    assert statuses == {"colleague": 200, "elsewhere": 404, "resident": 404, "online": 404}


def test_the_officers_draft_is_not_in_the_residents_list_before_it_is_sent(desk: Client, officer: Actor) -> None:
    her = world.person()
    draft = actions.start_draft(actor=officer, slug="allowance", language="ja", person_id=her.id).draft
    phone = world.browser(world.resident(her))

    assert queries.list_mine(actor=world.resident(her), language="ja") == []
    assert phone.get(reverse("applications:page", args=[draft.id, "you"])).status_code == 404

    world.fill(officer, draft.id)
    actions.submit(actor=officer, draft_id=draft.id, attendance=world.CAME)
    assert len(queries.list_mine(actor=world.resident(her), language="ja")) == 1


def test_pausing_and_throwing_away_lead_back_to_the_counter(desk: Client) -> None:
    draft = _begin(desk)
    shown = _hidden(_read(desk.get(_url("page", draft, "you"))))

    paused = desk.post(_url("page", draft, "you"), {**shown, "name.full": "佐藤　きく", "pause": "1"})
    assert _url("draft", draft) in _read(desk.get(paused.headers["Location"]))
    assert _url("draft", draft) in _read(desk.get(_url("counter")))
    gone = desk.post(_url("discard", draft))

    assert gone.headers["Location"] == _url("counter")
    assert not Draft.objects.exists()


def test_a_page_does_not_speak_of_a_card_that_nobody_read() -> None:
    body = world.body()
    body["pages"][0]["intro"] = "カードから読み取った内容です"
    world.publish(body)
    desk = world.browser(world.staff())
    world.person()

    known = _begin(desk, person=_chosen(_find(desk, name="山田花子", birth_date="1990-04-27")))
    unknown = _begin(desk)

    assert "カードから読み取った内容です" in _read(desk.get(_url("page", known, "you")))
    assert "カードから読み取った内容です" not in _read(desk.get(_url("page", unknown, "you")))
