# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bar codes as lines instead of pixels: sharp on paper in every size.

Odoo's own pictures of them need a library for bitmaps that is not everywhere there.
"""

from reportlab.graphics import renderSVG

from odoo.tools.barcode import (
    check_barcode_encoding,
    createBarcodeDrawing,
    get_barcode_font,
)

BY_LENGTH = {8: "EAN8", 13: "EAN13"}
LEVELS = ("L", "M", "Q", "H")


def draw(kind, value, **options):
    """The bar code as SVG, with the options of Odoo's route; as Code 128 where the
    value does not fit the kind.

    >>> b"<svg" in draw("EAN13", "4006381333931", width="300")
    True
    >>> draw("EAN8", "11111111") == draw("Code128", "11111111")
    True
    """
    if kind == "auto":
        kind = BY_LENGTH.get(len(value), "Code128")
    if kind in BY_LENGTH.values() and not check_barcode_encoding(value, kind):
        kind = "Code128"
    settings = _get_settings(kind, options)
    try:
        drawing = createBarcodeDrawing(kind, value=value, **settings)
    except (ValueError, AttributeError):
        if kind in ("Code128", "QR"):
            raise
        drawing = createBarcodeDrawing("Code128", value=value, **settings)
    # In the middle of the place it is given; ReportLab sets it to the left.
    return renderSVG.drawToString(drawing).replace("xMinYMin", "xMidYMid").encode()


def _get_settings(kind, options):
    has_quiet = options.get("quiet", "1") not in ("0", 0, False)
    settings = {
        "width": min(int(options.get("width") or 600), 10000),
        "height": min(int(options.get("height") or 100), 10000),
        "quiet": has_quiet,
        "humanReadable": options.get("humanreadable", "0") not in ("0", 0, False),
        "barBorder": int(options.get("barBorder") or 4),
        "barLevel": options.get("barLevel")
        if options.get("barLevel") in LEVELS
        else "L",
    }
    if kind == "QR" and not has_quiet:
        settings["barBorder"] = 0
    if settings["humanReadable"]:
        settings["fontName"] = get_barcode_font()
    return settings
