# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import SERVICE

# What a row may change of a service that is known.
LOG_COMPARED = (
    "partner_id",
    "line_id",
    "number_id",
    "user_id",
    "class_id",
    "kind_id",
    "date_start",
    "date_stop",
    "result",
    "channel_id",
    "operator",
    "remark",
    "cost_entered",
)
# Columns of the file that are read in a way of their own.
OWN = ("number_id", "date_start", "date_stop")


class KeyAccountFeedInterfaceComplaint(models.AbstractModel):
    """Checks the rows of the service log (LOG-05, DX-02).

    A service is found by the number it has at the branch. Its customer is named by code
    or by a service number; what names neither was no customer's and is kept with the
    manager.
    """

    _inherit = "key.account.feed.interface.complaint"

    @api.model
    def _resolve_services(self, feed):
        rules = self._service_rules(feed) + self._rules_of_order(feed, LOG_COMPARED)
        self._create_checked(
            SERVICE, self._resolved_services(feed), rules, LOG_COMPARED
        )

    @api.model
    def _service_rules(self, feed):
        """What cannot have been so, and what is said once."""
        now = SQL("(now() AT TIME ZONE 'UTC')")
        not_found = SQL("typed.number_code IS NOT NULL AND typed.number_id IS NULL")
        return [
            (
                SQL("typed.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
                "other_branch customer",
            ),
            (
                SQL("typed.city_code <> %s", feed.unit_id.city_code or ""),
                "city city_code",
            ),
            (SQL("typed.date_start > %s", now), "future date_start"),
            (SQL("typed.date_stop > %s", now), "future date_stop"),
            (SQL("typed.date_stop < typed.date_start"), "end_early date_stop"),
            (
                SQL("%s AND typed.customer IS NOT NULL", not_found),
                "number number_id",
            ),
            (
                SQL("%s AND typed.customer IS NULL", not_found),
                "number_unknown number_id",
            ),
            (
                SQL(
                    "typed.is_contact AND typed.partner_id IS NULL "
                    "AND typed.customer IS NULL AND typed.number_code IS NULL"
                ),
                "customer_needed operation",
            ),
            (SQL("typed.cost < 0"), "negative cost"),
            (SQL("typed.old_partner_id <> typed.partner_id"), "log_kept customer"),
        ]

    @api.model
    def _resolved_services(self, feed) -> SQL:
        """The rows with whose they are: of the line, else of the file, else of who
        served."""
        return SQL(
            """
            SELECT found.*,
                   CASE WHEN found.partner_id IS NULL THEN servant.key_account_unit_id
                        WHEN file.id IS NULL THEN home.key_account_unit_id
                        ELSE file.unit_id END AS unit_id,
                   CASE WHEN found.partner_id IS NULL THEN as_manager.id
                        WHEN file.id IS NULL THEN home.key_account_manager_id
                        ELSE file.manager_id END AS manager_id,
                   CASE WHEN found.is_cost_entered THEN found.cost END AS cost_entered
              FROM (%(found)s) AS found
              LEFT JOIN res_users AS servant ON servant.id = found.user_id
              LEFT JOIN feed_lookup AS as_manager
                ON as_manager.type = 'manager' AND as_manager.id = found.user_id
              LEFT JOIN res_partner AS home ON home.id = found.partner_id
              LEFT JOIN key_account_line_file AS file
                ON file.partner_id = found.partner_id AND file.line_id = found.line_id
            """,
            found=self._found_services(feed),
        )

    @api.model
    def _found_services(self, feed) -> SQL:
        # sudo: the time zone of whoever sent the file is no secret.
        zone = feed.user_id.sudo().tz or "UTC"
        kept = [
            column
            for column in SERVICE.columns
            if column.target and column.name not in OWN
        ]
        return SQL(
            """
            SELECT stage.row, stage.customer, stage.city_code,
                   stage.number_id AS number_code,
                   old.id AS old_id, old.feed_moment AS old_moment,
                   old.day AS old_day,
                   COALESCE(known.id, number.partner_id, old.partner_id) AS partner_id,
                   CASE WHEN stage.number_id IS NULL THEN old.number_id
                        ELSE number.id END AS number_id,
                   CASE WHEN stage.number_id IS NULL THEN old.line_id
                        ELSE number.line_id END AS line_id,
                   %(start)s AS date_start,
                   CASE WHEN stage.date_stop IS NULL THEN old.date_stop
                        ELSE %(stop)s END AS date_stop,
                   CASE WHEN stage.cost IS NULL
                        THEN COALESCE(old.is_cost_entered, FALSE)
                        ELSE %(cost)s IS NOT NULL END AS is_cost_entered,
                   COALESCE(CASE WHEN stage.operation IS NULL THEN old.is_contact
                                 ELSE term.category = 'contact_kind' END, FALSE)
                       AS is_contact,
                   %(targets)s, %(olds)s,
                   CASE WHEN old.is_cost_entered THEN old.cost END AS old_cost_entered,
                   %(errors)s AS field_errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s
              LEFT JOIN key_account_term AS term ON term.id = by_operation.id
              LEFT JOIN key_account_service_log AS old
                ON old.feed_unit_id = %(branch)s AND old.name = stage.name
              LEFT JOIN LATERAL (%(number)s) AS number ON TRUE
            """,
            start=self._moment_of(SERVICE.get("date_start"), zone),
            stop=self._moment_of(SERVICE.get("date_stop"), zone),
            cost=self._parse(SERVICE.get("cost")),
            targets=SQL(", ").join(self._target(SERVICE, one) for one in kept),
            olds=SQL(", ").join(
                SQL("old.%s AS %s", SQL.identifier(n), SQL.identifier(f"old_{n}"))
                for n in LOG_COMPARED
                if n != "cost_entered"
            ),
            errors=self._errors(
                SERVICE, self._customer_errors() + [self._error_twin("name")]
            ),
            numbered=self._numbered(SERVICE, ["name"]),
            lookups=self._lookup_joins(SERVICE),
            branch=feed.unit_id.id,
            number=self._number_of_service(feed),
        )

    @api.model
    def _number_of_service(self, feed) -> SQL:
        """The number of the customer named, or that of whichever customer has it."""
        return SQL(
            """
            SELECT known_number.id, known_number.partner_id, known_number.line_id
              FROM key_account_number AS known_number
             WHERE known_number.name = stage.number_id
               AND CASE WHEN stage.customer IS NULL
                        THEN known_number.unit_id = ANY(%s)
                        ELSE known_number.partner_id = known.id END
             ORDER BY known_number.state = 'closed', known_number.id DESC LIMIT 1
            """,
            feed.unit_id._get_below().ids,
        )
