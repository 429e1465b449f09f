# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [
    ("start", "Started"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("stop", "Stopped"),
    ("reopen", "Reopened"),
    ("standard", "Standard Applied"),
    ("alarm", "Alarm"),
]
# The kinds by which a clock runs or stands.
STEPS = ("start", "pause", "resume", "stop", "reopen")
ALARMS = [
    ("1", "Warning"),
    ("2", "Breach"),
    ("3", "Escalated to the Company"),
    ("4", "Escalated to the Centre"),
]


class KeyAccountClockEvent(models.Model):
    """A step of the clock of a request or complaint: the ledger of its pauses (SLA-07).

    Written by the clocks only, never changed nor deleted. Everything a clock says
    (deadline, time used, breach) follows from these rows and the standard.
    """

    _name = "key.account.clock.event"
    _description = "Clock Step"
    _inherit = ["key.account.fact.mixin"]
    _order = "date, id"
    _rec_name = "kind"

    partner_id = fields.Many2one(required=False)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    kind = fields.Selection(selection=KINDS, required=True)
    date = fields.Datetime(string="At", required=True)
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        ondelete="restrict",
        domain=[("category", "=", "pause_reason")],
    )
    note = fields.Char(string="Remarks")
    level = fields.Selection(selection=ALARMS, string="Alarm")
    standard_id = fields.Many2one(
        comodel_name="key.account.standard",
        index="btree_not_null",
        ondelete="restrict",
    )
    limit_seconds = fields.Integer(string="Limit in Seconds", aggregator=None)
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", ondelete="restrict"
    )

    _record_idx = models.Index("(res_model, res_id, date, id)")
    _alarm_uniq = models.UniqueIndex(
        "(res_model, res_id, level) WHERE kind = 'alarm'",
        "Nobody is alarmed twice of the same.",
    )

    def write(self, vals):
        raise UserError(
            self.env._("The ledger of a clock stays as it is: a step is never changed.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("The ledger of a clock stays: no step of it is deleted.")
        )

    @api.model
    def _append(self, records, kind, dates, **columns):
        """Add a step to the ledger of each record, in one statement.

        :param dates: map of the ids of the records to the moment of the step, or, for
            alarms, to a list of (moment, level)
        :return: pairs (id of the record, level) of the steps that are new
        """
        rows = [
            (res_id, moment, level)
            for res_id, found in dates.items()
            for moment, level in (found if isinstance(found, list) else [(found, None)])
        ]
        if not rows:
            return []
        self._key_account_say_who()
        records.flush_model()
        found = self.env.execute_query(self._append_query(records, kind, rows, columns))
        self.invalidate_model(flush=False)
        records.invalidate_recordset(["clock_event_ids"], flush=False)
        return found

    def _append_query(self, records, kind, rows, columns) -> SQL:
        return SQL(
            """
            INSERT INTO key_account_clock_event (
                res_model, res_id, partner_id, line_id, unit_id, manager_id,
                kind, date, level, reason_id, note, standard_id, limit_seconds, user_id,
                create_uid, create_date, write_uid, write_date
            )
            SELECT %(model)s, owner.id, owner.partner_id, owner.line_id, owner.unit_id,
                   owner.manager_id, %(kind)s,
                   step.date::timestamp, step.level::varchar,
                   %(reason)s, %(note)s, owner.standard_id, owner.clock_limit, %(user)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (VALUES %(rows)s) AS step (res_id, date, level)
              JOIN %(table)s AS owner ON owner.id = step.res_id::int
                ON CONFLICT DO NOTHING
            RETURNING res_id, level
            """,
            model=records._name,
            table=SQL.identifier(records._table),
            kind=kind,
            reason=columns.get("reason_id") or None,
            note=columns.get("note") or None,
            user=columns.get("user_id", self.env.uid),
            uid=self.env.uid,
            rows=SQL(", ").join(rows),
        )

    @api.model
    def _read_steps(self, records):
        """Map the ids of records to their steps (kind, moment), in order."""
        steps = {res_id: [] for res_id in records.ids}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id, kind, date FROM key_account_clock_event
                 WHERE res_model = %s AND res_id = ANY(%s) AND kind IN %s
                 ORDER BY date, id
                """,
                records._name,
                records.ids,
                STEPS,
            )
        )
        for res_id, kind, moment in rows:
            steps[res_id].append((kind, moment))
        return steps

    @api.model
    def _follow(self, records):
        """The ledgers of records whose customer or line changed go with them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_clock_event AS event
                   SET partner_id = owner.partner_id, line_id = owner.line_id,
                       unit_id = owner.unit_id, manager_id = owner.manager_id
                  FROM %(table)s AS owner
                 WHERE owner.id = event.res_id AND event.res_model = %(model)s
                   AND owner.id = ANY(%(ids)s)
                """,
                table=SQL.identifier(records._table),
                model=records._name,
                ids=records.ids,
            )
        )
        self.invalidate_model(flush=False)
