"""Whom signatures are trusted to: the real roots of JPKI in production, the test authority in the demo; never both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from souto.foundation.identity.jpki import (
    SIGN_POLICIES,
    Purpose,
    RevocationChecker,
    StaticCRL,
    TrustStore,
    Unconfigured,
)
from souto.foundation.identity.jpki.testing import TestHierarchy


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
    return Trust(roots, _lists(given["jpki_crls"], roots), policies)


def _lists(paths: Iterable[Path], roots: TrustStore) -> RevocationChecker:
    files = [path.read_bytes() for path in paths]
    return StaticCRL.from_files(files, roots) if files else Unconfigured()


def _pins(given: Iterable[str]) -> dict[str, Purpose]:
    """`sign:<fingerprint>` and `auth:<fingerprint>`."""
    pairs = (text.split(":", 1) for text in given)
    return {fingerprint: Purpose(purpose) for purpose, fingerprint in pairs}
