# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What describes the message to the transport is not for a description to say.
OURS = {"host", "content-length", "transfer-encoding", "connection", "expect", "te"}


class KeyAccountSmsField(models.Model):
    """A header, or a field of the query or the form, with its value or variables."""

    _name = "key.account.sms.field"
    _description = "Field of an SMS Gateway's Request"
    _order = "place, sequence, id"

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    place = fields.Selection(
        selection=[("header", "Header"), ("query", "Address"), ("form", "Form")],
        required=True,
        default="form",
    )
    name = fields.Char(required=True)
    value = fields.Char(help="A text with variables: {number}, {text}, {secret:key} …")
    is_optional = fields.Boolean(string="Left Out If Empty")

    @api.constrains("place", "name", "value")
    def _check_value(self):
        for row in self:
            row.gateway_id._check_variables(row.value)
            if row.place == "header" and not (
                TOKEN.fullmatch(row.name) and row.name.lower() not in OURS
            ):
                raise ValidationError(
                    self.env._("%(name)s is no header to choose.", name=row.name)
                )
