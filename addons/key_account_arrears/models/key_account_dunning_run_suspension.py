# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountDunningRun(models.Model):
    """A run also proposes what the policies say about suspensions: for each number by
    its own oldest bill. Nothing of it happens before somebody else approves it."""

    _inherit = "key.account.dunning.run"

    suspension_ids = fields.One2many(
        comodel_name="key.account.suspension", inverse_name="run_id"
    )
    suspension_count = fields.Integer(
        string="Suspensions",
        compute="_compute_suspension_count",
        help="Numbers whose suspension the run proposes, once it is confirmed.",
    )

    def _compute_suspension_count(self):
        for run in self:
            if run.state == "preview":
                run.suspension_count = run._count_suspensions_due()
            else:
                run.suspension_count = len(run.suspension_ids)

    def _count_suspensions_due(self):
        # sudo: a count of numbers in units that whoever reads the run duns anyway.
        steps = self.env["key.account.suspension"].sudo()
        candidates = steps._get_candidates_sql(self.date, self._get_number_scope())
        query = SQL(
            "SELECT COUNT(*) FROM (%s) AS candidate WHERE reason IS NULL", candidates
        )
        [[count]] = self.env.execute_query(query)
        return count

    def _get_number_scope(self) -> SQL:
        return self.env["key.account.suspension"]._get_scope_of(
            units=self.unit_id, partners=self.partner_ids
        )

    def _propose_suspensions(self, lines):
        result = super()._propose_suspensions(lines)
        # sudo: the rows are the system's; the run was checked when it was confirmed,
        # and who did so may not approve what it proposes.
        steps = self.env["key.account.suspension"].sudo()
        steps._propose(self._get_number_scope(), run=self)
        return result

    def action_view_suspensions(self):
        """Before the run is confirmed who would be suspended and who not and why, then
        what was proposed."""
        self.ensure_one()
        if self.state == "preview":
            wizard = self.env["key.account.suspension.propose"].create(
                {
                    "unit_id": self.unit_id.id,
                    "partner_ids": [(6, 0, self.partner_ids.ids)],
                }
            )
            return wizard.action_preview()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_suspension_action"
        )
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}
