# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_feed.layout import LOOKUP_TYPES as COMMON_TYPES

from ..layout import COMPLAINT, LOOKUP_TYPES, SERVICE, TICKET

# What a row may change of a complaint that is known.
COMPARED = (
    "type_id",
    "cause_id",
    "subject",
    "description",
    "channel_id",
    "region",
    "line_id",
    "number_id",
    "state",
    "reply",
    "mark",
    "cost",
    "handler_id",
)
# Columns of the file that are read in a way of their own.
OWN = ("name", "number_id", "date_accepted", "date_replied", "description")


class KeyAccountFeedInterfaceComplaint(models.AbstractModel):
    """Interface 02001: the complaints of a branch's customers and how far they are, and
    the log of what was done for them.

    A complaint is found by the number it has at the branch. Times are those of the
    sender's time zone. Clocks, repeats and steps follow as if somebody had entered it.
    """

    _name = "key.account.feed.interface.complaint"
    _inherit = "key.account.feed.interface"
    _description = "Key Account Feed of Services and Complaints"

    @api.model
    def _get_models(self):
        return {
            COMPLAINT.letter: "key.account.complaint",
            SERVICE.letter: "key.account.service.log",
        }

    @api.model
    def _get_records(self):
        return {record.letter: record for record in (COMPLAINT, SERVICE)}

    @api.model
    def _get_lookup_types(self):
        return (*COMMON_TYPES, *LOOKUP_TYPES)

    @api.model
    def _example_label(self, record) -> SQL:
        if record is SERVICE:
            return SQL("concat_ws(' ', checked.name, checked.remark)")
        return SQL("checked.reference || ' ' || checked.subject")

    @api.model
    def _create_lookup(self, feed):
        super()._create_lookup(feed)
        # sudo: who works in the branch, whoever loads.
        people = self.env["res.users"].sudo()
        units = feed.unit_id._get_below()
        handlers = people.search(
            [
                ("key_account_unit_id", "in", units.ids),
                ("key_account_role", "in", ("manager", "head", "company")),
            ]
        )
        self._execute(
            """
            INSERT INTO feed_lookup
            SELECT 'complaint_type', code, id FROM key_account_complaint_type
             WHERE active
             UNION ALL
            SELECT 'complaint_cause', code, id FROM key_account_complaint_cause
             WHERE active
             UNION ALL
            SELECT 'handler', login, id FROM res_users WHERE id = ANY(%s)
             UNION ALL
            (SELECT DISTINCT ON (code) 'operation', code, id FROM key_account_term
              WHERE active AND category IN ('contact_kind', 'request_kind')
              ORDER BY code, category)
            """,
            handlers.ids,
        )
        self._execute("ANALYZE feed_lookup")

    @api.model
    def _column_errors(self, column):
        yield from super()._column_errors(column)
        if column.type == "ticket":
            name = SQL.identifier("stage", column.name)
            yield SQL("%s !~ %s", name, TICKET), "ticket"

    @api.model
    def _resolve(self, feed, is_load):
        self._create_customer_keys()
        self._resolve_complaints(feed)
        self._resolve_services(feed)

    @api.model
    def _resolve_complaints(self, feed):
        self._create_checked(
            COMPLAINT,
            self._resolved_complaints(feed),
            self._complaint_rules(feed) + self._rules_of_order(feed, COMPARED),
            COMPARED,
        )

    @api.model
    def _create_checked(self, record, resolved, rules, compared):
        """The rows of a record with all of their errors and what becomes of them.

        :param compared: names of columns; with ``old_`` before it each is what is known
        """
        self._create_table(
            self._resolved_table(record),
            SQL(
                """
                SELECT checked.*,
                       CASE WHEN errors IS NOT NULL THEN 'refused'
                            WHEN old_id IS NULL THEN 'created'
                            WHEN (%(new)s) IS DISTINCT FROM (%(old)s) THEN 'changed'
                            ELSE 'unchanged' END AS outcome
                  FROM (
                    SELECT typed.*,
                           NULLIF(array_cat(typed.field_errors, %(errors)s), '{}')
                               AS errors
                      FROM (%(resolved)s) AS typed
                  ) AS checked
                """,
                new=self._columns("checked", compared),
                old=self._columns("checked", [f"old_{name}" for name in compared]),
                errors=self._rules(rules),
                resolved=resolved,
            ),
        )

    @api.model
    def _columns(self, alias, names) -> SQL:
        return SQL(", ").join(SQL.identifier(alias, name) for name in names)

    @api.model
    def _rules(self, rules) -> SQL:
        return SQL(
            "array_remove(ARRAY[%s]::text[], NULL)",
            SQL(", ").join(
                SQL("CASE WHEN %s THEN %s END", condition, f"{error} 0")
                for condition, error in rules
            ),
        )

    @api.model
    def _complaint_rules(self, feed):
        """What the screens would refuse too, and what is said once."""
        now = SQL("(now() AT TIME ZONE 'UTC')")
        return [
            (
                SQL("typed.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
                "other_branch customer",
            ),
            (SQL("typed.date_accepted > %s", now), "future date_accepted"),
            (SQL("typed.date_replied > %s", now), "future date_replied"),
            (
                SQL("typed.date_replied < typed.date_accepted"),
                "reply_early date_replied",
            ),
            (
                SQL("typed.number_code IS NOT NULL AND typed.number_id IS NULL"),
                "number number_id",
            ),
            (SQL("typed.cost < 0"), "negative cost"),
            (
                SQL("typed.old_partner_id <> typed.partner_id"),
                "complaint_kept customer",
            ),
            (
                SQL("typed.old_date_accepted <> typed.date_accepted"),
                "complaint_kept date_accepted",
            ),
        ]

    @api.model
    def _rules_of_order(self, feed, compared):
        """A file does not change what one of a later period brought."""
        if feed.accepted_by_id:
            return []
        is_older = SQL(
            "typed.old_moment > %s AND (%s) IS DISTINCT FROM (%s)",
            feed.moment,
            self._columns("typed", compared),
            self._columns("typed", [f"old_{name}" for name in compared]),
        )
        return [(is_older, "older name")]

    @api.model
    def _moment_of(self, column, zone) -> SQL:
        """A time of the file in UTC, where the column is a stamp."""
        local = SQL("(%s AT TIME ZONE 'UTC')", self._parse(column))
        return SQL("(%s AT TIME ZONE %s AT TIME ZONE 'UTC')", local, zone)

    @api.model
    def _as_html(self, name) -> SQL:
        """The plain text of a file as the content of an HTML field."""
        text = SQL.identifier("stage", name)
        escaped = self._parse(COMPLAINT.get(name))
        for found, wanted in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            escaped = SQL("replace(%s, %s, %s)", escaped, found, wanted)
        return SQL(
            "CASE WHEN %(text)s IS NULL THEN %(old)s "
            "ELSE '<p>' || replace(%(escaped)s, chr(10), '<br>') || '</p>' END",
            text=text,
            old=SQL.identifier("old", name),
            escaped=escaped,
        )

    @api.model
    def _resolved_complaints(self, feed) -> SQL:
        # sudo: the time zone of whoever sent the file is no secret.
        zone = feed.user_id.sudo().tz or "UTC"
        kept = [
            column
            for column in COMPLAINT.columns
            if column.target and column.name not in OWN
        ]
        return SQL(
            """
            SELECT stage.row, stage.name AS reference, known.id AS partner_id,
                   old.id AS old_id, old.partner_id AS old_partner_id,
                   old.date_accepted AS old_date_accepted,
                   old.feed_moment AS old_moment,
                   CASE WHEN file.id IS NULL THEN known.unit_id
                        ELSE file.unit_id END AS unit_id,
                   CASE WHEN file.id IS NULL THEN known.manager_id
                        ELSE file.manager_id END AS manager_id,
                   %(accepted)s AS date_accepted,
                   COALESCE(%(replied)s, old.date_replied) AS date_replied,
                   stage.number_id AS number_code,
                   CASE WHEN stage.number_id IS NULL THEN old.number_id
                        ELSE number.id END AS number_id,
                   %(description)s AS description,
                   %(targets)s, %(olds)s, %(errors)s AS field_errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s
              LEFT JOIN key_account_complaint AS old
                ON old.feed_unit_id = %(branch)s AND old.reference = stage.name
              LEFT JOIN key_account_line_file AS file
                ON file.partner_id = known.id
               AND file.line_id = COALESCE(by_line_id.id, old.line_id)
              LEFT JOIN LATERAL (
                SELECT id FROM key_account_number AS known_number
                 WHERE known_number.partner_id = known.id
                   AND known_number.name = stage.number_id
                 ORDER BY known_number.state = 'closed', known_number.id DESC LIMIT 1
              ) AS number ON TRUE
            """,
            accepted=self._moment_of(COMPLAINT.get("date_accepted"), zone),
            replied=self._moment_of(COMPLAINT.get("date_replied"), zone),
            description=self._as_html("description"),
            targets=SQL(", ").join(self._target(COMPLAINT, one) for one in kept),
            olds=SQL(", ").join(
                SQL(
                    "old.%s AS %s",
                    SQL.identifier(name),
                    SQL.identifier(f"old_{name}"),
                )
                for name in COMPARED
            ),
            errors=self._errors(
                COMPLAINT, self._customer_errors() + [self._error_twin("name")]
            ),
            numbered=self._numbered(COMPLAINT, ["name"]),
            lookups=self._lookup_joins(COMPLAINT),
            branch=feed.unit_id.id,
        )
