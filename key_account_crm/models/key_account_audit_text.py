# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountAudit(models.Model):
    """Says where a change came from in the words of its reader."""

    _inherit = "key.account.audit"

    origin_label = fields.Char(string="Came From", compute="_compute_origin_label")

    @api.depends("origin")
    @api.depends_context("lang")
    def _compute_origin_label(self):
        labels = self._get_origin_labels()
        for log in self:
            log.origin_label = labels.get(log.origin, log.origin)

    @api.model
    def _get_origin_labels(self):
        """Map origins to their names; of others the origin itself is shown. Hook."""
        return {
            "screen": self.env._("Screen"),
            "import": self.env._("Import"),
            "rpc": self.env._("Interface"),
            "cron": self.env._("Scheduled"),
            "system": self.env._("System"),
            "feed": self.env._("Daily File"),
            "points": self.env._("Points"),
        }
