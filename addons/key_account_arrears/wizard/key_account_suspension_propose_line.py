# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.key_account_suspension import KINDS, REASONS


class KeyAccountSuspensionProposeLine(models.TransientModel):
    """One number in a preview: the step that would be proposed, or why it is not."""

    _name = "key.account.suspension.propose.line"
    _description = "Number in a Preview of Suspensions"

    wizard_id = fields.Many2one(
        comodel_name="key.account.suspension.propose",
        required=True,
        index=True,
        ondelete="cascade",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=KINDS, string="Step", readonly=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", readonly=True, ondelete="cascade"
    )
    amount = fields.Monetary(string="Owed", readonly=True)
    days_overdue = fields.Integer(readonly=True)
    bill_count = fields.Integer(string="Bills", readonly=True)
    is_protected = fields.Boolean(string="Needs a Review", readonly=True)
    left_out = fields.Selection(
        selection=REASONS, string="Left Out because", readonly=True
    )
