# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..masking import is_masked

IDENTITY_KINDS = [
    ("id_card", "Identity Card"),
    ("passport", "Passport"),
    ("officer", "Officer's Card"),
    ("permit", "Travel Permit"),
    ("other", "Other"),
]
SEXES = [("male", "Male"), ("female", "Female")]
PRIVATE = (
    "birthday",
    "identity_kind",
    "identity_number",
    "mobile",
    "sex",
    "hobbies",
    "reading",
    "family",
)


class KeyAccountPerson(models.Model):
    """What is private to one person, an individual customer or a contact (FILE-17).

    It belongs to the home unit of the customer, never to a line: companies that only
    serve a line, the office, finance and agents see the masked fields of the partner
    (ORG-21). Whoever reads an unmasked value leaves a ``key.account.access``.
    """

    _name = "key.account.person"
    _description = "Private Data of a Person"
    _inherit = ["key.account.fact.mixin", "key.account.private.mixin"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        string="Person",
        domain=[("key_account_unit_id", "!=", False), ("is_company", "=", False)],
        ondelete="cascade",
    )
    birthday = fields.Date(copy=False)
    identity_kind = fields.Selection(
        selection=IDENTITY_KINDS, string="Identity Document", copy=False
    )
    identity_number = fields.Char(
        index="btree_not_null", copy=False, help="Text: leading zeros are kept."
    )
    mobile = fields.Char(index="btree_not_null", copy=False)
    sex = fields.Selection(selection=SEXES, copy=False)
    hobbies = fields.Text(copy=False)
    reading = fields.Text(
        string="Reading Habits", copy=False, help="What the person likes to read."
    )
    family = fields.Text(copy=False)

    _partner_uniq = models.Constraint(
        "UNIQUE (partner_id)", "The private data of this person are kept already."
    )
    _no_line = models.Constraint(
        "CHECK (line_id IS NULL)",
        "Private data belong to the home unit, not to a line.",
    )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for person in self:
            partner = person.partner_id
            if partner.is_company or not partner.key_account_unit_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is neither an individual customer nor a contact "
                        "of a customer: private data belong to persons.",
                        partner=partner.display_name,
                    )
                )

    @api.constrains(*PRIVATE)
    def _check_not_masked(self):
        for person in self:
            texts = [person[name] for name in PRIVATE if name != "birthday"]
            if any(is_masked(text) for text in texts if text):
                raise ValidationError(
                    self.env._(
                        "The private data of %(partner)s are masked (* or •••): leave "
                        "them out, or enter the whole value.",
                        partner=person.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        persons = super().create([self._normalise(vals) for vals in vals_list])
        persons._forget_shown()
        return persons

    def write(self, vals):
        if "partner_id" in vals and not self.env.su:
            raise UserError(self.env._("Private data stay with their person."))
        result = super().write(self._normalise(vals))
        self._forget_shown()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_shown()
        return result

    @api.model
    def _normalise(self, vals):
        """Identity numbers are compared: no spaces, capital letters."""
        if vals.get("identity_number"):
            number = "".join(vals["identity_number"].split()).upper()
            return {**vals, "identity_number": number}
        return vals

    def _forget_shown(self):
        """The masked fields of the partners are shown anew."""
        partners = self.env["res.partner"]
        partners.invalidate_model(partners._key_account_private_fields(), flush=False)

    def _key_account_private_fields(self):
        return {name: name for name in PRIVATE}

    def _key_account_private_partners(self):
        return self.partner_id

    @api.model
    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_not_grouped(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        self._check_not_grouped(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _check_not_grouped(self, spec):
        """Groups would deliver private values without a trace of the reading."""
        if not self.env.su and spec.split(":")[0].split(".")[0] in PRIVATE:
            raise UserError(self.env._("Private data are not grouped or summed."))
