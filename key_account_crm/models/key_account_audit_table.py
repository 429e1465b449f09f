# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib

from odoo import api, models
from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL, sql

from .. import audit_trigger as trigger
from .key_account_person import PRIVATE

PARTNER_COLUMNS = {
    "active",
    "category_id",
    "city",
    "comment",
    "company_registry",
    "country_id",
    "email",
    "function",
    "industry_id",
    "is_company",
    "lang",
    "name",
    "parent_id",
    "phone",
    "ref",
    "state_id",
    "street",
    "street2",
    "type",
    "user_id",
    "vat",
    "website",
    "zip",
}
USER_COLUMNS = {"active", "group_ids", "key_account_unit_id", "login"}
# Rows without a value there are not of the suite.
REQUIRED = {
    "res.partner": "key_account_unit_id",
    "res.users": "key_account_unit_id",
}
UNIT_COLUMNS = {
    "key.account.unit": "id",
    "res.partner": "key_account_unit_id",
    "res.users": "key_account_unit_id",
}


class KeyAccountAudit(models.Model):
    """Keeps one trigger function per logged table in line with its columns."""

    _inherit = "key.account.audit"

    def init(self):
        super().init()
        self._sync_triggers(self._get_logged_models())

    @api.model
    def _get_logged_models(self):
        return sorted(
            name for name in self.env if self.env[name]._key_account_is_logged()
        )

    @api.model
    def _sync_triggers(self, names):
        """Make or renew what is missing or was made from other columns."""
        if not sql.table_exists(self.env.cr, self._table):
            return  # at installation: the log comes first
        known = self._get_functions()
        for table, events, query in self._generate(names):
            if query is None:
                self.env.cr.execute(trigger.drop_function(table))
                continue
            if self._is_known(known, table, events, query):
                continue
            self.env.cr.execute(query)
            signature = self._get_signature(query)
            self.env.cr.execute(trigger.comment_function(table, signature))
            if self._has_triggers(known, table, events):
                continue  # they call the function by name: no lock on the table
            for event in events:
                self.env.cr.execute(trigger.create_trigger(table, event))

    @api.model
    def _is_known(self, known, table, events, query):
        """Whether the function is there, made from the same columns, with triggers."""
        found = known.get(trigger.PREFIX + table)
        if query is None:
            return found is None
        return found == (self._get_signature(query), len(events))

    @api.model
    def _get_signature(self, query):
        return hashlib.sha256(self._render(query).encode()).hexdigest()

    @api.model
    def _has_triggers(self, known, table, events):
        _signature, count = known.get(trigger.PREFIX + table, (None, 0))
        return count == len(events)

    @api.model
    def _refresh_triggers(self, names):
        """Renew the functions of models of which a column went; make no new ones."""
        known = self._get_functions()
        self._sync_triggers(
            name
            for name in names
            if name in self.env
            and trigger.PREFIX + self.env[name]._table in known
            and self.env[name]._key_account_is_logged()
        )

    @api.model
    def _get_stale(self, names):
        """Tables of addons that were uninstalled leave a function behind."""
        wanted = {
            trigger.PREFIX + table
            for table, _events, query in self._generate(names)
            if query is not None
        }
        stale = self._get_functions().keys() - wanted
        return sorted(name.removeprefix(trigger.PREFIX) for name in stale)

    @api.model
    def _drop_all(self):
        for name in self._get_functions():
            table = name.removeprefix(trigger.PREFIX)
            self.env.cr.execute(trigger.drop_function(table))
        self.env.cr.execute("DROP FUNCTION IF EXISTS key_account_trace_refuse CASCADE")

    def _get_functions(self):
        """Map the names of our functions to their signature and number of triggers."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT proname, obj_description(pg_proc.oid, 'pg_proc'),
                       COUNT(pg_trigger.oid)
                  FROM pg_proc
                  LEFT JOIN pg_trigger ON tgfoid = pg_proc.oid
                 WHERE proname LIKE %s AND pronamespace = current_schema::regnamespace
                 GROUP BY pg_proc.oid, proname
                """,
                trigger.PREFIX.replace("_", r"\_") + "%",
            )
        )
        return {name: (signature, count) for name, signature, count in rows}

    def _render(self, query):
        return self.env.cr.mogrify(query).decode()

    def _generate(self, names, columns=None):
        """Table, events and function of every logged table and many2many there is; no
        function for a table of which every column went."""
        columns = columns or self._get_columns()
        for name in names:
            model = self.env[name]
            if model._table not in columns:
                continue
            logged = self._describe(model, columns[model._table])
            if not logged.columns:  # its addon is being uninstalled
                yield model._table, [], None
                continue
            yield model._table, list(trigger.EVENTS), trigger.create_function(logged)
            for relation in self._describe_relations(model, logged, columns):
                query = trigger.create_relation_function(relation)
                yield relation.table, ["INSERT", "DELETE"], query

    def _get_columns(self):
        """Map every table of the schema to its columns as they are at this moment."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname, array_agg(attname::text ORDER BY attname)
                  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                 WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
                   AND attnum > 0 AND NOT attisdropped
                 GROUP BY relname
                """
            )
        )
        return dict(rows)

    def _describe(self, model, columns):
        """What the triggers of a model's table are generated from."""
        unit = UNIT_COLUMNS.get(model._name, "unit_id")
        return trigger.Logged(
            table=model._table,
            model=model._name,
            columns=tuple(name for name in columns if self._is_tracked(model, name)),
            stored=tuple(columns),
            private=PRIVATE if model._name == "key.account.person" else (),
            partner=self._get_partner_columns(model),
            unit=unit if unit in columns else None,
            required=REQUIRED.get(model._name),
            log_access={"create_uid", "write_uid", "write_date"} <= set(columns),
        )

    def _get_partner_columns(self, model):
        if model._name == "res.partner":
            return "commercial_partner_id", "parent_id", "id"
        field = model._fields.get("partner_id")
        is_customer = (
            field and field.column_type and field.comodel_name == "res.partner"
        )
        return ("partner_id",) if is_customer and model._name != "res.users" else ()

    def _is_tracked(self, model, name):
        """Whether a change of the column is somebody's change of the data."""
        field = model._fields.get(name)
        if (
            field is None
            or name in MAGIC_COLUMNS
            or name == "parent_path"
            or name in model._key_account_untracked
            or field.type == "binary"
            or (field.compute and field.readonly)
        ):
            return False
        if model._name == "res.partner":
            return name in PARTNER_COLUMNS or name.startswith(("key_account_", "x_"))
        if model._name == "res.users":
            return name in USER_COLUMNS
        is_fact = "key.account.fact.mixin" in model._inherit_module
        return not (is_fact and name in ("unit_id", "manager_id"))

    def _describe_relations(self, model, logged, columns):
        for field in model._fields.values():
            if (
                field.type == "many2many"
                and field.store
                and field.relation in columns
                and self._is_tracked(model, field.name)
            ):
                yield trigger.Relation(
                    field.relation,
                    field.name,
                    field.column1,
                    field.column2,
                    logged,
                    self._get_condition(model, field),
                )

    def _get_condition(self, model, field) -> SQL:
        """Of the groups of a user only our own roles count."""
        if model._name != "res.users":
            return SQL("TRUE")
        return SQL(
            """
            link.%s IN (SELECT res_id FROM ir_model_data WHERE model = 'res.groups'
                           AND module = 'key_account_crm')
            """,
            SQL.identifier(field.column2),
        )
