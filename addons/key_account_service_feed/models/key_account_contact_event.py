# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountContactEvent(models.Model):
    """A contact that the service log of a branch told of."""

    _inherit = "key.account.contact.event"

    service_log_id = fields.Many2one(
        comodel_name="key.account.service.log",
        string="Service Log",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The row of the branch's service log that this contact is.",
    )

    _service_log_uniq = models.UniqueIndex(
        "(service_log_id) WHERE service_log_id IS NOT NULL",
        "This row of the service log is a contact already.",
    )

    def _keep_cost_of_logs(self):
        """The rows of the log repeat what their contacts have cost by the rules."""
        if not self:
            return
        self.env["key.account.service.log"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_service_log AS log
                   SET cost = contact.cost, cost_rule_id = contact.cost_rule_id,
                       currency_id = contact.currency_id
                  FROM key_account_contact_event AS contact
                 WHERE contact.service_log_id = log.id AND contact.id = ANY(%s)
                   AND log.is_contact
                """,
                self.ids,
            )
        )
        self.env["key.account.service.log"].invalidate_model(flush=False)
