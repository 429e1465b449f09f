# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class KeyAccountStateMove(models.Model):
    """Who leaves has no grade any more; who returns gets one at the next run."""

    _inherit = "key.account.state.move"

    def _follow_up(self):
        super()._follow_up()
        self.filtered(lambda move: move.state_to == "churned")._end_grades()

    def _end_grades(self):
        """Grades end on the day the customer left, proposals are void."""
        grades = self.env["key.account.grade.move"]
        waiting = grades.search(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "proposed")]
        )
        waiting._decide("withdrawn", refusal=self.env._("The customer left."))
        vals_list = [
            {
                "partner_id": move.partner_id.id,
                "kind": move.partner_id.key_account_kind,
                "grade_from_id": standing.grade_id.id,
                "direction": "left",
                "state": "applied",
                "trigger": "churn",
                "cause": "churn",
                "date": move.date,
                "date_effective": move.date,
                "user_id": move.user_id.id,
                "reason": move.reason,
            }
            for move in self
            for standing in move.partner_id.key_account_standing_ids
            if standing.grade_id or standing.grade_date
        ]
        if vals_list:
            moves = grades.create(vals_list)
            self.env["key.account.standing"]._apply_grade_moves(moves)
