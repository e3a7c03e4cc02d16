"""Who acts: every write and every restricted read names an `Actor`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from souto.kernel.errors import ForbiddenError


class ActorKind(StrEnum):
    """The kinds of caller."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller with what it may do.

    `id`: the person (resident) or staff member; None for anonymous and system. `permissions`: names such as
    `"casework.decide"`, without scope; `departments`: ids of the 課 in which a staff member serves, the scope of those
    permissions. `on_behalf_of`: the person for whom a helper or proxy acts. `assurance`: how surely the sign-in proved
    the person (0 none, 1 e-mail, 2 card authentication, 3 card signature). `name` is for system actors' audit rows only.
    """

    kind: ActorKind
    id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    departments: frozenset[UUID] = frozenset()
    on_behalf_of: UUID | None = None
    assurance: int = 0
    name: str = field(default="", compare=False)

    @classmethod
    def anonymous(cls) -> Actor:
        """A visitor who has not signed in."""
        return cls(kind=ActorKind.ANONYMOUS)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A process of Souto itself; `name` says which (`"worker"`, `"import"`)."""
        return cls(kind=ActorKind.SYSTEM, name=name)

    @property
    def is_anonymous(self) -> bool:
        """True for a visitor who has not signed in."""
        return self.kind is ActorKind.ANONYMOUS

    @property
    def is_resident(self) -> bool:
        """True for a signed-in resident."""
        return self.kind is ActorKind.RESIDENT

    @property
    def is_staff(self) -> bool:
        """True for a signed-in staff member."""
        return self.kind is ActorKind.STAFF

    @property
    def is_system(self) -> bool:
        """True for Souto's own processes."""
        return self.kind is ActorKind.SYSTEM

    @property
    def known_id(self) -> UUID:
        """The id of a signed-in person or staff member; `ForbiddenError` for callers without one."""
        if self.id is None:
            raise ForbiddenError
        return self.id

    def may(self, permission: str) -> bool:
        """True when the actor holds `permission`; the system may do everything."""
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise `ForbiddenError` unless the actor holds `permission`."""
        if not self.may(permission):
            raise ForbiddenError
