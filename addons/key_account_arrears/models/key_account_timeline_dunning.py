# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """How a customer was dunned, and which instalments he paid or missed."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(
        selection_add=[("dunning", "Dunning"), ("instalment", "Instalment")]
    )

    _depends = {
        "key.account.dunning.line": [
            "amount",
            "currency_id",
            "date_sent",
            "line_id",
            "manager_id",
            "partner_id",
            "run_id",
            "state",
            "subject",
            "unit_id",
        ],
        "key.account.promise.instalment": [
            "amount",
            "date_due",
            "date_kept",
            "line_id",
            "manager_id",
            "partner_id",
            "promise_id",
            "unit_id",
        ],
    }

    def _get_parts(self):
        return {
            **super()._get_parts(),
            "dunning": self._get_dunning_part(),
            "instalment": self._get_instalment_part(),
        }

    def _get_dunning_part(self):
        """What went out, or was a colleague's task; not who was left out."""
        columns = self._get_fact_columns(
            "key.account.dunning.line",
            "dunning",
            date=self._to_local_date(SQL("fact.date_sent")),
            line_id=SQL("fact.line_id"),
            text=SQL("fact.subject"),
            user_id=SQL(
                "SELECT run.confirmed_by_id FROM key_account_dunning_run AS run "
                "WHERE run.id = fact.run_id"
            ),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
        )
        source = SQL(
            "key_account_dunning_line AS fact "
            "WHERE fact.date_sent IS NOT NULL AND fact.state IN ('sent', 'failed')"
        )
        return columns, source

    def _get_instalment_part(self):
        """Of plans: on the day it was paid, or missed."""
        columns = self._get_fact_columns(
            "key.account.promise.instalment",
            "instalment",
            date=SQL("COALESCE(fact.date_kept, fact.date_due)"),
            line_id=SQL("fact.line_id"),
            user_id=SQL("promise.user_id"),
            currency_id=SQL("promise.currency_id"),
            amount=SQL("fact.amount"),
        )
        source = SQL(
            """
            key_account_promise_instalment AS fact
            JOIN key_account_promise AS promise
              ON promise.id = fact.promise_id AND promise.kind = 'plan'
             AND promise.date_approved IS NOT NULL AND promise.date_withdrawn IS NULL
           WHERE fact.date_kept IS NOT NULL OR fact.date_due < %s
            """,
            fields.Date.context_today(self),
        )
        return columns, source

    def _get_summary(self, record):
        if self.kind == "dunning":
            return self._join(*self._get_dunning_texts(record))
        if self.kind == "instalment":
            states = dict(record._fields["state"]._description_selection(self.env))
            return self._join(states[record.state])
        return super()._get_summary(record)

    def _get_dunning_texts(self, line):
        """The way, the text's title, and what became of it."""
        channels = dict(line._fields["channel"]._description_selection(self.env))
        yield channels.get(line.channel)
        yield self.text
        if line.delivery and line.state == "sent":
            states = dict(line._fields["delivery"]._description_selection(self.env))
            yield states[line.delivery]
        elif line.state == "failed":
            states = dict(line._fields["state"]._description_selection(self.env))
            yield states["failed"]
            yield line.failure
