"""Looking at what was printed: the fonts of the build, PDF pages as pictures, and a reader of codes that is not our writer."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pypdfium2
import pytest

from souto.foundation.documents.typesetting import FontSet
from souto.foundation.documents.typesetting.fonts import FILES

FONTS = Path(
    os.environ.get("SOUTO_FONTS")
    or Path(__file__).parents[1] / "src" / "souto" / "foundation" / "ui" / "static" / "souto" / "fonts"
)


def fonts() -> FontSet:
    """The fonts of the build; the test is skipped, and says why, where the build has not run."""
    if not all((FONTS / name).is_file() for name in FILES):
        pytest.skip(f"no fonts in {FONTS}: run scripts/build, or set SOUTO_FONTS")
    return FontSet.at(FONTS)


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def picture(pdf: bytes, page: int = 0, dpi: int = 300) -> np.ndarray:
    """A page as a grey picture, drawn by PDFium: what a printer or a phone's screen shows."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.array(document[page].render(scale=dpi / 72, grayscale=True).to_pil())
    finally:
        document.close()


def blurred(pdf: bytes, page: int = 0) -> np.ndarray:
    """A page as a small picture in which letters are grey spots: for comparing layouts, whatever the edges look like."""
    return cv2.resize(picture(pdf, page, dpi=120), (70, 99), interpolation=cv2.INTER_AREA).astype(int)


def svg_picture(svg: str, side: int = 600) -> np.ndarray:
    """An SVG of square aspect as a grey picture, drawn through a PDF by PDFium."""
    import typst

    source = (
        '#set page(width: 100pt, height: 100pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    pdf = typst.compile(source.encode(), sys_inputs={"svg": svg})
    return picture(pdf, dpi=round(side * 72 / 100))


def read_qr(image: np.ndarray) -> str:
    """What OpenCV reads from the one QR code in the picture; empty if it finds none.

    Its detector by ArUco markers: the older one misses a tenth of flawless codes, whoever drew them.
    """
    text, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(image)
    return text
