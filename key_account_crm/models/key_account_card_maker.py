# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

import xlsxwriter
from reportlab.graphics import renderSVG
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import models
from odoo.exceptions import AccessError, UserError

BATCH = 1000
# Field and width of each column of the list.
COLUMNS = {
    "name": 24,
    "kind_id": 18,
    "holder_name": 30,
    "date_from": 12,
    "date_to": 12,
    "number_id": 20,
    "partner_id": 40,
    "unit_id": 24,
}


class KeyAccountCard(models.Model):
    """What the card maker needs: the printed card, and the list of those to be made."""

    _inherit = "key.account.card"

    def action_maker_list(self):
        """Download the list of these cards for the card maker."""
        self._check_maker()
        cards = self.filtered("name")
        if not cards:
            raise UserError(
                self.env._("Only issued cards are made: open the applications first.")
            )
        wizard = self.env["key.account.card.maker"].create(
            {"card_ids": [(6, 0, cards.ids)]}
        )
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/key_account/card/maker_list/{wizard.id}",
        }

    def _check_maker(self):
        """Who issues cards may have them made: the list is part of that work."""
        approver = "key_account_crm.group_key_account_approver"
        if not self.env.user.has_group(approver):
            raise AccessError(
                self.env._("Cards are made for those who issue them: ask the head.")
            )
        self.check_access("read")

    def _write_maker_list(self, stream):
        """The list as a workbook, written row by row, with the reader's rights."""
        self._check_maker()
        book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                # Text stays text: no formula, no number that loses its zeros.
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        sheet = book.add_worksheet(self.env._("Cards"))
        bold = book.add_format({"bold": True})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        labels = self.fields_get(list(COLUMNS), ["string"])
        for place, (fname, width) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, labels[fname]["string"], bold)
        row = 0
        for cards in self._split(BATCH):
            for card in cards:
                row += 1
                card._write_maker_row(sheet, row, date)
            cards.invalidate_recordset(flush=False)
        book.close()
        names = ["id", *COLUMNS]
        self.env["key.account.event"]._log_export(self._name, names, row)

    def _split(self, size):
        for start in range(0, len(self), size):
            yield self.browse(self.ids[start : start + size])

    def _get_barcode(self):
        """The number as a Code 128 barcode, drawn in lines: sharp in every size, and
        made without the picture libraries that bitmaps need."""
        self.ensure_one()
        drawing = createBarcodeDrawing("Code128", value=self.name, humanReadable=0)
        picture = renderSVG.drawToString(drawing)
        # In the middle of the place it is given; ReportLab sets it to the left.
        picture = picture.replace("xMinYMin", "xMidYMid").encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"

    def _get_print_name(self):
        return self.env._("VIP card %(number)s", number=self.name or "")

    def _get_printed_number(self):
        """The number in groups of four, as it is embossed."""
        self.ensure_one()
        number = self.name or ""
        groups = [number[start : start + 4] for start in range(0, len(number), 4)]
        return " ".join(groups)

    def _write_maker_row(self, sheet, row, date_format):
        for place, fname in enumerate(COLUMNS):
            value = self[fname]
            if fname == "holder_name":
                value = self._get_holder_name()
            if self._fields[fname].type == "date":
                if value:
                    sheet.write_datetime(row, place, value, date_format)
                continue
            if self._fields[fname].type == "many2one":
                value = value.display_name
            sheet.write_string(row, place, value or "")
