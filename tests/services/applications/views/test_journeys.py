from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from souto.foundation.documents.models import Document, StoredFile
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.applications import actions, queries
from souto.services.applications.models import Application, Correction, Draft, Feedback, Submission
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def officer() -> Actor:
    return world.staff()


def _url(name: str, *args: Any) -> str:
    return reverse(f"applications:{name}", args=args)


def _read(answer: Any) -> str:
    """The page as it reads: without the marks at which headings and buttons may break."""
    return str(answer.content.decode()).replace("<wbr>", "").replace('<span class="s-phrases">', "")


def test_the_review_shows_every_answer_with_its_way_back(her: Actor) -> None:
    draft = world.filled(her)

    html = _read(world.browser(her).get(_url("review", draft.id)))

    for text in ("山田　花子", "口座振込", "1234567", "お子さん 1", "山田空", "よろしくお願いします", "申請を送信する"):
        assert text in html
    assert f"{_url('page', draft.id, 'bank')}?return=review" in html
    assert html.count('class="s-summary__change"') == 6


def test_a_change_from_the_review_returns_there(her: Actor) -> None:
    draft, phone = world.filled(her), world.browser(her)
    page = f"{_url('page', draft.id, 'bank')}?return=review"

    shown = _read(phone.get(page))
    posted = phone.post(page, {"account": "5555555"}, follow=True)

    assert "保存して確認画面に戻る" in shown
    assert posted.redirect_chain[-1][0] == _url("review", draft.id)
    assert "5555555" in _read(posted)


def test_an_unfinished_review_says_what_is_left_and_sends_nothing(her: Actor) -> None:
    draft, phone = world.started(her), world.browser(her)

    html = _read(phone.get(_url("review", draft.id)))
    posted = phone.post(_url("submit", draft.id), {}, follow=True)

    assert "まだ入力が終わっていない項目があります" in html
    assert "申請を送信する" not in html
    assert posted.redirect_chain[-1][0] == _url("review", draft.id)
    assert Application.objects.count() == 0


def test_two_taps_see_the_same_receipt_and_it_opens_again_later(her: Actor) -> None:
    draft, phone = world.filled(her), world.browser(her)

    first = phone.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)
    second = phone.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)
    later = phone.get(_url("review", draft.id), follow=True)
    number = Application.objects.get().number

    assert Application.objects.count() == 1
    assert all(number in _read(page) for page in (first, second, later))
    assert all(page.redirect_chain[-1][0] == _url("receipt", draft.id) for page in (first, second, later))


def test_a_tab_that_reviewed_an_older_draft_reviews_again(her: Actor) -> None:
    draft, phone = world.filled(her), world.browser(her)
    actions.save_page(actor=her, draft_id=draft.id, page_key="last", raw={"memo": ["別の画面から"]})

    posted = phone.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)

    assert "別の画面で内容が変わりました" in _read(posted)
    assert Application.objects.count() == 0


def test_a_procedure_with_a_signature_asks_for_it_before_sending(her: Actor) -> None:
    world.publish(world.body(slug="signed", signature=True))
    draft, phone = world.filled(her, "signed"), world.browser(her)

    html = _read(phone.get(_url("review", draft.id)))
    posted = phone.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)

    assert "マイナンバーカードで署名する" in html
    assert "申請を送信する" not in html
    assert "署名してください" in _read(posted)
    assert Application.objects.count() == 0


def test_the_receipt_says_what_happens_next_and_whom_to_call(her: Actor) -> None:
    application = world.submitted(her)

    html = _read(world.browser(her).get(_url("receipt", application.id)))

    for text in (application.number, "つぎに起こること", "審査します", "結果のめやす", "市民課", "控えをPDFで見る"):
        assert text in html


def test_the_copy_says_to_wait_until_it_is_made(her: Actor) -> None:
    application = world.submitted(her)
    document = Document.objects.get()

    html = _read(world.browser(her).get(_url("copy", application.id, document.id)))

    assert "書類を作っています" in html


def test_the_list_puts_what_waits_for_her_first(her: Actor, officer: Actor) -> None:
    world.started(her)
    waiting = world.in_review(her, officer)
    world.asked(officer, waiting)
    running = world.submitted(her)
    over = world.submitted(her)
    actions.withdraw(actor=her, application_id=over.id, reason="やめる")

    html = _read(world.browser(her).get(_url("list")))
    done = _read(world.browser(her).get(_url("list") + "?show=done"))

    assert "やること（2）" in html
    assert html.index(waiting.number) < html.index(running.number) < html.index(over.number)
    for chip in ("下書き", "修正依頼", "受付済", "取下げ"):
        assert chip in html
    assert over.number in done
    assert running.number not in done


