from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pypdf
import pytest
import zxingcpp

from souto.foundation.documents.typesetting import DoesNotFitError
from souto.services.payments.elqr import ElQr, SpecimenMarkMissingError
from souto.services.payments.slips import UnprintableSlipError, render_bulk, render_slip, unprintable
from souto.services.payments.slips.face import Form, face
from tests import paper
from tests.services.payments.slips.samples import demand, payable, specimen

FORTY = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末𠮷野家髙﨑濵𡈽食う寝る処"


@pytest.fixture
def fonts():
    return paper.fonts()


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")


@pytest.mark.parametrize("slip", [specimen(), payable()], ids=["specimen", "payable"])
@pytest.mark.parametrize("bulk", [False, True], ids=["single", "bulk"])
def test_another_reader_reads_from_the_page_what_was_issued(slip, bulk, fonts):
    pdf = next(render_bulk([slip], fonts)) if bulk else render_slip(slip, fonts)

    picture = paper.picture(pdf)
    assert ElQr.parse(paper.read_qr(picture)) == slip.issued.code
    barcode = zxingcpp.read_barcode(picture, formats=zxingcpp.BarcodeFormat.Code128)
    assert barcode is not None
    assert barcode.bytes.decode() == slip.barcode.text()


def test_a_page_says_everything_once_in_each_part(fonts):
    slip = payable(amount=123_456)

    text = squeezed(paper.pages(render_slip(slip, fonts))[0])

    for title in ("納付のお知らせ", "納入済通知書", "領収証書"):
        assert title in text
    assert text.count("¥123,456") == 3
    assert text.count("123,456円") == 1
    assert text.count("令和8年12月25日") == text.count("2026年12月25日") == 4
    assert text.count("令和9年1月31日") == text.count("2027年1月31日") == 4
    assert text.count("山田花子1様") == 4
    assert text.count("住民票の写し交付手数料") == 4
    assert text.count("26-0000001") == 4
    assert text.count("778284") == 3
    assert "市民部市民課" in text
    assert "桑都市会計管理者宛て" in text
    assert "(91)959919-0000000000000000000010" in text


def test_labels_and_values_follow_each_other_for_a_screen_reader(fonts):
    text = squeezed(paper.pages(render_slip(payable(), fonts))[0])

    receipt = text[text.index("領収証書") :]
    for label, value in [("科目", "住民票"), ("通知書番号", "26-0000001"), ("金額", "¥39,500"), ("納付者", "山田花子")]:
        assert receipt.index(label) + len(label) == receipt.index(value)


def test_the_accessible_slip_is_tagged_and_the_printed_one_is_not(fonts):
    single = pypdf.PdfReader(BytesIO(render_slip(specimen(), fonts)))
    bulk = pypdf.PdfReader(BytesIO(next(render_bulk([specimen()], fonts))))

    assert single.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in single.trailer["/Root"]["/Metadata"].get_data()
    assert single.metadata.title == "納付書　住民票の写し交付手数料　26-0000001"
    assert "/StructTreeRoot" not in bulk.trailer["/Root"]


def test_a_batch_keeps_order_and_number_of_pages(fonts):
    slips = [specimen(number) for number in range(1, 8)]

    chunks = list(render_bulk(iter(slips), fonts, chunk=3))

    assert [len(paper.pages(chunk)) for chunk in chunks] == [3, 3, 1]
    for slip, text in zip(slips, (text for chunk in chunks for text in paper.pages(chunk)), strict=True):
        assert slip.reference in text
        assert squeezed(slip.payer) + "様" in squeezed(text)


def test_an_empty_batch_makes_nothing(fonts):
    assert list(render_bulk([], fonts)) == []


def test_the_form_lies_in_a_batch_once(fonts):
    one, many = (len(next(render_bulk(map(specimen, range(1, n)), fonts))) for n in (2, 22))

    assert (many - one) / 20 < 8_000


@pytest.mark.parametrize("slip", [specimen(), payable(), specimen(payer=FORTY)], ids=["specimen", "payable", "forty"])
def test_a_page_of_a_batch_looks_like_the_single_page(slip, fonts):
    single = paper.blurred(render_slip(slip, fonts))
    bulk = paper.blurred(next(render_bulk([payable(7), slip], fonts)), page=1)

    assert np.abs(single - bulk).max() < 20


def test_every_specimen_in_a_mixed_batch_bears_its_mark_and_no_other_page_does(fonts):
    slips = [specimen(1), payable(2), specimen(3, barcode=None), payable(4, barcode=None)]

    texts = paper.pages(next(render_bulk(slips, fonts)))
    singles = [paper.pages(render_slip(slip, fonts))[0] for slip in slips]

    for slip, *pages in zip(slips, texts, singles, strict=True):
        for text in pages:
            assert ("見本" in text) is slip.specimen
            assert ("支払えません" in text) is slip.specimen


