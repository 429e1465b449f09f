# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from .key_account_feed_interface_complaint import COMPARED


class KeyAccountFeedInterfaceComplaint(models.AbstractModel):
    """Writes the resolved complaints, one statement per table, by the same rules as
    those that are entered one by one."""

    _inherit = "key.account.feed.interface.complaint"

    @api.model
    def _load(self, feed):
        self._load_complaints(feed)
        feed._tick(85)
        self._load_services(feed)

    @api.model
    def _load_complaints(self, feed):
        complaints = self.env["key.account.complaint"].with_context(
            tracking_disable=True
        )
        new = complaints.browse(self._insert_complaints(feed))
        self.env["key.account.standing"]._touch(new.partner_id.ids)
        feed._tick(40)
        new._clock_start()
        new._apply_rules()
        new._set_feedback_due()
        new._align_scope()
        feed._tick(60)
        self._append_registrations()
        changed = complaints.browse(self._update_complaints(feed))
        if renewed := complaints.browse(self._get_renewed_ids()):
            renewed._clock_renew()
        (new | changed)._find_repeats()
        feed._tick(80)
        self._move_complaints(feed)
        self._send_to_teams(new)

    @api.model
    def _insert_complaints(self, feed):
        """Insert what is new, and give back its ids."""
        count = self._execute("SELECT 1 FROM feed_complaint WHERE outcome = 'created'")
        self._name_complaints(count)
        self._insert(
            "key_account_complaint",
            self._complaint_columns(feed) | self._stamps(),
            SQL(
                """
                  FROM feed_complaint AS new
                  JOIN feed_complaint_name AS named ON named.row = new.row
                  JOIN key_account_complaint_type AS type ON type.id = new.type_id
                  JOIN %s ON kind.type_id = new.type_id
                  LEFT JOIN key_account_unit AS unit ON unit.id = new.unit_id
                 WHERE new.outcome = 'created'
                """,
                self._kinds(),
            ),
        )
        self.env.invalidate_all(flush=False)
        return self._get_complaint_ids("created")

    @api.model
    def _complaint_columns(self, feed):
        """What a new complaint begins with; its state follows by a move."""
        company = feed.unit_id.sudo().company_id  # sudo: its currency is no secret
        same = (
            *(name for name in COMPARED if name not in ("state", "reply", "mark")),
            "reference",
            "partner_id",
            "unit_id",
            "manager_id",
            "date_accepted",
        )
        columns = {name: SQL.identifier("new", name) for name in same}
        return columns | {
            "region": SQL("COALESCE(new.region, unit.region)"),
            "cost": SQL("COALESCE(new.cost, 0)"),
            "cost_total": SQL("COALESCE(new.cost, 0)"),
            "compensation": SQL("0"),
            "name": SQL("named.name"),
            "state": SQL("'registered'"),
            "clock_state": SQL("'idle'"),
            "nature": SQL("type.nature"),
            "kind_id": SQL("kind.kind_id"),
            "is_founded": SQL("TRUE"),
            "is_secret": SQL("FALSE"),
            "currency_id": SQL("%s", company.currency_id.id),
            "registrant_id": SQL("%s", self.env.uid),
            "feed_unit_id": SQL("%s", feed.unit_id.id),
            "feed_moment": SQL("%s", feed.moment),
            "run_id": SQL("%s::integer", feed.run_id.id or None),
        }

    @api.model
    def _name_complaints(self, count):
        """Draw the numbers of the new complaints, all at once."""
        # sudo: nobody but the system draws numbers.
        sequence = self.env["ir.sequence"].sudo()
        sequence = sequence.search([("code", "=", "key.account.complaint")], limit=1)
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03}",
                count,
            )
        )
        self._create_table(
            SQL.identifier("feed_complaint_name"),
            SQL(
                """
                SELECT new.row, drawn.name
                  FROM (SELECT row, row_number() OVER (ORDER BY row) AS place
                          FROM feed_complaint WHERE outcome = 'created') AS new
                  JOIN unnest(%s::varchar[]) WITH ORDINALITY AS drawn (name, place)
                 USING (place)
                """,
                [sequence.get_next_char(number) for (number,) in numbers],
            ),
        )

    @api.model
    def _kinds(self) -> SQL:
        """The service indicator of every type: ``kind (type_id, kind_id)``."""
        ordinary = self.env["key.account.complaint"]._get_indicator("close")
        types = self.env["key.account.complaint.type"].with_context(active_test=False)
        rows = [
            SQL("(%s, %s)", one.id, (one._get_inherited("kind_id") or ordinary).id)
            for one in types.search([])
        ]
        return SQL("(VALUES %s) AS kind (type_id, kind_id)", SQL(", ").join(rows))

    @api.model
    def _get_complaint_ids(self, outcome):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT complaint.id FROM feed_complaint AS new
                  JOIN key_account_complaint AS complaint
                    ON complaint.reference = new.reference
                   AND complaint.partner_id = new.partner_id
                   AND complaint.feed_unit_id IS NOT NULL
                 WHERE new.outcome = %s ORDER BY new.row
                """,
                outcome,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_renewed_ids(self):
        """Open complaints whose type or line is another one now: another limit."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT new.old_id FROM feed_complaint AS new
                  JOIN key_account_complaint AS complaint ON complaint.id = new.old_id
                 WHERE new.outcome = 'changed' AND complaint.date_done IS NULL
                   AND (new.type_id, new.line_id)
                       IS DISTINCT FROM (new.old_type_id, new.old_line_id)
                """
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _append_registrations(self):
        """The first step of the ledger, when the branch accepted it."""
        self._execute(
            """
            INSERT INTO key_account_complaint_step (
                complaint_id, partner_id, line_id, unit_id, manager_id, kind, date,
                user_id, state_to, create_uid, create_date, write_uid, write_date
            )
            SELECT complaint.id, complaint.partner_id, complaint.line_id,
                   complaint.unit_id, complaint.manager_id, 'register',
                   complaint.date_accepted, %(uid)s, 'registered', %(uid)s,
                   now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM feed_complaint AS new
              JOIN key_account_complaint AS complaint
                ON complaint.feed_unit_id IS NOT NULL
               AND complaint.reference = new.reference
               AND complaint.partner_id = new.partner_id
             WHERE new.outcome = 'created'
            """,
            uid=self.env.uid,
        )

    @api.model
    def _update_complaints(self, feed):
        """What a row says of a complaint that is known, but for its state."""
        ids = self._get_complaint_ids("changed")
        names = [name for name in COMPARED if name not in ("state", "cost")]
        self._execute(
            """
            UPDATE key_account_complaint AS complaint
               SET %(columns)s, cost = COALESCE(new.cost, 0),
                   cost_total = COALESCE(new.cost, 0)
                                + COALESCE(complaint.compensation, 0),
                   nature = type.nature, kind_id = kind.kind_id,
                   unit_id = new.unit_id, manager_id = new.manager_id,
                   feed_moment = %(moment)s, run_id = %(run)s::integer,
                   write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
              FROM feed_complaint AS new
              JOIN key_account_complaint_type AS type ON type.id = new.type_id
              JOIN %(kinds)s ON kind.type_id = new.type_id
             WHERE complaint.id = new.old_id AND new.outcome = 'changed'
            """,
            columns=SQL(", ").join(
                SQL("%s = new.%s", SQL.identifier(name), SQL.identifier(name))
                for name in names
            ),
            moment=feed.moment,
            run=feed.run_id.id or None,
            uid=self.env.uid,
            kinds=self._kinds(),
        )
        self.env.invalidate_all(flush=False)
        return ids

    @api.model
    def _send_to_teams(self, new):
        """What is new and open goes to the special team of its type, if any."""
        new.filtered(lambda one: one.state == "registered")._go_to_teams()
