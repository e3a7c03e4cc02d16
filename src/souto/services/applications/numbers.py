"""Receipt numbers (受付番号): `H26-000123-4`.

The letter names the city, `26` is the fiscal year (年度) in which the application came in, `000123` is drawn from one sequence of the
database (a number that was drawn and not used leaves a gap, which says nothing), and the last digit checks the eight before it by
ISO/IEC 7064 MOD 11,10: every wrong digit and nearly every swapped pair is noticed when somebody reads the number out on the phone.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_10

from souto.kernel.calendar import fiscal_year

_SHAPE = re.compile(r"^([A-Z])(\d{2})(\d{6})(\d)$")


def write(letter: str, day: date, sequence: int) -> str:
    """The number of the `sequence`-th (1 to 999,999) application, received on the business date `day`."""
    if not 1 <= sequence <= 999_999:
        raise ValueError("a sequence has six digits")
    digits = f"{fiscal_year(day).year % 100:02}{sequence:06}"
    return f"{letter}{digits[:2]}-{digits[2:]}-{mod_11_10.calc_check_digit(digits)}"


def read(typed: str) -> str | None:
    """The number that was meant: full width, small letters, spaces and any dash are welcome; None when the check digit differs."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    match = _SHAPE.match(re.sub(r"[\s\-‐‑‒–—―ー−]", "", folded))
    if match is None:
        return None
    letter, year, sequence, check = match.groups()
    if mod_11_10.calc_check_digit(year + sequence) != check:
        return None
    return f"{letter}{year}-{sequence}-{check}"
