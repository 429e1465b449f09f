# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 500
ACTIVITIES = {
    1: "key_account_service.mail_activity_type_warning",
    2: "key_account_service.mail_activity_type_breach",
    3: "key_account_service.mail_activity_type_escalation",
    4: "key_account_service.mail_activity_type_escalation",
}


class KeyAccountClockMixin(models.AbstractModel):
    """Warnings, breaches and escalations: each told once, at its minute, in sets."""

    _inherit = "key.account.clock.mixin"

    # ---- hooks ---------------------------------------------------------------

    def _clock_get_handlers(self):
        """Map these records to whoever works on them. Hook."""
        return {record: record.manager_id for record in self}

    def _clock_get_alarm_text(self, level):
        """What is said of these records at an alarm level, in the reader's language."""
        names = ", ".join(self[:3].mapped("display_name"))
        if len(self) > 3:
            names = self.env._("%(names)s and others", names=names)
        if level == 1:
            return self.env._(
                "%(count)s nearly due: %(names)s", count=len(self), names=names
            )
        if level == 2:
            return self.env._(
                "%(count)s over the time limit: %(names)s",
                count=len(self),
                names=names,
            )
        return self.env._(
            "%(count)s long over the time limit: %(names)s",
            count=len(self),
            names=names,
        )

    # ---- when ----------------------------------------------------------------

    def _clock_get_alarms(self, clock, hours):
        """The alarms not given yet, as (level, moment), in order."""
        self.ensure_one()
        alarms = []
        for level, percent in self.standard_id._get_alarms():
            if level > self.alarm_level:
                limit = round(self.clock_limit * percent / 100)
                moment = clock.deadline(hours, limit)
                if moment:
                    alarms.append((level, moment))
        return alarms

    def _clock_next_alarm(self, clock, hours):
        alarms = self._clock_get_alarms(clock, hours)
        return alarms[0][1] if alarms else None

    # ---- giving them ---------------------------------------------------------

    @api.model
    def _clock_raise_alarms(self, limit=BATCH):
        """Give the alarms that have come, a batch at a time. How many records had one.

        Each is a row of the ledger, which holds one of a level for a record: whoever
        runs this twice, or beside another, tells nobody twice.
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM %s WHERE date_alarm <= %s
                 ORDER BY date_alarm LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                SQL.identifier(self._table),
                now,
                limit,
            )
        )
        records = self.browse(row[0] for row in rows)
        if records:
            records._clock_give_alarms(now)
        return len(records)

    def _clock_give_alarms(self, now):
        due, clocks = {}, self._clock_read()
        for record in self:
            hours = record.calendar_id._key_account_get_hours()
            alarms = record._clock_get_alarms(clocks[record.id], hours)
            due[record.id] = [
                (moment, str(level)) for level, moment in alarms if moment <= now
            ]
        new = self.env["key.account.clock.event"]._append(
            self, "alarm", due, user_id=None
        )
        highest = {}
        for record_id, level in new:
            highest[record_id] = max(int(level), highest.get(record_id, 0))
        self._clock_set_alarm_levels(
            {
                record_id: max(int(level) for _moment, level in found)
                for record_id, found in due.items()
                if found
            }
        )
        self._clock_refresh()
        self.browse(highest)._clock_notify(highest)

    def _clock_set_alarm_levels(self, levels):
        if not levels:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE %s AS record SET alarm_level = found.level
                  FROM (VALUES %s) AS found (id, level) WHERE record.id = found.id
                """,
                SQL.identifier(self._table),
                SQL(", ").join(levels.items()),
            )
        )
        self.invalidate_recordset(["alarm_level"], flush=False)

    def _clock_notify(self, levels):
        """Tell handlers, managers and heads, each once for all that concerns them.

        :param levels: map of ids to the alarm level reached
        """
        for level in sorted(set(levels.values())):
            records = self.filtered(lambda record, at=level: levels[record.id] == at)
            concerned = records._clock_get_concerned(level)
            for user, of_user in concerned.items():
                readable = of_user.with_user(user)._filtered_access("read")
                if readable:
                    readable._clock_tell(user, level)

    def _clock_get_concerned(self, level):
        """Map users to the records among these that they are told of."""
        handlers = self._clock_get_handlers()
        heads = self._clock_get_heads(level)
        if level > 2:
            nearer = self._clock_get_heads(2)
            heads = {
                record: heads.get(record, nearer[record]) | nearer[record]
                for record in self
                if record in nearer
            }
        concerned = {}
        for record in self:
            users = handlers[record] | record.manager_id
            users |= heads.get(record, users.browse())
            for user in users.filtered("active"):
                concerned[user] = concerned.get(user, self.browse()) | record
        return concerned

    def _clock_tell(self, user, level):
        """An activity on each record, and one notice on the screen of this user."""
        # sudo: the system tells, whoever's action or clock made it do so.
        records = self.sudo().with_context(lang=user.lang)
        kind = self.env.ref(ACTIVITIES[level])
        model_id = self.env["ir.model"]._get_id(self._name)
        activities = self.env["mail.activity"].sudo()
        # The notices below are enough: nobody wants a mail for each of 500 requests.
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(
                        record, record.date_due or fields.Datetime.now()
                    ),
                }
                for record in records
            ]
        )
        title = kind.with_context(lang=user.lang).name
        records._clock_mail(user, level, title)
        user._bus_send(
            "simple_notification",
            {
                "type": "warning" if level == 1 else "danger",
                "title": title,
                "message": records._clock_get_alarm_text(level),
                "sticky": level > 1,
            },
        )

    def _clock_end_alarms(self):
        """What was to be done about an alarm is over when the clock stops."""
        types = [self.env.ref(name).id for name in set(ACTIVITIES.values())]
        # sudo: the activities of others go too.
        self.env["mail.activity"].sudo().search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("activity_type_id", "in", types)
        ).unlink()

    @api.model
    def _cron_raise_alarms(self):
        """Look at every model with a clock until nothing has come due."""
        for name in self._clock_models():
            while count := self.env[name]._clock_raise_alarms():
                if not self.env["ir.cron"]._commit_progress(count):
                    return
