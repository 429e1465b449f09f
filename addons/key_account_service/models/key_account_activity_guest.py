# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

STATES = [
    ("invited", "Invited"),
    ("accepted", "Will Come"),
    ("declined", "Declined"),
    ("attended", "Came"),
    ("absent", "Did Not Come"),
]


class KeyAccountActivityGuest(models.Model):
    """A customer or person invited to an activity for members, and whether it came."""

    _name = "key.account.activity.guest"
    _description = "Guest of an Activity"
    _inherit = ["key.account.fact.mixin"]
    _order = "activity_id desc, id"

    activity_id = fields.Many2one(
        comodel_name="key.account.activity",
        string="Activity",
        required=True,
        index=True,
        ondelete="restrict",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
    )
    state = fields.Selection(
        selection=STATES, default="invited", required=True, index=True
    )
    date_invited = fields.Datetime(
        string="Written to",
        readonly=True,
        copy=False,
        help="When the invitation went out by mail.",
    )
    date_begin = fields.Datetime(related="activity_id.date_begin")
    note = fields.Char(string="Remarks")
    cost = fields.Monetary(
        readonly=True, help="The customer's share of what the activity cost."
    )
    currency_id = fields.Many2one(related="activity_id.currency_id", store=True)

    @api.depends("activity_id", "partner_id", "contact_id")
    def _compute_display_name(self):
        for guest in self:
            whom = guest.contact_id.name or guest.partner_id.name
            guest.display_name = f"{guest.activity_id.name} · {whom}"

    @api.constrains("activity_id", "partner_id", "contact_id")
    def _check_once(self):
        for guest in self:
            twice = self.search_count(
                [
                    ("activity_id", "=", guest.activity_id.id),
                    ("partner_id", "=", guest.partner_id.id),
                    ("contact_id", "=", guest.contact_id.id),
                ],
                limit=2,
            )
            if twice > 1:
                raise ValidationError(
                    self.env._(
                        "%(guest)s is invited already.", guest=guest.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        guests = super().create(
            [{k: v for k, v in vals.items() if k != "cost"} for vals in vals_list]
        )
        guests._check_capacity()
        guests._share_cost()
        return guests

    def write(self, vals):
        if "cost" in vals and not self.env.su:
            raise UserError(self.env._("The cost is shared by itself."))
        result = super().write(vals)
        if "state" in vals:
            self._check_capacity()
            self._share_cost()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fact(self):
        raise UserError(self.env._("Invitations are kept: say that it was declined."))

    def action_accept(self):
        return self.write({"state": "accepted"})

    def action_decline(self):
        return self.write({"state": "declined"})

    def action_attend(self):
        return self.write({"state": "attended"})

    def _check_capacity(self):
        """No more accept than there is room for; of two at once the later one waits."""
        # sudo: guests of every unit take a seat; only how many is used.
        for activity in self.sudo().activity_id.filtered("capacity"):
            activity.lock_for_update()
            taken = self.sudo().search_count(
                [
                    ("activity_id", "=", activity.id),
                    ("state", "in", ("accepted", "attended")),
                ]
            )
            if taken > activity.capacity:
                raise UserError(
                    self.env._(
                        "%(activity)s has room for %(capacity)s: it is full.",
                        activity=activity.name,
                        capacity=activity.capacity,
                    )
                )

    def _share_cost(self):
        """Each who came bears the same, to the cent: the first ones the odd cents."""
        self.env.flush_all()
        # sudo: guests of every unit share; nobody writes the shares by hand.
        activities = self.sudo().activity_id
        for activity in activities:
            self.env.cr.execute(self._get_share_query(activity))
        self.invalidate_model(["cost"], flush=False)
        customers = activities.guest_ids.partner_id
        self.env["key.account.month"]._refresh_months(customers.ids)

    def _get_share_query(self, activity) -> SQL:
        digits = activity.currency_id.decimal_places
        return SQL(
            """
            UPDATE key_account_activity_guest AS guest
               SET cost = CASE
                    WHEN guest.state <> 'attended' OR %(held)s = FALSE THEN 0
                    ELSE trunc(%(cost)s * shared.place / shared.guests, %(digits)s)
                         - trunc(%(cost)s * (shared.place - 1) / shared.guests,
                                 %(digits)s) END
              FROM (SELECT id,
                           row_number() OVER (PARTITION BY state ORDER BY id) AS place,
                           COUNT(*) OVER (PARTITION BY state) AS guests
                      FROM key_account_activity_guest
                     WHERE activity_id = %(activity)s) AS shared
             WHERE shared.id = guest.id
            """,
            activity=activity.id,
            cost=SQL("%s::numeric", activity.cost),
            digits=digits,
            held=activity.state == "held",
        )
