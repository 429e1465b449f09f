# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .key_account_care_plan import OCCASIONS

MAX_DAYS = 92


class KeyAccountCareRun(models.Model):
    """A list of care for the customers of a unit: previewed with everybody who is left
    out and why, looked through, then confirmed (SVC-06, SVC-12).

    Repeated it plans nothing twice: an occasion of a customer is cared for once.
    """

    _name = "key.account.care.run"
    _description = "List of Care"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["unit_id"]

    name = fields.Char(compute="_compute_name")
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="Its customers and those of the units below.",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="Plans in force on this day; what lies before it is past.",
    )
    date_until = fields.Date(
        string="Starting until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7),
        help="What the plans begin with until this day: lead times are counted back "
        "from the day of the occasion.",
    )
    occasion = fields.Selection(selection=OCCASIONS, help="Empty: all occasions.")
    festival_id = fields.Many2one(
        comodel_name="key.account.festival",
        string="Festival",
        ondelete="restrict",
        help="Empty: all festivals that have a plan.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("previewed", "To Look Through"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
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
    batch_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    proposal_ids = fields.One2many(
        comodel_name="key.account.care.proposal",
        inverse_name="run_id",
        string="Rows",
    )
    proposed_count = fields.Integer(
        string="Proposed", compute="_compute_counts", help="That you may look at."
    )
    left_out_count = fields.Integer(string="Left out", compute="_compute_counts")
    care_count = fields.Integer(string="Planned", compute="_compute_counts")
    amount = fields.Float(
        string="Planned Cost", compute="_compute_counts", digits=(16, 2)
    )
    gift_text = fields.Text(
        string="Gifts",
        compute="_compute_gift_text",
        help="How many of each gift the list needs, and how many the unit and those "
        "above and below have.",
    )

    _dates_order = models.Constraint(
        "CHECK (date_until >= date)", "A list looks ahead: correct its days."
    )

    @api.depends("unit_id", "date", "occasion", "festival_id")
    @api.depends_context("lang")
    def _compute_name(self):
        occasions = dict(self._fields["occasion"]._description_selection(self.env))
        for run in self:
            what = run.festival_id.name or occasions.get(run.occasion)
            parts = [
                run.unit_id.name,
                what,
                run.date and format_date(self.env, run.date),
            ]
            run.name = " · ".join(filter(None, parts))

    @api.depends("proposal_ids.verdict", "proposal_ids.is_chosen", "state")
    @api.depends_context("uid")
    def _compute_counts(self):
        groups = self.env["key.account.care.proposal"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "verdict", "is_chosen"],
            ["__count", "amount:sum", "care_id:count"],
        )
        self.update(
            dict.fromkeys(("proposed_count", "left_out_count", "care_count"), 0)
            | {"amount": 0.0}
        )
        for run, verdict, is_chosen, count, amount, cares in groups:
            run.care_count += cares
            if verdict == "ok" and is_chosen:
                run.proposed_count += count
                run.amount += amount
            else:
                run.left_out_count += count

    @api.depends("proposal_ids.verdict", "proposal_ids.is_chosen")
    @api.depends_context("uid")
    def _compute_gift_text(self):
        for run in self:
            groups = self.env["key.account.care.proposal"]._read_group(
                [
                    ("run_id", "=", run.id),
                    ("verdict", "=", "ok"),
                    ("is_chosen", "=", True),
                    ("gift_id", "!=", False),
                ],
                ["gift_id"],
                ["gift_quantity:sum"],
            )
            run.gift_text = "\n".join(
                self.env._(
                    "%(gift)s: %(needed)s needed, %(left)s in stock",
                    gift=gift.name,
                    needed=needed,
                    left=gift.quantity,
                )
                for gift, needed in groups
            )

    @api.onchange("occasion")
    def _onchange_occasion(self):
        if self.occasion != "festival":
            self.festival_id = False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("Lists are a log: cancel this one instead."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            kept = {"unit_id", "date", "date_until", "occasion", "festival_id"}
            vals_list = [{n: vals[n] for n in vals.keys() & kept} for vals in vals_list]
        runs = super().create(vals_list)
        runs._check_unit()
        return runs

    def write(self, vals):
        if not self.env.su and any(run.state != "draft" for run in self):
            if vals.keys() - {"proposal_ids", "activity_ids", "message_ids"}:
                raise UserError(
                    self.env._("The list was made: cancel it and make a new one.")
                )
        if not self.env.su and {"state", "batch_id", "user_id"} & vals.keys():
            raise UserError(self.env._("A list moves on by its buttons."))
        result = super().write(vals)
        if "unit_id" in vals:
            self._check_unit()
        return result

    def _check_unit(self):
        """Whoever makes a list makes it for his own units."""
        if self.env.su:
            return
        for run in self:
            if run.unit_id not in self.env.user.key_account_unit_ids:
                raise AccessError(
                    self.env._("You make lists for your own units: choose one of them.")
                )

    def action_preview(self):
        """Fill the list: whom the plans in force mean, and who is left out."""
        self.check_access("write")
        self._check_unit()
        for run in self:
            if run.state != "draft":
                raise UserError(self.env._("The list was made already."))
            if (run.date_until - run.date).days > MAX_DAYS:
                raise UserError(
                    self.env._(
                        "A list looks at most %(days)s days ahead: choose an earlier "
                        "day.",
                        days=MAX_DAYS,
                    )
                )
            # sudo: plans, opt-outs, birthdays of the whole unit are looked at; the user
            # may make its lists (checked), and reads the rows in his own scope.
            run.sudo()._fill()
        return True

    def action_confirm(self):
        """Plan what was looked through."""
        self.check_access("write")
        self._check_unit()
        for run in self:
            # sudo: care of the whole unit is planned; the user may do so (checked).
            run.sudo()._confirm()
        return True

    def action_cancel(self):
        self.check_access("write")
        for run in self:
            if run.state not in ("draft", "previewed"):
                raise UserError(
                    self.env._("What a confirmed list planned is cancelled one by one.")
                )
            run.sudo().state = "cancelled"  # sudo: a list moves on by its buttons
        return True

    def action_view_proposals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_care_proposal_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)]}

    def action_view_cares(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_care_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}
