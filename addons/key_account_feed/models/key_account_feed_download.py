# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import logging

import xlsxwriter

from odoo import fields, models
from odoo.exceptions import UserError

from ..layout import MARKER
from ..reader import CONTROL, detect_encoding, iterate_lines

_logger = logging.getLogger(__name__)

LOADED = ("done", "replaced")
NO_LINE = -1


class KeyAccountFeed(models.Model):
    """What a branch gets back of its transmission: results, and its refused rows."""

    _inherit = "key.account.feed"

    refused_file = fields.Binary(
        compute="_compute_refused_file",
        groups="key_account_crm.group_key_account_operator",
    )
    refused_xlsx = fields.Binary(
        compute="_compute_refused_xlsx",
        groups="key_account_crm.group_key_account_operator",
    )
    result_file = fields.Binary(compute="_compute_result_files")
    record_file = fields.Binary(compute="_compute_result_files")

    def _compute_refused_file(self):
        for feed in self:
            feed.refused_file = base64.b64encode(feed._get_refused_text().encode())

    def _compute_refused_xlsx(self):
        for feed in self:
            feed.refused_xlsx = base64.b64encode(feed._get_refused_workbook())

    def _compute_result_files(self):
        for feed in self:
            (_f, result), (_r, records) = feed._get_answers()
            feed.result_file = base64.b64encode(result.encode())
            feed.record_file = base64.b64encode(records.encode())

    def action_download_refused(self):
        """The refused rows as they came, each with reason and remedy behind a mark.

        Mended, the file is loaded as it is: what follows the mark is not read.
        """
        return self._download("refused_file", self._get_mended_name())

    def action_download_xlsx(self):
        return self._download("refused_xlsx", f"{self.name}.xlsx")

    def action_download_results(self):
        return self._download("record_file", f"r_{self.name}.verf")

    def _download(self, fname, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/{fname}"
            f"?download=true&filename={name}",
        }

    def _get_mended_name(self):
        """The name under which the mended rows may be sent."""
        step = 1 if self.state in LOADED else 0
        return f"{self.series}_{self.revision + step:02}_001.dat"

    def _get_lines(self):
        """Pairs of row number and text of all rows, in the file's order."""
        row = 0
        for part in self.part_ids:
            with part._open() as stream:
                encoding = self.encoding or detect_encoding(stream)
                for line in iterate_lines(stream):
                    row += 1
                    yield row, line.decode(encoding, "replace").lstrip("\ufeff")

    def _get_refusals_by_row(self):
        found = {}
        for refusal in self.refusal_ids:
            found.setdefault(refusal.row, []).append(refusal)
        return found

    def _get_refused_text(self):
        """Refused rows with their reasons; of a file that was not loaded, all rows."""
        refusals = self._get_refusals_by_row()
        is_whole = self.state not in LOADED
        lines = []
        for row, line in self._get_lines():
            plain = line.split(MARKER)[0]
            if row in refusals:
                texts = [
                    CONTROL.sub(" ", f"{refusal.reason} {refusal.remedy}")
                    for refusal in refusals[row]
                ]
                lines.append(f"{plain}{MARKER}{row}|{' / '.join(texts)}")
            elif is_whole:
                lines.append(plain)
        return "".join(f"{line}\n" for line in lines)

    def _get_refused_workbook(self):
        """The refused rows for people: every cell is text, so no formula is one."""
        content = io.BytesIO()
        # Cells are written as strings: a leading = + - @ stays what it is, a text.
        workbook = xlsxwriter.Workbook(content, {"in_memory": True})
        sheet = workbook.add_worksheet(self.env._("Refused Rows"))
        bold = workbook.add_format({"bold": True})
        titles = [
            self.env._("Row"),
            self.env._("Field"),
            self.env._("Value"),
            self.env._("Reason"),
            self.env._("What to Do"),
            self.env._("Original"),
        ]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        lines = dict(self._get_lines())
        for index, refusal in enumerate(self.refusal_ids, 1):
            texts = (
                refusal.field_label,
                refusal.value,
                refusal.reason,
                refusal.remedy,
                CONTROL.sub("?", lines.get(refusal.row, "")),
            )
            sheet.write_number(index, 0, refusal.row)
            for column, text in enumerate(texts, 1):
                sheet.write_string(index, column, (text or "")[:32_000])
        sheet.set_column(1, len(titles) - 1, 30)
        workbook.close()
        return content.getvalue()

    def _get_answers(self):
        """Pairs of name and content of f_….verf and r_….verf."""
        stamp = fields.Datetime.now().strftime("%Y%m%d%H%M%S")
        name = self.part_ids[:1].name
        result = f"{name}|{stamp}|{self.file_code}\r\n"
        rows = [(refusal.row, refusal.record_code) for refusal in self.refusal_ids]
        records = "".join(
            f"{name}|{row}|{code}\r\n" for row, code in rows or [(NO_LINE, "000000000")]
        )
        return [(f"f_{self.name}.verf", result), (f"r_{self.name}.verf", records)]

    def _write_results(self):
        """Answer a file that came through the watched folder."""
        self._get_source()._write_answers(self._get_answers())

    def _answer_soon(self):
        """Answer a file of the watched folder once what became of it is saved."""
        if not self.is_direct:
            return
        answers, source = self._get_answers(), self._get_source()

        def write():
            try:
                source._write_answers(answers)
            except (OSError, UserError) as error:
                _logger.warning("%s is not answered: %s", self.name, error)

        self.env.cr.postcommit.add(write)
