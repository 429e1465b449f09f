# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

ASKED_FIELDS = {"unit_id", "date", "date_from", "days_due"}


class KeyAccountLateFeeRun(models.Model):
    """Charges late fees of a month: first a preview of what the rule says of each late
    bill, then a bill for each that was not waived (ARR-12).

    The fee is counted up to the day, less what was charged or waived before; so nothing
    is charged twice, and a month that was left out comes with the next one. Bills of
    late fees bear none.
    """

    _name = "key.account.late.fee.run"
    _description = "Late Fee Run"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "unit_id"

    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="Bills of this unit and those below.",
    )
    date = fields.Date(
        string="Up to",
        required=True,
        default=lambda self: self._default_date(),
        help="The last day that is counted; its month is the one charged.",
    )
    date_from = fields.Date(
        string="Due since",
        required=True,
        default=lambda self: self._default_date().replace(month=1, day=1),
        help="Bills that were due before bear no fee.",
    )
    days_due = fields.Integer(
        string="Days to Pay", default=15, help="From the day of charging."
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("preview", "Preview"),
            ("charged", "Charged"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Made by",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date_preview = fields.Date(string="Looked at on", readonly=True, copy=False)
    fee_ids = fields.One2many(
        comodel_name="key.account.late.fee",
        inverse_name="run_id",
        string="Late Fees",
    )
    proposed_count = fields.Integer(string="To Charge", compute="_compute_counts")
    charged_count = fields.Integer(string="Charged", compute="_compute_counts")
    waived_count = fields.Integer(string="Waived", compute="_compute_counts")

    _days_positive = models.Constraint(
        "CHECK (days_due >= 0)", "The days to pay are zero or more."
    )

    @api.model
    def _default_date(self):
        """The last day of last month."""
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), days=1)

    @api.depends("fee_ids.state")
    @api.depends_context("uid")
    def _compute_counts(self):
        groups = self.env["key.account.late.fee"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            for state in ("proposed", "charged", "waived"):
                run[f"{state}_count"] = counts.get((run._origin.id, state), 0)

    @api.constrains("date", "date_from")
    def _check_dates(self):
        for run in self:
            if not run.date_from <= run.date <= fields.Date.context_today(self):
                raise ValidationError(
                    self.env._(
                        "Count up to a day that has come, and of bills that were due "
                        "before it."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Runs of late fees are a log: they stay."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in ASKED_FIELDS & vals.keys()}
                for vals in vals_list
            ]
        runs = super().create(vals_list)
        runs._check_unit()
        return runs

    def write(self, vals):
        if not self.env.su:
            vals = {name: vals[name] for name in ASKED_FIELDS & vals.keys()}
            if vals and any(run.state != "draft" for run in self):
                raise UserError(self.env._("The run was looked at: make a new one."))
        result = super().write(vals)
        if "unit_id" in vals:
            self._check_unit()
        return result

    def _check_unit(self):
        if self.env.su:
            return
        for run in self:
            if run.unit_id not in self.env.user.key_account_unit_ids:
                raise AccessError(
                    self.env._("You charge the customers of your own units only.")
                )

    def action_preview(self):
        """Look what would be charged; what is waived stays waived."""
        self.check_access("write")
        for run in self.sudo():  # sudo: the rows of a preview are the system's
            if run.state not in ("draft", "preview"):
                raise UserError(self.env._("The run is done: make a new one."))
            run.fee_ids.filtered(lambda fee: fee.state == "proposed").unlink()
            run.write(
                {"state": "preview", "date_preview": fields.Date.context_today(run)}
            )
            run._select_fees()
        return True

    def _select_fees(self):
        self.env.flush_all()
        self.env.cr.execute(self._get_selection_sql())
        self.env["key.account.late.fee"].invalidate_model(flush=False)
        self.invalidate_recordset(flush=False)

    def _get_selection_sql(self) -> SQL:
        """The fee of every late bill up to the day, less what is decided."""
        units = self.env["key.account.unit"].with_context(active_test=False)
        return SQL(
            """
            INSERT INTO key_account_late_fee (
                run_id, bill_id, partner_id, line_id, unit_id, manager_id, currency_id,
                period, date, amount_total, amount, state, create_uid, create_date,
                write_uid, write_date)
            SELECT %(run)s, id, partner_id, line_id, unit_id, manager_id, currency_id,
                   %(month)s, %(day)s, total, total - earlier, 'proposed', %(user)s,
                   now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
              FROM (
                SELECT item.*, COALESCE(%(fee)s, 0) AS total, COALESCE((
                         SELECT SUM(amount) FROM key_account_late_fee AS fee
                          WHERE fee.bill_id = item.id AND fee.state <> 'proposed'
                       ), 0) AS earlier
                  FROM (
                    SELECT bill.*, %(day)s::date AS date_as_of, TRUE AS is_overdue
                      FROM key_account_bill AS bill
                     WHERE bill.kind = 'bill' AND bill.unit_id = ANY(%(units)s)
                       AND bill.date_due >= %(first)s AND bill.date_due < %(day)s
                       AND (bill.amount_open <> 0 OR EXISTS (
                            SELECT FROM key_account_payment AS payment
                             WHERE payment.bill_id = bill.id
                               AND payment.date_payment > bill.date_due))
                       AND NOT EXISTS (
                            SELECT FROM key_account_late_fee AS fee
                             WHERE fee.charge_id = bill.id)
                  ) AS item
              ) AS late
             WHERE total > earlier
            ON CONFLICT DO NOTHING
            """,
            run=self.id,
            month=self.date.replace(day=1),
            day=self.date,
            first=self.date_from,
            user=self.env.uid,
            units=units.search([("id", "child_of", self.unit_id.ids)]).ids,
            fee=self.env["key.account.late.fee.rule"]._get_fee_sql(self.date),
        )

    def action_charge(self):
        """A bill for each fee of the preview that nobody waived."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for run in self.sudo():  # sudo: bills of a run are the system's
            if run.state != "preview" or run.date_preview != today:
                raise UserError(
                    self.env._("Look at the preview of today first, then charge it.")
                )
            fees = run.fee_ids.filtered(lambda fee: fee.state == "proposed")
            fees._charge(fields.Date.add(today, days=run.days_due))
            run.state = "charged"
        return True

    def action_cancel(self):
        """Nothing of it is charged any more."""
        self.check_access("write")
        for run in self.sudo():  # sudo: as in the preview
            if run.state == "charged":
                raise UserError(
                    self.env._("It is charged: waive single fees with a reason.")
                )
            run.fee_ids.filtered(lambda fee: fee.state == "proposed").unlink()
            run.state = "cancelled"
        return True

    def action_view_fees(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_late_fee_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action
