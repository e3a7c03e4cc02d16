from dataclasses import replace
from datetime import date

import pytest

from souto.services.payments.elqr import SPECIMEN_COMPANY, SpecimenNumbering, StoreBarcode, issue
from souto.services.payments.slips import CodesDisagreeError, SlipLinesError, SlipTextError, StoreLimitError
from tests.services.payments.slips.samples import LAST_DAY, demand, payable, specimen


@pytest.mark.parametrize(
    ("barcode", "part"),
    [
        (StoreBarcode(SPECIMEN_COMPANY, "0" * 21, 0, LAST_DAY, False, 301), "金額"),
        (StoreBarcode(SPECIMEN_COMPANY, "0" * 21, 0, date(2027, 2, 1), False, 300), "支払期限"),
        (StoreBarcode("959919", "0" * 21, 0, LAST_DAY, False, 300), "見本の区別"),
    ],
)
def test_two_codes_that_disagree_make_no_slip(barcode, part):
    with pytest.raises(CodesDisagreeError, match=part):
        specimen(barcode=barcode)


def test_a_payable_slip_takes_no_specimen_barcode():
    with pytest.raises(CodesDisagreeError, match="見本の区別"):
        payable(barcode=StoreBarcode(SPECIMEN_COMPANY, "0" * 21, 0, LAST_DAY, False, 39_500))


def test_no_barcode_above_what_a_store_takes():
    assert payable(amount=300_000).barcode is not None
    with pytest.raises(StoreLimitError, match="300,001円"):
        payable(amount=300_001)
    assert payable(amount=300_001, barcode=None).barcode is None


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"payer": ""}, "納付者の氏名"),
        ({"payer": " \u3000"}, "納付者の氏名"),
        ({"payer": "山" * 61}, "納付者の氏名"),
        ({"item": "手" * 31}, "科目"),
        ({"reference": "1" * 21}, "通知書番号"),
    ],
)
def test_a_text_that_has_no_place_makes_no_slip(change, part):
    with pytest.raises(SlipTextError, match=part):
        specimen(**change)


@pytest.mark.parametrize("change", [{"address": ("行",) * 4}, {"guidance": ("行",) * 5}])
def test_more_lines_than_the_paper_has_make_no_slip(change):
    with pytest.raises(SlipLinesError):
        specimen(**change)


def test_a_slip_is_a_specimen_as_long_as_its_numbers_are():
    slip = specimen()

    assert slip.specimen
    assert replace(slip, issued=issue(SpecimenNumbering(), demand(), "9")).specimen
    assert not payable().specimen
