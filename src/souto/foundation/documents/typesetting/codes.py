"""QR codes and GS1-128 barcodes as vector paths and SVG, drawn by zxing-cpp.

The typesetter takes SVG as an image; a page takes it inline. Sizes are in modules (the narrowest bar or one QR cell), so
the template alone decides millimetres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import zxingcpp

from souto.kernel.errors import SoutoError

ErrorLevel = Literal["L", "M", "Q", "H"]
"""How much of a QR code may be lost: about 7, 15, 25, 30 %."""

QR_QUIET = 4
"""Modules of white around a QR code (JIS X 0510)."""
BAR_QUIET = 10
"""Modules of white left and right of a Code 128 symbol (JIS X 0504)."""

_DARK = re.compile(rb"\x00+")


class CodeRefusedError(SoutoError):
    """The content does not fit the code: too long, or not of its alphabet."""

    message = "この内容はコードにできません（%(detail)s）。"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A code to draw: ``width`` and ``height`` in modules with the quiet zone, and its dark runs.

    ``path`` is an SVG path of horizontal strokes (``M4 4h7``: seven modules from (4, 4)), each ``stroke`` modules high and drawn
    along its upper edge. A stroke takes a quarter of the characters that a rectangle takes, in the page and in the PDF.
    """

    width: int
    height: int
    stroke: int
    path: str

    def svg(self, label: str = "") -> str:
        """A whole SVG image, black on white. ``label`` is read aloud in its place; without one it is decoration."""
        role = f' role="img" aria-label="{_attribute(label)}"' if label else ' aria-hidden="true"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"{role}'
            f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{self.width}v{self.height}H0z"/>'
            f'<path fill="none" stroke="#000" stroke-width="{self.stroke}" transform="translate(0 {self.stroke / 2})"'
            f' d="{self.path}"/></svg>'
        )


def qr(payload: str, level: ErrorLevel = "M") -> Drawing:
    """A QR code in the smallest version that holds ``payload`` at ``level``, quiet zone included.

    Raises:
        CodeRefusedError: more than the largest version holds, or nothing at all.
    """
    size, modules = _modules(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    side = size + 2 * QR_QUIET
    rows = (_dark(modules, y * size, size, f" {y + QR_QUIET}h", QR_QUIET) for y in range(size))
    return Drawing(side, side, 1, "".join(rows))


def qr_svg(payload: str, level: ErrorLevel = "M", label: str = "") -> str:
    """`qr` as an SVG image."""
    return qr(payload, level).svg(label)


def gs1_128(content: str, height: int = 60) -> Drawing:
    """A GS1-128 barcode, quiet zones included. ``content`` has its application identifiers in brackets: ``(91)9599…``.

    Raises:
        CodeRefusedError: no such identifier, or a character that Code 128 does not have.
    """
    width, modules = _modules(content, zxingcpp.BarcodeFormat.Code128, gs1=True)
    return Drawing(width + 2 * BAR_QUIET, height, height, _dark(modules, 0, width, " 0h", BAR_QUIET))


def _modules(content: str, symbology: zxingcpp.BarcodeFormat, **options: object) -> tuple[int, bytes]:
    """Width and one byte a module, row by row, 0 for dark."""
    try:
        code = zxingcpp.create_barcode(content, symbology, **options)
    except ValueError as refusal:
        raise CodeRefusedError(detail=str(refusal)) from refusal
    image = code.to_image(scale=1, add_quiet_zones=False)
    return image.shape[1], bytes(memoryview(image))  # type: ignore[arg-type]  # its stub does not know __buffer__


def _dark(modules: bytes, start: int, length: int, y: str, left: int) -> str:
    """The dark runs of one row as path commands: move to the run, then draw along it."""
    found = (run.span() for run in _DARK.finditer(modules, start, start + length))
    return "".join([f"M{first - start + left}{y}{end - first}" for first, end in found])


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
