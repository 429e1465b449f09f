# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import parts
from ..dispatch import Dispatch
from ..models.key_account_sms_rule import OUTCOMES


class KeyAccountSmsTest(models.TransientModel):
    """Sends one message through one gateway, archived or not, and shows what came."""

    _name = "key.account.sms.test"
    _description = "Test Message"

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    number = fields.Char(required=True, help="In international form: +8613812345678.")
    text = fields.Text(
        required=True, default=lambda self: self.env._("This is a test message.")
    )
    estimate = fields.Char(compute="_compute_estimate")
    state = fields.Selection(
        selection=lambda self: self.env["key.account.sms.delivery"]
        ._fields["state"]
        .selection,
        readonly=True,
    )
    failure = fields.Selection(selection=OUTCOMES, readonly=True)
    reason = fields.Char(readonly=True)
    reference = fields.Char(string="Gateway's Number", readonly=True)
    status = fields.Integer(string="HTTP Status", readonly=True)
    milliseconds = fields.Integer(readonly=True)

    @api.depends("text", "gateway_id")
    def _compute_estimate(self):
        for test in self:
            gateway = test.gateway_id
            found = parts.count(gateway._write_text(test.text or ""))
            test.estimate = gateway._describe_cost(found, 1)

    def action_send(self):
        self.ensure_one()
        self.env.flush_all()
        number = self.env.user._phone_format(number=self.number) or self.number
        key = uuid.uuid4().hex
        dispatch = Dispatch(self.gateway_id, patience=10.0)
        items, refused = dispatch.take(
            [{"content": self.text, "numbers": [{"number": number, "uuid": key}]}]
        )
        if refused:
            raise UserError(
                self.env._(
                    "%(number)s is no number this gateway serves. Write it like "
                    "+8613812345678.",
                    number=self.number,
                )
            )
        dispatch.run(items)
        # Written in transactions of its own, which this one does not see.
        self.write(dispatch.ledger.read_test(key))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Test Message"),
        }
