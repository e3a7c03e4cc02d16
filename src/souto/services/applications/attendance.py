"""Who stood at the counter (窓口), and how the officer made sure of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext_noop

from souto.kernel.errors import SoutoError

#: Longest name of a proxy and of how she is related, in characters.
MAX_NAME = 100


class IdentityCheck(StrEnum):
    """How identity was proved at the counter (本人確認)."""

    PHOTO = "photo"
    TWO_PAPERS = "two_papers"
    KNOWN = "asked"
    NOT_NEEDED = "not_needed"


#: What each is called on screen.
CHECK_LABELS: dict[IdentityCheck, str] = {
    IdentityCheck.PHOTO: gettext_noop("顔写真のある書類を1点見た（マイナンバーカード、運転免許証、在留カードなど）"),
    IdentityCheck.TWO_PAPERS: gettext_noop("顔写真のない書類を2点見た（健康保険の資格確認書、年金の書類など）"),
    IdentityCheck.KNOWN: gettext_noop("書類がなく、質問をして確かめた"),
    IdentityCheck.NOT_NEEDED: gettext_noop("本人確認の要らない手続き"),
}


class Way(StrEnum):
    """How somebody reached the section."""

    COUNTER = "counter"
    PHONE = "phone"
    LETTER = "letter"


#: What each is called on screen.
WAY_LABELS: dict[Way, str] = {
    Way.COUNTER: gettext_noop("窓口で聞いた"),
    Way.PHONE: gettext_noop("電話で聞いた"),
    Way.LETTER: gettext_noop("書面が届いた"),
}


class AttendanceError(SoutoError):
    """What the officer has to say about who came is not complete; `field` names the control."""


class CheckMissingError(AttendanceError):
    """The procedure must know who applies, and nobody made sure of it."""

    message = "本人確認の方法を選んでください。"


class PapersByPhoneError(AttendanceError):
    """Nobody sees papers through a telephone."""

    message = "電話では書類を見られません。質問をして確かめるか、窓口に来てもらってください。"


class ProxyNameError(AttendanceError):
    """A proxy came, and it is not said who."""

    message = "代理人の氏名と、申請する人との関係を入力してください。"


class MandateMissingError(AttendanceError):
    """A proxy came without a mandate that anybody has seen."""

    message = "委任状などを見て確かめ、印を付けてください。確かめられないときは、受け付けられません。"


class ProxyNameTooLongError(AttendanceError):
    """More than a name holds."""

    message = "氏名と関係は、それぞれ100字までで入力してください。"


class Noted(TypedDict):
    """Who told the officer what she typed, as it is kept: her id, codes of `Way` and `IdentityCheck`, the proxy ("" where none)."""

    officer: str
    way: str
    check: str
    proxy: str
    relation: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """What an officer notes who takes an application in at the counter: how identity was proved (of whoever came), and, where a proxy (代理人)
    came, her name, what she is to the applicant, and that a mandate (委任状, or what proves a legal representative) was seen.
    """

    check: IdentityCheck | None
    is_proxy: bool = False
    proxy_name: str = ""
    relation: str = ""
    mandate_seen: bool = False
    way: Way = Way.COUNTER

    def settle(self, *, needs_identity: bool) -> Attendance:
        """The same, checked; raises an `AttendanceError` that names the control."""
        if self.check is None or (needs_identity and self.check is IdentityCheck.NOT_NEEDED):
            raise CheckMissingError(field="check")
        if self.way is Way.PHONE and self.check in {IdentityCheck.PHOTO, IdentityCheck.TWO_PAPERS}:
            raise PapersByPhoneError(field="check")
        if not self.is_proxy:
            return Attendance(self.check, way=self.way)
        name, relation = (text.replace("\x00", "").strip() for text in (self.proxy_name, self.relation))
        if not name or not relation:
            raise ProxyNameError(field="proxy_name" if not name else "relation")
        if max(len(name), len(relation)) > MAX_NAME:
            raise ProxyNameTooLongError(field="proxy_name")
        if not self.mandate_seen:
            raise MandateMissingError(field="mandate_seen")
        return Attendance(self.check, True, name, relation, mandate_seen=True, way=self.way)

    @property
    def mandate(self) -> dict[str, Any] | None:
        """What the application keeps about the proxy."""
        return {"name": self.proxy_name, "relation": self.relation, "seen": True} if self.is_proxy else None

    def noted(self, officer: UUID) -> Noted:
        """What the correction keeps of it (`settle` first)."""
        return {
            "officer": str(officer),
            "way": self.way.value,
            "check": self.check.value if self.check else "",
            "proxy": self.proxy_name,
            "relation": self.relation,
        }
