"""Engine: typesetting. Typst templates and data become PDF; payloads become QR codes and barcodes.

Problem: a city's documents must print every name right, be read by screen readers, and come by the hundred thousand.
Method: typst with fonts that come with the build only, coverage checked before anything is set, data kept apart from
source. Sources: PDF/UA-1 (ISO 14289-1), PDF/A-2 (ISO 19005-2), JIS X 0510 (QR), GS1 General Specifications.
"""

from souto.foundation.documents.typesetting.codes import (
    CodeRefusedError,
    Drawing,
    ErrorLevel,
    gs1_128,
    qr,
    qr_svg,
)
from souto.foundation.documents.typesetting.engine import Standard, TypesettingError, compile_pdf, forget
from souto.foundation.documents.typesetting.fitting import POINT_MM, DoesNotFitError, fit, lines_needed, measure
from souto.foundation.documents.typesetting.fonts import (
    FontSet,
    FontsMissingError,
    MissingGlyphsError,
    missing_glyphs,
    printable,
    require_glyphs,
    with_geta,
)

__all__ = [
    "POINT_MM",
    "CodeRefusedError",
    "DoesNotFitError",
    "Drawing",
    "ErrorLevel",
    "FontSet",
    "FontsMissingError",
    "MissingGlyphsError",
    "Standard",
    "TypesettingError",
    "compile_pdf",
    "fit",
    "forget",
    "gs1_128",
    "lines_needed",
    "measure",
    "missing_glyphs",
    "printable",
    "qr",
    "qr_svg",
    "require_glyphs",
    "with_geta",
]
