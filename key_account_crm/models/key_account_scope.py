# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class KeyAccountScope(models.Model):
    """A set of units that share customers: the home unit and the units of the lines.

    Every customer points at the one set of units that serve it, so that "may this
    user's units read it" is a single indexed column on the customer compared with a
    short list computed once per user, also for a customer of several companies. There
    are as many rows as different sets occur, not as many as customers.
    """

    _name = "key.account.scope"
    _description = "Key Account Scope"
    _rec_name = "key"

    key = fields.Char(
        required=True, help="The ids of the units in ascending order, comma separated."
    )
    unit_ids = fields.Many2many(
        comodel_name="key.account.unit",
        relation="key_account_scope_unit_rel",
        column1="scope_id",
        column2="unit_id",
        string="Units",
    )

    _key_uniq = models.Constraint("UNIQUE (key)", "This set of units exists already.")

    @api.model
    def _get_for(self, unit_ids):
        """The scope of exactly these units, made when it is new."""
        return self._get_for_keys([self._make_key(unit_ids)])[self._make_key(unit_ids)]

    @api.model
    def _make_key(self, unit_ids):
        return ",".join(str(unit_id) for unit_id in sorted(set(unit_ids)))

    @api.model
    def _get_for_keys(self, keys):
        """Map every key to its scope. New sets are made and reach users at once."""
        # sudo: scopes are made by whoever assigns a customer; they carry no content.
        scopes = self.sudo().search([("key", "in", list(keys))])
        by_key = {scope.key: scope for scope in scopes}
        missing = sorted(set(keys) - set(by_key))
        if missing:
            created = self.sudo()._create_missing(missing)
            by_key.update((scope.key, scope) for scope in created)
        return by_key

    @api.model
    def _create_missing(self, keys):
        # Two transactions may need the same new set at once: the second one waits for
        # the first and takes its row.
        self.env.cr.execute(
            "INSERT INTO key_account_scope (key, create_uid, write_uid, create_date, "
            "write_date) SELECT unnest(%s), %s, %s, now() AT TIME ZONE 'UTC', "
            "now() AT TIME ZONE 'UTC' ON CONFLICT (key) DO NOTHING",
            [keys, self.env.uid, self.env.uid],
        )
        scopes = self.search([("key", "in", keys)])
        for scope in scopes:
            unit_ids = [int(unit_id) for unit_id in scope.key.split(",")]
            scope.unit_ids = [Command.set(unit_ids)]
        self.env.flush_all()
        self.env["res.users"].invalidate_model(["key_account_scope_ids"], flush=False)
        self.env.registry.clear_cache()
        return scopes

    def _align(self, records, other):
        """Write ``scope_id`` of each record where it is another set now: that of the
        units in its columns ``unit_id`` and ``other``."""
        if not records:
            return
        self.env.flush_all()
        table, other = SQL.identifier(records._table), SQL.identifier(other)
        rows = self.env.execute_query(
            SQL(
                "SELECT unit_id, %s, array_agg(id) FROM %s WHERE id = ANY(%s)"
                " GROUP BY unit_id, %s",
                *(other, table, records.ids, other),
            )
        )
        keys = {
            (home, second): self._make_key(filter(None, (home, second)))
            for home, second, _ids in rows
        }
        found = self._get_for_keys({key for key in keys.values() if key})
        for home, second, ids in rows:
            scope = found.get(keys[home, second])
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s SET scope_id = %(scope)s
                     WHERE id = ANY(%(ids)s) AND scope_id IS DISTINCT FROM %(scope)s
                    """,
                    table=table,
                    scope=scope.id if scope else None,
                    ids=ids,
                )
            )
        records.invalidate_recordset(["scope_id"], flush=False)
