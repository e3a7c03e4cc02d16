"""CMS SignedData (RFC 5652): the envelope in which an application's signature is kept, written and read.

A card signs a digest, not a document. So an envelope is built in two steps, with the card between them:

    attributes = prepare_signed_attributes(content, signing_time=clock.now())   # keep these bytes
    signature = card.sign(digest_to_sign(attributes))                           # or the signing API
    envelope = build_cms(attributes, signature=signature, certificate=certificate_der)

Profile: version 1, one signer named by issuer and serial, SHA-256, RSA PKCS#1 v1.5, signed attributes contentType
(id-data), signingTime and messageDigest; the content embedded or kept beside it (detached). Reading accepts DER only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from souto.foundation.identity.jpki import der, oids
from souto.foundation.identity.jpki.certificate import JpkiCertificate
from souto.kernel.errors import SoutoError

SIGNATURE_ALGORITHMS: Final = frozenset({oids.RSA_ENCRYPTION, oids.SHA256_WITH_RSA})
"""Both names are used for RSA PKCS#1 v1.5 over SHA-256; cards' tools write the first, OpenSSL the first, others the second."""

_MAX_BYTES: Final = 64 * 1024 * 1024


class UnreadableCmsError(SoutoError):
    """The bytes are not a CMS SignedData of the profile above. `reason` says, in Japanese, what was found instead."""

    message = "電子署名のデータを読み取れませんでした（%(reason)s）。もう一度署名してください。"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class SignedData:
    """A SignedData as read; nothing is verified yet.

    `signed_attributes` is the DER of `SET OF Attribute`, the very bytes that the signature covers: in the envelope they
    stand under the tag [0], and only the tag is put back (RFC 5652, 5.4). `signing_time` is what the signer claims.
    """

    content_type: str
    embedded: bytes | None = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    issuer_der: bytes = field(repr=False)
    serial: int = field(repr=False)
    signed_attributes: bytes = field(repr=False)
    claimed_content_type: str
    message_digest: bytes
    signing_time: datetime | None
    signature: bytes = field(repr=False)

    def signer_certificates(self) -> list[bytes]:
        """The certificates in the envelope that bear the signer's issuer and serial; one is right, more is a trick."""
        found = []
        for data in set(self.certificates):
            try:
                certificate = JpkiCertificate.parse(data)
            except SoutoError:
                continue
            if (certificate.issuer_der, certificate.serial) == (self.issuer_der, self.serial):
                found.append(data)
        return found

    @classmethod
    def parse(cls, data: bytes) -> SignedData:
        """Read an envelope. Raises `UnreadableCmsError` and nothing else, whatever the bytes are."""
        if len(data) > _MAX_BYTES:
            raise UnreadableCmsError("大きすぎます")
        try:
            return _read_signed_data(data)
        except der.MalformedDerError:
            raise UnreadableCmsError("形式が異なります") from None


def prepare_signed_attributes(content: bytes, *, signing_time: datetime) -> bytes:
    """Step one: DER of the signed attributes over `content`. Keep these bytes until the signature comes back.

    `signing_time` carries a time zone and is written in whole seconds, UTC.
    """
    if signing_time.tzinfo is None:
        msg = "signing_time needs a time zone"
        raise ValueError(msg)
    values = (
        (oids.ATTR_CONTENT_TYPE, der.encode_oid(oids.CMS_DATA)),
        (oids.ATTR_SIGNING_TIME, der.encode_time(signing_time)),
        (oids.ATTR_MESSAGE_DIGEST, der.encode(der.OCTET_STRING, hashlib.sha256(content).digest())),
    )
    return der.encode_set_of(
        *(der.encode(der.SEQUENCE, der.encode_oid(oid), der.encode_set_of(value)) for oid, value in values)
    )


def digest_to_sign(signed_attributes: bytes) -> bytes:
    """What the card signs: SHA-256 (32 bytes) of the signed attributes. The card wraps it in DigestInfo itself."""
    return hashlib.sha256(signed_attributes).digest()


def build_cms(signed_attributes: bytes, *, signature: bytes, certificate: bytes, content: bytes | None = None) -> bytes:
    """Step two: the envelope, DER. `content` embeds it; without it the signature is detached.

    Nothing is verified here: verify the result before it is kept. Raises `UnreadableCertificateError`.
    """
    signer = JpkiCertificate.parse(certificate)
    null = der.encode(der.NULL)
    sha256 = der.encode(der.SEQUENCE, der.encode_oid(oids.SHA256), null)
    signer_info = der.encode(
        der.SEQUENCE,
        der.encode_integer(1),
        der.encode(der.SEQUENCE, signer.issuer_der, der.encode_integer(signer.serial)),
        sha256,
        _retag(signed_attributes, der.CONTEXT_0),
        der.encode(der.SEQUENCE, der.encode_oid(oids.RSA_ENCRYPTION), null),
        der.encode(der.OCTET_STRING, signature),
    )
    embedded = b"" if content is None else der.encode(der.CONTEXT_0, der.encode(der.OCTET_STRING, content))
    signed_data = der.encode(
        der.SEQUENCE,
        der.encode_integer(1),
        der.encode_set_of(sha256),
        der.encode(der.SEQUENCE, der.encode_oid(oids.CMS_DATA), embedded),
        der.encode(der.CONTEXT_0, certificate),
        der.encode_set_of(signer_info),
    )
    return der.encode(der.SEQUENCE, der.encode_oid(oids.CMS_SIGNED_DATA), der.encode(der.CONTEXT_0, signed_data))


