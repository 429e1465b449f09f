# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class KeyAccountDunningRun(models.Model):
    """A dunning of many customers or one: first a preview of who would get what and
    who is left out and why, then what was confirmed goes out (ARR-02, ARR-03).

    One message per customer and step. Repeated, or run twice at once, it sends nothing
    twice: a step towards a customer about the same oldest bill is taken once.
    """

    _name = "key.account.dunning.run"
    _description = "Dunning Run"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["unit_id"]

    name = fields.Char(compute="_compute_name")
    date = fields.Date(
        string="As of",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="Customers of this unit and those below.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_dunning_run_partner_rel",
        column1="run_id",
        column2="partner_id",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
        help="Empty: all.",
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
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Confirmed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("preview", "Preview"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="key.account.dunning.line",
        inverse_name="run_id",
        string="Customers Looked at",
    )
    ready_count = fields.Integer(string="To Send", compute="_compute_counts")
    sent_count = fields.Integer(string="Done", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_counts")

    @api.depends("date", "unit_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.date or ''} · {run.unit_id.name or ''}"

    @api.depends("line_ids.state")
    @api.depends_context("uid")
    def _compute_counts(self):
        groups = self.env["key.account.dunning.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.ready_count = sum(
                counts.get((run._origin.id, state), 0) for state in ("ready", "queued")
            )
            for state in ("sent", "failed", "left_out"):
                run[f"{state}_count"] = counts.get((run._origin.id, state), 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Dunning runs are a log: they stay."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            allowed = {"unit_id", "partner_ids"}
            vals_list = [
                {name: vals[name] for name in allowed & vals.keys()}
                for vals in vals_list
            ]
        runs = super().create(vals_list)
        runs._check_unit()
        return runs

    def write(self, vals):
        own = vals.keys() & {"unit_id", "partner_ids"}
        if not self.env.su:
            vals = {
                name: value for name, value in vals.items() if not self._is_log(name)
            }
            if own and any(run.state not in ("draft", "preview") for run in self):
                raise UserError(self.env._("The run is confirmed: make a new one."))
        result = super().write(vals)
        if own:
            self._check_unit()
        return result

    def _is_log(self, name):
        """What the buttons write, and nobody else."""
        return name in ("date", "user_id", "confirmed_by_id", "date_confirmed", "state")

    def _check_unit(self):
        """Whoever duns does so inside his own units."""
        if self.env.su:
            return
        for run in self:
            if run.unit_id not in self.env.user.key_account_unit_ids:
                raise AccessError(
                    self.env._("You dun the customers of your own units only.")
                )
            run.partner_ids.check_access("read")

    def _set(self, **vals):
        # sudo: written by the buttons only, which checked who presses them.
        self.sudo().write(vals)

    def action_preview(self):
        """Look who would get what today, and who is left out and why."""
        self.check_access("write")
        for run in self:
            if run.state not in ("draft", "preview"):
                raise UserError(
                    self.env._("The run is confirmed: make a new one to look again.")
                )
            run._check_unit()
            run._set(state="preview", date=fields.Date.context_today(self))
            # sudo: the rows of a preview are the system's; it reaches the units that
            # were checked and no further.
            run.sudo()._select_lines()
        return True

    def action_confirm(self):
        """Let everything go out that the preview shows and that still holds."""
        self.check_access("write")
        for run in self:
            if run.state != "preview":
                raise UserError(
                    self.env._("Look at the preview first, then confirm it.")
                )
            if run.date != fields.Date.context_today(self):
                raise UserError(
                    self.env._("The preview is of another day: look again first.")
                )
            run._check_unit()
            run._set(
                state="confirmed",
                confirmed_by_id=self.env.uid,
                date_confirmed=fields.Datetime.now(),
            )
            # sudo: as above.
            run.sudo()._queue_lines()
            run.sudo().line_ids._send_queued()
            run.sudo()._propose_suspensions(run.sudo().line_ids)
        return True

    def _propose_suspensions(self, lines):
        """Steps that take service away are no messages: hook of whoever proposes them
        for the customers of a confirmed run. It reaches every row of the preview, also
        those left out because their last message went out already."""

    def action_cancel(self):
        """Nothing of it goes out any more; what went out stays."""
        self.check_access("write")
        for run in self:
            run._set(state="cancelled")
            # sudo: the lines are the system's.
            lines = run.sudo().line_ids
            lines.filtered(lambda line: line.state in ("ready", "queued"))._leave_out(
                "cancelled"
            )
        return True

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_dunning_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {"search_default_group_state": 1}
        return action
