# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

REQUEST = "key.account.request"
# The seconds from acceptance to what a colleague first wrote to the customer.
REPLY = """
    (SELECT MIN(message.date) FROM mail_message AS message
       JOIN mail_message_subtype AS subtype
         ON subtype.id = message.subtype_id AND subtype.internal IS NOT TRUE
       JOIN res_users AS author
         ON author.partner_id = message.author_id AND author.share IS NOT TRUE
      WHERE message.model = 'key.account.request'
        AND message.res_id = key_account_request.id
        AND message.message_type IN ('comment', 'email', 'email_outgoing'))
"""


class KeyAccountIndicator(models.Model):
    """Figures of service that are no sum of a column (domain 2.10, 2.11)."""

    _inherit = "key.account.indicator"

    @api.model
    def _get_methods(self):
        return {
            **super()._get_methods(),
            "marks": self.env._("Sum of the customers' marks, by the day of the call"),
            "marked": self.env._("Requests that a customer marked, by that day"),
            "reply_hours": self.env._("Hours until the first reply, by acceptance"),
            "replied": self.env._("Requests that were replied to, by acceptance"),
        }

    @api.model
    def _get_method_rows(self, period, domain):
        wanted = {
            "marks": lambda: self._get_marked(period),
            "marked": lambda: self._get_marked(period),
            "reply_hours": lambda: self._get_accepted(period),
            "replied": lambda: self._get_accepted(period),
        }
        if self.method not in wanted:
            return super()._get_method_rows(period, domain)
        return REQUEST, list(domain & wanted[self.method]())

    def _query_marks(self, key_path, period, domain):
        domain &= self._get_marked(period)
        value = SQL("SUM(key_account_request.mark::int)::numeric")
        return self._select(self.env[REQUEST], key_path, domain, value)

    def _query_marked(self, key_path, period, domain):
        domain &= self._get_marked(period)
        return self._select(self.env[REQUEST], key_path, domain, "__count")

    def _query_reply_hours(self, key_path, period, domain):
        self.env["mail.message"].flush_model()
        value = SQL(
            "SUM(EXTRACT(EPOCH FROM %s - key_account_request.date_accepted) / 3600)",
            SQL(REPLY),
        )
        domain &= self._get_accepted(period)
        return self._select(self.env[REQUEST], key_path, domain, value)

    def _query_replied(self, key_path, period, domain):
        self.env["mail.message"].flush_model()
        domain &= self._get_accepted(period)
        value = SQL("COUNT(%s)::numeric", SQL(REPLY))
        return self._select(self.env[REQUEST], key_path, domain, value)

    def _get_marked(self, period):
        return Domain("mark", "!=", False) & self._get_between("date_callback", period)

    def _get_accepted(self, period):
        return self._get_between("date_accepted", period)

    @api.model
    def _get_between(self, name, period):
        first, last = period
        begin, end = self._to_utc(first), self._to_utc(last, days=1)
        return Domain(name, ">=", begin) & Domain(name, "<", end)
