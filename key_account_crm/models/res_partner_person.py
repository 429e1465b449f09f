# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..masking import HIDDEN, mask_date, mask_tail
from .key_account_person import IDENTITY_KINDS, SEXES

# field of the partner: field of key.account.person
SHOWN = {
    "key_account_birthday": "birthday",
    "key_account_birthdate": "birthday",
    "key_account_identity_kind": "identity_kind",
    "key_account_identity_number": "identity_number",
    "key_account_mobile": "mobile",
    "key_account_sex": "sex",
    "key_account_hobbies": "hobbies",
    "key_account_reading": "reading",
    "key_account_family": "family",
}
# How a value looks to others. What has no entry is not shown to them at all.
MASKS = {
    "key_account_birthday": mask_date,
    "key_account_identity_number": mask_tail,
    "key_account_mobile": lambda text: mask_tail(text, head=3),
    "key_account_hobbies": lambda _text: HIDDEN,
    "key_account_reading": lambda _text: HIDDEN,
    "key_account_family": lambda _text: HIDDEN,
}
TEXT_OPERATORS = ("in", "like", "ilike", "=like", "=ilike")
DATE_OPERATORS = ("in", "<", ">", "<=", ">=")


def shown(factory, column, label, **kwargs):
    """A field that shows a column of the person, masked where the reader is not his."""
    return factory(
        string=label,
        compute="_compute_key_account_private",
        inverse=f"_inverse_key_account_{column}",
        search=f"_search_key_account_{column}",
        copy=False,
        **kwargs,
    )


