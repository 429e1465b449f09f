# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sheet of a paper: its size, margins and where header and footer stand.

Reports are laid out for the way wkhtmltopdf works. Two habits of it are kept, so that
the same template gives the same paper with both: the header begins ``header_spacing``
above the content, and everything is shrunk to four fifths unless the paper format
disables shrinking, for then lengths on paper are meant.
"""

from dataclasses import dataclass

from odoo.addons.base.models.report_paperformat import PAPER_SIZES

SHRINK = 0.8
PIXELS_PER_MM = 96 / 25.4
# Finer images are made coarser; a bar code needs about this.
IMAGE_DPI = 300


@dataclass(frozen=True)
class Sheet:
    """Lengths in millimetres on paper."""

    width: float
    height: float
    margin_top: float
    margin_right: float
    margin_bottom: float
    margin_left: float
    header_spacing: float = 0
    header_line: bool = False
    zoom: float = SHRINK
    dpi: int = IMAGE_DPI

    @property
    def pixels(self):
        """Pixels between the margins, by which media queries are judged.

        >>> round(Sheet(210, 297, 0, 0, 0, 0).pixels)
        992
        """
        width = self.width - self.margin_left - self.margin_right
        return width / self.zoom * PIXELS_PER_MM

    def css(self):
        """
        >>> sheet = Sheet(80, 40, 10, 4, 6, 4, header_spacing=7, zoom=1)
        >>> print(sheet.css().partition("    content")[0])
        @page {
          size: 80mm 40mm;
          margin: 10mm 4mm 6mm 4mm;
          @top-center {
            padding-top: 3mm;
            border-bottom: none;
        <BLANKLINE>
        """
        return PAGE.format(
            size=" ".join(map(self._length, (self.width, self.height))),
            margin=" ".join(map(self._length, self._margins())),
            top=self._length(max(self.margin_top - self.header_spacing, 0)),
            line="1px solid" if self.header_line else "none",
        )

    def _margins(self):
        return (
            self.margin_top,
            self.margin_right,
            self.margin_bottom,
            self.margin_left,
        )

    def _length(self, millimetres):
        return f"{millimetres / self.zoom:g}mm"


def get_sheet(paperformat, landscape=None, arguments=None):
    """The sheet of a paper format; arguments are what the template itself wants."""
    arguments = arguments or {}

    def number(name, default):
        return float(arguments.get(f"data-report-{name}") or default)

    width, height = _get_size(paperformat)
    turned = landscape or arguments.get("data-report-landscape")
    if turned or paperformat.orientation == "Landscape":
        width, height = height, width
    return Sheet(
        width=width,
        height=height,
        margin_top=number("margin-top", paperformat.margin_top),
        margin_right=paperformat.margin_right,
        margin_bottom=number("margin-bottom", paperformat.margin_bottom),
        margin_left=paperformat.margin_left,
        header_spacing=number("header-spacing", paperformat.header_spacing),
        header_line=paperformat.header_line,
        zoom=1 if paperformat.disable_shrinking else SHRINK,
        dpi=max(int(number("dpi", paperformat.dpi)), IMAGE_DPI),
    )


def _get_size(paperformat):
    sizes = {size["key"]: size for size in PAPER_SIZES}
    size = sizes.get(paperformat.format or "A4", sizes["A4"])
    if "width" in size:
        return size["width"], size["height"]
    return paperformat.page_width or 210, paperformat.page_height or 297


# Headers and footers are parts of the page that each sheet repeats; page numbers are
# counted there. The rest undoes what the layout of a report is for wkhtmltopdf alone.
PAGE = """@page {{
  size: {size};
  margin: {margin};
  @top-center {{
    padding-top: {top};
    border-bottom: {line};
    content: element(paper-header);
    width: 100%;
    vertical-align: top;
  }}
  @bottom-center {{
    content: element(paper-footer);
    width: 100%;
    vertical-align: top;
  }}
}}
html, body {{ height: auto !important; overflow: visible !important; margin: 0; }}
body, .paper-header, .paper-footer {{ max-width: none !important; }}
* {{ bookmark-level: none; }}
h1, h2, h3, h4, h5, h6 {{ break-after: avoid; }}
thead {{ display: table-header-group; }}
tr {{ break-inside: avoid; }}
.paper-header {{ position: running(paper-header); }}
.paper-footer {{ position: running(paper-footer); }}
.paper-header .page, .paper-footer .page {{ display: inline; }}
.paper-header .page::after, .paper-footer .page::after {{ content: counter(page); }}
.paper-header .topage::after, .paper-footer .topage::after {{
  content: counter(pages);
}}
"""
