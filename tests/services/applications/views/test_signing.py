"""With the real demo provider on a port of its own: the card signs the canonical bytes, and only those are sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from souto.foundation.identity.jpki import RevocationStatus
from souto.foundation.identity.jpki.testing import TestHierarchy
from souto.foundation.identity.models import Person, Signature
from souto.foundation.identity.signing import trust
from souto.foundation.identity.signing.trust import Trust
from souto.kernel.actor import Actor
from souto.services.applications import actions, canonical, queries
from souto.services.applications.actions import SignatureNeededError
from souto.services.applications.models import Application, Correction, Draft, Submission
from tests.foundation.identity.provider import choose_card, path_of, sign_in
from tests.services.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provider")]

PASSWORD = "HANAKO90"


@pytest.fixture
def her(client: Client) -> Actor:
    sign_in(client, "hanako")
    world.publish(world.body(slug="signed", signature=True, resign_on=["account"]))
    return world.resident(Person.objects.get())


def _url(name: str, *args: Any) -> str:
    return reverse(f"applications:{name}", args=args)


def _sign(client: Client, page: str, resident: str = "hanako", password: str = PASSWORD) -> Any:
    """Press the button, choose the card, come back."""
    leave = client.post(page)
    back = choose_card(leave.headers["Location"], resident, password=password)
    return client.get(path_of(back), follow=True)


def _read(answer: Any) -> str:
    return str(answer.content.decode()).replace("<wbr>", "").replace('<span class="s-phrases">', "")


def _signed_application(client: Client, her: Actor) -> Application:
    draft = world.filled(her, "signed")
    _sign(client, _url("sign", draft.id))
    return actions.submit(actor=her, draft_id=draft.id)


def test_she_signs_what_she_sees_and_sends_it(client: Client, her: Actor) -> None:
    draft = world.filled(her, "signed")

    back = _sign(client, _url("sign", draft.id))
    sent = client.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)

    assert back.redirect_chain[-1][0] == _url("review", draft.id)
    assert "署名を確認しました" in _read(back)
    assert "申請を送信する" in _read(back)
    assert "申請を受け付けました" in _read(sent)
    application = Application.objects.get()
    report = queries.signature_report(application)
    assert report is not None
    assert (report.ok, report.covers, report.intact) == (True, True, True)
    assert report.digest == canonical.digest(queries.content_of(queries.current_submission(application)))


def test_whoever_changes_something_signs_again(client: Client, her: Actor) -> None:
    draft = world.filled(her, "signed")
    _sign(client, _url("sign", draft.id))

    client.post(_url("page", draft.id, "bank"), {"account": "5555555"})
    review = client.get(_url("review", draft.id))
    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=draft.id)

    assert "マイナンバーカードで署名する" in _read(review)
    assert Application.objects.count() == 0


def test_a_new_address_on_the_card_needs_a_new_signature(client: Client, her: Actor) -> None:
    draft = world.filled(her, "signed")
    _sign(client, _url("sign", draft.id))
    person = Person.objects.get()
    person.profile = {**person.profile, "name": "鈴木　花子", "register": {}}
    person.save()

    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=draft.id)

    assert Application.objects.count() == 0


def test_another_card_signs_nothing(client: Client, her: Actor) -> None:
    draft = world.filled(her, "signed")

    _sign(client, _url("sign", draft.id), "kenta", "KENTA1988")

    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=draft.id)


def test_the_signature_of_one_draft_is_none_for_another(client: Client, her: Actor) -> None:
    first, second = world.filled(her, "signed"), world.filled(her, "signed")
    _sign(client, _url("sign", first.id))
    Draft.objects.filter(id=second.id).update(signing_id=Draft.objects.get(id=first.id).signing_id)

    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=second.id)


def test_an_unfinished_draft_cannot_be_signed(client: Client, her: Actor) -> None:
    draft = world.started(her, "signed")

    answer = client.post(_url("sign", draft.id))

    assert answer.headers["Location"] == _url("draft", draft.id)
    assert Draft.objects.get(id=draft.id).signing_id is None


def test_nobody_else_signs_her_draft(her: Actor) -> None:
    draft = world.filled(her, "signed")

    for other in (world.browser(world.resident()), world.browser(world.staff()), Client()):
        assert other.post(_url("sign", draft.id)).status_code == 404

    assert Draft.objects.get(id=draft.id).signing_id is None


def test_a_corrected_field_is_signed_again_where_the_procedure_says_so(client: Client, her: Actor) -> None:
    application = _signed_application(client, her)
    world.asked(world.staff(), application)
    correction = Correction.objects.get()

    saved = client.post(_url("correction", application.id), {"account": "7654321"}, follow=True)
    refused = client.post(_url("correction_submit", application.id), follow=True)
    back = _sign(client, _url("correction_sign", application.id))
    sent = client.post(_url("correction_submit", application.id), follow=True)

    assert "この修正には、マイナンバーカードでの署名が必要です" in _read(saved)
    assert "署名してください" in _read(refused)
    assert back.redirect_chain[-1][0] == _url("correction_review", application.id)
    assert "修正を受け付けました" in _read(sent)
    second = Submission.objects.get(application=application, revision=2)
    assert second.correction_id == correction.id
    report = queries.signature_of(second)
    assert report is not None
    assert (report.ok, report.covers) == (True, True)


def test_a_field_that_needs_no_new_signature_is_corrected_without(client: Client, her: Actor) -> None:
    application = _signed_application(client, her)
    world.asked(world.staff(), application, "memo")

    client.post(_url("correction", application.id), {"memo": "直しました"})
    sent = client.post(_url("correction_submit", application.id), follow=True)

    assert "修正を受け付けました" in _read(sent)
    report = queries.signature_report(Application.objects.get())
    assert report is not None
    assert (report.revision, report.is_current, report.ok, report.covers) == (1, False, True, True)


def test_officers_read_the_report_beside_the_answers(client: Client, her: Actor) -> None:
    application = _signed_application(client, her)

    compared = queries.identity_comparison(application)

    assert [(c.path, c.same) for c in compared] == [("name", True)]
    assert compared[0].answered == compared[0].known
    assert isinstance(compared[0].agreement, object)
    assert UUID(str(queries.current_submission(application).signing_id))


class _Answers:
    """A revocation service with one answer."""

    def __init__(self, status: RevocationStatus) -> None:
        self._status = status

    def check(self, cert_der: bytes, at: datetime) -> RevocationStatus:
        return self._status


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        (lambda now, folder: Trust(TestHierarchy.open(folder).trust_store(), now.revocation, now.policies), "refused"),
        (lambda now, folder: Trust(now.roots, _Answers(RevocationStatus.REVOKED), now.policies), "refused"),
        (lambda now, folder: Trust(now.roots, _Answers(RevocationStatus.UNKNOWN), now.policies), "incomplete"),
        (lambda now, folder: Trust(now.roots, now.revocation, frozenset({"1.2.392.200149.8.5.9.9.9"})), "refused"),
    ],
    ids=["another root", "revoked", "unknown", "another policy"],
)
def test_a_signature_that_proves_nothing_sends_nothing(
    client: Client,
    her: Actor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    changed: Callable[[Trust, Path], Trust],
    state: str,
) -> None:
    draft = world.filled(her, "signed")
    bent = changed(trust.configured(), tmp_path)
    monkeypatch.setattr(trust, "configured", lambda: bent)

    back = _sign(client, _url("sign", draft.id))
    sent = client.post(_url("submit", draft.id), {"revision": draft.revision}, follow=True)
    with pytest.raises(SignatureNeededError):
        actions.submit(actor=her, draft_id=draft.id)

    assert "署名を確認しました" not in _read(back)
    assert "申請を受け付けました" not in _read(sent)
    assert Signature.objects.get().state == state
    assert Application.objects.count() == 0
    assert Draft.objects.filter(id=draft.id).exists()
