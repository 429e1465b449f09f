# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class KeyAccountAllocation(models.Model):
    """What was given up settles a bill as a credit does: without money, and with an
    entry on the side of the bill alone (ARR-09)."""

    _inherit = "key.account.allocation"

    bad_debt_id = fields.Many2one(
        comodel_name="key.account.bad.debt",
        string="Bad Debt",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _prepare_create(self, vals):
        super()._prepare_create(vals)
        if vals.get("bad_debt_id") and not self.env.su:
            raise UserError(
                self.env._("Entries of a bad debt are made by approving it.")
            )

    def _prepare_counter_vals(self):
        return {
            **super()._prepare_counter_vals(),
            "bad_debt_id": self.bad_debt_id.id,
        }

    def _post(self):
        given_up = self.filtered("bad_debt_id")
        vals_list = []
        for allocation in given_up:
            vals_list.append(
                {
                    **allocation._prepare_payment_vals(),
                    "bill_id": allocation.bill_id.id,
                    "line_id": allocation.line_id.id,
                    "amount": allocation.amount,
                }
            )
        if vals_list:
            # sudo: as of every allocation.
            self.env["key.account.payment"].sudo().create(vals_list)
        if self - given_up:
            super(KeyAccountAllocation, self - given_up)._post()

    def _get_rest_of_credit(self):
        return 0 if self.bad_debt_id else super()._get_rest_of_credit()
