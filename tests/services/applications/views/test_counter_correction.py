"""A correction that an officer types for somebody whose application was taken in at the counter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from souto.foundation.identity.roles import Role
from souto.foundation.notifications.models import Message
from souto.kernel.actor import Actor
from souto.services.applications import actions, queries
from souto.services.applications.attendance import Attendance, IdentityCheck, Way
from souto.services.applications.models import Application, Correction
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    world.publish()
    return world.staff()


def _taken_in(officer: Actor, *, email: str = "") -> Application:
    draft = actions.start_draft(actor=officer, slug="allowance", language="ja").draft
    world.fill(officer, draft.id, {**world.FORM, "you": {"name.full": ["佐藤　きく"], "email": [email]}})
    application = actions.submit(actor=officer, draft_id=draft.id, attendance=world.CAME)
    world.asked(officer, application)
    return application


def _url(name: str, application: Application, face: str = "applications_staff") -> str:
    return reverse(f"{face}:{name}", args=[application.id])


def _read(answer: Any) -> str:
    return str(answer.content.decode()).replace("<wbr>", "")


def _standing(application: Application) -> tuple[int, bool, str]:
    correction = Correction.objects.get(application=application)
    account = queries.current_submission(application).payload["answers"]["account"]
    return application.submissions.count(), correction.is_open, account


def test_an_officer_types_what_she_is_told_by_telephone(officer: Actor) -> None:
    application = _taken_in(officer)
    desk = world.browser(officer)

    shown = _read(desk.get(_url("correction", application)))
    typed = desk.post(_url("correction", application), {"account": "7654321", "memo": "ほかの項目"})
    review = _read(desk.get(typed.headers["Location"]))
    papers = desk.post(typed.headers["Location"], {"way": "phone", "check": "photo", "who": "self"})
    refused = _standing(application)
    sent = desk.post(typed.headers["Location"], {"way": "phone", "check": "asked", "who": "self"})
    again = desk.post(typed.headers["Location"], {"way": "phone", "check": "asked", "who": "self"})

    assert "桁が足りません" in shown
    assert 'name="way"' not in shown
    assert "7654321" in review
    assert papers.status_code == 422
    assert "電話では書類を見られません" in _read(papers)
    assert refused == (1, True, "1234567")
    assert sent.headers["Location"] == again.headers["Location"] == _url("receipt", application)
    assert _standing(application) == (2, False, "7654321")
    assert queries.current_submission(application).payload["answers"]["memo"] == "よろしくお願いします"
    told = queries.timeline(application, queries.Audience.STAFF, language="ja")
    typed_by = next(h for h in told if h.title == "修正を職員が入力しました")
    assert typed_by.by == "佐藤 一郎"
    assert "電話で聞いた" in typed_by.body
    hers = queries.timeline(application, queries.Audience.APPLICANT, language="ja")
    assert "佐藤 一郎" not in {h.by for h in hers}


def test_a_mistyped_correction_stays_on_its_page_with_words(officer: Actor) -> None:
    application = _taken_in(officer)

    answer = world.browser(officer).post(_url("correction", application), {"account": "1" * 21})

    assert answer.status_code == 422
    assert "エラー：" in _read(answer)
    assert _standing(application) == (1, True, "1234567")


def test_each_kind_of_caller(officer: Actor) -> None:
    application = _taken_in(officer)
    pages = ("correction", "correction_review")
    callers: dict[str, tuple[Actor, int]] = {
        "anonymous": (world.ANYBODY, 302),
        "a resident": (world.resident(), 404),
        "another section": (world.staff(department="childcare"), 404),
        "no worker": (world.staff(Role.AUDITOR), 403),
    }

    for name, (actor, status) in callers.items():
        client = world.browser(actor)
        for page in pages:
            assert client.get(_url(page, application)).status_code == status, (name, page)
            posted = client.post(_url(page, application), {"account": "9", "check": "asked", "who": "self"})
            assert posted.status_code == status, (name, page)
    colleague = world.browser(world.staff())
    assert colleague.get(_url("correction", application)).status_code == 200
    # On the resident's face the application belongs to nobody.
    for page in ("correction", "correction_review"):
        assert colleague.get(_url(page, application, "applications")).status_code == 404

    assert _standing(application) == (1, True, "1234567")


def test_what_came_online_is_corrected_by_its_applicant_only(officer: Actor) -> None:
    application = world.submitted(world.resident())
    correction = world.asked(officer, application)

    client = world.browser(officer)
    statuses = [client.get(_url("correction", application)).status_code]
    statuses.append(client.post(_url("correction", application), {"account": "7654321"}).status_code)
    with pytest.raises(Exception, match="見つかりません"):
        actions.submit_correction(actor=officer, correction_id=correction.id, attendance=world.CAME)

    assert statuses == [404, 404]
    assert _standing(application) == (1, True, "1234567")


def test_a_proxy_who_tells_the_correction_is_noted(officer: Actor) -> None:
    application = _taken_in(officer)
    correction = Correction.objects.get(application=application)
    actions.save_correction(actor=officer, correction_id=correction.id, raw={"account": ["7654321"]})
    came = Attendance(
        IdentityCheck.PHOTO, True, proxy_name="佐藤　実", relation="長男", mandate_seen=True, way=Way.COUNTER
    )

    actions.submit_correction(actor=officer, correction_id=correction.id, attendance=came)

    told = queries.timeline(application, queries.Audience.STAFF, language="ja")
    assert any("代理人 佐藤　実（長男）" in happening.body for happening in told)


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_message_names_no_page_that_she_cannot_open(officer: Actor, language: str) -> None:
    draft = actions.start_draft(actor=officer, slug="allowance", language=language).draft
    world.fill(officer, draft.id, {**world.FORM, "you": {"name.full": ["佐藤　きく"], "email": ["kiku@example.jp"]}})
    application = actions.submit(actor=officer, draft_id=draft.id, attendance=world.CAME)
    correction = world.asked(officer, application)
    actions.cancel_correction(actor=officer, correction_id=correction.id)

    sent = list(Message.objects.all())

    assert len(sent) == 3
    assert all("042-626-3111" in message.body for message in sent)
    assert not any(re.search(r"https?://", message.body) for message in sent)


def test_the_receipt_leads_to_the_open_correction(officer: Actor) -> None:
    application = _taken_in(officer)
    client: Client = world.browser(officer)

    assert _url("correction", application) in _read(client.get(_url("receipt", application)))
    correction = Correction.objects.get(application=application)
    actions.cancel_correction(actor=officer, correction_id=correction.id)

    assert _url("correction", application) not in _read(client.get(_url("receipt", application)))
    assert client.get(_url("correction", application)).headers["Location"] == _url("receipt", application)
