from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity import actions, queries
from souto.foundation.identity.events import DocumentSigned
from souto.foundation.identity.jpki import PlatformHTTP, RevocationStatus, Unconfigured, UntrustedRootError
from souto.foundation.identity.jpki.testing import TestHierarchy
from souto.foundation.identity.models import Person, Signature, SignatureState, SigningRequest
from souto.foundation.identity.queries import actor_for_person
from souto.foundation.identity.signing import trust
from souto.foundation.identity.signing.trust import PlatformFileError, Trust
from souto.kernel import clock, events
from souto.kernel.errors import HiddenError, NotFoundError
from tests.foundation.identity.provider import choose_card, path_of, query_of, sign_in, words

pytestmark = pytest.mark.django_db

PRODUCTION = {"jpki_demo": None, "jpki_roots": [], "jpki_crls": [], "jpki_pins": (), "jpki_platform": None}
DOCUMENT = '{"application": "児童手当"}'.encode()
PASSWORDS = {"hanako": "HANAKO90", "kenta": "KENTA1988", "kiku": "KIKUKIKU43", "misaki": "MISAKI85"}


@pytest.fixture
def hanako(client, provider):
    sign_in(client, "hanako")
    return actor_for_person(Person.objects.get(), assurance=2)


def start(actor, content=DOCUMENT):
    return actions.start_signing(actor=actor, content=content, return_to="/applications/draft")


def sign(client, started, resident="hanako"):
    back = choose_card(started.redirect_url, resident, password=PASSWORDS[resident])
    return client.get(path_of(back))


def test_a_signature_comes_back_verified(client, hanako):
    heard = []
    events.subscribe(DocumentSigned)(lambda event, actor: heard.append(event))

    started = start(hanako)
    answer = sign(client, started)

    assert (answer.status_code, answer["Location"]) == (303, "/applications/draft")
    signature = queries.get_signature(actor=hanako, signing_id=started.id)
    assert signature.ok
    assert signature.content_digest == hashlib.sha256(DOCUMENT).hexdigest()
    assert all(check["ok"] for check in signature.report["checks"])
    assert set(signature.evidence["agreements"].values()) == {"match"}
    assert signature.evidence["signer"]["name"] == "山田　花子"
    assert [event.ok for event in heard] == [True]
    assert "花子" not in json.dumps([entry.facts for entry in Entry.objects.all()], ensure_ascii=False)


def test_another_program_verifies_the_same_envelope(client, hanako, tmp_path):
    started = start(hanako)
    sign(client, started)
    signature = Signature.objects.get()
    (tmp_path / "document").write_bytes(DOCUMENT)
    (tmp_path / "signature.p7").write_bytes(signature.cms)
    root = trust.settings.IDENTITY["jpki_demo"] / "sign-ca.pem"

    run = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", tmp_path / "signature.p7", "-content",
         tmp_path / "document", "-CAfile", root, "-purpose", "any", "-binary", "-out", tmp_path / "out"],
        capture_output=True, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr.decode()


def test_a_card_with_a_substituted_character_signs(client, provider):
    sign_in(client, "misaki")
    actor = actor_for_person(Person.objects.get(), assurance=2)

    sign(client, start(actor), "misaki")

    assert Signature.objects.get().state == SignatureState.CONFIRMED


def test_a_card_with_a_partial_birth_date_signs(client, provider):
    sign_in(client, "kiku")
    actor = actor_for_person(Person.objects.get(), assurance=2)

    sign(client, start(actor), "kiku")

    assert Signature.objects.get().evidence["agreements"]["birth_date"] == "match"


def test_the_card_of_somebody_else_is_refused(client, hanako):
    started = start(hanako)

    answer = sign(client, started, "kenta")

    assert answer["Location"] == "/applications/draft"
    assert not Signature.objects.exists()
    assert SigningRequest.objects.get().failure == "other_card"


def test_an_answer_counts_once(client, hanako):
    started = start(hanako)
    back = path_of(choose_card(started.redirect_url, "hanako", password=PASSWORDS["hanako"]))
    client.get(back)

    again = client.get(back)

    assert again.status_code == 400
    assert Signature.objects.count() == 1


def test_another_resident_cannot_answer(client, hanako):
    started = start(hanako)
    back = path_of(choose_card(started.redirect_url, "hanako", password=PASSWORDS["hanako"]))
    other = Client()
    sign_in(other, "kenta")

    assert other.get(back).status_code == 404
    assert not Signature.objects.exists()
    assert SigningRequest.objects.get().answered_at is None


def test_another_resident_cannot_read_the_signature(client, hanako):
    started = start(hanako)
    sign(client, started)
    sign_in(Client(), "kenta")
    kenta = actor_for_person(Person.objects.exclude(pk=hanako.id).get(), assurance=2)

    with pytest.raises(HiddenError):
        queries.get_signature(actor=kenta, signing_id=started.id)


def test_there_is_no_signature_before_it_comes_back(hanako):
    with pytest.raises(NotFoundError):
        queries.get_signature(actor=hanako, signing_id=start(hanako).id)


