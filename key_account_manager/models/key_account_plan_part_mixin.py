# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

# They follow from the plan, whatever is given.
DERIVED = {"unit_id", "manager_id", "date_from", "date_to", "state"}


class KeyAccountPlanPartMixin(models.AbstractModel):
    """A row of a plan: read and written by whoever reads and writes the plan, and only
    while it is a draft."""

    _name = "key.account.plan.part.mixin"
    _description = "Part of a Plan"
    _plan_part_open_fields = ()  # what may be written of a plan that runs

    plan_id = fields.Many2one(
        comodel_name="key.account.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, index=True)
    manager_id = fields.Many2one(
        related="plan_id.manager_id", store=True, index="btree_not_null"
    )
    date_from = fields.Date(related="plan_id.date_from", store=True)
    date_to = fields.Date(related="plan_id.date_to", store=True)
    state = fields.Selection(related="plan_id.state", store=True)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(
            [{n: vals[n] for n in vals.keys() - DERIVED} for vals in vals_list]
        )
        parts._check_draft()
        return parts

    def write(self, vals):
        vals = {name: vals[name] for name in vals.keys() - DERIVED}
        if vals.keys() - set(self._plan_part_open_fields):
            self._check_draft()
        elif any(part.plan_id.state in ("due", "archived") for part in self):
            self._check_draft()
        result = super().write(vals)
        if "plan_id" in vals:
            self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_drafts(self):
        self._check_draft()

    def _check_draft(self):
        """Content is written by whoever may write the plan, of drafts only."""
        if self.env.su:
            return
        self.plan_id.check_access("write")
        if any(part.plan_id.state != "draft" for part in self):
            raise UserError(
                self.env._(
                    "The plan is no draft any more: let it be returned, or suggest "
                    "what should change."
                )
            )
