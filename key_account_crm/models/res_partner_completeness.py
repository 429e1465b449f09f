# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """How complete a customer file is, what it misses, and when somebody last made sure
    that it is true (COL-07)."""

    _inherit = "res.partner"

    key_account_missing = fields.Char(
        string="Most Useful Missing Facts", compute="_compute_key_account_missing"
    )
    key_account_date_verified = fields.Date(
        string="Verified on",
        compute="_compute_key_account_date_verified",
        search="_search_key_account_date_verified",
        help="When somebody last made sure that the file is true.",
    )
    key_account_months_unverified = fields.Integer(
        string="Months not Verified",
        compute="_compute_key_account_months_unverified",
        search="_search_key_account_months_unverified",
        help="Full months since the file was verified, or registered if it never was.",
    )

    @api.depends("key_account_kind", "key_account_standing_ids.completeness")
    @api.depends_context("lang")
    def _compute_key_account_missing(self):
        items = self.env["key.account.completeness.item"]
        for partner in self:
            names = items._get_missing(partner._origin)[:3] if partner._origin else []
            labels = [
                self._fields[name]._description_string(self.env) for name in names
            ]
            partner.key_account_missing = ", ".join(labels)

    @api.depends("key_account_standing_ids.date_verified")
    def _compute_key_account_date_verified(self):
        for partner in self:
            standing = partner.key_account_standing_ids
            partner.key_account_date_verified = standing.date_verified

    def _search_key_account_date_verified(self, operator, value):
        return Domain("key_account_standing_ids.date_verified", operator, value)

    @api.depends("key_account_standing_ids.date_verified", "create_date")
    @api.depends_context("tz")
    def _compute_key_account_months_unverified(self):
        today = fields.Date.context_today(self)
        for partner in self:
            since = partner.key_account_date_verified or partner.create_date
            since = fields.Date.to_date(since) or today
            months = (today.year - since.year) * 12 + today.month - since.month
            if since > today - relativedelta(months=months):
                months -= 1
            partner.key_account_months_unverified = max(months, 0)

    def _search_key_account_months_unverified(self, operator, value):
        """Months are counted back from today, as the compute does."""
        if operator in ("<", "<="):
            opposite = {"<": ">=", "<=": ">"}[operator]
            found = self._search_key_account_months_unverified(opposite, value)
            return ~found & Domain("key_account_kind", "!=", False)
        if operator not in (">", ">="):
            return NotImplemented
        months = int(value) + (operator == ">")
        customers = Domain("key_account_kind", "!=", False)
        if months <= 0:
            return customers
        limit = fields.Date.context_today(self) - relativedelta(months=months)
        standing = Domain("key_account_standing_ids.date_verified", "<=", limit)
        never = Domain("key_account_standing_ids.date_verified", "=", False)
        old = Domain("create_date", "<", limit + relativedelta(days=1))
        return customers & (standing | (never & old))

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._key_account_refresh_completeness()
        return partners

    def write(self, vals):
        concerned = self.env["res.partner"]
        if self._key_account_touches_completeness(vals):
            concerned = self | self.commercial_partner_id
        result = super().write(vals)
        if concerned:
            (concerned | self.commercial_partner_id)._key_account_refresh_completeness()
        return result

    def unlink(self):
        # sudo: contacts of customers go, and only the score of these is refreshed.
        owners = (self.sudo().commercial_partner_id - self).filtered("key_account_kind")
        result = super().unlink()
        owners._key_account_refresh_completeness()
        return result

    @api.model
    def _key_account_touches_completeness(self, vals):
        items = self.env["key.account.completeness.item"]
        names = {name for name, _weight, _kinds in items._get_rule()}
        names |= {"key_account_kind", "parent_id", "active"}
        return bool(names & vals.keys())

    def _key_account_refresh_completeness(self):
        """Measure the files these partners are or belong to."""
        # sudo: a contact's writer may touch the score of its customer's file.
        customers = self.sudo().commercial_partner_id.filtered("key_account_kind")
        if customers:
            self.env["key.account.standing"]._refresh_completeness(customers.ids)

    def action_key_account_verify(self):
        """Put on record that the files were compared with the customer and are true."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        customers = self.filtered("key_account_kind")
        channel, method = self._key_account_get_source()
        # sudo: nobody writes standings and the log but the system; whether the user
        # may write the files was checked above.
        self.env["key.account.change"].sudo().create(
            [
                {
                    "partner_id": customer.id,
                    "kind": "verify",
                    "field_name": "key_account_date_verified",
                    "old_value": str(customer.key_account_date_verified or "") or False,
                    "new_value": str(today),
                    "state": "applied",
                    "channel_id": channel.id,
                    "method_id": method.id,
                    "proposed_by_id": self.env.uid,
                    "decided_by_id": self.env.uid,
                    "date_decided": fields.Datetime.now(),
                }
                for customer in customers
            ]
        )
        customers.sudo().key_account_standing_ids.date_verified = today
        return True
