from dataclasses import replace
from datetime import date

import pytest

from souto.services.payments.elqr import (
    Demand,
    ElQr,
    IssuedCode,
    Numbers,
    SpecimenDeclaredRealError,
    SpecimenMarkMissingError,
    SpecimenNumbering,
    issue,
)

DEMAND = Demand(300, "900", "13201", "001", 2026, 2026, 0, date(2026, 12, 25), date(2027, 1, 31))


class Authority:
    """A city's real connection, as its implementer would write it."""

    is_real = True

    def issue(self, demand: Demand, reference: str) -> Numbers:
        return Numbers("38", "82", f"{int(reference):020d}", "778284")


def test_without_a_real_authority_a_code_is_a_specimen():
    issued = issue(SpecimenNumbering(), DEMAND, "42")

    assert issued.specimen
    assert issued.code.numbers.case_key.startswith("99999")
    assert (issued.code.numbers.cd1, issued.code.numbers.cd2) == ("00", "00")


def test_a_specimen_is_not_handed_out_without_its_mark():
    issued = issue(SpecimenNumbering(), DEMAND, "42")

    with pytest.raises(SpecimenMarkMissingError):
        issued.payload(marked=False)
    assert ElQr.parse(issued.payload(marked=True)) == issued.code


def test_a_specimen_cannot_be_declared_real():
    issued = issue(SpecimenNumbering(), DEMAND, "42")

    with pytest.raises(SpecimenDeclaredRealError):
        replace(issued, specimen=False)
    with pytest.raises(SpecimenDeclaredRealError):
        IssuedCode(ElQr.parse(issued.code.text()), specimen=False)


def test_specimen_numbers_are_stable_and_differ_by_slip():
    numbering = SpecimenNumbering()

    assert numbering.issue(DEMAND, "42") == numbering.issue(DEMAND, "42")
    assert numbering.issue(DEMAND, "42") != numbering.issue(DEMAND, "43")
    assert numbering.issue(DEMAND, "42") != numbering.issue(replace(DEMAND, amount=301), "42")


def test_a_real_authority_gives_a_code_to_print_as_it_is():
    issued = issue(Authority(), DEMAND, "202401010104348")

    assert not issued.specimen
    assert ElQr.parse(issued.payload(marked=False)).numbers.case_key == "00000202401010104348"
