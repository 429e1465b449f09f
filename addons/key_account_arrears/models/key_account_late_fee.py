# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

DECIDERS = ("head", "company", "centre", "finance")


class KeyAccountLateFee(models.Model):
    """What the delay of a bill costs for a month: proposed by a run, charged as a bill
    of its own or waived with a reason; once a bill and month (ARR-12)."""

    _name = "key.account.late.fee"
    _description = "Late Fee of a Bill"
    _inherit = ["key.account.fact.mixin"]
    _order = "period desc, partner_id, id"
    _rec_name = "bill_id"
    _key_account_export_roles = FIGURE_ROLES

    run_id = fields.Many2one(
        comodel_name="key.account.late.fee.run",
        string="Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    bill_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Late Bill",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    period = fields.Date(
        required=True, readonly=True, help="The month charged, as its first day."
    )
    date = fields.Date(string="Up to", required=True, readonly=True)
    date_due = fields.Date(related="bill_id.date_due", string="Due Date")
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_total = fields.Monetary(
        string="Since Due", readonly=True, help="The fee of all days up to the day."
    )
    amount = fields.Monetary(
        string="Late Fee",
        required=True,
        readonly=True,
        help="Less what was charged or waived for earlier months.",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("charged", "Charged"),
            ("waived", "Waived"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    charge_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Charged by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reason = fields.Text(string="Reason to Waive")
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Waived by",
        readonly=True,
        ondelete="restrict",
    )

    _bill_period_uniq = models.UniqueIndex(
        "(bill_id, period)", "The late fee of the bill and month is there already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(fee.state != "proposed" for fee in self):
            raise UserError(self.env._("Late fees that were decided stay."))

    def write(self, vals):
        if not self.env.su and vals.keys() - {"reason"}:
            raise AccessError(
                self.env._("Late fees follow from the rule: waive one with a reason.")
            )
        if "reason" in vals and any(fee.state == "waived" for fee in self):
            raise UserError(self.env._("The late fee is waived: the reason stays."))
        return super().write(vals)

    def action_waive(self):
        """It is not charged; charged already, a credit note takes it back."""
        self.check_access("write")
        if not self.env.su and self.env.user.key_account_role not in DECIDERS:
            raise AccessError(
                self.env._("Late fees are waived by a head or by finance: ask one.")
            )
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for fee in self:
            if fee.state == "waived":
                raise UserError(self.env._("The late fee is waived already."))
            if not (fee.reason or "").strip():
                raise UserError(self.env._("Write down why the late fee is waived."))
        # sudo: that the user may waive them was checked; the ledger is the system's.
        fees = self.sudo()
        fees.filtered("charge_id")._credit()
        fees.write({"state": "waived", "decided_by_id": self.env.uid})
        return True

    def _credit(self):
        """Credit notes of what was charged, set against it as far as it is open."""
        today = fields.Date.context_today(self)
        for fee in self:
            charge = fee.charge_id
            credit = charge.create(
                {
                    **fee._prepare_bill(today, today),
                    "name": charge.name,
                    "revision": 1,
                    "kind": "credit",
                    "origin_id": charge.id,
                    "amount": -fee.amount,
                }
            )
            if charge.amount_open > 0:
                self.env["key.account.allocation"].create(
                    {
                        "bill_id": charge.id,
                        "credit_id": credit.id,
                        "amount": min(charge.amount_open, fee.amount),
                    }
                )

    def _charge(self, date_due):
        """A bill for each."""
        today = fields.Date.context_today(self)
        bills = self.env["key.account.bill"].create(
            [fee._prepare_bill(today, date_due) for fee in self]
        )
        for fee, bill in zip(self, bills, strict=True):
            fee.write({"state": "charged", "charge_id": bill.id})

    def _prepare_bill(self, date_bill, date_due):
        month = format_date(self.env, self.period, date_format="yyyyMM")
        return {
            "name": f"{self.bill_id.name}-LF{month}",
            "partner_id": self.partner_id.id,
            "line_id": self.line_id.id,
            "number_id": self.bill_id.number_id.id,
            "period": self.period,
            "date_bill": date_bill,
            "date_due": date_due,
            "currency_id": self.currency_id.id,
            "amount": self.amount,
        }
