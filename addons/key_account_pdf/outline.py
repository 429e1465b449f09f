# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The outline of a PDF of several records: one entry per record, none per heading.

Odoo cuts such a PDF into one per record by its top outline, in the form that
wkhtmltopdf writes: named destinations in the catalogue, pages by number.
"""

import pydyf


class Outline:
    """Called by WeasyPrint when the pages are written."""

    def __init__(self, titles, starts):
        self.entries = list(zip(titles, starts, strict=True))

    def __call__(self, _document, pdf):
        if len(self.entries) < 2:
            return
        root = pydyf.Dictionary({"Type": "/Outlines", "Count": len(self.entries)})
        pdf.add_object(root)
        items = [self._item(root, *entry) for entry in self.entries]
        for item in items:
            pdf.add_object(item)
        for before, after in zip(items, items[1:], strict=False):
            before["Next"], after["Prev"] = after.reference, before.reference
        root["First"], root["Last"] = items[0].reference, items[-1].reference
        pdf.catalog["Outlines"] = root.reference
        pdf.catalog["Dests"] = pydyf.Dictionary(
            {
                f"record-{start}": pydyf.Array([start, "/XYZ", 0, 0, 0])
                for _title, start in self.entries
            }
        )

    def _item(self, root, title, start):
        return pydyf.Dictionary(
            {
                "Title": pydyf.String(title),
                "Parent": root.reference,
                "Dest": f"/record-{start}",
            }
        )
