# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import format_date

from ..report.key_account_open_item import AS_OF


class KeyAccountOpenItemAsk(models.TransientModel):
    """Asks for the day of which open items are shown."""

    _name = "key.account.open.item.ask"
    _description = "Open Items as of"

    date = fields.Date(string="As of", required=True, default=fields.Date.context_today)

    def action_open(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_open_item_action"
        )
        action["name"] = self.env._(
            "Open Items as of %(day)s", day=format_date(self.env, self.date)
        )
        action["context"] = {AS_OF: fields.Date.to_string(self.date)}
        return action
