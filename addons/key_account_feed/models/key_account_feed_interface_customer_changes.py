# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import CUSTOMER


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Logs what a file changes of the key fields of its customers (COL-05)."""

    _inherit = "key.account.feed.interface.customer"

    @api.model
    def _keep_changes(self, feed):
        """Log what the file changes of the key fields, before it is changed."""
        names = self.env["key.account.change"]._get_key_fields()
        targets = [name for name in self._targets(CUSTOMER) if name in names]
        if targets:
            self._insert_changes(feed, targets)

    @api.model
    def _insert_changes(self, feed, targets):
        now = SQL("now() AT TIME ZONE 'UTC'")
        uid = SQL("%s", self.env.uid)
        columns = {
            "partner_id": SQL("old.id"),
            "unit_id": SQL("old.key_account_unit_id"),
            "manager_id": SQL("old.key_account_manager_id"),
            "kind": SQL("'field'"),
            "state": SQL("'applied'"),
            "reason": SQL("%s", feed.name),
            "channel_id": SQL("new.key_account_channel_id"),
            "method_id": SQL("%s", self._get_term("method_interface")),
            "run_id": SQL("%s::integer", feed.run_id.id or None),
            "proposed_by_id": uid,
            "date_proposed": now,
            "decided_by_id": uid,
            "date_decided": now,
        } | self._stamps()
        names = ("field_name", "old_value", "new_value", "old_res_id", "new_res_id")
        columns |= {name: SQL.identifier("pair", name) for name in names}
        self._insert(
            "key_account_change",
            columns,
            SQL(
                """
                  FROM feed_customer AS new
                  JOIN res_partner AS old ON old.id = new.old_id,
                       LATERAL (VALUES %(pairs)s) AS pair (%(names)s)
                 WHERE new.outcome = 'changed'
                   AND (pair.old_value, pair.old_res_id)
                       IS DISTINCT FROM (pair.new_value, pair.new_res_id)
                """,
                pairs=SQL(", ").join(self._change_values(name) for name in targets),
                names=SQL(", ").join(map(SQL.identifier, names)),
            ),
        )

    @api.model
    def _change_values(self, name) -> SQL:
        """One row of a change: field, old and new text, old and new record id."""
        field = self.env["res.partner"]._fields[name]
        pair = [SQL.identifier(alias, name) for alias in ("old", "new")]
        ids = [SQL("0"), SQL("0")]
        texts = [SQL("COALESCE(%s::text, '')", value) for value in pair]
        if field.type == "many2one":
            ids = [SQL("COALESCE(%s, 0)", value) for value in pair]
            texts = [self._name_of(field.comodel_name, value) for value in pair]
        elif field.type == "boolean":
            texts = [SQL("CASE WHEN %s THEN 'True' ELSE '' END", v) for v in pair]
        elif field.type == "monetary":
            texts = [
                SQL("COALESCE(round(NULLIF(%s, 0), 2)::text, '')", v) for v in pair
            ]
        return SQL("(%s, %s, %s, %s, %s)", name, *texts, *ids)

    @api.model
    def _name_of(self, model_name, value) -> SQL:
        """The name of the record an id means, in the reader's language."""
        model = self.env[model_name]
        table, alias = SQL.identifier(model._table), "named"
        fname = "complete_name" if model_name == "res.partner" else model._rec_name
        return SQL(
            "COALESCE((SELECT %s FROM %s AS named WHERE named.id = %s), '')",
            model._field_to_sql(alias, fname),
            table,
            value,
        )