def test_the_list_shows_nobody_elses_and_asks_a_visitor_to_sign_in(her: Actor) -> None:
    application = world.submitted(her)

    other = _read(world.browser(world.resident()).get(_url("list")))
    visitor = Client().get(_url("list"))

    assert application.number not in other
    assert "まだ申請はありません" in other
    assert visitor.headers["Location"].startswith(reverse("identity:sign_in"))


def test_the_page_of_an_application_tells_what_happened(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application)

    html = _read(world.browser(her).get(_url("detail", application.id)))

    for text in (
        "修正をお願いします",
        "修正をお願いしました",
        "審査を始めました",
        "受け付けました",
        "送った内容",
        "1234567",
    ):
        assert text in html
    assert "佐藤" not in html


def test_the_outcome_and_its_reason_stand_on_the_page(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="refused", reason="要件を満たしません")

    html = _read(world.browser(her).get(_url("detail", application.id)))

    assert "却下" in html
    assert "要件を満たしません" in html
    assert "質問に答える" in html
    assert "取り下げる" not in html


def test_every_page_of_an_application_is_for_its_applicant_only(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application)
    document = Document.objects.first()
    assert document is not None
    before = Application.objects.values().get()
    pages = [
        _url(name, application.id)
        for name in (
            "receipt",
            "detail",
            "withdraw",
            "feedback",
            "correction",
            "correction_review",
            "correction_signed",
        )
    ]
    posts = [
        _url(name, application.id)
        for name in ("withdraw", "feedback", "correction", "correction_sign", "correction_submit")
    ]

    for other in (world.browser(world.resident()), world.browser(officer), world.browser(world.chief("childcare"))):
        for page in [*pages, _url("copy", application.id, document.id)]:
            assert other.get(page).status_code == 404, page
        for page in posts:
            assert other.post(page, {"reason": "x", "ease": "5", "satisfaction": "5"}).status_code == 404, page
    visitor = Client()
    assert visitor.get(_url("detail", application.id)).status_code == 302
    assert visitor.get(_url("receipt", application.id)).status_code == 404

    assert Application.objects.values().get() == before
    assert Feedback.objects.count() == 0
    assert Correction.objects.get().is_open


def test_withdrawing_asks_for_a_reason_and_is_told(her: Actor) -> None:
    application, phone = world.submitted(her), world.browser(her)

    asked = phone.get(_url("withdraw", application.id))
    empty = phone.post(_url("withdraw", application.id), {"reason": ""})
    done = phone.post(_url("withdraw", application.id), {"reason": "引越しがなくなった"}, follow=True)
    again = phone.get(_url("withdraw", application.id))

    assert "取り下げますか" in _read(asked)
    assert empty.status_code == 422
    assert "理由を入力してください" in _read(empty)
    assert "取り下げました" in _read(done)
    assert again.status_code == 302
    assert Application.objects.get().state == "withdrawn"


def test_the_correction_shows_reason_and_old_answer_and_opens_only_what_was_asked(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application)
    phone = world.browser(her)

    html = _read(phone.get(_url("correction", application.id)))
    saved = phone.post(_url("correction", application.id), {"account": "7654321", "memo": "x"}, follow=True)
    sent = phone.post(_url("correction_submit", application.id), follow=True)
    twice = phone.post(_url("correction_submit", application.id), follow=True)

    for text in ("桁が足りません", "前の回答：1234567", "通帳を見て確認してください", "あと7日", "市民課"):
        assert text in html
    assert 'name="account"' in html
    assert 'name="memo"' not in html
    review = _read(saved)
    assert saved.redirect_chain[-1][0] == _url("correction_review", application.id)
    assert "7654321" in review
    assert "1234567" in review
    assert "よろしくお願いします" not in review
    assert "修正を受け付けました" in _read(sent)
    assert twice.redirect_chain[-1][0] == _url("detail", application.id)
    assert Submission.objects.count() == 2


