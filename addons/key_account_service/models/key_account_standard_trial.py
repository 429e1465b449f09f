# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL, format_datetime


class KeyAccountStandard(models.Model):
    """What is open now and would be due at another time by this version (GRD-17)."""

    _inherit = "key.account.standard"

    def _get_trial_query(self, day) -> SQL:
        """Whatever is open of this service, with its due date by what it was accepted
        by and by this version, from the same ledgers and with the same clock."""
        self.ensure_one()
        rows = [
            row
            for name in self.env["key.account.clock.mixin"]._clock_models()
            for row in self._try_clocks(self._get_concerned(name))
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 7
        return SQL(
            """
            SELECT * FROM unnest(
                %s::integer[], %s::integer[], %s::text[], %s::text[],
                %s::numeric[], %s::numeric[], %s::text[]
            ) AS tried (partner_id, line_id, before, after, amount_before,
                        amount_after, direction)
            """,
            *(list(column) for column in columns),
        )

    def _get_concerned(self, name):
        """What is open and has no standard of its own line, where this has none."""
        # sudo: all that is open is tried; each reader sees the rows in his scope.
        clocks = self.env[name].sudo()
        found = clocks.search([("date_done", "=", False), ("partner_id", "!=", False)])
        return found.filtered(
            lambda one: one._clock_get_kind() == self.kind_id
            and (
                one.line_id == self.line_id
                or not self.line_id
                and not one.standard_id.line_id
            )
        )

    def _try_clocks(self, records):
        """(customer, line, before, after, hours before, hours after, direction)."""
        now = fields.Datetime.now()
        clocks = records._clock_read()
        hours = self.calendar_id._key_account_get_hours()
        for record in records:
            limit = self._get_seconds(record.grade_code)
            due = clocks[record.id].deadline(hours, limit)
            before, after = record.clock_limit, limit
            direction = "up" if after >= before else "down"
            if not record.standard_id:
                direction = "new"
            yield (
                record.partner_id.id,
                record.line_id.id or None,
                self._describe_due(record, record.date_due, now),
                self._describe_due(record, due, now),
                before / 3600 if record.standard_id else None,
                after / 3600,
                direction,
            )

    def _describe_due(self, record, due, now):
        """Which one it is, when it is due, and whether that is over."""
        if not due:
            return self.env._("%(name)s: no due date", name=record.name)
        moment = format_datetime(self.env, due, dt_format="short")
        if due < now:
            return self.env._(
                "%(name)s: %(moment)s, overdue", name=record.name, moment=moment
            )
        return self.env._("%(name)s: %(moment)s", name=record.name, moment=moment)
