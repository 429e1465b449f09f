# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

DIRECT_CUSTOMERS = 5_000
STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class KeyAccountPointRun(models.Model):
    """The computation of one month's points, of all customers (PTS-03).

    It works customer by customer in chunks, each complete or not at all, remembers how
    far it came and goes on from there. What was granted before is compared with what
    is earned now, of this month and of the earlier ones whose bills or payments have
    changed; only differences are written. So repeating it writes nothing, and what was
    paid or credited since is given or taken back.
    """

    _name = "key.account.point.run"
    _description = "Points Computation"
    _order = "month desc"
    _rec_name = "month"
    _key_account_untracked = ("last_partner_id",)

    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="The month whose bills earn points, as its first day.",
    )
    state = fields.Selection(
        selection=STATES, default="draft", required=True, readonly=True
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(
        string="Booked on", readonly=True, help="The date of the entries it writes."
    )
    last_partner_id = fields.Integer(
        readonly=True, help="Customers up to this one are done."
    )
    date_done = fields.Datetime(string="Done on", readonly=True)
    date_begun = fields.Datetime(readonly=True)
    date_looked = fields.Datetime(
        readonly=True, help="Bills and payments entered before are in the points."
    )
    progress = fields.Float(related="run_id.progress")
    rate = fields.Float(related="run_id.rate")
    seconds_left = fields.Integer(related="run_id.seconds_left")
    customer_count = fields.Integer(related="run_id.row_count", string="Customers")
    earned = fields.Integer(
        string="Points Earned", readonly=True, help="By this month's bills."
    )
    corrected = fields.Integer(
        string="Points Corrected",
        readonly=True,
        help="Given or taken back for earlier months.",
    )
    cleared = fields.Integer(
        string="Points Cleared", readonly=True, help="Expired, or of who left."
    )
    entry_count = fields.Integer(string="Entries", readonly=True)
    owed = fields.Integer(
        string="Points Owed",
        readonly=True,
        help="To be taken back, but used already: taken from the next ones earned.",
    )
    message = fields.Text(related="run_id.message")

    _month_uniq = models.Constraint(
        "UNIQUE (month)", "There is a computation of this month: open and repeat it."
    )
    _month_first = models.Constraint(
        "CHECK (EXTRACT(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.model
    def _default_month(self):
        """The month after the last one computed, or last month."""
        last = self.search([("state", "=", "done")], limit=1).month
        if last:
            return last + relativedelta(months=1)
        today = fields.Date.context_today(self)
        return today.replace(day=1) - relativedelta(months=1)

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = format_date(self.env, run.month, date_format="yyyy-MM")

    @api.constrains("month")
    def _check_month(self):
        today = fields.Date.context_today(self)
        for run in self:
            if run.month > today:
                raise ValidationError(
                    self.env._(
                        "%(month)s has not begun: points are computed from bills, so "
                        "choose a month that is billed.",
                        month=run.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("month"):
                vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        # The rest is written by the computation itself.
        return super().create(
            [{k: v for k, v in vals.items() if k == "month"} for vals in vals_list]
        )

    def write(self, vals):
        if not self.env.su and vals.keys() - {"month"}:
            raise AccessError(
                self.env._("How far a computation is, is written by itself alone.")
            )
        if "month" in vals and any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("A computation that was started keeps its month.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("A computation that was started stays: it is a log.")
            )

    def action_start(self):
        """Compute at once for few customers, else in the background."""
        self._check_may_run()
        for run in self.sudo():  # sudo: state and log are written by the system
            if run.state in ("waiting", "running"):
                raise UserError(self.env._("This month is being computed already."))
            run._check_order()
            run.date = fields.Date.context_today(run)
            customers = self.env["key.account.standing"].sudo().search_count([])
            run._open_batch(customers)
            if customers <= DIRECT_CUSTOMERS:
                run._work_now()
            else:
                run.state = "waiting"
                # the scheduled action is started, nothing else
                self.env.ref("key_account_crm.ir_cron_points_run")._trigger()
        return True

    def action_cancel(self):
        """Stop after the chunk at work; what is done stays, and start goes on."""
        self._check_may_run()
        for run in self.sudo():  # sudo: state and log are written by the system
            if run.state == "running":
                run.run_id.is_cancel_requested = True
            elif run.state == "waiting":
                run._close("cancelled")
        return True

    def action_view_entries(self):
        """The entries this computation wrote."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_point_entry_action"
        )
        action["domain"] = [("month", "=", self.month), ("run_id", "!=", False)]
        action["context"] = {}
        return action

    def _check_may_run(self):
        self.check_access("write")

    def _check_order(self):
        """Months are computed one after the other, so that snapshots stay as they were.

        A month already computed may be repeated.
        """
        earlier = self.search(
            [("month", "<", self.month), ("state", "not in", ("done", "draft"))],
            limit=1,
        )
        if earlier:
            raise UserError(
                self.env._(
                    "The computation of %(earlier)s is not done: finish it before "
                    "%(month)s.",
                    earlier=earlier.display_name,
                    month=self.display_name,
                )
            )

    def _open_batch(self, customers):
        """Log a new batch, unless a stopped one goes on."""
        goes_on = self.state in ("failed", "cancelled") and self.run_id
        units = self.env["key.account.unit"]
        centre = units.search([("parent_id", "=", False)], limit=1)
        batch = self.env["key.account.run"].create(
            {
                "name": self.env._("Points of %(month)s", month=self.display_name),
                "kind": "points",
                "state": "waiting",
                "user_id": self.env.uid,
                "unit_id": self.env.user.key_account_unit_id.id or centre.id,
                "row_count": customers,
            }
        )
        if not goes_on:
            self.write(
                {"last_partner_id": 0, "owed": 0, "date_begun": batch.date_start}
            )
        self.run_id = batch

    def _close(self, state, message=False):
        values = {"done": "done", "cancelled": "cancelled"}
        self.state = state
        self.run_id.write(
            {
                "state": values.get(state, "failed"),
                "date_end": fields.Datetime.now(),
                "message": message,
                "is_cancel_requested": False,
            }
        )
        if state == "done":
            self.run_id.progress = 100
            self.date_done = fields.Datetime.now()
            self.date_looked = self.date_begun

    def _work_now(self):
        """Compute within the present transaction."""
        self._lock()
        self._begin()
        while self._step():
            pass
        self._close("done", self._get_remark())

    def _begin(self):
        self.state = "running"
        self.run_id.write({"state": "running", "date_start": fields.Datetime.now()})

    def _get_remark(self):
        if not self.owed:
            return False
        return self.env._(
            "%(points)s points were to be taken back but are used already: they are "
            "taken from the next points these customers earn.",
            points=self.owed,
        )
