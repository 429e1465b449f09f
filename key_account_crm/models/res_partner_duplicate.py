# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..name_key import code_key, name_key

# Two files that share one of these are one customer; a shared name may be chance.
EXACT = {"credit_code", "identity", "number"}


class ResPartner(models.Model):
    """Who may be the same customer: found at registration and at any time (FILE-20,
    COL-07)."""

    _inherit = "res.partner"

    key_account_duplicate_note = fields.Text(
        string="Not a Duplicate because",
        copy=False,
        help="Why this customer is another one than the customer of the same name.",
    )
    key_account_duplicate_alert = fields.Html(
        compute="_compute_key_account_duplicate_alert", sanitize=False
    )

    @api.model
    def _get_key_account_duplicate_reasons(self):
        """Map what two files may share to its label."""
        return {
            "credit_code": self.env._("same credit code"),
            "identity": self.env._("same identity document"),
            "number": self.env._("same service number"),
            "name": self.env._("same name"),
        }

    @api.model
    def _key_account_duplicate_conditions(self):
        """Map every reason to a query of (value, partner_id). Hook for other addons.

        Two customers with the same value are possible duplicates for that reason.
        """
        return {
            "credit_code": SQL(
                """
                SELECT key_account_code_key(key_account_credit_code) AS value,
                       id AS partner_id
                  FROM res_partner
                 WHERE key_account_credit_code IS NOT NULL
                   AND key_account_kind IS NOT NULL
                """
            ),
            "identity": SQL(
                """
                SELECT person.identity_number AS value, person.partner_id
                  FROM key_account_person AS person
                  JOIN res_partner AS partner ON partner.id = person.partner_id
                 WHERE person.identity_number IS NOT NULL
                   AND partner.key_account_kind IS NOT NULL
                """
            ),
            "number": SQL(
                """
                SELECT name AS value, partner_id
                  FROM key_account_number
                 WHERE state <> 'closed'
                """
            ),
            "name": SQL(
                """
                SELECT key_account_name_key AS value, id AS partner_id
                  FROM res_partner
                 WHERE key_account_kind IS NOT NULL
                """
            ),
        }

    @api.model
    def _key_account_duplicate_values(self, vals):
        """Map every reason to the values a file with these values would have."""
        numbers = [
            command[2].get("name")
            for command in vals.get("key_account_number_ids") or []
            if command[0] in (0, 1) and command[2]
        ]
        identity = vals.get("key_account_identity_number") or ""
        return {
            "credit_code": [code_key(vals.get("key_account_credit_code"))],
            "identity": ["".join(identity.split()).upper() or None],
            "number": numbers,
            "name": [name_key(vals.get("name"))],
        }

    def _key_account_find_duplicates(self, vals=None):
        """Who may be the same customer.

        For saved customers: {customer id: {other id: reasons}}. With ``vals``, which
        need not be saved: {other id: reasons}, without the customers of self.
        """
        # Conditions are SQL: pending writes go to the database first.
        self.env.flush_all()
        if vals is not None:
            return self._key_account_find_duplicates_of(vals)
        parts = [
            SQL(
                """
                SELECT mine.partner_id, other.partner_id, %(reason)s
                  FROM (%(source)s) AS mine
                  JOIN (%(source)s) AS other ON other.value = mine.value
                 WHERE mine.partner_id = ANY(%(partners)s)
                   AND other.partner_id <> mine.partner_id
                """,
                reason=reason,
                source=source,
                partners=list(self.ids),
            )
            for reason, source in self._key_account_duplicate_conditions().items()
        ]
        found = {}
        for mine, other, reason in self.env.execute_query(SQL(" UNION ").join(parts)):
            found.setdefault(mine, {}).setdefault(other, set()).add(reason)
        return found

    def _key_account_find_duplicates_of(self, vals):
        wanted = self._key_account_duplicate_values(vals)
        parts = [
            SQL(
                """
                SELECT other.partner_id, %(reason)s
                  FROM (%(source)s) AS other
                 WHERE other.value = ANY(%(values)s)
                   AND other.partner_id <> ALL(%(partners)s)
                """,
                reason=reason,
                source=source,
                values=[value for value in wanted[reason] if value],
                partners=list(self.ids),
            )
            for reason, source in self._key_account_duplicate_conditions().items()
            if any(wanted.get(reason) or [])
        ]
        found = {}
        if parts:
            for other, reason in self.env.execute_query(SQL(" UNION ").join(parts)):
                found.setdefault(other, set()).add(reason)
        return found

    @api.depends(
        "name",
        "key_account_kind",
        "key_account_credit_code",
        "key_account_number_ids.name",
        "key_account_identity_number",
    )
    @api.depends_context("uid", "lang")
    def _compute_key_account_duplicate_alert(self):
        for partner in self:
            found = {}
            if partner.key_account_kind:
                vals = partner._key_account_prepare_probe_vals()
                found = partner._origin._key_account_find_duplicates(vals)
            partner.key_account_duplicate_alert = self._key_account_show(found)

    def _key_account_prepare_probe_vals(self):
        """What the form holds now, saved or not."""
        # sudo: numbers and identity are only compared, nothing of them is shown.
        stored = self.sudo()
        identity = False
        if not self.is_company and self._origin:
            person = self.env["key.account.person"].sudo()
            identity = person.search(
                [("partner_id", "=", self._origin.id)], limit=1
            ).identity_number
        return {
            "name": self.name,
            "key_account_credit_code": self.key_account_credit_code,
            "key_account_identity_number": identity or self.key_account_identity_number,
            "key_account_number_ids": [
                (0, 0, {"name": number.name})
                for number in stored.key_account_number_ids
                if number.state != "closed"
            ],
        }

    @api.model
    def _key_account_show(self, found):
        """The duplicates as a list: links to those the user may open, else the unit."""
        if not found:
            return False
        readable = self._key_account_split(found)[0]
        items = []
        for partner, text in self._key_account_describe(found).items():
            if partner in readable:
                link = Markup('<a href="/odoo/res.partner/%s">%s</a>')
                text = link % (partner.id, text)
            items.append(Markup("<li>%s</li>") % text)
        return Markup("<ul class='mb-0'>%s</ul>") % Markup().join(items)

    @api.model
    def _key_account_split(self, found):
        """The found customers the user may read, and the others."""
        partners = self.with_context(active_test=False).browse(found)
        readable = partners._filtered_access("read")
        return readable, partners - readable

    @api.model
    def _key_account_describe(self, found):
        """Map every found customer to what this user may know of it."""
        labels = self._get_key_account_duplicate_reasons()
        readable, others = self._key_account_split(found)
        shown = {}
        for partner in readable:
            shown[partner] = self.env._(
                "%(customer)s (%(reasons)s)",
                customer=f"[{partner.key_account_code}] {partner.name}",
                reasons=", ".join(labels[r] for r in sorted(found[partner.id])),
            )
        # sudo: whom to ask is all that comes out, no name and no data.
        for partner in others:
            shown[partner] = self.env._(
                "an existing customer of unit %(unit)s (%(reasons)s): ask that unit or "
                "the level above",
                unit=partner.sudo().key_account_unit_id.name,
                reasons=", ".join(labels[r] for r in sorted(found[partner.id])),
            )
        return shown

    @api.model_create_multi
    def create(self, vals_list):
        self._key_account_check_former_codes(vals_list)
        partners = super().create(vals_list)
        if not self.env.su:
            partners._key_account_check_duplicates()
        return partners

    def write(self, vals):
        result = super().write(vals)
        compared = {"name", "key_account_credit_code", "key_account_kind"}
        if compared & vals.keys() and not self.env.su:
            self._key_account_check_duplicates()
        return result

    @api.model
    def _key_account_check_former_codes(self, vals_list):
        """A code that leads to a merged customer is not given to another one."""
        codes = [
            vals["key_account_code"]
            for vals in vals_list
            if vals.get("key_account_code")
        ]
        # sudo: a code is taken whoever may read its customer.
        aliases = self.env["key.account.code.alias"].sudo()
        alias = codes and aliases.search([("name", "in", codes)], limit=1)
        if alias:
            raise UserError(
                self.env._(
                    "The code %(code)s leads to %(customer)s since a merge: take "
                    "another one.",
                    code=alias.name,
                    customer=alias.partner_id.key_account_code,
                )
            )

    def _key_account_check_duplicates(self):
        """Refuse a second file of a customer, unless only the name is the same and the
        user says why it is another customer."""
        customers = self.filtered("key_account_kind")
        if not customers:
            return
        found = customers._key_account_find_duplicates()
        for customer in customers:
            customer._key_account_refuse_duplicates(found.get(customer.id, {}))

    def _key_account_refuse_duplicates(self, found):
        exact = {other: reasons for other, reasons in found.items() if reasons & EXACT}
        if exact:
            raise UserError(
                self.env._(
                    "This customer has a file already: %(others)s. Work on that file "
                    "instead of a second one.",
                    others="; ".join(self._key_account_describe(exact).values()),
                )
            )
        if found and not (self.key_account_duplicate_note or "").strip():
            raise UserError(
                self.env._(
                    "This may be a customer that has a file already: %(others)s. If it "
                    'is another one, say why in "Not a Duplicate because".',
                    others="; ".join(self._key_account_describe(found).values()),
                )
            )

    def _key_account_check_proposed_twins(self, vals, changed):
        """A proposal for a number another customer has is refused at once."""
        if vals.get("key_account_credit_code"):
            for partner in changed:
                probe = {"key_account_credit_code": vals["key_account_credit_code"]}
                found = partner._key_account_find_duplicates(probe)
                self.browse(partner.id)._key_account_refuse_duplicates(found)

    @api.model
    def _key_account_by_code(self, codes):
        """Map codes, present and former ones, to the ids of the customers."""
        # sudo: only ids come out; reading the customers is up to their rules.
        partners = self.sudo().with_context(active_test=False)
        aliases = self.env["key.account.code.alias"].sudo()
        domain = Domain("name", "in", list(codes))
        found = {alias.name: alias.partner_id.id for alias in aliases.search(domain)}
        domain = Domain("key_account_code", "in", list(codes))
        found.update((p.key_account_code, p.id) for p in partners.search(domain))
        return found
