# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .key_account_feed_result import LETTERS


class KeyAccountFeedRefusal(models.Model):
    """One thing wrong with one row of a transmission: row, field, reason and remedy.

    The reason is a code; what it says is put into words for whoever reads it, in that
    reader's language.
    """

    _name = "key.account.feed.refusal"
    _description = "Refused Row"
    _order = "feed_id, row, id"
    _rec_name = "row"

    feed_id = fields.Many2one(
        comodel_name="key.account.feed", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
    )
    row = fields.Integer(required=True, aggregator=None)
    letter = fields.Selection(selection=LETTERS, string="Record")
    code = fields.Char(required=True)
    field_name = fields.Char()
    value = fields.Char()
    other_row = fields.Integer(aggregator=None)
    record_code = fields.Char(
        compute="_compute_texts", help="Nine digits: record type, field and error."
    )
    field_label = fields.Char(string="Field", compute="_compute_texts")
    reason = fields.Char(compute="_compute_texts")
    remedy = fields.Char(string="What to Do", compute="_compute_texts")

    @api.depends("letter", "code", "field_name", "value", "other_row")
    @api.depends_context("lang")
    def _compute_texts(self):
        texts = self.env["key.account.feed.text"]
        for refusal in self:
            refusal.update(texts._get_row_text(refusal))

    @api.model
    def _replace(self, feed):
        """Keep what the check of a transmission refused, in one statement."""
        table = SQL.identifier(self._table)
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM %s WHERE feed_id = %s", table, feed.id))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (
                    feed_id, unit_id, row, letter, code, field_name, value, other_row,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(feed)s, %(unit)s, row, NULLIF(letter, ''), code, field, value,
                       other, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM feed_refusal ORDER BY row
                """,
                table=table,
                feed=feed.id,
                unit=feed.unit_id.id,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(flush=False)
        feed.invalidate_recordset(["refusal_ids"], flush=False)

    @api.model
    def _get_column_number(self, letter, field_name):
        """Position of a field in its record, the letter itself being field 1."""
        record = self.env["key.account.feed.text"]._get_record(letter)
        names = record.names if record else []
        return names.index(field_name) + 2 if field_name in names else 0
