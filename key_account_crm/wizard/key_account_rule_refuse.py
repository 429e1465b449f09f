# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class KeyAccountRuleRefuse(models.TransientModel):
    """Asks why proposed versions of rules are refused."""

    _name = "key.account.rule.refuse"
    _description = "Refuse a Rule"

    res_model = fields.Char(
        required=True, default=lambda self: self.env.context.get("rule_model")
    )
    res_ids = fields.Json(default=lambda self: self.env.context.get("rule_ids"))
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.ensure_one()
        rules = self.env.get(self.res_model)
        if rules is None or not hasattr(rules, "_rule_key"):
            raise UserError(self.env._("This is no rule: open one and refuse it."))
        rules.browse(self.res_ids or []).action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
