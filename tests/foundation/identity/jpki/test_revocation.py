"""Revocation: GOOD only from a current, complete list that the issuing root signed; everything doubtful is UNKNOWN."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki.platform import PlatformAddressError, TransportError
from souto.foundation.identity.jpki.testing import Authority
from tests.foundation.identity.jpki.conftest import NOW, Bench

GOOD, REVOKED, EXPIRED, UNKNOWN = jpki.RevocationStatus
HOUR = timedelta(hours=1)


def a_list(
    bench: Bench,
    *,
    revoked: tuple[int, ...] = (),
    start: datetime = NOW - HOUR,
    end: datetime = NOW + HOUR,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    authority: Authority | None = None,
) -> jpki.StaticCRL:
    entries = [(serial, NOW - 2 * HOUR) for serial in revoked]
    issuer = authority or bench.hierarchy.sign_authority
    crl = issuer.revocation_list(entries, this_update=start, next_update=end, extra=extra)
    return jpki.StaticCRL.from_files([crl.public_bytes(Encoding.DER)], bench.trust)


def serial_of(certificate: bytes) -> int:
    return jpki.JpkiCertificate.parse(certificate).serial


def scope(**bent: object) -> x509.IssuingDistributionPoint:
    plain: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**plain, **bent})  # type: ignore[arg-type]


def city_list(bench: Bench, city: str) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    name = bench.hierarchy.sign_authority.distribution_point("Tokyo-to", city)
    return ((scope(full_name=[x509.DirectoryName(name)]), True),)


def test_a_current_list_that_does_not_name_the_certificate_is_good(bench: Bench) -> None:
    assert a_list(bench).check(bench.card.sign_certificate, NOW) is GOOD


def test_a_list_in_pem_is_read_too(bench: Bench) -> None:
    crl = bench.hierarchy.sign_authority.revocation_list([], this_update=NOW - HOUR, next_update=NOW + HOUR)

    checker = jpki.StaticCRL.from_files([crl.public_bytes(Encoding.PEM)], bench.trust)

    assert checker.check(bench.card.sign_certificate, NOW) is GOOD


def test_a_named_certificate_is_revoked(bench: Bench) -> None:
    checker = a_list(bench, revoked=(5, serial_of(bench.card.sign_certificate)))

    assert checker.check(bench.card.sign_certificate, NOW) is REVOKED


def test_a_stale_list_is_unknown_but_still_revokes(bench: Bench) -> None:
    stale = {"start": NOW - 3 * HOUR, "end": NOW}

    assert a_list(bench, **stale).check(bench.card.sign_certificate, NOW) is UNKNOWN  # type: ignore[arg-type]
    revoking = a_list(bench, revoked=(serial_of(bench.card.sign_certificate),), **stale)  # type: ignore[arg-type]
    assert revoking.check(bench.card.sign_certificate, NOW) is REVOKED


def test_a_list_of_the_future_is_unknown(bench: Bench) -> None:
    checker = a_list(bench, start=NOW + timedelta(seconds=1), end=NOW + HOUR)

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_an_expired_certificate_is_expired_unless_it_is_revoked(bench: Bench) -> None:
    certificate = bench.issue(not_after=NOW - HOUR)

    assert a_list(bench).check(certificate, NOW) is EXPIRED
    assert a_list(bench, revoked=(serial_of(certificate),)).check(certificate, NOW) is REVOKED


def test_before_its_validity_nothing_is_known(bench: Bench) -> None:
    assert a_list(bench).check(bench.issue(not_before=NOW + HOUR), NOW) is UNKNOWN


def test_a_list_of_a_namesake_root_says_nothing(bench: Bench) -> None:
    namesake = Authority.create(jpki.Purpose.SIGN, bench.other_key, not_before=NOW - HOUR, not_after=NOW + HOUR)
    serial = serial_of(bench.card.sign_certificate)

    assert a_list(bench, authority=namesake).check(bench.card.sign_certificate, NOW) is UNKNOWN
    assert a_list(bench, authority=namesake, revoked=(serial,)).check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_a_list_in_another_name_says_nothing_whoever_signed_it(bench: Bench) -> None:
    authority = bench.hierarchy.sign_authority
    other_name = authority.distribution_point("Tokyo-to", "Hachioji-shi")
    crl = x509.CertificateRevocationListBuilder(other_name, NOW - HOUR, NOW + HOUR).sign(authority.key, hashes.SHA256())

    checker = jpki.StaticCRL.from_files([crl.public_bytes(Encoding.DER)], bench.trust)

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_a_root_that_may_not_sign_lists_says_nothing(bench: Bench) -> None:
    key = bench.hierarchy.sign_authority.key
    mute = Authority.create(
        jpki.Purpose.SIGN,
        key,
        not_before=NOW - HOUR,
        not_after=NOW + HOUR,
        key_usage=frozenset({"keyCertSign"}),
    )
    crl = mute.revocation_list([], this_update=NOW - HOUR, next_update=NOW + HOUR).public_bytes(Encoding.DER)
    trust = jpki.TrustStore.from_pems(sign=[mute.certificate.public_bytes(Encoding.DER)])

    assert jpki.StaticCRL.from_files([crl], trust).check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_the_other_authoritys_list_says_nothing(bench: Bench) -> None:
    checker = a_list(bench, authority=bench.hierarchy.auth_authority)

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN
    assert checker.check(bench.card.auth_certificate, NOW) is GOOD


def test_a_certificate_of_an_unknown_root_is_unknown(bench: Bench) -> None:
    crl = bench.hierarchy.sign_authority.revocation_list([], this_update=NOW - HOUR, next_update=NOW + HOUR)
    checker = jpki.StaticCRL.from_files([crl.public_bytes(Encoding.DER)], jpki.TrustStore.production())

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_a_list_for_one_city_covers_that_city_only(bench: Bench) -> None:
    own, other = city_list(bench, "Hachioji-shi"), city_list(bench, "Machida-shi")
    serial = serial_of(bench.card.sign_certificate)

    assert a_list(bench, extra=own).check(bench.card.sign_certificate, NOW) is GOOD
    assert a_list(bench, extra=own, revoked=(serial,)).check(bench.card.sign_certificate, NOW) is REVOKED
    assert a_list(bench, extra=other).check(bench.card.sign_certificate, NOW) is UNKNOWN


@pytest.mark.parametrize(
    "extra",
    [
        (scope(only_contains_ca_certs=True), True),
        (scope(only_contains_attribute_certs=True), True),
        (scope(indirect_crl=True), True),
        (scope(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})), True),
        (scope(relative_name=x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "x")])), True),
        (x509.DeltaCRLIndicator(1), True),
        (x509.DeltaCRLIndicator(1), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
    ],
)
def test_a_list_that_is_not_the_whole_truth_is_unknown(bench: Bench, extra: tuple[x509.ExtensionType, bool]) -> None:
    assert a_list(bench, extra=(extra,)).check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_an_entry_that_is_not_understood_makes_absence_prove_nothing(bench: Bench) -> None:
    authority = bench.hierarchy.sign_authority
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(5)
        .revocation_date(NOW - HOUR)
        .add_extension(x509.CertificateIssuer([x509.DirectoryName(authority.certificate.subject)]), critical=True)
        .build()
    )
    builder = x509.CertificateRevocationListBuilder(
        authority.certificate.subject, NOW - HOUR, NOW + HOUR
    ).add_revoked_certificate(entry)
    crl = builder.sign(authority.key, hashes.SHA256())

    checker = jpki.StaticCRL.from_files([crl.public_bytes(Encoding.DER)], bench.trust)

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_the_hierarchys_own_list_names_what_it_revoked(bench: Bench) -> None:
    certificate = bench.issue(serial=991)
    bench.hierarchy.revoke(certificate, at=NOW)

    assert bench.lists().check(certificate, NOW) is REVOKED
    assert bench.lists().check(bench.card.sign_certificate, NOW) is GOOD


def test_unconfigured_knows_nothing(bench: Bench) -> None:
    assert jpki.Unconfigured().check(bench.card.sign_certificate, NOW) is UNKNOWN


def test_no_certificate_is_unknown(bench: Bench) -> None:
    assert a_list(bench).check(b"garbage", NOW) is UNKNOWN


@given(st.binary(max_size=200))
def test_garbage_is_no_list(bench: Bench, garbage: bytes) -> None:
    with pytest.raises(jpki.UnreadableCrlError):
        jpki.StaticCRL.from_files([garbage], bench.trust)


@given(st.data())
def test_a_changed_list_is_never_good(bench: Bench, data: st.DataObject) -> None:
    crl = bytearray(bench.hierarchy.crl(jpki.Purpose.SIGN, at=NOW - HOUR))
    crl[data.draw(st.integers(0, len(crl) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        status = jpki.StaticCRL.from_files([bytes(crl)], bench.trust).check(bench.card.sign_certificate, NOW)
    except jpki.UnreadableCrlError:
        return

    assert status is UNKNOWN


# A platform over HTTP


@contextmanager
def platform(status: int, answer: bytes) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A platform on this machine that gives one answer and keeps what it was asked."""
    asked: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/verify?v=1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def profile(url: str) -> jpki.PlatformProfile:
    return jpki.PlatformProfile(
        url=url,
        certificate_field="cert",
        answer_path=("result", "state"),
        words={"VALID": GOOD, "REVOKED": REVOKED, "EXPIRED": EXPIRED},
        token="t0ken",
        constants={"kind": "crl"},
    )


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, b'{"result": {"state": "VALID"}}', GOOD),
        (200, b'{"result": {"state": "REVOKED"}}', REVOKED),
        (200, b'{"result": {"state": "EXPIRED"}}', EXPIRED),
        (200, b'{"result": {"state": "valid"}}', UNKNOWN),
        (200, b'{"result": {"state": true}}', UNKNOWN),
        (200, b'{"result": {"state": ["VALID"]}}', UNKNOWN),
        (200, b'{"result": "VALID"}', UNKNOWN),
        (200, b'"VALID"', UNKNOWN),
        (200, b"[" * 100_000, UNKNOWN),
        (200, b"\xff", UNKNOWN),
        (200, b"", UNKNOWN),
        (500, b'{"result": {"state": "VALID"}}', UNKNOWN),
        (302, b'{"result": {"state": "VALID"}}', UNKNOWN),
    ],
)
def test_a_platforms_answer(bench: Bench, status: int, answer: bytes, expected: jpki.RevocationStatus) -> None:
    with platform(status, answer) as (url, asked):
        checker = jpki.PlatformHTTP(profile(url), jpki.HttpsTransport(timeout=5))

        assert checker.check(bench.card.sign_certificate, NOW) is expected

    ((headers, body),) = asked
    assert headers["Authorization"] == "Bearer t0ken"
    assert json.loads(body) == {"kind": "crl", "cert": base64.b64encode(bench.card.sign_certificate).decode()}


def test_a_platform_that_is_away_is_unknown(bench: Bench) -> None:
    with platform(200, b"") as (url, _):
        pass

    checker = jpki.PlatformHTTP(profile(url), jpki.HttpsTransport(timeout=5))

    assert checker.check(bench.card.sign_certificate, NOW) is UNKNOWN


@pytest.mark.parametrize(
    "url",
    [
        "http://verify.example.jp/",
        "ftp://localhost/",
        "verify.example.jp",
        "",
        "https://",
        "https://a:b/",
        "http://[::1",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_when_configured(url: str) -> None:
    with pytest.raises(PlatformAddressError):
        profile(url)
    with pytest.raises(TransportError):
        jpki.HttpsTransport().post(url, {}, b"")


def test_a_token_with_a_line_break_is_refused() -> None:
    with pytest.raises(PlatformAddressError):
        jpki.PlatformProfile(url="https://a.example/", certificate_field="c", answer_path=(), words={}, token="a\r\nb")


def test_the_token_is_not_shown() -> None:
    assert "t0ken" not in repr(profile("https://verify.example.jp/"))