def _read_signed_data(data: bytes) -> SignedData:
    content_info = der.parse(data)
    if content_info.tag != der.SEQUENCE:
        raise der.MalformedDerError
    outer = content_info.children()
    if der.oid(outer.take(der.OBJECT_ID)) != oids.CMS_SIGNED_DATA:
        raise UnreadableCmsError("署名データ（SignedData）ではありません")
    wrapper = outer.take(der.CONTEXT_0).children()
    outer.end()
    fields = wrapper.take(der.SEQUENCE).children()
    wrapper.end()

    if der.integer(fields.take(der.INTEGER)) not in (1, 3):
        raise UnreadableCmsError("版が異なります")
    fields.take(der.SET)
    encapsulated = fields.take(der.SEQUENCE).children()
    certificates = fields.optional(der.CONTEXT_0)
    fields.optional(der.CONTEXT_1)
    signers = fields.take(der.SET).children().rest()
    fields.end()
    if len(signers) != 1:
        raise UnreadableCmsError("署名者が1人ではありません")

    content_type = der.oid(encapsulated.take(der.OBJECT_ID))
    holder = encapsulated.optional(der.CONTEXT_0)
    encapsulated.end()
    embedded = None
    if holder is not None:
        inside = holder.children()
        embedded = inside.take(der.OCTET_STRING).content
        inside.end()
    found = (
        tuple(node.raw for node in certificates.children().rest() if node.tag == der.SEQUENCE) if certificates else ()
    )
    return _read_signer(signers[0], content_type, embedded, found)


def _read_signer(
    node: der.Node, content_type: str, embedded: bytes | None, certificates: tuple[bytes, ...]
) -> SignedData:
    fields = node.children()
    if node.tag != der.SEQUENCE or der.integer(fields.take(der.INTEGER)) != 1:
        raise UnreadableCmsError("署名者が発行者名と発行番号で示されていません")
    identifier = fields.take(der.SEQUENCE).children()
    issuer = identifier.take(der.SEQUENCE).raw
    serial = der.integer(identifier.take(der.INTEGER))
    identifier.end()
    if _algorithm(fields.take(der.SEQUENCE)) != oids.SHA256:
        raise UnreadableCmsError("ハッシュ方式がSHA-256ではありません")
    attributes = fields.optional(der.CONTEXT_0)
    if attributes is None:
        raise UnreadableCmsError("署名属性がありません")
    if _algorithm(fields.take(der.SEQUENCE)) not in SIGNATURE_ALGORITHMS:
        raise UnreadableCmsError("署名方式がRSA（PKCS#1 v1.5）ではありません")
    signature = fields.take(der.OCTET_STRING).content
    fields.optional(der.CONTEXT_1)
    fields.end()

    values = _attributes(attributes)
    signing_time = values.get(oids.ATTR_SIGNING_TIME)
    digest = _required(values, oids.ATTR_MESSAGE_DIGEST)
    if digest.tag != der.OCTET_STRING:
        raise der.MalformedDerError
    return SignedData(
        content_type=content_type,
        embedded=embedded,
        certificates=certificates,
        issuer_der=issuer,
        serial=serial,
        signed_attributes=_retag(attributes.raw, der.SET),
        claimed_content_type=der.oid(_required(values, oids.ATTR_CONTENT_TYPE)),
        message_digest=digest.content,
        signing_time=None if signing_time is None else der.time(signing_time),
        signature=signature,
    )


def _attributes(node: der.Node) -> dict[str, der.Node]:
    """Type to value of the signed attributes: each type once (RFC 5652, 5.3), and one value where we read it."""
    values: dict[str, der.Node] = {}
    seen: set[str] = set()
    for attribute in node.children().rest():
        fields = attribute.children()
        oid = der.oid(fields.take(der.OBJECT_ID))
        several = fields.take(der.SET).children().rest()
        fields.end()
        if attribute.tag != der.SEQUENCE or oid in seen:
            raise der.MalformedDerError
        seen.add(oid)
        if len(several) == 1:
            values[oid] = several[0]
    return values


def _required(values: dict[str, der.Node], oid: str) -> der.Node:
    if oid not in values:
        raise UnreadableCmsError("必要な署名属性がありません")
    return values[oid]


def _algorithm(node: der.Node) -> str:
    """The algorithm of an AlgorithmIdentifier whose parameters are NULL or absent; "" with any others."""
    fields = node.children()
    oid = der.oid(fields.take(der.OBJECT_ID))
    fields.optional(der.NULL)
    return "" if fields.rest() else oid


def _retag(element: bytes, tag: int) -> bytes:
    """The same element under another one-byte tag."""
    return bytes([tag]) + element[1:]
