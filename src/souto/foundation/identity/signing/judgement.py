"""What the city may conclude from a signature: whose it is, and whether everything about it was confirmed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from souto.foundation.identity.jpki import Agreement, FourItems, Sex, VerificationReport
from souto.foundation.identity.models import SignatureState
from souto.foundation.identity.profiles import Profile


def agreements(signer: FourItems | None, profile: Profile) -> dict[str, str]:
    """How the four items of the certificate compare with what the city holds of the person, item by item."""
    if signer is None:
        return dict.fromkeys(("name", "sex", "birth_date", "address"), Agreement.UNKNOWN.value)
    found = signer.matches(
        name=profile.card_name,
        address=profile.card_address,
        birth_date=profile.birthday,
        sex=Sex(profile.sex) if profile.sex else None,
    )
    compared = {item: Agreement(value).value for item, value in asdict(found).items()}
    # A date that is known in part, and an unknown sex, are the same when both sides write the very same digits.
    if profile.birth_date and signer.birth_date.raw == profile.birth_date:
        compared["birth_date"] = Agreement.MATCH.value
    if signer.sex is not None and signer.sex.value == profile.sex:
        compared["sex"] = Agreement.MATCH.value
    return compared


def state_of(report: VerificationReport, compared: dict[str, str]) -> SignatureState:
    """CONFIRMED only when every check passed and all four items agree; what merely could not be known is INCOMPLETE."""
    values = set(compared.values())
    if Agreement.MISMATCH in values or not (report.ok or report.only_revocation_unknown):
        return SignatureState.REFUSED
    if not report.ok or Agreement.UNKNOWN in values:
        return SignatureState.INCOMPLETE
    return SignatureState.CONFIRMED


def summary_of(report: VerificationReport) -> dict[str, Any]:
    """What is kept of the certificate besides the envelope: never its serial number, only a keyed digest of it."""
    certificate = report.certificate
    if certificate is None:
        return {}
    return {
        "issuer": certificate.issuer,
        "subject": certificate.subject,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "policies": list(certificate.policies),
        "fingerprint": certificate.fingerprint,
        "serial_digest": report.serial_digest,
    }


def signer_items(signer: FourItems | None) -> dict[str, str]:
    """The four items of the certificate, for the officer's screen; sealed like the rest of the evidence."""
    if signer is None:
        return {}
    return {
        "name": signer.name,
        "sex": signer.sex.value if signer.sex else "",
        "birth_date": signer.birth_date.exact.isoformat() if signer.birth_date.exact else signer.birth_date.raw,
        "address": signer.address,
        "name_mask": signer.name_mask,
        "address_mask": signer.address_mask,
    }
