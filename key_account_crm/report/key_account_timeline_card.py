# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """Steps of VIP cards in the customer's time line, for those who may read cards."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("card", "VIP Card")])

    _depends = {
        "key.account.card.move": [
            "date",
            "document",
            "line_id",
            "manager_id",
            "partner_id",
            "reason",
            "unit_id",
            "user_id",
        ],
    }

    @api.model
    def _get_parts(self):
        parts = super()._get_parts()
        columns, source = self._get_card_part()
        # Finance and agents read the time line, but no cards (domain 3.2). The part
        # stays, since the ids of the other parts depend on its place.
        if not self.env["key.account.card.move"].has_access("read"):
            source = SQL("%s WHERE FALSE", source)
        return {**parts, "card": (columns, source)}

    def _get_card_part(self):
        columns = self._get_fact_columns(
            "key.account.card.move",
            "card",
            date=self._to_local_date(SQL("fact.date")),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.document"),
            text=SQL("fact.reason"),
            user_id=SQL("fact.user_id"),
        )
        return columns, SQL("key_account_card_move AS fact")

    def _get_summary(self, record):
        if self.kind != "card":
            return super()._get_summary(record)
        actions = dict(record._fields["action"]._description_selection(self.env))
        return self._join(
            record.card_id.display_name,
            actions[record.action],
            record.reason_id.name,
            self.reference,
            self.text,
        )
