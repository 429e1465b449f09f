# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.res_partner import KINDS


class KeyAccountConversion(models.TransientModel):
    """Asks what the customer of a potential file becomes (domain 2.3)."""

    _name = "key.account.conversion"
    _description = "Convert a Potential File"

    potential_id = fields.Many2one(
        comodel_name="key.account.potential",
        string="Potential File",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=KINDS, string="Customer Kind", required=True)
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        help="A professional line file is opened for it. Leave it empty for none.",
    )
    reason = fields.Text(string="Remarks")

    def action_convert(self):
        self.ensure_one()
        self.potential_id._convert(self.kind, self.line_id, self.reason)
        return self.potential_id.partner_id._get_records_action()
