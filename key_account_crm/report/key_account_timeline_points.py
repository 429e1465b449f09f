# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from ..models.key_account_point_entry import COMPUTED_KINDS


class KeyAccountTimeline(models.Model):
    """Points that were given, used or lost. What bills earn month by month is left to
    the list of entries: it would hide everything else."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("points", "Points")])

    _depends = {
        "key.account.point.entry": [
            "create_uid",
            "date",
            "kind",
            "line_id",
            "manager_id",
            "note",
            "partner_id",
            "quantity",
            "unit_id",
        ],
    }

    def _get_parts(self):
        return {**super()._get_parts(), "points": self._get_points_part()}

    def _get_points_part(self):
        columns = self._get_fact_columns(
            "key.account.point.entry",
            "points",
            date=SQL("fact.date"),
            line_id=SQL("fact.line_id"),
            text=SQL("fact.note"),
            user_id=SQL("fact.create_uid"),
        )
        source = SQL(
            "key_account_point_entry AS fact WHERE fact.kind <> ALL(%s)",
            list(COMPUTED_KINDS),
        )
        return columns, source

    def _get_summary(self, record):
        if self.kind == "points":
            return self._join(record.display_name, self.text)
        return super()._get_summary(record)
