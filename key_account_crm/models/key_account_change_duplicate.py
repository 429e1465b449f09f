# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Key fields by which two files are found to be one customer's.
COMPARED = {"key_account_credit_code", "key_account_identity_number", "name"}


class KeyAccountChange(models.Model):
    """A decider is told whom the new value would make a duplicate of (FILE-20, COL-05).

    Between proposal and decision another file may have got the same code or name.
    """

    _inherit = "key.account.change"

    duplicate_alert = fields.Html(
        string="Possible Duplicates",
        compute="_compute_duplicate_alert",
        sanitize=False,
        help="Customers that the new value would be shared with.",
    )
    duplicate_note = fields.Text(
        string="Not a Duplicate because",
        readonly=True,
        help="Why the decider says that it is another customer.",
    )

    @api.depends("state", "field_name", "new_value", "partner_id")
    @api.depends_context("uid", "lang")
    def _compute_duplicate_alert(self):
        partners = self.env["res.partner"]
        for change in self:
            found = change._find_duplicates() if change.can_decide else {}
            change.duplicate_alert = partners._key_account_show(found)

    def _find_duplicates(self):
        """{other customer's id: reasons}, if this change were applied."""
        self.ensure_one()
        if self.state != "proposed" or self.field_name not in COMPARED:
            return {}
        vals = {self.field_name: self.new_value}
        # sudo: of customers out of reach only the unit to ask comes out.
        return self.partner_id.sudo()._key_account_find_duplicates(vals)

    def action_confirm(self):
        """Ask why this is another customer than those found."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_confirm_action"
        )
        return {**action, "context": {"default_change_id": self.id}}

    def _confirm(self, note):
        """Approve although another file has the same value; say why that is another
        customer."""
        self._check_decider()
        if not (note or "").strip():
            raise UserError(self.env._("Say why this is another customer."))
        # sudo: nobody writes proposals by hand; the right to decide was checked.
        self.sudo().duplicate_note = note
        return self.action_approve()

    def _apply(self):
        if not (self.duplicate_note or "").strip():
            self._refuse_duplicates()
        elif self._find_duplicates():
            self._note_on_the_file()
        return super()._apply()

    def _refuse_duplicates(self):
        if self.field_name in COMPARED:
            self._refuse_found(self.partner_id, self._find_duplicates())
            self._refuse_approved_meanwhile()

    def _refuse_approved_meanwhile(self):
        """Approvals of the same value come one after the other, and the later one sees
        what the earlier one did.

        This transaction sees the database as it was when it began. So it waits until
        whoever approves the same value is through, and then looks with other eyes.
        """
        vals = {self.field_name: self.new_value}
        partners = self.env["res.partner"]
        values = partners._key_account_duplicate_values(vals)
        key = f"{self._name} {sorted(values.items())}"
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key)
        )
        with self.env.registry.cursor() as cr:
            fresh = partners.with_env(self.env(cr=cr)).browse(self.partner_id.id)
            # sudo: of customers out of reach only the unit to ask comes out.
            found = fresh.sudo()._key_account_find_duplicates(vals)
            self._refuse_found(fresh, found)

    def _refuse_found(self, partner, found):
        if found:
            others = partner._key_account_describe(found)
            raise UserError(
                self.env._(
                    "With this %(field)s %(customer)s would be a duplicate: "
                    "%(others)s. Refuse the change, merge the files, or open it and "
                    'say with "Another Customer" why it is not.',
                    field=self.field_label,
                    customer=self.partner_id.display_name,
                    others="; ".join(others.values()),
                )
            )

    def _note_on_the_file(self):
        """Whoever finds the pair later reads why it stands."""
        # sudo: the right to decide was checked; the note is no key field.
        partner = self.partner_id.sudo()
        notes = [partner.key_account_duplicate_note, self.duplicate_note]
        partner.key_account_duplicate_note = "\n".join(filter(None, notes))
