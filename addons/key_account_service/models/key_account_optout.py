# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

PURPOSES = [
    ("all", "Every Purpose"),
    ("care", "Care"),
    ("marketing", "Marketing"),
    ("survey", "Questionnaires"),
]
CHANNELS = [
    ("all", "Every Way"),
    ("mail", "Mail"),
    ("sms", "Text Message"),
    ("call", "Call"),
    ("visit", "Visit"),
    ("gift", "Gift"),
]
SOURCES = [
    ("customer", "The Customer Said so"),
    ("portal", "On the Portal"),
    ("complaint", "Complaint"),
    ("refusal", "Refused Care"),
    ("staff", "We Decided"),
    ("file", "Loaded from a File"),
]
# What may be said about an entry once it is made.
OPEN_FIELDS = {"date_to", "note"}


class KeyAccountOptout(models.Model):
    """What a customer, or one of its people, does not want: for which purpose and in
    which way not to be contacted, from a day until another one, who said so.

    A ledger: an entry is ended, never changed or deleted. It goes with the customer and
    the person, also when files are merged.
    """

    _name = "key.account.optout"
    _description = "Opt-Out"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_from desc, id desc"

    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', partner_id), ('is_company', '=', False)]",
        help="Empty: nobody at the customer.",
    )
    purpose = fields.Selection(selection=PURPOSES, default="all", required=True)
    channel = fields.Selection(
        selection=CHANNELS, string="Way of Contact", default="all", required=True
    )
    date_from = fields.Date(
        string="Not from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Contact Again from",
        help="The first day on which contact is welcome again. Empty: until further "
        "notice.",
    )
    source = fields.Selection(selection=SOURCES, default="customer", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    note = fields.Text(string="Remarks")
    is_in_force = fields.Boolean(
        string="In Force",
        compute="_compute_is_in_force",
        search="_search_is_in_force",
        help="Today.",
    )

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "An opt-out ends on the day it begins, or later.",
    )
    _asked_idx = models.Index("(partner_id, date_from)")

    @api.depends("purpose", "channel", "partner_id", "contact_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for optout in self:
            optout.display_name = " · ".join(
                filter(
                    None,
                    [
                        optout.contact_id.name or optout.partner_id.name,
                        purposes.get(optout.purpose),
                        channels.get(optout.channel),
                    ],
                )
            )

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_is_in_force(self):
        today = fields.Date.context_today(self)
        for optout in self:
            begun = optout.date_from and optout.date_from <= today
            optout.is_in_force = bool(
                begun and (not optout.date_to or optout.date_to > today)
            )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        today = fields.Date.context_today(self)
        in_force = self._get_day_domain(today)
        return Domain.OR(in_force if wanted else ~in_force for wanted in value)

    @api.model
    def _get_day_domain(self, day):
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">", day)
        )

    @api.constrains("partner_id", "contact_id")
    def _check_contact_id(self):
        for optout in self:
            person = optout.contact_id
            if person and person.commercial_partner_id != (
                optout.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s: choose somebody "
                        "who does, or leave the person empty.",
                        person=person.display_name,
                        customer=optout.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - OPEN_FIELDS:
            raise UserError(
                self.env._(
                    "An opt-out stays as it was entered: end it, and enter a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(self.env._("Opt-outs are kept: end this one instead."))

    def action_end(self):
        """Contact is welcome again from today on."""
        today = fields.Date.context_today(self)
        for optout in self:
            optout.date_to = max(today, optout.date_from)
        return True

    @api.model
    def _is_opted_out(self, partner, purpose, channel, day, contact=None):
        """Whether a customer, or this person of it, does not want that on a day."""
        # sudo: that somebody does not want to be contacted binds everybody.
        domain = (
            self._get_day_domain(day)
            & Domain("purpose", "in", ("all", purpose))
            & Domain("channel", "in", ("all", channel))
            & Domain("partner_id", "=", partner.id)
            & Domain(
                "contact_id",
                "in",
                [False, partner.id, *(contact.ids if contact else [])],
            )
        )
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _get_optout_condition(self, partner, contact, purpose, channel, day) -> SQL:
        """The same for many at once: a condition on the columns of a statement.

        :param partner, contact, channel: SQL of columns or values
        """
        return SQL(
            """
            EXISTS (
                SELECT FROM key_account_optout AS optout
                 WHERE optout.partner_id = %(partner)s
                   AND (optout.contact_id IS NULL
                        OR optout.contact_id IN (%(partner)s, %(contact)s))
                   AND optout.purpose IN ('all', %(purpose)s)
                   AND optout.channel IN ('all', %(channel)s)
                   AND optout.date_from <= %(day)s
                   AND (optout.date_to IS NULL OR optout.date_to > %(day)s))
            """,
            partner=partner,
            contact=contact,
            purpose=purpose,
            channel=channel,
            day=day,
        )
