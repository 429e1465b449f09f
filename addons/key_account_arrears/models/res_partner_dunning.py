# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ResPartner(models.Model):
    """Dunning of files that become one: what went out stays under the former code,
    what has not gone out yet does not, and the customer is looked at anew."""

    _inherit = "res.partner"

    def _key_account_merge_one(self, source, reason):
        """As superuser, like the whole merge."""
        lines = self.env["key.account.dunning.line"].search(
            [("partner_id", "=", source.id)]
        )
        waiting = lines.filtered(lambda line: line.state in ("ready", "queued"))
        waiting._leave_out("merged")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_dunning_line SET former_code = %s
                 WHERE partner_id = %s AND former_code IS NULL
                """,
                source.key_account_code or str(source.id),
                source.id,
            )
        )
        lines.invalidate_recordset(["former_code"])
        return super()._key_account_merge_one(source, reason)

    def action_dun_now(self):
        """Look what this customer would get and why; nothing goes out before it is
        confirmed (ARR-03)."""
        self.ensure_one()
        run = self.env["key.account.dunning.run"].create(
            {"partner_ids": [fields.Command.set(self.ids)]}
        )
        run.action_preview()
        if not run.line_ids:
            raise UserError(
                self.env._(
                    "%(customer)s owes your units nothing that is overdue.",
                    customer=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
