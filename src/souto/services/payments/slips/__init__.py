"""Engine: payment slips (納付書) as PDF.

Problem: a city posts hundreds of thousands of slips a year, each with an eL-QR and a barcode of its own, and names that no font
holds alone. Method: one typst template, codes as vectors by zxing-cpp, many slips a document. Units: yen, millimetres, days.
The unified layout (統一様式) is not published; this one is ours: a letter above, three parts to tear off below.
"""

from souto.services.payments.slips.render import UnprintableSlipError, render_bulk, render_slip, unprintable
from souto.services.payments.slips.slip import (
    GUIDANCE,
    STORE_GUIDANCE,
    STORE_LIMIT_YEN,
    CodesDisagreeError,
    Issuer,
    Slip,
    SlipLinesError,
    SlipTextError,
    StoreLimitError,
)

__all__ = [
    "GUIDANCE",
    "STORE_GUIDANCE",
    "STORE_LIMIT_YEN",
    "CodesDisagreeError",
    "Issuer",
    "Slip",
    "SlipLinesError",
    "SlipTextError",
    "StoreLimitError",
    "UnprintableSlipError",
    "render_bulk",
    "render_slip",
    "unprintable",
]
