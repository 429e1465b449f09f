# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """The grades a customer had, in its time line (GRD-16)."""

    _inherit = "key.account.timeline"
    _depends = {
        "key.account.grade.move": [
            "date_effective",
            "grade_from_id",
            "grade_to_id",
            "manager_id",
            "partner_id",
            "reason",
            "state",
            "unit_id",
            "user_id",
        ],
    }

    kind = fields.Selection(selection_add=[("grade", "Grade")])

    def _get_summary(self, record):
        if self.kind != "grade":
            return super()._get_summary(record)
        return self._join(self._get_grade_text(record), record.explanation)

    def _get_grade_text(self, move):
        if move.direction == "same":
            return self.env._("%(grade)s renewed", grade=move.grade_to_id.name)
        names = [grade.name or "–" for grade in (move.grade_from_id, move.grade_to_id)]
        return " → ".join(names)

    @api.model
    def _get_parts(self):
        return {**super()._get_parts(), "grade": self._get_grade_part()}

    def _get_grade_part(self):
        columns = self._get_fact_columns(
            "key.account.grade.move",
            "grade",
            date=SQL("fact.date_effective"),
            text=SQL("fact.reason"),
            user_id=SQL("COALESCE(fact.decided_by_id, fact.user_id)"),
        )
        source = SQL("key_account_grade_move AS fact WHERE fact.state = 'applied'")
        return columns, source
