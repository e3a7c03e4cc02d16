from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.documents.models import StoredFile
from souto.kernel.actor import Actor
from souto.services.applications.models import Application, Draft
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def phone(her: Actor) -> Client:
    return world.browser(her)


def _url(name: str, *args: Any) -> str:
    return reverse(f"applications:{name}", args=args)


def _read(answer: Any) -> str:
    """The page as it reads: without the marks at which headings and buttons may break."""
    return str(answer.content.decode()).replace("<wbr>", "").replace('<span class="s-phrases">', "")


def _hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser sends them back."""
    from html import unescape

    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def _begin(client: Client, slug: str = "allowance") -> UUID:
    answer = client.post(_url("start", slug))
    assert answer.status_code == 302, answer.content
    return UUID(answer.headers["Location"].split("/")[2])


def _post(client: Client, draft: UUID, page: str, data: dict[str, Any], *, query: str = "") -> Any:
    """Open a page, fill it in, send it: what a browser without scripts does."""
    shown = client.get(_url("page", draft, page)).content.decode()
    return client.post(_url("page", draft, page) + query, {**_hidden(shown), **data})


def test_the_whole_form_without_a_script(phone: Client, her: Actor) -> None:
    draft = _begin(phone)
    row = _hidden(phone.get(_url("page", draft, "family")).content.decode())["children"]

    steps = [
        _post(phone, draft, "you", {"email": "hanako@example.jp"}),
        _post(phone, draft, "way", {"way": "bank"}),
        _post(phone, draft, "bank", {"account": "1234567"}),
        _post(phone, draft, "family", {f"children/{row}/child": "山田空", f"children/{row}/apart": "no"}),
        _post(phone, draft, "last", {"memo": ""}),
    ]
    after = [s.headers["Location"] for s in steps]
    resumed = phone.get(after[-1])
    review = phone.get(resumed.headers["Location"]).content.decode()
    sent = phone.post(_url("submit", draft), _hidden(review))
    receipt = phone.get(sent.headers["Location"]).content.decode()

    assert after[:4] == [_url("page", draft, key) for key in ("way", "bank", "family", "last")]
    assert resumed.headers["Location"] == _url("review", draft)
    assert "まだ送信されていません" in review
    assert "山田空" in review
    application = Application.objects.get()
    assert application.person_id == her.id
    assert sent.headers["Location"] == _url("receipt", draft)
    assert application.number in receipt


def test_a_visitor_is_sent_to_sign_in_and_back_to_the_procedure(her: Actor) -> None:
    for answer in (Client().post(_url("start", "allowance")), Client().get(_url("start", "allowance"))):
        assert answer.status_code == 302
        assert (
            answer.headers["Location"] == f"{reverse('identity:sign_in')}?next=%2Fapplications%2Fstart%2Fallowance%2F"
        )

    assert Draft.objects.count() == 0


def test_a_wrong_answer_comes_back_with_the_words_at_the_field_and_on_top(phone: Client) -> None:
    draft = _begin(phone)

    answer = _post(phone, draft, "you", {"email": "hanako"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>エラー：" in html
    assert html.count("メールアドレスに「@」を入れてください") == 2
    assert 'href="#f-email"' in html
    assert 'value="hanako"' in html
    assert Draft.objects.get().raw["email"] == ["hanako"]


def test_what_came_from_the_card_stands_as_text(phone: Client) -> None:
    html = phone.get(_url("page", _begin(phone), "you")).content.decode()

    assert "山田　花子" in html
    assert 'name="name.full"' not in html
    assert "マイナンバーカードから読み取りました" in html


def test_a_page_hidden_by_the_answers_leads_on(phone: Client) -> None:
    draft = _begin(phone)
    _post(phone, draft, "way", {"way": "cash"})

    shown = phone.get(_url("page", draft, "bank"))
    posted = phone.post(_url("page", draft, "bank"), {"account": "1"})

    assert shown.headers["Location"] == posted.headers["Location"] == _url("draft", draft)
    assert "account" not in Draft.objects.get().raw


def test_saving_and_leaving_keeps_a_half_filled_page(phone: Client, her: Actor) -> None:
    draft = _begin(phone)

    left = _post(phone, draft, "you", {"email": "hana", "pause": "1"})
    paused = phone.get(left.headers["Location"]).content.decode()
    elsewhere = world.browser(her).get(_url("page", draft, "you")).content.decode()

    assert left.headers["Location"] == _url("paused", draft)
    assert "まだ送信されていません" in paused
    assert 'value="hana"' in elsewhere


def test_rows_come_and_go_without_a_script(phone: Client) -> None:
    draft = _begin(phone)

    more = _post(phone, draft, "family", {"add:children": "1"})
    rows = Draft.objects.get().raw["children"]
    fewer = _post(phone, draft, "family", {f"remove:children/{rows[0]}": "1", "children": rows})

    assert more.headers["Location"].startswith(_url("page", draft, "family"))
    assert len(rows) == 2
    assert fewer.status_code == 302
    assert Draft.objects.get().raw["children"] == rows[1:]


def test_typing_is_kept_while_it_happens(phone: Client) -> None:
    draft = _begin(phone)
    hidden = _hidden(phone.get(_url("page", draft, "you")).content.decode())

    answer = phone.post(_url("save", draft, "you"), {**hidden, "email": "hana"})
    again = phone.post(_url("save", draft, "you"), {**hidden, "email": "hanako@example.jp"})

    assert answer.content.decode().startswith("自動保存 ")
    assert "別の画面" not in again.content.decode()
    assert Draft.objects.get().answers["email"] == "hanako@example.jp"


def test_two_tabs_are_told_of_each_other(phone: Client) -> None:
    draft = _begin(phone)
    one, two = (_hidden(phone.get(_url("page", draft, "you")).content.decode()) for _ in range(2))

    phone.post(_url("page", draft, "you"), {**one, "email": "one@example.jp"})
    phone.post(_url("page", draft, "you"), {**two, "email": "two@example.jp"})
    told = _read(phone.get(_url("page", draft, "way")))

    assert one["tab.id"] != two["tab.id"]
    assert "別の画面で先に変わっていた項目を、この画面の内容で置きかえました：メールアドレス" in told
    assert Draft.objects.get().raw["email"] == ["two@example.jp"]


def test_a_condition_on_the_page_shows_its_field_at_once(phone: Client) -> None:
    draft = _begin(phone)
    hidden = _hidden(phone.get(_url("page", draft, "family")).content.decode())
    row = hidden["children"]

    same = phone.post(_url("save", draft, "family") + "?part", {**hidden, f"children/{row}/apart": "no"})
    more = phone.post(_url("save", draft, "family") + "?part", {**hidden, f"children/{row}/apart": "yes"})

    assert same.status_code == 204
    assert "別居の書類" in _read(more)
    assert 'id="page-fields"' in more.content.decode()


def test_files_go_one_by_one_with_a_script_and_with_the_form_without(phone: Client) -> None:
    draft = _begin(phone)
    hidden = _hidden(phone.get(_url("page", draft, "family")).content.decode())
    path = f"children/{hidden['children']}/proof"
    phone.post(_url("save", draft, "family"), {**hidden, f"children/{hidden['children']}/apart": "yes"})

    apart = {f"children/{hidden['children']}/apart": "yes"}
    scripted = phone.post(_url("upload", draft, path), {"file": _jpeg("証明.jpg")})
    refused = phone.post(_url("upload", draft, path), {"file": SimpleUploadedFile("a.jpg", b"%PDF-1.7 not a photo")})
    first = StoredFile.objects.get()
    plain = _post(phone, draft, "family", {**apart, f"file:{path}": _jpeg("b.jpg"), "attach": "1"})
    seen = phone.get(_url("file", draft, StoredFile.objects.get(discarded_at__isnull=True).id))
    kept = str(StoredFile.objects.get(discarded_at__isnull=True).id)
    gone = _post(phone, draft, "family", {**apart, "remove_file": kept})

    assert scripted.status_code == 200
    assert "証明.jpg" in scripted.content.decode()
    assert refused.status_code == 422
    assert "JPEG、PNG" in refused.content.decode()
    assert plain.status_code == 302
    assert StoredFile.objects.filter(id=first.id, discarded_at__isnull=False).exists()
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert gone.status_code == 302
    assert not StoredFile.objects.filter(discarded_at__isnull=True).exists()


def test_every_page_of_a_draft_is_for_its_person_only(phone: Client, her: Actor) -> None:
    draft = _begin(phone)
    _post(phone, draft, "you", {"email": "hanako@example.jp"})
    before = Draft.objects.values().get(id=draft)
    pages = [_url(name, draft) for name in ("draft", "paused", "discard", "review", "detail", "receipt", "signed")]
    posts = {
        _url("page", draft, "you"): {"email": "x@example.jp"},
        _url("save", draft, "you"): {"email": "x@example.jp"},
        _url("upload", draft, "photo"): {"file": _jpeg("x.jpg")},
        _url("discard", draft): {},
        _url("submit", draft): {},
        _url("sign", draft): {},
    }

    for other in (
        Client(),
        world.browser(world.resident()),
        world.browser(world.staff()),
        world.browser(world.chief()),
    ):
        for page in [*pages, _url("page", draft, "you")]:
            assert other.get(page).status_code in {404, 405}, page
        for page, data in posts.items():
            assert other.post(page, data).status_code == 404, page

    assert Draft.objects.values().get(id=draft) == before
    assert Application.objects.count() == 0
    assert StoredFile.objects.count() == 0


def test_an_anonymous_browser_keeps_its_draft_by_a_cookie_for_that_draft_only() -> None:
    world.publish(world.report_body())
    visitor = Client()

    draft = _begin(visitor, "road")
    cookie = visitor.cookies["souto_draft"]
    sent = _post(visitor, draft, "what", {"what": "穴があいています", "email": ""})
    visitor.get(_url("review", draft))
    receipt = visitor.post(_url("submit", draft), {}, follow=True)

    assert cookie["httponly"]
    assert cookie["path"] == _url("detail", draft)
    assert cookie["samesite"] == "Lax"
    assert sent.status_code == 302
    assert "通報を受け付けました" in _read(receipt)
    assert visitor.get(_url("detail", draft)).status_code == 200
    assert Client().get(_url("receipt", draft)).status_code == 404


def test_more_than_two_megabytes_of_text_are_refused_with_a_page_that_helps(phone: Client) -> None:
    draft = _begin(phone)

    answer = phone.post(_url("page", draft, "last"), {"memo": "長" * 4_000_000})

    assert answer.status_code == 413
    assert "短くして" in answer.content.decode()
    assert "memo" not in Draft.objects.get().raw


@pytest.mark.parametrize("base", ["[1,2]", "{", "null", '{"email": 1}'])
def test_a_page_that_says_nonsense_of_itself_is_still_taken(phone: Client, base: str) -> None:
    draft = _begin(phone)

    answer = phone.post(
        _url("page", draft, "you"),
        {"tab.revision": "0", "tab.base": base, "tab.id": "x" * 900, "email": "a@example.jp"},
    )

    assert answer.status_code == 302
    assert Draft.objects.get().answers["email"] == "a@example.jp"


def test_one_address_cannot_begin_forms_without_end() -> None:
    world.publish(world.report_body())
    visitor = Client()

    answers = [visitor.post(_url("start", "road")).status_code for _ in range(61)]

    assert set(answers[:60]) == {302}
    assert answers[60] == 429
    assert Draft.objects.count() == 60


def test_null_bytes_reach_no_record(phone: Client) -> None:
    draft = _begin(phone)

    answer = phone.post(_url("page", draft, "last"), {"memo": "a\x00b", "\x00": "c"})

    assert answer.status_code == 302
    assert Draft.objects.get().raw["memo"] == ["ab"]


def test_a_newer_version_is_told_and_the_draft_goes_on(phone: Client) -> None:
    draft = _begin(phone)
    world.publish(world.body(summary="新しい版"))

    html = _read(phone.get(_url("page", draft, "you")))

    assert "この手続きの内容が新しくなりました" in html
    assert _post(phone, draft, "you", {"email": ""}).status_code == 302


def test_a_waiting_draft_is_offered_before_a_new_one(phone: Client) -> None:
    draft = _begin(phone)

    html = _read(phone.get(_url("start", "allowance")))

    assert _url("draft", draft) in html
    assert "はじめから入力する" in html


def test_a_draft_is_thrown_away_after_asking(phone: Client) -> None:
    draft = _begin(phone)

    asked = phone.get(_url("discard", draft))
    done = phone.post(_url("discard", draft))

    assert "元に戻せません" in asked.content.decode()
    assert done.headers["Location"] == _url("list")
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_the_pages_speak_three_languages(her: Actor, language: str) -> None:
    client = world.browser(her, language=language)
    draft = _begin(client)

    html = _read(client.get(_url("page", draft, "way")))

    assert f'<html lang="{"en" if language == "en" else "ja"}"' in html
    assert {"ja": "次へ", "ja-easy": "次（つぎ）へ", "en": "Next"}[language] in html


def test_a_refusal_is_put_on_record(phone: Client) -> None:
    draft = _begin(phone)

    world.browser(world.resident()).get(_url("page", draft, "you"))

    assert Entry.objects.filter(outcome=Outcome.REFUSED, subject_id=draft).exists()


def _jpeg(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, world.photo().read(), content_type="image/jpeg")


def test_the_form_begins_with_its_first_question_though_the_card_answered_it(phone: Client) -> None:
    started = phone.post(_url("start", "allowance"))

    draft = Draft.objects.get()
    assert started.headers["Location"] == _url("page", draft.id, "you")
    assert "山田　花子" in _read(phone.get(started.headers["Location"]))


def test_what_is_worked_out_cannot_be_changed_and_the_fee_is_said_once(her: Actor) -> None:
    world.publish(
        world.body(
            slug="copy",
            fee={"due": "approval", "amount": "fee", "account": "certificate"},
            pages=[
                {
                    "key": "what",
                    "title": "何を",
                    "fields": [
                        {"type": "name", "key": "name", "label": "氏名", "prefill": "card.name", "verified": True},
                        {"type": "text", "key": "memo", "label": "使いみち", "required": False, "max_length": 20},
                        {
                            "type": "computed",
                            "key": "fee",
                            "label": "手数料",
                            "result": "yen",
                            "compute": 300,
                        },
                    ],
                }
            ],
        )
    )
    phone = world.browser(her)
    draft = _begin(phone, "copy")

    review = _read(phone.get(_url("review", draft)))

    assert review.count("300円") == 1
    assert "使いみちを" in review
    assert "手数料を" not in review
    assert "氏名を" not in review


def test_no_browser_keeps_a_page_of_one_person(phone: Client) -> None:
    draft = _begin(phone)
    visitor = Client()

    own = [
        phone.get(_url(name, *args)) for name, args in (("page", (draft, "you")), ("review", (draft,)), ("list", ()))
    ]
    public = visitor.get("/", headers={"cookie": "souto_language=ja; souto_text_size=large"})

    assert [answer.headers["Cache-Control"] for answer in own] == ["private, no-store"] * 3
    assert "no-store" not in public.headers.get("Cache-Control", "")
