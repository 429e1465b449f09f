# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..formats import format_emails, format_phones
from ..layout import CONTACT, CUSTOMER, LINE_FILE, NUMBER


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Writes the resolved rows of interface 01001, one statement per table."""

    _inherit = "key.account.feed.interface.customer"

    @api.model
    def _load(self, feed):
        # sudo: the company of the branch is no secret.
        self = self.with_company(feed.unit_id.sudo().company_id).with_context(
            feed_run=feed.run_id.id
        )
        self._create_formats(feed)
        self._create_scopes()
        self._keep_changes(feed)
        feed._tick(40)
        self._insert_customers()
        feed._tick(60)
        self._update_customers()
        self._update_contacts_of_customers()
        self._write_line_files()
        self._write_contacts()
        self._write_numbers()
        feed._tick(80)
        self._follow(feed)

    @api.model
    def _create_formats(self, feed):
        """What the ORM computes of a telephone number and a mail address."""
        country = self.env.company.country_id
        for name, formatter in (("phone", format_phones), ("email", format_emails)):
            values = [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT %(name)s FROM feed_customer WHERE %(name)s IS NOT NULL "
                        "AND outcome IN ('created', 'changed') UNION SELECT %(name)s "
                        "FROM feed_contact WHERE %(name)s IS NOT NULL "
                        "AND outcome IN ('created', 'changed')",
                        name=SQL.identifier(name),
                    )
                )
            ]
            self._create_table(
                SQL.identifier(f"feed_{name}"),
                SQL(
                    "SELECT * FROM unnest(%s::text[], %s::text[]) AS pair (raw, clean)",
                    values,
                    formatter(self.env, values, country),
                ),
            )

    @api.model
    def _create_scopes(self):
        """The set of units of every customer whose file or lines the rows touch."""
        self._create_table(
            SQL.identifier("feed_scope_key"),
            SQL(
                """
                SELECT partner_id,
                       string_agg(unit_id::text, ',' ORDER BY unit_id) AS key
                  FROM (
                    SELECT partner_id, key_account_unit_id AS unit_id
                      FROM feed_customer WHERE outcome <> 'refused'
                     UNION
                    SELECT old.id, old.key_account_unit_id
                      FROM feed_line_file AS line
                      JOIN res_partner AS old ON old.id = line.partner_id
                     WHERE line.outcome <> 'refused'
                       AND NOT EXISTS (SELECT FROM feed_customer AS mine
                                        WHERE mine.partner_id = old.id
                                          AND mine.outcome <> 'refused')
                     UNION
                    SELECT partner_id, unit_id
                      FROM feed_line_file WHERE outcome <> 'refused'
                     UNION
                    SELECT file.partner_id, file.unit_id
                      FROM key_account_line_file AS file
                      JOIN feed_known AS known ON known.id = file.partner_id
                     WHERE NOT EXISTS (
                        SELECT FROM feed_line_file AS line
                         WHERE line.old_id = file.id AND line.outcome <> 'refused')
                  ) AS serving
                 GROUP BY partner_id
                """
            ),
        )
        keys = [
            row[0]
            for row in self.env.execute_query(
                SQL("SELECT DISTINCT key FROM feed_scope_key ORDER BY 1")
            )
        ]
        scopes = self.env["key.account.scope"]._get_for_keys(keys) if keys else {}
        self._create_table(
            SQL.identifier("feed_scope"),
            SQL(
                """
                SELECT key.partner_id, scope.id AS scope_id
                  FROM feed_scope_key AS key
                  JOIN unnest(%s::text[], %s::integer[]) AS scope (key, id)
                    ON scope.key = key.key
                """,
                list(scopes),
                [scope.id for scope in scopes.values()],
            ),
        )

    @api.model
    def _get_defaults(self, without):
        """Columns of res.partner the ORM would fill by default, as constants."""
        partners = self.env["res.partner"]
        values = partners._add_missing_default_values({})
        return {
            name: SQL(
                "%s", partners._fields[name].convert_to_column_insert(value, partners)
            )
            for name, value in values.items()
            if name not in without
            and partners._fields[name].store
            and partners._fields[name].column_type
            and value is not None
            and (value is not False or partners._fields[name].type == "boolean")
        }

    @api.model
    def _customer_columns(self):
        """Column to SQL of a new or changed customer's row. Hook for other addons."""
        columns = {
            name: SQL.identifier("new", name) for name in self._targets(CUSTOMER)
        }
        return columns | {
            "is_company": SQL("new.key_account_kind <> 'individual'"),
            "key_account_scope_id": SQL("scope.scope_id"),
            "complete_name": SQL("trim(new.name)"),
            "commercial_company_name": SQL(
                "CASE WHEN new.key_account_kind <> 'individual' THEN new.name END"
            ),
            "email_normalized": SQL("mail.clean"),
            "phone_sanitized": SQL("phone.clean"),
        }

    @api.model
    def _source(self, table, outcome):
        return SQL(
            """
              FROM %(table)s AS new
              LEFT JOIN feed_scope AS scope ON scope.partner_id = new.partner_id
              LEFT JOIN feed_phone AS phone ON phone.raw = new.phone
              LEFT JOIN feed_email AS mail ON mail.raw = new.email
             WHERE new.outcome = %(outcome)s
            """,
            table=table,
            outcome=outcome,
        )

    @api.model
    def _insert_customers(self):
        columns = self._customer_columns() | self._stamps()
        columns |= {
            "id": SQL("new.partner_id"),
            "key_account_code": SQL("new.code"),
            "commercial_partner_id": SQL("new.partner_id"),
            "partner_share": SQL("TRUE"),
        }
        columns = self._get_defaults(columns) | columns
        self._insert(
            "res_partner",
            columns,
            SQL("%s ORDER BY new.code", self._source(SQL("feed_customer"), "created")),
        )

    @api.model
    def _update(self, table, columns, source, key=None):
        """One UPDATE of the columns from a FROM clause whose rows are ``new``."""
        stamps = self._stamps()
        columns = columns | {
            "write_uid": stamps["write_uid"],
            "write_date": stamps["write_date"],
        }
        return self._execute(
            "UPDATE %(table)s AS target SET %(values)s %(source)s "
            "AND target.id = %(key)s",
            table=SQL.identifier(table),
            values=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in columns.items()
            ),
            source=source,
            key=key or SQL("new.old_id"),
        )

    @api.model
    def _update_customers(self):
        columns = self._customer_columns()
        self._update(
            "res_partner", columns, self._source(SQL("feed_customer"), "changed")
        )
        self._execute(
            """
            UPDATE res_partner AS target
               SET key_account_scope_id = scope.scope_id
              FROM feed_scope AS scope
             WHERE target.id = scope.partner_id
               AND target.key_account_scope_id IS DISTINCT FROM scope.scope_id
            """
        )

    @api.model
    def _write_line_files(self):
        columns = {
            name: SQL.identifier("new", name) for name in self._targets(LINE_FILE)
        }
        changed = SQL("FROM feed_line_file AS new WHERE new.outcome = 'changed'")
        self._update("key_account_line_file", columns, changed)
        columns |= {"partner_id": SQL("new.partner_id")} | self._stamps()
        created = SQL("FROM feed_line_file AS new WHERE new.outcome = 'created'")
        self._insert("key_account_line_file", columns, created)

    @api.model
    def _write_numbers(self):
        columns = {name: SQL.identifier("new", name) for name in self._targets(NUMBER)}
        columns |= {
            "holder_id": SQL("new.holder_id"),
            "partner_id": SQL("new.partner_id"),
            "unit_id": SQL(
                "CASE WHEN file.id IS NULL THEN owner.key_account_unit_id "
                "ELSE file.unit_id END"
            ),
            "manager_id": SQL(
                "CASE WHEN file.id IS NULL "
                "THEN owner.key_account_manager_id ELSE file.manager_id END"
            ),
        }
        joins = SQL(
            """
            FROM feed_number AS new
            JOIN res_partner AS owner ON owner.id = new.partner_id
            LEFT JOIN key_account_line_file AS file
              ON file.partner_id = new.partner_id AND file.line_id = new.line_id
            """
        )
        self._update(
            "key_account_number",
            columns,
            SQL("%s WHERE new.outcome = 'changed'", joins),
        )
        self._insert(
            "key_account_number",
            columns | self._stamps(),
            SQL("%s WHERE new.outcome = 'created'", joins),
        )

    @api.model
    def _follow(self, feed):
        """Bring in line what hangs on customers, as the ORM does after a write."""
        partners = self.env["res.partner"]
        created = self._get_ids(CUSTOMER, ["created"])
        touched = set(self._get_ids(CUSTOMER, ["changed"]))
        touched |= set(self._get_ids(LINE_FILE, ["created", "changed"]))
        self.env.invalidate_all(flush=False)
        self.env["key.account.standing"]._ensure(partners.browse(created))
        self._record_moves(feed)
        # The standing of the new ones was made with the completeness of the file.
        filled = touched | set(self._get_ids(CONTACT, ["created", "changed"]))
        filled -= set(created)
        if filled:
            self.env["key.account.standing"]._refresh_completeness(sorted(filled))
        partners.browse(touched - set(created))._key_account_realign_facts()
        self.env.registry.clear_cache()
        self.env.invalidate_all(flush=False)

    @api.model
    def _record_moves(self, feed):
        """The first move of new customers, and the moves the file made."""
        moves = self.env["key.account.state.move"]
        query = """
            SELECT new.partner_id, new.state_from, new.key_account_state,
                   CASE WHEN new.state_from IS NULL
                        THEN LEAST(new.key_account_date_from, new.date_changed)
                        ELSE GREATEST(new.date_changed, (
                            SELECT MAX(move.date) FROM key_account_state_move AS move
                             WHERE move.partner_id = new.partner_id)) END,
                   %(reason)s::text, %(run)s::integer
              FROM feed_customer AS new
             WHERE new.outcome = %(outcome)s
               AND new.state_from IS DISTINCT FROM new.key_account_state
        """
        values = {"reason": "feed", "run": feed.run_id.id}
        moves._record(SQL(query, outcome="created", **values))
        moves._record(SQL(query, outcome="changed", **values))._follow_up()