def test_a_wrong_correction_comes_back_with_its_words(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application, "email")
    phone = world.browser(her)

    answer = phone.post(_url("correction", application.id), {"email": "hana"})
    left = phone.post(_url("correction", application.id), {"email": "hana", "pause": "1"})

    assert answer.status_code == 422
    assert "メールアドレスに「@」を入れてください" in _read(answer)
    assert 'value="hana"' in _read(answer)
    assert left.headers["Location"] == _url("detail", application.id)


def test_a_correction_brings_up_a_further_question_on_the_same_page(her: Actor, officer: Actor) -> None:
    draft = world.filled(her)
    actions.save_page(actor=her, draft_id=draft.id, page_key="way", raw={"way": ["cash"]})
    application = actions.submit(actor=her, draft_id=draft.id)
    world.asked(officer, application, "way")
    phone = world.browser(her)

    more = phone.post(_url("correction", application.id), {"way": "bank"})
    done = phone.post(_url("correction", application.id), {"way": "bank", "account": "99"}, follow=True)

    assert 'name="account"' in _read(more)
    assert done.redirect_chain[-1][0] == _url("correction_review", application.id)


def test_a_file_is_corrected_with_and_without_a_script(her: Actor, officer: Actor) -> None:
    world.publish(world.report_body())
    draft = world.started(her, "road")
    actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="what",
        raw={"what": ["穴"]},
        uploads=[actions.Upload("photo", "a.jpg", world.photo())],
    )
    application = actions.submit(actor=her, draft_id=draft.id)
    world.asked(officer, application, "photo")
    phone = world.browser(her)

    row = phone.post(_url("correction_upload", application.id, "photo"), {"file": _jpeg("b.jpg", 50)})
    html = _read(phone.get(_url("correction", application.id)))
    plain = phone.post(_url("correction", application.id), {"file:photo": SimpleUploadedFile("c.jpg", b"nothing")})
    elsewhere = phone.post(_url("correction_upload", application.id, "what"), {"file": _jpeg("b.jpg", 50)})

    assert row.status_code == 200
    assert "b.jpg" in html
    assert plain.status_code == 422
    assert elsewhere.status_code == 404
    assert StoredFile.objects.count() == 2


def test_the_two_questions(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    phone = world.browser(her)

    asked = phone.get(_url("feedback", application.id))
    half = phone.post(_url("feedback", application.id), {"ease": "4", "satisfaction": "9"})
    done = phone.post(
        _url("feedback", application.id), {"ease": "4", "satisfaction": "5", "comment": "早い"}, follow=True
    )
    again = phone.post(_url("feedback", application.id), {"ease": "1", "satisfaction": "1"})

    assert "手続きは簡単でしたか" in _read(asked)
    assert half.status_code == 422
    assert "5つの中から1つ選んでください" in _read(half)
    assert "ありがとうございました" in _read(done)
    assert again.status_code == 302
    assert (Feedback.objects.get().ease, Feedback.objects.get().satisfaction) == (4, 5)


def test_a_file_is_seen_through_its_application_only(her: Actor, officer: Actor) -> None:
    world.publish(world.report_body())
    draft = world.started(her, "road")
    actions.attach_file(actor=her, draft_id=draft.id, path="photo", name="a.jpg", content=world.photo())
    stored = StoredFile.objects.get()
    other = world.filled(her)
    phone = world.browser(her)

    assert phone.get(_url("file", draft.id, stored.id)).status_code == 200
    assert phone.get(_url("file", other.id, stored.id)).status_code == 404
    assert world.browser(world.resident()).get(_url("file", draft.id, stored.id)).status_code == 404
    assert Client().get(_url("file", draft.id, stored.id)).status_code == 404
    assert world.browser(officer).get(_url("file", draft.id, stored.id)).status_code == 404


def test_a_late_correction_is_said_to_be_late(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    world.asked(officer, application)
    Correction.objects.update(due_on=clock.today() - timedelta(days=1))

    assert "期限超過" in _read(world.browser(her).get(_url("correction", application.id)))
    assert "期限超過" in _read(world.browser(her).get(_url("list")))


def test_the_address_of_a_draft_leads_to_the_draft(her: Actor) -> None:
    draft = world.started(her)

    answer = world.browser(her).get(_url("detail", draft.id))

    assert answer.headers["Location"] == _url("draft", draft.id)
    assert Draft.objects.filter(id=draft.id).exists()
    assert queries.access_draft(actor=her, draft_id=draft.id).id == draft.id


def _jpeg(name: str, size: int = 40) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, world.photo(size=size).read(), content_type="image/jpeg")