def test_an_old_answer_is_refused(client, hanako):
    started = start(hanako)
    SigningRequest.objects.update(started_at=clock.real_now() - timedelta(hours=1))

    assert sign(client, started).status_code == 400
    assert not Signature.objects.exists()


def test_stopping_at_the_provider_is_told_on_the_document(client, hanako):
    started = start(hanako)
    back = choose_card(started.redirect_url, "hanako", answer="no")

    client.get(path_of(back))

    assert SigningRequest.objects.get().failure == "access_denied"
    assert "署名を中止しました" in words(client.get("/me"))


def test_a_wrong_password_signs_nothing(hanako):
    with pytest.raises(AssertionError, match="パスワードがちがいます"):
        choose_card(start(hanako).redirect_url, "hanako", password="WRONG000")


def test_an_unknown_revocation_is_never_good(client, hanako, monkeypatch):
    known = trust.configured()
    monkeypatch.setattr(trust, "configured", lambda: Trust(known.roots, Unconfigured(), known.policies))
    started = start(hanako)

    sign(client, started)

    signature = Signature.objects.get()
    assert (signature.state, signature.ok) == (SignatureState.INCOMPLETE, False)
    assert signature.get_state_display() == "本人確認未完了"
    assert signature.report["revocation"] == RevocationStatus.UNKNOWN


def test_a_revoked_certificate_is_refused(client, hanako, provider):
    started = start(hanako)
    card = provider.people["hanako"].card(provider.hierarchy)
    provider.hierarchy.revoke(card.sign_certificate, at=clock.real_now())
    try:
        sign(client, started)
    finally:
        provider.hierarchy.reissue("hanako", provider.people["hanako"].four_items(), issued=clock.real_now())

    assert Signature.objects.get().state == SignatureState.REFUSED


def test_a_certificate_of_another_root_is_refused(client, hanako, monkeypatch, tmp_path):
    stranger = TestHierarchy.open(tmp_path).trust_store()
    known = trust.configured()
    monkeypatch.setattr(trust, "configured", lambda: Trust(stranger, known.revocation, known.policies))

    sign(client, start(hanako))

    signature = Signature.objects.get()
    assert signature.state == SignatureState.REFUSED
    assert signature.evidence["signer"] == {}


def test_a_card_whose_items_differ_from_the_profile_is_refused(client, hanako):
    person = Person.objects.get()
    person.profile = {**person.profile, "address": "東京都八王子市子安町四丁目９９番５号"}
    person.save()

    sign(client, start(hanako))

    signature = Signature.objects.get()
    assert signature.state == SignatureState.REFUSED
    assert signature.evidence["agreements"]["address"] == "mismatch"


def test_the_evidence_is_sealed(client, hanako):
    sign(client, start(hanako))

    row = Signature.objects.values().get()
    assert "花子".encode() not in b"".join(bytes(v) for v in row.values() if isinstance(v, (bytes, memoryview)))
    assert "花子" not in str(row)


def test_the_card_signs_the_digest_of_the_attributes(hanako, provider):
    started = start(hanako)
    request = SigningRequest.objects.get()
    transaction = provider.store.transactions.get(query_of(started.redirect_url)["sign_transaction_id"])

    attributes = base64.b64decode(request.secret["attributes"])
    assert transaction.digest == hashlib.sha256(attributes).digest()


def test_production_trusts_the_real_roots_and_no_test_root(settings):
    settings.IDENTITY = {**settings.IDENTITY, **PRODUCTION}

    found = trust.configured()

    assert {root.label for root in found.roots.roots} == {"signca03", "authca03"}
    assert isinstance(found.revocation, Unconfigured)


def test_production_asks_a_platform_in_the_platforms_words(settings, tmp_path):
    file = tmp_path / "platform.json"
    described = {
        "url": "https://platform.example/verify",
        "certificate_field": "certificate",
        "answer_path": ["result", "status"],
        "words": {"GOOD": "good"},
    }
    file.write_text(json.dumps(described))
    settings.IDENTITY = {**settings.IDENTITY, **PRODUCTION, "jpki_platform": file}

    assert isinstance(trust.configured().revocation, PlatformHTTP)
    for broken in ({**described, "words": {"GOOD": "fine"}}, {}, []):
        file.write_text(json.dumps(broken))
        with pytest.raises(PlatformFileError):
            trust.configured()


def test_a_root_that_nobody_pinned_is_refused(settings, provider):
    root = settings.IDENTITY["jpki_demo"] / "sign-ca.pem"
    settings.IDENTITY = {**settings.IDENTITY, **PRODUCTION, "jpki_roots": [root]}

    with pytest.raises(UntrustedRootError):
        trust.configured()


def test_an_encrypted_certificate_keeps_no_signature(client, hanako, monkeypatch):
    from souto.foundation.identity.signing.api import SigningApi

    plain = SigningApi.finish

    def encrypted(self, *args, **kwargs):
        return replace(plain(self, *args, **kwargs), certificate_der=None, certificate_jwe="eyJ…")

    monkeypatch.setattr(SigningApi, "finish", encrypted)

    sign(client, start(hanako))

    assert SigningRequest.objects.get().failure == "certificate_encrypted"
    assert not Signature.objects.exists()
