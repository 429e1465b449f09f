# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

CUSTOMER_KINDS = [
    ("group", "Group"),
    ("professional", "Professional"),
    ("individual", "Individual"),
    ("potential", "Potential"),
    ("other", "Other Caller"),
    ("anonymous", "Unknown"),
]


class KeyAccountInquiry(models.Model):
    """One question somebody asked: about what, by which channel, when, and whether it
    was answered (COL-04, ANA-15).

    Counted also of callers who are no customers, or do not say who they are: these
    belong to the unit that answered.
    """

    _name = "key.account.inquiry"
    _description = "Inquiry"
    _inherit = ["key.account.fact.mixin", "key.account.cost.mixin"]
    _order = "date_asked desc, id desc"
    _rec_name = "question"
    _cost_source = "inquiry"
    _cost_basis = {"date_asked", "duration", "line_id", "partner_id"}
    _cost_figures = {"cost", "currency_id"}

    partner_id = fields.Many2one(required=False, index=False)
    content_id = fields.Many2one(
        comodel_name="key.account.inquiry.content",
        string="Content",
        required=True,
        index=True,
        ondelete="restrict",
    )
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Channel",
        required=True,
        ondelete="restrict",
        domain=[("category", "=", "channel")],
        default=lambda self: self._default_channel(),
    )
    customer_kind = fields.Selection(
        selection=CUSTOMER_KINDS,
        compute="_compute_customer_kind",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Of the customer at that time, or what the caller seems to be.",
    )
    number = fields.Char(help="From which, or about which number was asked. Text.")
    question = fields.Char(help="In the words of the caller.")
    answer = fields.Text()
    is_answered = fields.Boolean(string="Answered at Once", default=True)
    date_asked = fields.Datetime(
        string="Asked at", required=True, default=fields.Datetime.now
    )
    day = fields.Date(compute="_compute_day", store=True)
    hour = fields.Integer(
        compute="_compute_day",
        store=True,
        aggregator=None,
        help="Of the day, where the centre works.",
    )
    duration = fields.Float(string="Minutes", help="How long it took to answer.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Agent",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    request_id = fields.Many2one(
        comodel_name="key.account.request",
        string="Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Registered because it could not be answered at once.",
    )
    inquiry_count = fields.Integer(string="Inquiries", default=1, readonly=True)

    _partner_idx = models.Index("(partner_id, day)")
    _day_idx = models.Index("(day)")
    _one = models.Constraint("CHECK (inquiry_count = 1)", "A row is one inquiry.")
    _not_negative = models.Constraint(
        "CHECK (duration >= 0)", "Minutes are zero or more."
    )

    @api.model
    def _default_channel(self):
        terms = self.env["key.account.term"]
        domain = [("category", "=", "channel"), ("code", "=", "call_centre")]
        return terms.search(domain, limit=1)

    @api.depends("partner_id")
    def _compute_customer_kind(self):
        for inquiry in self:
            # sudo: only the kind of the customer, which the writer chose.
            customer = inquiry.partner_id.sudo()
            if customer.key_account_state in ("potential", "qualified"):
                inquiry.customer_kind = "potential"
            elif customer.key_account_kind:
                inquiry.customer_kind = customer.key_account_kind
            else:
                inquiry.customer_kind = inquiry.customer_kind or "anonymous"

    @api.depends("date_asked")
    def _compute_day(self):
        zone = pytz.timezone(self.env["key.account.month"]._get_zone())
        for inquiry in self:
            moment = inquiry.date_asked and pytz.utc.localize(inquiry.date_asked)
            local = moment and moment.astimezone(zone)
            inquiry.day = local and local.date()
            inquiry.hour = local.hour if local else 0

    @api.constrains("customer_kind", "partner_id")
    def _check_customer_kind(self):
        for inquiry in self:
            if inquiry.partner_id and inquiry.customer_kind in ("other", "anonymous"):
                raise ValidationError(
                    self.env._(
                        "The caller is a customer: choose its kind, or leave the "
                        "customer empty."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("partner_id"):
                vals.pop("partner_id", None)
            vals["inquiry_count"] = 1
            vals.pop("request_id", None)
            if not self.env.su:
                vals["user_id"] = self.env.uid
        inquiries = super().create(vals_list)
        inquiries._cost_renew()
        inquiries._cost_refresh_months()
        return inquiries

    @api.model
    def _get_owners(self, vals_list):
        """Who is no customer belongs to the unit, or the manager, that answers."""
        owners = super()._get_owners(vals_list)
        user = self.env.user
        manager_id = user.id if user.key_account_role == "manager" else False
        for vals in vals_list:
            if not vals.get("partner_id"):
                key = None, vals.get("line_id") or None
                owners[key] = user.key_account_unit_id.id, manager_id
        return owners

    def write(self, vals):
        if {"user_id", "inquiry_count", "request_id"} & vals.keys():
            raise UserError(self.env._("Who answered an inquiry is said once."))
        if vals.get("partner_id", True) is False:
            raise UserError(
                self.env._("Whose inquiry it is may be said later, not taken back.")
            )
        return self._cost_keep(vals, super().write)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        raise UserError(self.env._("An inquiry stays: correct what is wrong in it."))

    def _cost_get_day(self):
        self.ensure_one()
        return self.day

    def _cost_get_basis(self):
        self.ensure_one()
        return {
            "kind": self.env["key.account.term"],
            "day": self.day,
            "hours": self.duration / 60,
            "km": 0,
        }

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        return SQL("fact.day")

    def action_next(self):
        """Saved: the screen is empty for the next caller."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_inquiry_action_new"
        )

    def action_register_request(self):
        """What could not be answered at once becomes a request with a clock."""
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise AccessError(self.env._("Say first whose inquiry it is."))
        if not self.request_id:
            request = self.env["key.account.request"].create(
                {
                    "partner_id": self.partner_id.id,
                    "line_id": self.line_id.id,
                    "subject": self.question or self.content_id.display_name,
                    "channel_id": self.channel_id.id,
                }
            )
            super().write({"request_id": request.id, "is_answered": False})
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }
