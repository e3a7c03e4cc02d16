"""The peer of the slips benchmark: the same slip through WeasyPrint (HTML and CSS) and segno (QR), made as fast as we know how.

Same fonts, same words, same sizes and places (absolutely positioned boxes, which WeasyPrint lays out faster than tables), same QR
payload at the same error level, the same barcode drawn by the same function (a gift to the peer: segno has none). Many slips
share a document, so that fonts are embedded once; the number is the one that was fastest when tried.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from souto.foundation.documents.typesetting import POINT_MM, FontSet, lines_needed
from souto.services.payments.slips import Slip
from souto.services.payments.slips.face import Form, barcode_drawing, barcode_lines, wording

CHUNK = 50

_PARTS = (
    (7, 80, 1, "納入済通知書", "（市町村保管）", "上記のとおり領収済みですから通知します。"),
    (93, 52, 2, "納付書", "（金融機関等保管）", "上記のとおり納付します。"),
    (151, 52, 2, "領収証書", "（納付者保管）", "上記の金額を領収しました。"),
)
_TOP = 107
_ROWS = (
    ("年度・期別", 14, 8),
    ("科目", 22, 10),
    ("通知書番号", 32, 8),
    ("確認番号", 40, 8),
    ("案件特定<br>キー", 48, 9),
    ("金額", 57, 11),
    ("納期限", 68, 10),
    ("支払期限", 78, 10),
    ("納付者", 88, 20),
)
_LETTER_COLUMNS = ((20, 56, "科目"), (76, 34, "金額"), (110, 40, "納期限"), (150, 40, "支払期限"))


class PeerMissingError(Exception):
    """WeasyPrint, segno or a library they need is not installed."""


def prepare(slips: list[Slip], fonts_folder: str, chunk: int) -> Callable[[], list[bytes]]:
    """Imports, font configuration and one page to warm up; then the work itself, counted: one PDF for every ``chunk`` slips."""
    fonts = FontSet.at(Path(fonts_folder))
    try:
        import segno  # noqa: F401
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise PeerMissingError(_how_to_install(missing)) from missing

    configuration = FontConfiguration()
    fixed = weasyprint.CSS(string=_css(fonts), font_config=configuration)

    def print_chunk(batch: list[Slip]) -> bytes:
        pages = "".join(page(slip, fonts) for slip in batch)
        styles = weasyprint.CSS(string=_styles.css(), font_config=configuration)
        target = BytesIO()
        weasyprint.HTML(string=f'<!doctype html><html lang="ja"><title>納付書</title><body>{pages}').write_pdf(
            target, stylesheets=[fixed, styles], font_config=configuration
        )
        return target.getvalue()

    print_chunk(slips[:1])
    return lambda: [print_chunk(slips[start : start + chunk]) for start in range(0, len(slips), chunk)]


def _how_to_install(missing: Exception) -> str:
    return (
        f"WeasyPrint cannot be loaded ({missing}). Install it with: uv sync --group bench; and the libraries it needs with: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )


def _css(fonts: FontSet) -> str:
    regular, bold, fallback = (file.as_uri() for file in fonts.files)
    return f"""
    @font-face {{ font-family: "BIZ UDPGothic"; src: url("{regular}"); font-weight: 400 }}
    @font-face {{ font-family: "BIZ UDPGothic"; src: url("{bold}"); font-weight: 700 }}
    @font-face {{ font-family: "Noto Sans JP"; src: url("{fallback}"); font-weight: 400 }}
    @page {{ size: 210mm 297mm; margin: 0 }}
    html {{ font-family: "BIZ UDPGothic", "Noto Sans JP"; font-size: 9pt; line-height: 1.25 }}
    body {{ margin: 0 }}
    section {{ position: relative; height: 297mm; width: 210mm; break-after: page; overflow: hidden }}
    section:last-child {{ break-after: auto }}
    div {{ position: absolute }} svg {{ display: block }}
    .c {{ text-align: center }} .r {{ text-align: right }} .b {{ font-weight: 700 }}
    small {{ font-size: 7pt; color: #404040 }}
    .f {{ border: .8pt solid #000; box-sizing: border-box; background: #fff }}
    .w {{ color: #dbdbdb; font-weight: 700; letter-spacing: .2em; transform: rotate(-28deg); white-space: nowrap }}
    section {{ background: url("data:image/svg+xml;base64,{_rules()}") 0 0 / 210mm 297mm no-repeat }}
    """


def page(slip: Slip, fonts: FontSet) -> str:
    """One slip as HTML. The words and sizes come from Souto's own `wording`, so both contenders print the same."""
    form = Form.of(slip)
    words = _words(slip, form, fonts)
    parts = "".join(_part(words, fonts, *part[:3]) for part in _PARTS)
    return f"<section>{_form(form)}{_letter(words)}{parts}{_codes(words)}</section>"


def _words(slip: Slip, form: Form, fonts: FontSet) -> dict[str, Any]:
    """The wording of Souto's own slip, with the codes drawn by the peer's own means."""
    import segno

    code = segno.make(slip.issued.payload(marked=form.specimen), error=slip.error_level, boost_error=False, micro=False)
    words = {**wording(slip, fonts), "qr": code.svg_inline(border=4, omitsize=True), "barcode": None}
    if slip.barcode:
        words["barcode"] = {"svg": barcode_drawing(slip.barcode).svg(), "lines": barcode_lines(slip.barcode)}
    return words


class _Styles:
    """Each distinct style becomes a class once: parsing a style attribute on every box was a third of the peer's time."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def name(self, style: str) -> str:
        return self.names.setdefault(style, f"s{len(self.names)}")

    def css(self) -> str:
        return "".join(f".{name}{{{style}}}" for style, name in self.names.items())


_styles = _Styles()


def _box(x: float, y: float, width: float, height: float, body: str, classes: str = "", style: str = "") -> str:
    place = f"left:{x}mm;top:{y}mm;width:{width}mm;height:{height}mm"
    return f'<div class="{classes} {_styles.name(f"{place};{style}")}">{body}</div>'


def _middle(
    x: float, y: float, width: float, height: float, body: str, classes: str = "", size: float = 9, lines: int = 1
) -> str:
    """A box with its text in the middle of its height: one line by its line height, several by their number."""
    lines = max(lines, body.count("<br>") + 1)
    if lines == 1:
        return _box(x, y, width, height, body, classes, f"font-size:{size}pt;line-height:{height}mm")
    top = max(0.0, (height - lines * size * 1.25 * POINT_MM) / 2)
    return _box(x, y + top, width, height - top, body, classes, f"font-size:{size}pt")


def _sized(size: float, text: str, tag: str = "span") -> str:
    return f'<{tag} class="{_styles.name(f"font-size:{size}pt")}">{text}</{tag}>'


def _rules() -> str:
    """All the lines of the form as one SVG, which WeasyPrint reads once and a page needs no boxes for."""
    line = '<path fill="none" stroke="#333" stroke-width=".18" d="'
    frames = "".join(f"M{x} 64.5h{width}v16h-{width}z" for x, width, _ in _LETTER_COLUMNS) + "M20 69.5h170"
    for x, width, kind, *_ in _PARTS:
        frames += f"M{x} {_TOP + 14}h{width}v94h-{width}zM{x + 17} {_TOP + 14}v94"
        frames += "".join(f"M{x} {_TOP + top}h{width}" for _, top, _ in _ROWS[1:])
        stamp_x, stamp_width = (47, 40) if kind == 1 else (x, width)
        frames += f"M{stamp_x} {_TOP + 119}h{stamp_width}v33h-{stamp_width}z"
    cuts = "M0 102h210M90 102v195M148 102v195"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">{line}{frames}"/>'
        f'<path fill="none" stroke="#666" stroke-width=".18" stroke-dasharray="1" d="{cuts}"/></svg>'
    )
    return b64encode(svg.encode()).decode()


@lru_cache(maxsize=16)
def _form(form: Form) -> str:
    """What is the same on all slips of a form, as HTML made once."""
    issuer = form.issuer
    contact = _sized(8, "<br>".join(map(escape, issuer.contact)))
    parts = [
        _box(150, 97.5, 40, 4, "<small>きりとり線</small>", "r"),
        _box(
            122,
            12,
            80,
            24,
            f"{_sized(13, escape(issuer.city), 'b')}<br>{_sized(10, escape(issuer.department))}<br>{contact}",
        ),
        _box(122, 36, 20, 4.5, "<small>発行日</small>"),
        _box(122, 40.5, 20, 4.5, "<small>通知書番号</small>"),
        _middle(20, 47, 170, 8, "納付のお知らせ", "c b", 18),
        *(_middle(x, 64.5, width, 5, f"<small>{label}</small>", "c") for x, width, label in _LETTER_COLUMNS),
        _box(20, 83, 170, 18, "<br>".join("・" + escape(line) for line in form.guidance), "", "font-size:8pt"),
        *(_form_part(form, *part) for part in _PARTS),
    ]
    if not form.specimen:
        parts.append(_middle(20, 56.5, 170, 6, "次の金額を、納期限までに納めてください。", "c"))
        parts.append(_box(7, 225, 40, 5, _sized(10, "eL-QR", "b")))
        return "".join(parts)
    marks = [
        f'<div class="w {_styles.name(f"left:{x}mm;top:{y}mm;font-size:{size}pt")}">見本</div>'
        for x, y, size in ((62, 38, 90), (20, 172, 64), (94, 168, 50), (152, 168, 50))
    ]
    parts.append(_middle(60, 56.5, 90, 6, "見本　この納付書では支払えません", "c b f"))
    parts.append(_box(7, 225, 40, 5, f"{_sized(10, 'eL-QR', 'b')} {_sized(8, '見本　支払えません', 'b')}"))
    if form.barcode:
        parts.append(_box(7, 285.5, 80, 4, "見本　支払えません", "c b", "font-size:8pt"))
    return "".join([*marks, *parts])


def _form_part(form: Form, x: float, width: float, kind: int, title: str, keeper: str, closing: str) -> str:
    stamp_x, stamp_width = (47, 40) if kind == 1 else (x, width)
    if kind == 1:
        closing += f"<br>{escape(form.issuer.city + form.issuer.treasurer)}　宛て"
    labels = ((label, top, height) for label, top, height in _ROWS)
    return "".join(
        [
            _box(x, _TOP, width, 5, f"{_sized(10, escape(form.issuer.city), 'b')} <small>{form.issuer.code}</small>"),
            _box(x, _TOP, width, 5, f"<small>{keeper}</small>", "r"),
            _middle(x, _TOP + 6, width, 7, title, "c b", 15),
            *(_middle(x + 1.4, _TOP + top, 15, height, f"<small>{label}</small>") for label, top, height in labels),
            _box(x, _TOP + 110, width, 8, closing, "", "font-size:8pt"),
            _middle(stamp_x, _TOP + 120, stamp_width, 4, "<small>領収日付印</small>", "c"),
        ]
    )


def _letter(words: dict[str, Any]) -> str:
    address = "<br>".join(
        escape(line)
        for line in (f"〒{words['postal_code']}" if words["postal_code"] else "", *words["address"])
        if line
    )
    values = (
        (escape(words["item"]), "", words["item_sizes"][0]),
        (f"{words['amount']}円", "r b", words["amount_size"]),
        (f"<b>{words['due'][0]}</b><br><small>{words['due'][1]}</small>", "", 9),
        (f"{words['until'][0]}<br><small>{words['until'][1]}</small>", "", 9),
    )
    cells = (
        _middle(x + 2, 69.5, width - 4, 11, value, classes, size)
        for (x, width, _), (value, classes, size) in zip(_LETTER_COLUMNS, values, strict=True)
    )
    payer = _sized(words["payer_sizes"][0], escape(words["payer"]))
    return "".join(
        [
            _box(20, 12, 92, 34, f"{_sized(words['address_size'], address)}<br>{payer}"),
            _box(142, 36, 50, 4.5, words["issued_on"]),
            _box(142, 40.5, 50, 4.5, escape(words["reference"])),
            *cells,
        ]
    )


def _part(words: dict[str, Any], fonts: FontSet, x: float, width: float, kind: int) -> str:
    inner = width - 19.8
    parts = []
    for (label, top, height), (value, size) in zip(_ROWS, _values(words, kind), strict=True):
        lines = lines_needed(value, inner / (size * POINT_MM), fonts) if label in ("科目", "納付者") else 1
        classes = "r b" if label == "金額" else ""
        parts.append(_middle(x + 18.4, _TOP + top, inner, height, value, classes, size, lines))
    return "".join(parts)


def _values(words: dict[str, Any], kind: int) -> list[tuple[str, float]]:
    key = words["case_key"] if kind == 1 else f"{words['case_key'][:11]}<br>{words['case_key'][12:]}"
    year = f"{words['year']}　{words['instalment']}"
    return [
        (year + ("<br>" if words["taxed"] and kind == 2 else "") + words["taxed"], 9),
        (escape(words["item"]), words["item_sizes"][kind]),
        (escape(words["reference"]), 9 if kind == 1 else words["reference_size"]),
        (words["confirmation"], 9),
        (key, 9 if kind == 1 else 8.5),
        (f"¥{words['amount']}", words["amount_size"]),
        (f"<b>{words['due'][0]}</b><br><small>{words['due'][1]}</small>", 9),
        (f"{words['until'][0]}<br><small>{words['until'][1]}</small>", 9),
        (escape(words["payer"]), words["payer_sizes"][kind]),
    ]


def _codes(words: dict[str, Any]) -> str:
    parts = [
        _box(4, 230, 36, 36, words["qr"].replace("<svg", f'<svg class="{_styles.name("width:36mm;height:36mm")}"', 1))
    ]
    if words["barcode"]:
        stretched = f'<svg preserveAspectRatio="none" class="{_styles.name("width:58.5mm;height:11mm")}"'
        parts.append(_box(17.75, 267, 58.5, 11, words["barcode"]["svg"].replace("<svg", stretched, 1)))
        parts.append(_box(7, 278.5, 80, 7, "<br>".join(words["barcode"]["lines"]), "c", "font-size:7pt"))
    return "".join(parts)
