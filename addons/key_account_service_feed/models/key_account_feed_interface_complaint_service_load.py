# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

# What a row of the log says as it is.
SAID = (
    "partner_id",
    "line_id",
    "number_id",
    "unit_id",
    "manager_id",
    "user_id",
    "class_id",
    "kind_id",
    "is_contact",
    "date_start",
    "date_stop",
    "result",
    "channel_id",
    "operator",
    "remark",
    "is_cost_entered",
)


class KeyAccountFeedInterfaceComplaint(models.AbstractModel):
    """Writes the service log, one statement per table; of visits, calls and the like a
    contact is kept in line, which counts for the freshness and carries the cost."""

    _inherit = "key.account.feed.interface.complaint"

    @api.model
    def _load_services(self, feed):
        touched, first = self._get_service_reach()
        # Of two who change what months count the later one is tried again.
        self.env["key.account.standing"]._touch(touched)
        self._insert_services(feed)
        self._update_services(feed)
        contacts = self._align_contacts(feed)
        logs = self._get_logs(feed)
        logs.filtered(lambda log: not log.is_contact)._cost_renew()
        contacts._align_scope()
        contacts._cost_renew()
        contacts._keep_cost_of_logs()
        if touched and first:
            months = self.env["key.account.month"]
            months._refresh_months(touched, first.replace(day=1))
        if contacts:
            standings = self.env["key.account.contact.standing"]
            standings._refresh(contacts.partner_id.ids)

    @api.model
    def _get_service_reach(self):
        """Customers whose figures the rows change, and from which day on."""
        day = self._get_service_day(SQL("date_start"))
        [(partner_ids, first)] = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT partner_id)
                           FILTER (WHERE partner_id IS NOT NULL),
                       MIN(LEAST(%s, old_day))
                  FROM feed_service WHERE outcome IN ('created', 'changed')
                """,
                day,
            )
        )
        return partner_ids or [], first

    @api.model
    def _get_service_day(self, moment) -> SQL:
        return self.env["key.account.month"]._get_local_day_sql(moment)

    @api.model
    def _service_columns(self, feed):
        columns = {name: SQL.identifier("new", name) for name in SAID}
        hours = SQL(
            "COALESCE(EXTRACT(epoch FROM new.date_stop - new.date_start) / 3600, 0)"
        )
        return columns | {
            "cost": SQL("COALESCE(new.cost_entered, 0)"),
            "day": self._get_service_day(SQL("new.date_start")),
            "duration": hours,
            "feed_moment": SQL("%s", feed.moment),
            "run_id": SQL("%s::integer", feed.run_id.id or None),
        }

    @api.model
    def _insert_services(self, feed):
        company = feed.unit_id.sudo().company_id  # sudo: its currency is no secret
        columns = self._service_columns(feed) | {
            "name": SQL("new.name"),
            "feed_unit_id": SQL("%s", feed.unit_id.id),
            "currency_id": SQL("%s", company.currency_id.id),
        }
        self._insert(
            "key_account_service_log",
            columns | self._stamps(),
            SQL("FROM feed_service AS new WHERE new.outcome = 'created'"),
        )

    @api.model
    def _update_services(self, feed):
        columns = self._service_columns(feed)
        # Without an entered cost that of the rule stays until it is reckoned anew.
        columns["cost"] = SQL(
            "CASE WHEN new.is_cost_entered THEN new.cost_entered ELSE log.cost END"
        )
        columns["cost_rule_id"] = SQL(
            "CASE WHEN NOT new.is_cost_entered THEN log.cost_rule_id END"
        )
        self._execute(
            """
            UPDATE key_account_service_log AS log
               SET %(columns)s, write_uid = %(uid)s,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM feed_service AS new
             WHERE log.id = new.old_id AND new.outcome = 'changed'
            """,
            columns=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in columns.items()
            ),
            uid=self.env.uid,
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _of_service(self, feed) -> SQL:
        """The rows that said something new, FROM-able: ``new`` with ``log``."""
        return SQL(
            """
            feed_service AS new
              JOIN key_account_service_log AS log
                ON log.feed_unit_id = %s AND log.name = new.name
               AND new.outcome IN ('created', 'changed')
            """,
            feed.unit_id.id,
        )

    @api.model
    def _get_logs(self, feed):
        rows = self.env.execute_query(
            SQL("SELECT log.id FROM %s ORDER BY log.id", self._of_service(feed))
        )
        return self.env["key.account.service.log"].browse(row[0] for row in rows)

    @api.model
    def _align_contacts(self, feed):
        """The contacts of the rows say what the rows say; one that was none after all
        is cancelled."""
        columns = self._contact_columns()
        self._execute(
            """
            UPDATE key_account_contact_event AS contact
               SET (%(names)s, state, cost) = (%(values)s,
                   CASE WHEN log.is_contact THEN 'done' ELSE 'cancelled' END,
                   CASE WHEN log.is_cost_entered THEN log.cost ELSE contact.cost END)
              FROM %(rows)s
             WHERE contact.service_log_id = log.id
            """,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(columns.values()),
            rows=self._of_service(feed),
        )
        self._insert(
            "key_account_contact_event",
            columns
            | {
                "service_log_id": SQL("log.id"),
                "state": SQL("'done'"),
                "cost": SQL("log.cost"),
                "direction": SQL("'out'"),
                "distance": SQL("0"),
                "is_important": SQL("FALSE"),
                "currency_id": SQL("log.currency_id"),
            }
            | self._stamps(),
            SQL(
                """
                  FROM %s
                 WHERE log.is_contact AND NOT EXISTS (
                       SELECT FROM key_account_contact_event AS known
                        WHERE known.service_log_id = log.id)
                """,
                self._of_service(feed),
            ),
        )
        self.env.invalidate_all(flush=False)
        return self._get_contacts(feed)

    @api.model
    def _contact_columns(self):
        same = (
            "partner_id",
            "line_id",
            "unit_id",
            "manager_id",
            "user_id",
            "kind_id",
            "result",
            "day",
            "duration",
            "is_cost_entered",
        )
        return {name: SQL.identifier("log", name) for name in same} | {
            "subject": SQL("log.remark"),
            "date": SQL("log.date_start"),
            "date_stop": SQL("COALESCE(log.date_stop, log.date_start)"),
        }

    @api.model
    def _get_contacts(self, feed):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.id
                  FROM %s
                  JOIN key_account_contact_event AS contact
                    ON contact.service_log_id = log.id
                 ORDER BY contact.id
                """,
                self._of_service(feed),
            )
        )
        return self.env["key.account.contact.event"].browse(row[0] for row in rows)
