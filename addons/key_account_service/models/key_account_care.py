# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .key_account_care_plan import OCCASIONS
from .key_account_care_plan_line import CHANNEL_OF_MEANS, MEANS
from .key_account_clock_mixin_customer import MARKS

STATES = [
    ("planned", "Planned"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
# Set by the steps alone, whoever writes.
GUARDED = {"state", "date_done", "gift_cost", "occasion_key", "run_id", "plan_line_id"}
# What may still be said about an act that is over.
OPEN_FIELDS = {"outcome", "mark", "note", "activity_ids", "message_follower_ids"}


class KeyAccountCare(models.Model):
    """One act of care for a customer or one of its people (SVC-06 to SVC-15): planned
    for a day, by some means, done or not, what it cost and what came of it."""

    _name = "key.account.care"
    _description = "Care"
    _inherit = ["key.account.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_shown desc, id desc"
    _rec_names_search = ["name", "partner_id"]

    name = fields.Char(string="What", required=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
        help="Empty: the customer as such.",
    )
    occasion = fields.Selection(
        selection=[*OCCASIONS, ("other", "Another Occasion")],
        default="other",
        required=True,
        index=True,
    )
    festival_id = fields.Many2one(
        comodel_name="key.account.festival",
        string="Festival",
        index="btree_not_null",
        ondelete="restrict",
    )
    date_occasion = fields.Date(
        string="Day of the Occasion",
        groups="key_account_crm.group_key_account_staff",
        help="It may be the birthday of a person: for those who serve the customer.",
    )
    step = fields.Integer(
        string="Step Number", default=1, required=True, readonly=True, aggregator=None
    )
    date_planned = fields.Date(
        string="Planned for",
        groups="key_account_crm.group_key_account_staff",
        required=True,
        index=True,
        tracking=True,
        default=fields.Date.context_today,
    )
    means = fields.Selection(
        selection=MEANS, default="visit", required=True, index=True, tracking=True
    )
    state = fields.Selection(
        selection=STATES,
        default="planned",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Done by",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=[("key_account_role", "!=", False)],
        default=lambda self: self.env.user,
    )
    date_done = fields.Date(
        string="Done on",
        readonly=True,
        index="btree_not_null",
        groups="key_account_crm.group_key_account_staff",
    )
    outcome = fields.Text(help="What came of it, what the customer said.")
    mark = fields.Selection(selection=MARKS, string="Satisfaction")
    refusal = fields.Char(string="Why Not", readonly=True)
    gift_id = fields.Many2one(
        comodel_name="key.account.gift",
        string="Gift",
        index="btree_not_null",
        ondelete="restrict",
    )
    gift_quantity = fields.Integer(string="Pieces", default=1, aggregator=None)
    gift_move_ids = fields.One2many(
        comodel_name="key.account.gift.move",
        inverse_name="care_id",
        string="Movements of Gifts",
        readonly=True,
        groups="key_account_crm.group_key_account_approver",
    )
    cost = fields.Monetary(
        string="Other Cost", help="Besides the gift: flowers, travel, a meal."
    )
    gift_cost = fields.Monetary(
        string="Cost of the Gift", readonly=True, help="What was paid for the pieces."
    )
    amount = fields.Monetary(
        string="Cost", compute="_compute_amount", store=True, help="All in all."
    )
    amount_collected = fields.Monetary(
        string="Collected", help="Fees taken at the premises."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    plan_line_id = fields.Many2one(
        comodel_name="key.account.care.plan.line",
        string="By the Plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.care.run",
        string="List",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="key_account_crm.group_key_account_staff",
    )
    note = fields.Text(string="Remarks")
    occasion_key = fields.Char(
        readonly=True,
        copy=False,
        groups="key_account_crm.group_key_account_staff",
        help="Customer, person, line, occasion and day: the same act is not planned "
        "twice. It stays as it was when files are merged.",
    )
    _occasion_uniq = models.UniqueIndex(
        "(occasion_key) WHERE occasion_key IS NOT NULL AND state <> 'cancelled'",
        "The customer is cared for on this occasion already.",
    )
    _positive = models.Constraint(
        "CHECK (cost >= 0 AND gift_quantity > 0 "
        "AND COALESCE(amount_collected, 0) >= 0)",
        "Cost is zero or more, pieces are one or more.",
    )

    @api.depends("cost", "gift_cost")
    def _compute_amount(self):
        for care in self:
            care.amount = care.cost + care.gift_cost

    @api.depends("name", "partner_id", "contact_id")
    def _compute_display_name(self):
        for care in self:
            whom = care.contact_id.name or care.partner_id.name
            care.display_name = " · ".join(filter(None, [care.name, whom]))

    @api.constrains("partner_id", "contact_id")
    def _check_contact_id(self):
        for care in self:
            person = care.contact_id
            if person and person.commercial_partner_id != (
                care.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s: choose somebody "
                        "who does, or leave the person empty.",
                        person=person.display_name,
                        customer=care.partner_id.display_name,
                    )
                )

    @api.constrains("means", "partner_id", "contact_id", "date_planned", "state")
    def _check_wanted(self):
        """What the customer does not want is not planned, by hand neither."""
        optouts = self.env["key.account.optout"]
        # sudo: the day may be one that its writer does not see.
        for care in self.sudo().filtered(lambda care: care.state == "planned"):
            if optouts._is_opted_out(
                care.partner_id,
                "care",
                CHANNEL_OF_MEANS[care.means],
                care.date_planned,
                care.contact_id,
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s does not want that: see the opt-outs, and choose "
                        "another way.",
                        customer=care.contact_id.name or care.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - GUARDED}
                for vals in vals_list
            ]
        cares = super().create(vals_list)
        # Anew: the day that is shown may have been what was written.
        cares._replan_activities()
        return cares

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if {"user_id", "date_planned", "date_shown"} & vals.keys():
            self._replan_activities()
        return result

    def _check_write(self, vals):
        if GUARDED & vals.keys():
            raise UserError(self.env._("Care is finished by its buttons."))
        is_over = any(care.state != "planned" for care in self)
        if is_over and vals.keys() - OPEN_FIELDS:
            raise UserError(
                self.env._("This is over: only its outcome may still be described.")
            )
        if {"gift_id", "gift_quantity"} & vals.keys() and any(
            care.gift_cost for care in self
        ):
            raise UserError(
                self.env._("The gift was taken from stock: give it back first.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fact(self):
        raise UserError(self.env._("Care is kept: cancel it instead."))
