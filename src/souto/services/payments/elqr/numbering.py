"""Who numbers a demand: the seam to the real authority, and the specimen (見本) that stands in until there is one."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol, final

from souto.services.payments.elqr.code import Demand, ElQr, Numbers
from souto.services.payments.elqr.errors import SpecimenDeclaredRealError, SpecimenMarkMissingError

SPECIMEN_PREFIX: Final = "99999"
"""The first digits of every specimen case key; in real ones seen, zeros stand there."""


class NumberingAuthority(Protocol):
    """Gives a demand its case key (案件特定キー), confirmation number (確認番号) and the two check digits CD1 and CD2.

    None of the four rules is published. A city that has an agreement with eLTAX implements this over its connection.
    """

    @property
    def is_real(self) -> bool:
        """Whether money can be paid on these numbers."""

    def issue(self, demand: Demand, reference: str) -> Numbers:
        """Numbers for ``demand``. ``reference`` is the city's own id of the slip: asking again for it gives the same numbers."""


@final
class SpecimenNumbering:
    """Numbers that look the part and cannot be paid: CD1 and CD2 are 00, the case key begins with 99999.

    The rest is taken from a hash of reference and demand, so that demos and tests see the same slip each time.
    """

    @property
    def is_real(self) -> bool:
        """Never."""
        return False

    def issue(self, demand: Demand, reference: str) -> Numbers:
        """Specimen numbers, the same for the same ``reference`` and ``demand``."""
        seed = int.from_bytes(sha256(f"{reference}\n{demand!r}".encode()).digest())
        key, confirmation = f"{seed % 10**15:015d}", f"{seed // 10**15 % 10**6:06d}"
        return Numbers(cd1="00", cd2="00", case_key=SPECIMEN_PREFIX + key, confirmation=confirmation)


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """An eL-QR together with the knowledge whether it is a specimen. It hands out a specimen's digits only to a printer that marks them.

    Raises:
        SpecimenDeclaredRealError: ``specimen`` is False although the case key is a specimen's.
    """

    code: ElQr
    specimen: bool

    def __post_init__(self) -> None:
        """A specimen stays one, whatever a stored flag says."""
        if not self.specimen and self.code.numbers.case_key.startswith(SPECIMEN_PREFIX):
            raise SpecimenDeclaredRealError

    def payload(self, *, marked: bool) -> str:
        """The 255 digits to print. ``marked`` says that the page carries the 見本 mark.

        Raises:
            SpecimenMarkMissingError: this is a specimen and the page does not carry the mark.
        """
        if self.specimen and not marked:
            raise SpecimenMarkMissingError
        return self.code.text()


def issue(authority: NumberingAuthority, demand: Demand, reference: str) -> IssuedCode:
    """Have ``demand`` numbered; without a real authority the result is a specimen."""
    return IssuedCode(ElQr(demand, authority.issue(demand, reference)), specimen=not authority.is_real)
