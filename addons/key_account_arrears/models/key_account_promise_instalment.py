# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountPromiseInstalment(models.Model):
    """What of a promise is to be paid by one day (ARR-12)."""

    _name = "key.account.promise.instalment"
    _description = "Instalment"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_due, id"
    _rec_name = "date_due"
    _key_account_untracked = ("date_kept", "is_late")

    promise_id = fields.Many2one(
        comodel_name="key.account.promise",
        string="Promise",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date_due = fields.Date(string="Pays by", required=True)
    amount = fields.Monetary(required=True)
    date_kept = fields.Date(
        string="Paid on",
        readonly=True,
        help="When the payments had reached this and all earlier instalments.",
    )
    is_late = fields.Boolean(
        string="Paid Late", readonly=True, help="Paid, but after its day."
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        compute="_compute_state",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An instalment is about more than nothing."
    )

    @api.depends("date_due", "date_kept")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for row in self:
            if row._is_broken(today):
                row.state = "broken"
            else:
                row.state = "kept" if row.date_kept else "open"

    def _is_broken(self, today):
        """Its day has passed, and it was not paid by then."""
        if not self.date_due or self.date_due >= today:
            return False
        return not self.date_kept or self.date_kept > self.date_due

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_change()
        promises = self.env["key.account.promise"]
        for vals in vals_list:
            promise = promises.browse(vals.get("promise_id") or [])
            vals["partner_id"] = promise.partner_id.id
            vals["line_id"] = promise.line_id.id
        rows = super().create(vals_list)
        rows._check_promise()
        return rows

    def _check_promise(self):
        for promise in self.promise_id:
            if min(promise.instalment_ids.mapped("date_due")) < promise.date:
                raise UserError(
                    self.env._(
                        "The first instalment is paid on the day of the promise or "
                        "later."
                    )
                )

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "Instalments are agreed with their plan and stay as they were agreed: "
                "make a new plan."
            )
        )

    def write(self, vals):
        self._refuse_change()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        self._refuse_change()
