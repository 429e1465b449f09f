# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

MARKS = [
    ("1", "Very Dissatisfied"),
    ("2", "Dissatisfied"),
    ("3", "Neutral"),
    ("4", "Satisfied"),
    ("5", "Very Satisfied"),
]


class KeyAccountClockMixin(models.AbstractModel):
    """Who at the customer wants something, by which way, about which number, and what
    is said of it at the call-back."""

    _inherit = "key.account.clock.mixin"

    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The person at the customer who is answered.",
    )
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Channel",
        ondelete="restrict",
        domain=[("category", "=", "channel")],
        help="By which way it came.",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
    )
    mark = fields.Selection(
        selection=MARKS, string="Satisfaction", copy=False, tracking=True
    )
    date_callback = fields.Datetime(string="Called Back", copy=False, readonly=True)
    callback_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Called Back by",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )

    @api.constrains("contact_id", "number_id", "partner_id")
    def _check_belongs_to_customer(self):
        # sudo: only compared; the writer chose them.
        for record in self.sudo():
            customer, person = record.partner_id, record.contact_id
            # A person that wrote before the customer was known may be anybody.
            if customer and person and person.commercial_partner_id != customer:
                raise UserError(
                    self.env._(
                        "%(person)s is no contact of %(customer)s: choose one of its "
                        "contacts.",
                        person=person.name,
                        customer=customer.name,
                    )
                )
            if record.number_id and record.number_id.partner_id != customer:
                raise UserError(
                    self.env._(
                        "The number %(number)s does not belong to %(customer)s.",
                        number=record.number_id.name,
                        customer=customer.display_name,
                    )
                )