def test_the_mark_is_seen_on_each_part(fonts):
    marked, plain = (
        (image >= 217) & (image <= 221)
        for image in (
            paper.picture(render_slip(specimen(), fonts), dpi=60),
            paper.picture(render_slip(payable(amount=300), fonts), dpi=60),
        )
    )

    height, width = marked.shape
    for top, bottom, left, right in (
        (0, 0.34, 0, 1),
        (0.5, 0.72, 0, 0.42),
        (0.5, 0.72, 0.43, 0.7),
        (0.5, 0.72, 0.71, 1),
    ):
        part = slice(int(top * height), int(bottom * height)), slice(int(left * width), int(right * width))
        assert marked[part].sum() > plain[part].sum() + 400


def test_a_form_without_the_mark_gets_no_specimen(fonts):
    slip = specimen()

    with pytest.raises(SpecimenMarkMissingError):
        face(slip, replace(Form.of(slip), specimen=False), fonts)


@pytest.mark.parametrize(
    "payer",
    [
        FORTY,
        "𠮷田 髙﨑 祐",
        "NGUYEN THI MINH KHAI HOANG LE BAO CHAU",
        "W" * 40,
        "ｱﾊﾞﾃﾞｨ ヷ",
        "葛󠄀城 蓮",
        "か\u3099く ゆう",
    ],
)
def test_names_of_all_kinds_are_printed_whole_and_inside_the_paper(payer, fonts):
    pdf = render_slip(specimen(payer=payer), fonts)

    text = squeezed(paper.pages(pdf)[0])
    name = squeezed(payer.replace("か\u3099", "が").replace("ｱﾊﾞﾃﾞｨ", "アバディ")).replace("\U000e0100", "")
    assert text.replace("\U000e0100", "").count(name + "様") == 4
    picture = paper.picture(pdf, dpi=100)
    cut = round(148 / 210 * picture.shape[1])
    rows = slice(round(195 / 297 * picture.shape[0]), round(214 / 297 * picture.shape[0]))
    assert (picture[rows, cut - 6 : cut - 3] > 150).all(), "the name runs over the frame of its part"


@pytest.mark.parametrize(
    "payer",
    [
        '#eval("1+1")',
        "*山田* _花子_",
        "$x$ `y` <z> @w",
        "\\山田\\",
        "// 山田",
        '#image("/etc/passwd")',
        "= 山田",
        "-- ... ~",
    ],
)
def test_a_name_is_never_markup(payer, fonts):
    text = paper.pages(render_slip(specimen(payer=payer), fonts))[0]

    assert squeezed(text).count(squeezed(payer) + "様") == 4


def test_a_name_that_no_font_has_stops_the_slip_and_is_found_beforehand(fonts):
    slips = [specimen(1), specimen(2, payer="山田🙂"), specimen(3, address=("桑都市\0",))]

    assert unprintable(slips, fonts) == {"26-0000002": {"🙂"}, "26-0000003": {"\0"}}
    with pytest.raises(UnprintableSlipError) as caught:
        list(render_bulk(slips, fonts))
    assert caught.value.reference == "26-0000002"


def test_what_would_run_over_its_box_is_refused(fonts):
    with pytest.raises(DoesNotFitError):
        render_slip(specimen(address=("W" * 200,)), fonts)


def test_the_other_year_and_the_instalment_are_named(fonts):
    slip = payable()
    code = replace(slip.issued.code, demand=demand(39_500, tax_year=2025, instalment=3))
    slip = replace(slip, issued=replace(slip.issued, code=code))

    text = squeezed(paper.pages(render_slip(slip, fonts))[0])

    assert text.count("令和8年度第3期（令和7年度相当）") == 3


@pytest.mark.parametrize("bulk", [False, True], ids=["single", "bulk"])
def test_a_slip_without_a_barcode_sends_nobody_to_a_store(bulk, fonts):
    slips = [payable(), payable(barcode=None), payable(guidance=("市役所の窓口で納めてください。",))]

    with_barcode, without, own = (
        squeezed(text)
        for text in (
            paper.pages(next(render_bulk(slips, fonts)))
            if bulk
            else [paper.pages(render_slip(slip, fonts))[0] for slip in slips]
        )
    )

    assert "コンビニエンスストアの窓口、または" in with_barcode
    assert "コンビニエンスストアでは納付できません" in without
    assert "市役所の窓口で納めてください" in own
    assert "コンビニ" not in own


def test_largest_amount_fits(fonts):
    text = paper.pages(render_slip(payable(amount=99_999_999_999, barcode=None), fonts))[0]

    assert text.count("99,999,999,999") == 4


def test_the_same_slip_at_the_same_time_is_the_same_file(fonts):
    at = datetime(2026, 11, 22, tzinfo=UTC)

    assert render_slip(specimen(), fonts, created=at) == render_slip(specimen(), fonts, created=at)
