"""The provider as one object: configuration, keys, memory; and how it finds clients and residents."""

from __future__ import annotations

from dataclasses import dataclass, field

from joserfc.jwk import ECKey

from souto.foundation.identity.demo_provider import keys, registration, residents
from souto.foundation.identity.demo_provider.config import Config
from souto.foundation.identity.demo_provider.residents import Resident
from souto.foundation.identity.demo_provider.store import Store
from souto.foundation.identity.jpki import Purpose
from souto.foundation.identity.jpki.testing import TestHierarchy
from souto.kernel import clock


@dataclass(slots=True)
class DemoProvider:
    """Everything that a request needs."""

    config: Config
    key: ECKey
    people: dict[str, Resident]
    hierarchy: TestHierarchy
    store: Store = field(default_factory=Store)

    @classmethod
    def open(cls, config: Config) -> DemoProvider:
        """Open the provider over its folders; keys that are not there yet are made."""
        hierarchy = TestHierarchy.open(config.jpki)
        made = cls(config, keys.signing_key(config.folder), residents.load(config.people), hierarchy)
        made.publish_revocations()
        return made

    def client(self, client_id: str) -> registration.RegisteredClient | None:
        """The registered client, or None."""
        return registration.find(self.config.folder, client_id)

    def subject(self, redirect_uri: str, resident: Resident) -> str:
        """The pairwise subject of a resident for the party at `redirect_uri`."""
        return keys.pairwise_subject(self.config.folder, redirect_uri=redirect_uri, resident_id=resident.id)

    def publish_revocations(self) -> None:
        """Write the authority's current revocation lists, as its directory would publish them."""
        for purpose in Purpose:
            path = self.config.jpki / f"{purpose}.crl"
            draft = path.with_suffix(".draft")
            draft.write_bytes(self.hierarchy.crl(purpose, at=clock.real_now()))
            draft.replace(path)
