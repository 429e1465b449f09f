# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("planned", "Planned"),
    ("held", "Held"),
    ("cancelled", "Cancelled"),
]


class KeyAccountActivity(models.Model):
    """An activity for members, such as a salon, a training or an outing (SVC-13,
    SVC-16): where and when, who is invited, who came, what it cost."""

    _name = "key.account.activity"
    _description = "Member Activity"
    _inherit = ["mail.thread"]
    _order = "date_begin desc, id desc"

    name = fields.Char(required=True, translate=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("category", "=", "activity_kind")],
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Held by",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
    )
    place_id = fields.Many2one(
        comodel_name="key.account.card.place",
        string="Outlet",
        index="btree_not_null",
        ondelete="restrict",
    )
    date_begin = fields.Datetime(string="Begins", required=True)
    date_end = fields.Datetime(string="Ends", required=True)
    description = fields.Text(translate=True)
    capacity = fields.Integer(help="How many may come. Zero: as many as like.")
    state = fields.Selection(
        selection=STATES,
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    cost = fields.Monetary(
        help="What it cost in all: shared among the customers that came.",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    guest_ids = fields.One2many(
        comodel_name="key.account.activity.guest",
        inverse_name="activity_id",
        string="Guests",
        copy=False,
    )
    invited_count = fields.Integer(
        string="Invited", compute="_compute_counts", help="That you may look at."
    )
    accepted_count = fields.Integer(string="Will Come", compute="_compute_counts")
    attended_count = fields.Integer(string="Came", compute="_compute_counts")

    _dates_order = models.Constraint(
        "CHECK (date_end >= date_begin)", "An activity ends after it begins."
    )
    _positive = models.Constraint(
        "CHECK (capacity >= 0 AND cost >= 0)", "Capacity and cost are zero or more."
    )

    @api.depends("guest_ids.state")
    @api.depends_context("uid")
    def _compute_counts(self):
        guests = self.env["key.account.activity.guest"]
        self.update(
            dict.fromkeys(("invited_count", "accepted_count", "attended_count"), 0)
        )
        if not guests.has_access("read"):
            return
        groups = guests._read_group(
            [("activity_id", "in", self.ids)], ["activity_id", "state"], ["__count"]
        )
        for activity, state, count in groups:
            activity.invited_count += count
            if state == "accepted":
                activity.accepted_count = count
            elif state == "attended":
                activity.attended_count = count

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(
            [{k: v for k, v in vals.items() if k != "state"} for vals in vals_list]
        )
        activities._check_unit()
        return activities

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("An activity is held by its button."))
        result = super().write(vals)
        if "unit_id" in vals:
            self._check_unit()
        if {"cost", "state"} & vals.keys():
            self.guest_ids._share_cost()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_guests(self):
        # sudo: guests of every unit count; only whether there is one.
        guests = self.env["key.account.activity.guest"].sudo()
        if guests.search_count([("activity_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Customers were invited to it: cancel it instead.")
            )

    def _check_unit(self):
        """Whoever holds an activity holds it for his own units."""
        if self.env.su:
            return
        for activity in self:
            if activity.unit_id not in self.env.user.key_account_unit_ids:
                raise AccessError(
                    self.env._(
                        "You hold activities for your own units: choose one of them."
                    )
                )

    def action_held(self):
        """It took place: who accepted and did not come is absent, cost is shared."""
        self.check_access("write")
        for activity in self.filtered(lambda one: one.state == "planned"):
            if activity.date_begin > fields.Datetime.now():
                raise UserError(self.env._("It has not begun yet."))
        # sudo: guests of other units were invited too; the right was checked.
        self.sudo().write({"state": "held"})
        self.sudo().guest_ids.filtered(
            lambda guest: guest.state in ("invited", "accepted")
        ).write({"state": "absent"})
        return True

    def action_cancel(self):
        self.check_access("write")
        self.sudo().state = "cancelled"  # sudo: the state moves by buttons alone
        return True

    def action_invite(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_activity_invite_action"
        )
        return {**action, "context": {"default_activity_id": self.id}}

    def action_view_guests(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_activity_guest_action"
        )
        return {
            **action,
            "domain": [("activity_id", "=", self.id)],
            "context": {"default_activity_id": self.id},
        }
