import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.foundation.documents.typesetting import CodeRefusedError, gs1_128, qr, qr_svg
from souto.foundation.documents.typesetting.codes import BAR_QUIET, QR_QUIET
from tests import paper

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)")
WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
)
"""Bar and space widths of the Code 128 characters 0 to 105 (ISO/IEC 15417), written down here to read by the standard."""


def characters(path: str) -> list[int]:
    """The character values of a Code 128 symbol, stop character left out."""
    runs = [(int(x), int(width)) for x, _, width in _RUN.findall(path)]
    widths = []
    for (x, width), (following, _) in zip(runs, [*runs[1:], (0, 0)], strict=True):
        widths += [width, following - x - width]
    widths_of = WIDTHS.split()
    body = "".join(str(width) for width in widths[:-1])[: -len("2331112")]
    return [widths_of.index(body[place : place + 6]) for place in range(0, len(body), 6)]


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_another_reader_reads_the_qr_code(level):
    payload = "00020101021227960005138000183" * 5

    picture = paper.svg_picture(qr_svg(payload, level))

    assert paper.read_qr(picture) == payload


def test_255_digits_take_version_6_at_level_m():
    drawing = qr("1234567890" * 25 + "12345")

    assert drawing.width == drawing.height == 41 + 2 * QR_QUIET


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x9FFF, categories=["L", "N", "P"]),
        min_size=1,
        max_size=80,
    )
)
def test_every_run_of_the_path_stays_inside_the_quiet_zone(payload):
    drawing = qr(payload)

    runs = _RUN.findall(drawing.path)
    assert "".join(f"M{x} {y}h{width}" for x, y, width in runs) == drawing.path
    for x, y, width in runs:
        assert QR_QUIET <= int(x) < int(x) + int(width) <= drawing.width - QR_QUIET
        assert QR_QUIET <= int(y) < drawing.height - QR_QUIET


@pytest.mark.parametrize("payload", ["", "1" * 5597])
def test_what_no_qr_code_can_hold_is_refused(payload):
    with pytest.raises(CodeRefusedError):
        qr(payload)


def test_the_barcode_says_by_the_standard_what_was_asked():
    drawing = gs1_128("(91)959919833262024010101043480024071000395003", height=50)

    start, fnc1, *pairs, check = characters(drawing.path)
    assert (start, fnc1) == (105, 102)
    assert "".join(f"{pair:02d}" for pair in pairs) == "91959919833262024010101043480024071000395003"
    assert check == (start + sum(place * value for place, value in enumerate([fnc1, *pairs], 1))) % 103
    assert drawing.width == 288 + 2 * BAR_QUIET
    assert (drawing.height, drawing.stroke) == (50, 50)


@pytest.mark.parametrize("content", ["", "44 digits", "(91)漢字", "91959919"])
def test_what_is_no_gs1_content_is_refused(content):
    with pytest.raises(CodeRefusedError):
        gs1_128(content)


def test_a_label_is_text_in_the_image_never_markup():
    svg = qr_svg("1", label='"><script>alert(1)</script>&')

    assert 'aria-label="&quot;>&lt;script>alert(1)&lt;/script>&amp;"' in svg
