# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountRequestVisit(models.TransientModel):
    """Registers the request of a customer of another unit who stands before us.

    He is found by what only he has at hand (his code, his service number), is shown by
    name alone, and his home manager is told (SVC-03).
    """

    _name = "key.account.request.visit"
    _description = "Serve a Visiting Customer"

    code = fields.Char(
        string="Customer Code or Number",
        required=True,
        help="As the customer shows it: nothing is proposed.",
    )
    partner_name = fields.Char(string="Customer", compute="_compute_partner_name")
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        required=True,
        domain=[("category", "=", "request_kind")],
    )
    subject = fields.Char(required=True)
    description = fields.Html()

    @api.depends("code")
    def _compute_partner_name(self):
        for wizard in self:
            wizard.partner_name = wizard._find_customer().name

    def _find_customer(self):
        """The customer with exactly this code, or this number in service."""
        self.ensure_one()
        code = (self.code or "").strip()
        # sudo: the customer is another unit's; only his name comes out, to somebody
        # who knows his code.
        partners = self.env["res.partner"].sudo()
        found = partners.search([("key_account_code", "=", code)], limit=2)
        if code and not found:
            numbers = self.env["key.account.number"].sudo()
            found = numbers.search(
                [("name", "=", code), ("state", "!=", "closed")], limit=2
            ).partner_id
        return found if len(found) == 1 and found.key_account_kind else partners

    def action_register(self):
        self.ensure_one()
        customer = self._find_customer()
        if not customer:
            raise UserError(
                self.env._(
                    "No customer has the code or number %(code)s: ask the customer for "
                    "his card, or look at the spelling.",
                    code=self.code,
                )
            )
        request = self.env["key.account.request"]._register_visit(
            customer,
            {
                "kind_id": self.kind_id.id,
                "subject": self.subject,
                "description": self.description,
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }
