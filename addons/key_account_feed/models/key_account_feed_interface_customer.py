# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..formats import format_emails, format_phones
from ..layout import CONTACT, CUSTOMER, LINE_FILE, NUMBER
from ..reader import CLEARED

MAX_DEPTH = 30
ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Interface 01001: customer files with contacts, numbers and line files."""

    _name = "key.account.feed.interface.customer"
    _inherit = "key.account.feed.interface"
    _description = "Key Account Feed of Customer Files"

    @api.model
    def _get_models(self):
        return {
            "C": "res.partner",
            "K": "res.partner",
            "N": "key.account.number",
            "L": "key.account.line.file",
        }

    @api.model
    def _resolve(self, feed, is_load):
        # sudo: the currency of the branch's company is no secret.
        currency = feed.unit_id.sudo().company_id.currency_id
        self = self.with_context(key_account_feed_digits=currency.decimal_places)
        self._create_codes(is_load)
        self._resolve_customers(feed)
        self._refuse_parents()
        self._decide_customers()
        self._create_customer_keys()
        self._resolve_line_files(feed, is_load)
        self._resolve_contacts(feed, is_load)
        self._resolve_numbers(feed, is_load)

    @api.model
    def _new_id(self, table, is_load) -> SQL:
        """The id of a row to be made; a dry run draws no numbers."""
        if not is_load:
            return SQL("-stage.row")
        return SQL("nextval(%s)::integer", f"{table}_id_seq")

    # Customers

    @api.model
    def _create_codes(self, is_load):
        """The customers the file itself brings: code, row, id, whether it exists."""
        self._create_table(
            SQL.identifier("feed_code"),
            SQL(
                """
                SELECT stage.code, stage.row, stage.kind,
                       COALESCE(old.id, %(new)s) AS id, old.id AS old_id
                  FROM (SELECT DISTINCT ON (code) code, row, key_account_kind AS kind
                          FROM feed_stage_customer
                         WHERE code IS NOT NULL ORDER BY code, row) AS stage
                  LEFT JOIN res_partner AS old ON old.key_account_code = stage.code
                """,
                new=self._new_id("res_partner", is_load),
            ),
        )

    @api.model
    def _resolve_customers(self, feed):
        record = CUSTOMER
        values = {
            column.target: self._target(record, column)
            for column in record.columns
            if column.target and column.type != "parent"
        }
        values["key_account_state"] = SQL("%s AS key_account_state", self._new_state())
        self._create_table(
            SQL.identifier("feed_customer_checked"),
            SQL(
                """
                SELECT stage.row, stage.code, mine.id AS partner_id, mine.old_id,
                       CASE WHEN stage.key_account_parent_id IS NULL
                            THEN old.key_account_parent_id
                            ELSE COALESCE(above.id, known.id) END
                       AS key_account_parent_id,
                       above.row AS parent_row,
                       to_timestamp(CASE WHEN stage.changed_at ~ '^[0-9]{14}$'
                                         THEN left(stage.changed_at, 8) END,
                                    'YYYYMMDD')::date AS date_changed,
                       %(values)s, %(errors)s AS errors
                  FROM (%(numbered)s) AS stage
                  LEFT JOIN feed_code AS mine ON mine.code = stage.code
                  LEFT JOIN res_partner AS old ON old.id = mine.old_id
                  LEFT JOIN feed_code AS above ON above.code = stage.key_account_parent_id
                  LEFT JOIN res_partner AS known
                    ON known.key_account_code = stage.key_account_parent_id
                   AND stage.key_account_parent_id IS NOT NULL
                  %(lookups)s
                """,
                values=SQL(", ").join(values.values()),
                errors=self._errors(record, self._customer_rules(feed)),
                numbered=self._numbered(record, ["code"]),
                lookups=self._lookup_joins(record),
            ),
        )

    @api.model
    def _new_state(self) -> SQL:
        return SQL(
            "CASE WHEN stage.change = 'D' THEN 'churned' ELSE %s END::varchar",
            self._parse(CUSTOMER.get("key_account_state")),
        )

    @api.model
    def _customer_rules(self, feed):
        """What the screens would refuse too, as conditions on stage and old row."""
        units = feed.unit_id._get_below().ids
        steps = self.env["key.account.state.move"]._get_steps_query()
        state = self._new_state()
        parent = SQL("stage.key_account_parent_id <> %s", CLEARED)
        kind = SQL("COALESCE(above.kind, CASE known.key_account_kind "
                   "WHEN 'group' THEN 'G' ELSE '' END)")
        return [
            self._error_twin("code"),
            (
                SQL("stage.city_code <> %s", feed.unit_id.city_code or ""),
                "city city_code",
            ),
            (
                SQL("old.id IS NOT NULL AND (old.key_account_unit_id IS NULL "
                    "OR old.key_account_unit_id <> ALL(%s))", units),
                "other_branch code",
            ),
            (SQL("stage.change = 'D' AND old.id IS NULL"), "unknown_left code"),
            (
                SQL("%(state)s IS DISTINCT FROM old.key_account_state AND "
                    "%(state)s IS NOT NULL AND NOT EXISTS (SELECT FROM (%(steps)s) "
                    "AS step (state_from, state_to) WHERE step.state_to = %(state)s "
                    "AND step.state_from IS NOT DISTINCT FROM old.key_account_state)",
                    state=state, steps=steps),
                "state_step key_account_state",
            ),
            (
                SQL("stage.changed_at ~ '^[0-9]{14}$' AND left(stage.changed_at, 8) "
                    "> %s", fields.Date.today().strftime("%Y%m%d")),
                "future changed_at",
            ),
            (
                SQL("%s AND above.id IS NULL AND known.id IS NULL", parent),
                "parent key_account_parent_id",
            ),
            (
                SQL("%s AND (above.id IS NOT NULL OR known.id IS NOT NULL) "
                    "AND %s <> 'G'", parent, kind),
                "parent_kind key_account_parent_id",
            ),
        ]

    @api.model
    def _refuse_parents(self):
        """Refuse circles of groups, then whoever stands below a refused new group."""
        self._execute(
            """
            WITH RECURSIVE up AS (
                SELECT partner_id AS start, key_account_parent_id AS at, 1 AS depth
                  FROM feed_customer_checked
                 WHERE key_account_parent_id IS NOT NULL
                 UNION ALL
                SELECT up.start,
                       CASE WHEN mine.partner_id IS NULL THEN old.key_account_parent_id
                            ELSE mine.key_account_parent_id END,
                       up.depth + 1
                  FROM up
                  LEFT JOIN feed_customer_checked AS mine ON mine.partner_id = up.at
                  LEFT JOIN res_partner AS old ON old.id = up.at
                 WHERE up.at IS NOT NULL AND up.at <> up.start AND up.depth < %(depth)s
            )
            UPDATE feed_customer_checked AS checked
               SET errors = array_append(
                       checked.errors, 'parent_cycle key_account_parent_id 0')
              FROM (SELECT DISTINCT start FROM up
                     WHERE at = start OR depth = %(depth)s) AS circle
             WHERE circle.start = checked.partner_id
            """,
            depth=MAX_DEPTH,
        )
        while self._execute(
            """
            UPDATE feed_customer_checked AS checked
               SET errors = ARRAY[
                       'parent_refused key_account_parent_id ' || checked.parent_row]
              FROM feed_customer_checked AS above
             WHERE above.row = checked.parent_row AND above.old_id IS NULL
               AND above.errors IS NOT NULL AND checked.errors IS NULL
            """
        ):
            pass

    @api.model
    def _decide_customers(self):
        self._create_table(
            SQL.identifier("feed_customer"),
            SQL(
                """
                SELECT checked.*, was.key_account_state AS state_from,
                       %(outcome)s AS outcome
                  FROM feed_customer_checked AS checked
                  LEFT JOIN res_partner AS was ON was.id = checked.old_id
                """,
                outcome=self._outcome(CUSTOMER, SQL("was")),
            ),
        )

    @api.model
    def _create_customer_keys(self):
        super()._create_customer_keys()
        self._execute("DELETE FROM feed_known USING feed_code "
                      "WHERE feed_code.code = feed_known.code")
        self._execute(
            """
            INSERT INTO feed_known
            SELECT DISTINCT ON (mine.code) mine.code, mine.partner_id,
                   CASE WHEN mine.old_id IS NULL OR mine.outcome = 'changed'
                        THEN mine.key_account_unit_id
                        ELSE was.key_account_unit_id END,
                   mine.key_account_manager_id, mine.row,
                   mine.outcome = 'refused' AND mine.old_id IS NULL
              FROM feed_customer AS mine
              LEFT JOIN res_partner AS was ON was.id = mine.old_id
             WHERE mine.code IS NOT NULL
             ORDER BY mine.code, mine.row
            """
        )
        self._execute("ANALYZE feed_known")

    # What hangs on a customer

    @api.model
    def _resolve_part(self, record, key, joins, extra, columns=SQL("NULL AS nothing")):
        """Make ``feed_<record>`` of a record that belongs to a customer.

        :param joins: the join that finds the ``old`` row, and those the rest needs
        :param extra: conditions and codes besides those of the fields
        :param columns: further columns
        """
        model = self.env[self._get_models()[record.letter]]
        values = [
            self._target(record, column)
            for column in record.columns
            if column.target and column.type != "contact"
        ]
        resolved = SQL(
            """
            SELECT stage.row, known.id AS partner_id, old.id AS old_id,
                   %(columns)s, %(values)s, %(errors)s AS errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s %(joins)s
            """,
            columns=columns,
            values=SQL(", ").join(values),
            errors=self._errors(record, self._customer_errors() + extra),
            numbered=self._numbered(record, key),
            lookups=self._lookup_joins(record),
            joins=joins,
        )
        self._create_table(
            self._table(record),
            SQL(
                "SELECT checked.*, %s AS outcome FROM (%s) AS checked "
                "LEFT JOIN %s AS was ON was.id = checked.old_id",
                self._outcome(record, SQL("was"), self._part_extra(record)),
                resolved,
                SQL.identifier(model._table),
            ),
        )

    @api.model
    def _part_extra(self, record) -> SQL:
        """What else makes a row count as changed. Hook."""
        if record is CONTACT:
            return SQL("was.active IS DISTINCT FROM checked.active")
        if record is NUMBER:
            return SQL("was.holder_id IS DISTINCT FROM checked.holder_id "
                       "OR was.partner_id IS DISTINCT FROM checked.partner_id")
        return SQL("FALSE")

    @api.model
    def _outside(self, feed):
        return (
            SQL("known.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
            "other_branch customer",
        )

    @api.model
    def _resolve_line_files(self, feed, is_load):
        outside, error = self._outside(feed)
        units = feed.unit_id._get_below().ids
        self._resolve_part(
            LINE_FILE,
            ["customer", "line_id"],
            SQL(
                "LEFT JOIN key_account_line_file AS old ON old.partner_id = known.id "
                "AND old.line_id = by_line_id.id"
            ),
            [
                self._error_twin("line_id"),
                (SQL("stage.change = 'D'"), "no_delete change"),
                (
                    SQL("%s AND (old.id IS NULL OR old.unit_id <> ALL(%s))",
                        outside, units),
                    error,
                ),
                (
                    SQL("NOT (%s) AND old.unit_id <> ALL(%s)", outside, units),
                    "line_other_branch line_id",
                ),
            ],
        )

    @api.model
    def _resolve_contacts(self, feed, is_load):
        self._resolve_part(
            CONTACT,
            ["customer", "code"],
            SQL(
                "LEFT JOIN LATERAL (SELECT * FROM res_partner AS contact "
                "WHERE contact.parent_id = known.id AND contact.ref = stage.code "
                "ORDER BY contact.id LIMIT 1) AS old ON TRUE"
            ),
            [self._error_twin("code"), self._outside(feed)],
            SQL(
                "stage.code, stage.change <> 'D' AS active, "
                "COALESCE(old.id, %(new)s) AS id, %(private)s",
                new=self._new_id("res_partner", is_load),
                private=SQL(", ").join(
                    SQL("%s AS %s", self._parse(CONTACT.get(name)), SQL.identifier(name))
                    for name in ("mobile", "birthday", "sex")
                ),
            ),
        )

    @api.model
    def _resolve_numbers(self, feed, is_load):
        self._resolve_part(
            NUMBER,
            ["name", "line_id"],
            SQL(
                """
                LEFT JOIN LATERAL (
                    SELECT * FROM key_account_number AS number
                     WHERE number.name = stage.name
                       AND COALESCE(number.line_id, 0) = COALESCE(by_line_id.id, 0)
                       AND (number.state <> 'closed' OR number.partner_id = known.id)
                     ORDER BY number.state = 'closed', number.id DESC LIMIT 1
                ) AS old ON TRUE
                LEFT JOIN feed_contact AS holder_row
                  ON holder_row.partner_id = known.id
                 AND holder_row.code = stage.holder_id AND holder_row.errors IS NULL
                LEFT JOIN LATERAL (
                    SELECT id FROM res_partner AS contact
                     WHERE contact.parent_id = known.id AND contact.ref = stage.holder_id
                     ORDER BY contact.id LIMIT 1
                ) AS holder ON stage.holder_id IS NOT NULL
                """
            ),
            [
                self._error_twin("name"),
                self._outside(feed),
                (SQL("old.partner_id <> known.id"), "number_other name"),
                (
                    SQL("stage.holder_id <> %s AND holder_row.id IS NULL "
                        "AND holder.id IS NULL", CLEARED),
                    "contact holder_id",
                ),
            ],
            SQL(
                "CASE WHEN stage.holder_id IS NULL THEN old.holder_id "
                "ELSE COALESCE(holder_row.id, holder.id) END AS holder_id"
            ),
        )

    @api.model
    def _example_label(self, record) -> SQL:
        stage = SQL(
            "(SELECT %s FROM %s AS stage WHERE stage.row = checked.row)",
            {
                "C": SQL("concat_ws(' ', stage.code, stage.name)"),
                "K": SQL("concat_ws(' ', stage.customer, stage.name)"),
                "N": SQL("concat_ws(' ', stage.customer, stage.name)"),
                "L": SQL("concat_ws(' ', stage.customer, stage.line_id)"),
            }[record.letter],
            self._stage_table(record),
        )
        return stage

    # Writing

    @api.model
    def _load(self, feed):
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
                SELECT partner_id, string_agg(unit_id::text, ',' ORDER BY unit_id) AS key
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
    def _keep_changes(self, feed):
        """Log what the file changes of the key fields, before it is changed."""
        names = self.env["key.account.change"]._get_key_fields()
        targets = [name for name in self._targets(CUSTOMER) if name in names]
        if targets:
            self._insert_changes(feed, targets)

    @api.model
    def _get_defaults(self, without):
        """Columns of res.partner the ORM would fill by default, as constants."""
        partners = self.env["res.partner"]
        values = partners._add_missing_default_values({})
        return {
            name: SQL("%s", partners._fields[name].convert_to_column_insert(value, partners))
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
        columns = {name: SQL.identifier("new", name) for name in self._targets(CUSTOMER)}
        return columns | {
            "is_company": SQL("new.key_account_kind <> 'individual'"),
            "key_account_scope_id": SQL("scope.scope_id"),
            "complete_name": SQL("trim(new.name)"),
            "commercial_company_name": SQL(
                "CASE WHEN new.key_account_kind <> 'individual' THEN new.name END"
            ),
            "website": SQL(
                "CASE WHEN new.website !~ '^[a-zA-Z]+://' "
                "THEN 'http://' || new.website ELSE new.website END"
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
    def _update(self, table, columns, source, key=SQL("new.old_id")):
        """One UPDATE of the columns from a FROM clause whose rows are ``new``."""
        stamps = self._stamps()
        columns = columns | {
            "write_uid": stamps["write_uid"],
            "write_date": stamps["write_date"],
        }
        return self._execute(
            "UPDATE %(table)s AS target SET %(values)s %(source)s AND target.id = %(key)s",
            table=SQL.identifier(table),
            values=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in columns.items()
            ),
            source=source,
            key=key,
        )

    @api.model
    def _update_customers(self):
        columns = self._customer_columns()
        self._update("res_partner", columns, self._source(SQL("feed_customer"), "changed"))
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
    def _inherited_columns(self, parent):
        """What a contact takes over from its customer, as the ORM copies it."""
        names = set(self.env["res.partner"]._commercial_fields()) | {
            "lang",
            "user_id",
            "key_account_scope_id",
        }
        columns = {
            name: SQL("%s.%s", parent, SQL.identifier(name))
            for name in sorted(names)
            if self.env["res.partner"]._fields[name].column_type
        }
        return columns | {
            "commercial_company_name": SQL(
                "CASE WHEN %(parent)s.is_company THEN %(parent)s.name END", parent=parent
            )
        }

    @api.model
    def _address_columns(self, parent):
        """The customer's address where it has one: a contact has the same."""
        return {name: SQL("%s.%s", parent, SQL.identifier(name)) for name in ADDRESS}

    @api.model
    def _update_contacts_of_customers(self):
        """Contacts follow the name, address, unit and manager of their customer."""
        parent = SQL("parent")
        columns = self._inherited_columns(parent) | self._address_columns(parent)
        del columns["lang"], columns["user_id"]
        columns["complete_name"] = SQL("trim(concat(parent.name, ', ', target.name))")
        new = SQL(", ").join(columns.values())
        old = SQL(", ").join(SQL("target.%s", SQL.identifier(name)) for name in columns)
        self._update(
            "res_partner",
            columns,
            SQL(
                """
                  FROM res_partner AS parent, feed_known AS known
                 WHERE known.id = parent.id AND target.parent_id = parent.id
                   AND NOT target.is_company AND target.type = 'contact'
                   AND (%s) IS DISTINCT FROM (%s)
                """,
                new,
                old,
            ),
            key=SQL("target.id"),
        )

    @api.model
    def _write_contacts(self):
        names = {name: SQL.identifier("new", name) for name in self._targets(CONTACT)}
        names |= {
            "active": SQL("new.active"),
            "complete_name": SQL("trim(concat(parent.name, ', ', new.name))"),
            "email_normalized": SQL("mail.clean"),
            "phone_sanitized": SQL("phone.clean"),
        }
        parent = SQL("parent")
        columns = names | self._inherited_columns(parent) | self._stamps()
        columns |= self._address_columns(parent) | {
            "id": SQL("new.id"),
            "ref": SQL("new.code"),
            "parent_id": SQL("new.partner_id"),
            "commercial_partner_id": SQL("new.partner_id"),
            "partner_share": SQL("TRUE"),
            "is_company": SQL("FALSE"),
        }
        columns = self._get_defaults(columns) | columns
        self._insert("res_partner", columns, self._contact_source("created"))
        self._update("res_partner", names, self._contact_source("changed"))
        self._write_persons()

    @api.model
    def _contact_source(self, outcome):
        return SQL(
            """
              FROM feed_contact AS new
              JOIN res_partner AS parent ON parent.id = new.partner_id
              LEFT JOIN feed_phone AS phone ON phone.raw = new.phone
              LEFT JOIN feed_email AS mail ON mail.raw = new.email
             WHERE new.outcome = %s
            """,
            outcome,
        )

    @api.model
    def _write_persons(self):
        """What is private to a person goes where it is masked and its reading logged."""

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
            "unit_id": SQL("CASE WHEN file.id IS NULL THEN owner.key_account_unit_id "
                           "ELSE file.unit_id END"),
            "manager_id": SQL("CASE WHEN file.id IS NULL "
                              "THEN owner.key_account_manager_id ELSE file.manager_id END"),
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
            "key_account_number", columns, SQL("%s WHERE new.outcome = 'changed'", joins)
        )
        self._insert(
            "key_account_number",
            columns | self._stamps(),
            SQL("%s WHERE new.outcome = 'created'", joins),
        )

    # What follows

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