class ResPartner(models.Model):
    """The private data of a person, masked for those outside the owning unit (ORG-21).

    Nothing of it is a column of the partner: it cannot be grouped or sorted, and a
    search sees what the user may read of ``key.account.person``, nothing more.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "key.account.private.mixin"]

    key_account_is_private = fields.Boolean(
        string="Shows Private Data",
        compute="_compute_key_account_is_private",
        help="You belong to the unit that keeps the private data of this person.",
    )
    key_account_birthday = shown(
        fields.Char, "birthday", "Birthday (Text)", help="YYYY-MM-DD."
    )
    key_account_birthdate = shown(fields.Date, "birthdate", "Birthday")
    key_account_identity_kind = shown(
        fields.Selection,
        "identity_kind",
        "Identity Document",
        selection=IDENTITY_KINDS,
    )
    key_account_identity_number = shown(
        fields.Char, "identity_number", "Identity Number"
    )
    key_account_mobile = shown(fields.Char, "mobile", "Mobile")
    key_account_sex = shown(fields.Selection, "sex", "Sex", selection=SEXES)
    key_account_hobbies = shown(fields.Text, "hobbies", "Hobbies")
    key_account_reading = shown(fields.Text, "reading", "Reading Habits")
    key_account_family = shown(fields.Text, "family", "Family")

    @api.depends_context("uid")
    def _compute_key_account_private(self):
        # sudo: only masked values of those come out that the user may not read.
        others = self.sudo()._key_account_get_persons()
        own = self._key_account_get_persons() if others else {}
        for partner in self:
            person = own.get(partner._origin.id)
            if person:
                partner.update(partner._key_account_show_private(person))
            else:
                other = others.get(partner._origin.id)
                partner.update(partner._key_account_mask_private(other))

    def _key_account_get_persons(self):
        """Map the ids of partners to the private data the user may read."""
        persons = self.env["key.account.person"]
        if not persons.has_access("read"):
            return {}
        found = persons.search([("partner_id", "in", self._origin.ids)])
        return {person.partner_id.id: person for person in found}

    @api.model
    def _key_account_show_private(self, person):
        values = {name: person[column] for name, column in SHOWN.items()}
        birthday = person.birthday
        values["key_account_birthday"] = birthday and fields.Date.to_string(birthday)
        return values

    @api.model
    def _key_account_mask_private(self, person):
        values = dict.fromkeys(SHOWN, False)
        for name, mask in MASKS.items():
            if person and person[SHOWN[name]]:
                values[name] = mask(person[SHOWN[name]])
        return values

    @api.depends("is_company", "key_account_unit_id", "key_account_manager_id")
    @api.depends_context("uid")
    def _compute_key_account_is_private(self):
        persons = self.env["key.account.person"]
        user = self.env.user
        for partner in self:
            reach = persons.has_access("read") and user.key_account_reach
            partner.key_account_is_private = not partner.is_company and (
                reach == "all"
                or (
                    reach == "unit"
                    and partner.key_account_unit_id <= user.key_account_unit_ids
                )
                or (
                    reach == "own"
                    and partner.key_account_manager_id <= user.key_account_manager_ids
                    and bool(partner.key_account_manager_id)
                )
            )

    def _key_account_set_private(self, name):
        """Write one field to the private data, with the user's own rights there."""
        persons = self.env["key.account.person"]
        # sudo: whether there are data already; they are written as the user.
        known = persons.sudo().search([("partner_id", "in", self.ids)])
        known = {person.partner_id.id: person.with_env(self.env) for person in known}
        for partner in self:
            vals = {SHOWN[name]: partner._key_account_parse(name)}
            if partner.id in known:
                known[partner.id].write(vals)
            elif vals[SHOWN[name]]:
                persons.create({"partner_id": partner.id, **vals})

    def _key_account_parse(self, name):
        value = self[name]
        if name != "key_account_birthday" or not value:
            return value
        try:
            return date.fromisoformat(value.strip())
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(value)s is not a date: write the birthday as 1980-06-12.",
                    value=value,
                )
            ) from error

    def _inverse_key_account_birthday(self):
        self._key_account_set_private("key_account_birthday")

    def _inverse_key_account_birthdate(self):
        self._key_account_set_private("key_account_birthdate")

    def _inverse_key_account_identity_kind(self):
        self._key_account_set_private("key_account_identity_kind")

    def _inverse_key_account_identity_number(self):
        self._key_account_set_private("key_account_identity_number")

    def _inverse_key_account_mobile(self):
        self._key_account_set_private("key_account_mobile")

    def _inverse_key_account_sex(self):
        self._key_account_set_private("key_account_sex")

    def _inverse_key_account_hobbies(self):
        self._key_account_set_private("key_account_hobbies")

    def _inverse_key_account_reading(self):
        self._key_account_set_private("key_account_reading")

    def _inverse_key_account_family(self):
        self._key_account_set_private("key_account_family")

    def _search_key_account_birthday(self, operator, value):
        return self._key_account_search_private("birthday", operator, value)

    def _search_key_account_birthdate(self, operator, value):
        return self._key_account_search_private("birthday", operator, value)

    def _search_key_account_identity_kind(self, operator, value):
        return self._key_account_search_private("identity_kind", operator, value)

    def _search_key_account_identity_number(self, operator, value):
        return self._key_account_search_private("identity_number", operator, value)

    def _search_key_account_mobile(self, operator, value):
        return self._key_account_search_private("mobile", operator, value)

    def _search_key_account_sex(self, operator, value):
        return self._key_account_search_private("sex", operator, value)

    def _search_key_account_hobbies(self, operator, value):
        return self._key_account_search_private("hobbies", operator, value)

    def _search_key_account_reading(self, operator, value):
        return self._key_account_search_private("reading", operator, value)

    def _search_key_account_family(self, operator, value):
        return self._key_account_search_private("family", operator, value)

    @api.model
    def _key_account_search_private(self, column, operator, value):
        """Persons of whom the user may know it; to him the others have no value."""
        operators = DATE_OPERATORS if column == "birthday" else TEXT_OPERATORS
        if operator not in operators:
            return NotImplemented  # the ORM negates or unfolds the rest
        found = self._key_account_having_private(column, operator, value)
        if operator == "in" and False in value:
            known = self._key_account_having_private(column, "!=", False)
            found |= ~known
        return found

    @api.model
    def _key_account_having_private(self, column, operator, value):
        persons = self.env["key.account.person"]
        if not persons.has_access("read"):
            return Domain.FALSE
        if operator == "in":
            value = [item for item in value if item]
        query = persons._search(Domain(column, operator, value))
        return Domain("id", "in", query.subselect("partner_id"))

    def _key_account_private_fields(self):
        return SHOWN

    def _key_account_private_partners(self):
        """Those of whom anything was shown; of the others nothing is known."""
        return self.filtered(lambda partner: any(partner[name] for name in SHOWN))
