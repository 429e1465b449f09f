# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..layout import CUSTOMER, STATE
from ..reader import CLEARED

MAX_DEPTH = 30


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
    def _get_absent(self, feed):
        """Customers of the branch that the whole stock (kind i) does not name.

        They stay as they are: a customer leaves by a record with D, never by silence.
        """
        if feed.kind != "i":
            return []
        letters = {state: letter for letter, state in STATE.items()}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.key_account_code, partner.name, unit.code,
                       partner.key_account_state
                  FROM res_partner AS partner
                  JOIN key_account_unit AS unit
                    ON unit.id = partner.key_account_unit_id
                 WHERE partner.key_account_kind IS NOT NULL AND partner.active
                   AND partner.key_account_unit_id = ANY(%s)
                   AND partner.key_account_state <> 'churned'
                   AND NOT EXISTS (SELECT FROM feed_stage_customer AS stage
                                    WHERE stage.code = partner.key_account_code)
                 ORDER BY partner.key_account_code
                """,
                feed.unit_id._get_below().ids,
            )
        )
        return [(*row, letters.get(state, "")) for *row, state in rows]

    @api.model
    def _new_id(self, table, is_load) -> SQL:
        """The id of a row to be made; a dry run draws no numbers."""
        if not is_load:
            return SQL("-stage.row")
        return SQL("nextval(%s)::integer", f"{table}_id_seq")

    @api.model
    def _create_codes(self, is_load):
        """The customers the file itself brings: code, row, id, whether it exists."""
        self._create_table(
            SQL.identifier("feed_code"),
            SQL(
                """
                SELECT stage.code, stage.row, stage.kind,
                       COALESCE(old.id, %(new)s) AS id, old.id AS old_id
                  FROM (SELECT DISTINCT ON (code) code, row, kind
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
        for name, term in (
            ("channel", "channel_billing"),
            ("method", "method_interface"),
        ):
            values[f"key_account_{name}_id"] = self._first_term(name, term)
        values["website"] = self._website()
        values["key_account_state"] = SQL("%s AS key_account_state", self._new_state())
        self._create_table(
            SQL.identifier("feed_customer_checked"),
            SQL(
                """
                SELECT stage.row, stage.code, mine.id AS partner_id, mine.old_id,
                       CASE WHEN stage.parent_id IS NULL
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
                  LEFT JOIN feed_code AS above ON above.code = stage.parent_id
                  LEFT JOIN res_partner AS known
                    ON known.key_account_code = stage.parent_id
                   AND stage.parent_id IS NOT NULL
                  %(lookups)s
                """,
                values=SQL(", ").join(values.values()),
                errors=self._errors(record, self._customer_rules(feed)),
                numbered=self._numbered(record, ["code"]),
                lookups=self._lookup_joins(record),
            ),
        )

    @api.model
    def _website(self) -> SQL:
        """The address as res.partner completes it."""
        return SQL(
            "CASE WHEN stage.website IS NULL THEN old.website "
            "WHEN stage.website ~ '^[a-zA-Z]+://' THEN stage.website "
            "ELSE 'http://' || %s END AS website",
            self._parse(CUSTOMER.get("website")),
        )

    @api.model
    def _first_term(self, name, term) -> SQL:
        """Channel or method; a new customer has that of the interface by default."""
        return SQL(
            "CASE WHEN stage.%(column)s IS NOT NULL THEN %(given)s "
            "WHEN old.id IS NULL THEN %(default)s::integer "
            "ELSE old.%(target)s END AS %(target)s",
            column=SQL.identifier(f"{name}_id"),
            given=self._parse(CUSTOMER.get(f"{name}_id")),
            default=self._get_term(term),
            target=SQL.identifier(f"key_account_{name}_id"),
        )

    @api.model
    def _get_term(self, name):
        term = self.env.ref(f"key_account_crm.key_account_term_{name}", False)
        return term.id if term else None

    @api.model
    def _new_state(self) -> SQL:
        return SQL(
            "CASE WHEN stage.change = 'D' THEN 'churned' ELSE %s END::varchar",
            self._parse(CUSTOMER.get("state")),
        )

    @api.model
    def _customer_rules(self, feed):
        """What the screens would refuse too, as conditions on stage and old row."""
        units = feed.unit_id._get_below().ids
        return [
            self._error_twin("code"),
            (
                SQL("stage.city_code <> %s", feed.unit_id.city_code or ""),
                "city city_code",
            ),
            (
                SQL(
                    "old.id IS NOT NULL AND (old.key_account_unit_id IS NULL "
                    "OR old.key_account_unit_id <> ALL(%s))",
                    units,
                ),
                "other_branch code",
            ),
            (
                SQL(
                    "old.id IS NULL AND EXISTS (SELECT FROM key_account_code_alias "
                    "AS alias WHERE alias.name = stage.code)"
                ),
                "merged code",
            ),
            (SQL("stage.change = 'D' AND old.id IS NULL"), "unknown_left code"),
            (
                SQL(
                    "stage.changed_at ~ '^[0-9]{14}$' AND left(stage.changed_at, 8) "
                    "> %s",
                    fields.Date.today().strftime("%Y%m%d"),
                ),
                "future changed_at",
            ),
            *self._state_rules(),
            *self._parent_rules(),
        ]

    @api.model
    def _state_rules(self):
        """Only the steps of the life-cycle."""
        steps = self.env["key.account.state.move"]._get_steps_query()
        state = self._new_state()
        return [
            (
                SQL(
                    "%(state)s IS DISTINCT FROM old.key_account_state AND "
                    "%(state)s IS NOT NULL AND NOT EXISTS (SELECT FROM (%(steps)s) "
                    "AS step (state_from, state_to) WHERE step.state_to = %(state)s "
                    "AND step.state_from IS NOT DISTINCT FROM old.key_account_state)",
                    state=state,
                    steps=steps,
                ),
                "state_step state",
            ),
        ]

    @api.model
    def _parent_rules(self):
        """The group above is known and a group."""
        parent = SQL("stage.parent_id <> %s", CLEARED)
        kind = SQL(
            "COALESCE(above.kind, CASE known.key_account_kind "
            "WHEN 'group' THEN 'G' ELSE '' END)"
        )
        return [
            (
                SQL("%s AND above.id IS NULL AND known.id IS NULL", parent),
                "parent parent_id",
            ),
            (
                SQL(
                    "%s AND (above.id IS NOT NULL OR known.id IS NOT NULL) "
                    "AND %s <> 'G'",
                    parent,
                    kind,
                ),
                "parent_kind parent_id",
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
                       checked.errors, 'parent_cycle parent_id 0')
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
                       'parent_refused parent_id ' || checked.parent_row]
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
        self._execute(
            "DELETE FROM feed_known USING feed_code "
            "WHERE feed_code.code = feed_known.code"
        )
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
