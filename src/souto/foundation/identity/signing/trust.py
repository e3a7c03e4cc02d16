"""Whom signatures are trusted to: the real roots of JPKI in production, the test authority in the demo; never both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from souto.foundation.identity.jpki import (
    SIGN_POLICIES,
    HttpsTransport,
    PlatformHTTP,
    PlatformProfile,
    Purpose,
    RevocationChecker,
    RevocationStatus,
    StaticCRL,
    TrustStore,
    Unconfigured,
)
from souto.foundation.identity.jpki.testing import TestHierarchy
from souto.kernel.errors import SoutoError


class PlatformFileError(SoutoError):
    """The file that describes the verification platform cannot be read, lacks something, or has an unknown state."""

    message = "失効確認サービスの設定ファイル（%(path)s）を確認してください：%(reason)s"


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verification judges by."""

    roots: TrustStore
    revocation: RevocationChecker
    policies: frozenset[str]


def configured() -> Trust:
    """The trust of this installation. Lists are read at each verification: they change by the day."""
    given = settings.IDENTITY
    policies = SIGN_POLICIES | frozenset(given["jpki_policies"])
    if given["jpki_demo"] is not None:
        folder: Path = given["jpki_demo"]
        roots = TestHierarchy.open(folder).trust_store()
        return Trust(roots, _lists(sorted(folder.glob("*.crl")), roots), policies)
    files = [path.read_bytes() for path in given["jpki_roots"]]
    roots = TrustStore.production(*files, more_pins=_pins(given["jpki_pins"]))
    if given["jpki_platform"] is not None:
        return Trust(roots, platform(given["jpki_platform"]), policies)
    return Trust(roots, _lists(given["jpki_crls"], roots), policies)


def platform(path: Path) -> PlatformHTTP:
    """The checker that a JSON file describes. Raises `PlatformFileError`, `PlatformAddressError`."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        profile = PlatformProfile(
            url=given["url"],
            certificate_field=given["certificate_field"],
            answer_path=tuple(given["answer_path"]),
            words={word: RevocationStatus(state) for word, state in given["words"].items()},
            token=given.get("token", ""),
            constants=given.get("constants", {}),
        )
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise PlatformFileError(path=path, reason=type(error).__name__) from None
    return PlatformHTTP(profile, HttpsTransport())


def _lists(paths: Iterable[Path], roots: TrustStore) -> RevocationChecker:
    files = [path.read_bytes() for path in paths]
    return StaticCRL.from_files(files, roots) if files else Unconfigured()


def _pins(given: Iterable[str]) -> dict[str, Purpose]:
    """`sign:<fingerprint>` and `auth:<fingerprint>`."""
    pairs = (text.split(":", 1) for text in given)
    return {fingerprint: Purpose(purpose) for purpose, fingerprint in pairs}
