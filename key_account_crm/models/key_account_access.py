# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

WAYS = [
    ("form", "Form"),
    ("list", "List"),
    ("export", "Export"),
    ("rpc", "Interface"),
]


class KeyAccountAccess(models.Model):
    """One reading of a person's private data: who saw what of whom, and how (ORG-21).

    One row per reader, person and request, only for values that were not masked.
    """

    _name = "key.account.access"
    _description = "Reading of Private Data"
    _inherit = ["key.account.trace.mixin"]
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    way = fields.Selection(selection=WAYS, readonly=True)
    field_names = fields.Char(
        string="Technical Names", readonly=True, help="Comma separated."
    )
    field_labels = fields.Char(string="Fields", compute="_compute_field_labels")

    _partner_idx = models.Index("(partner_id, date)")
    _date_idx = models.Index("(date)")
    _unit_idx = models.Index("(unit_id)")
    _user_idx = models.Index("(user_id)")

    @api.depends("field_names")
    @api.depends_context("lang")
    def _compute_field_labels(self):
        person = self.env["key.account.person"]
        labels = {
            name: field._description_string(self.env)
            for name, field in person._fields.items()
        }
        for access in self:
            names = (access.field_names or "").split(",")
            access.field_labels = ", ".join(labels.get(name, name) for name in names)

    @api.model
    def _log(self, partner_ids, fnames, way):
        """Log that the user was shown these fields of those he may read."""
        persons = self.env["key.account.person"]
        if not persons.has_access("read"):
            return
        rows = []
        for person in persons.search([("partner_id", "in", partner_ids)]):
            names = ",".join(name for name in fnames if person[name])
            if names:
                rows.append((person.partner_id.id, person.unit_id.id or None, names))
        if rows:
            self._insert(rows, way)

    @api.model
    def _insert(self, rows, way):
        self._execute_insert(self._insert_query(rows, way))

    @api.model
    def _insert_query(self, rows, way) -> SQL:
        return SQL(
            """
            INSERT INTO key_account_access (
                user_id, partner_id, unit_id, date, txid, way, field_names
            )
            SELECT %(uid)s, seen.partner_id::int, seen.unit_id::int,
                   clock_timestamp() AT TIME ZONE 'UTC',
                   pg_current_xact_id()::text, %(way)s, seen.names
              FROM (VALUES %(rows)s) AS seen (partner_id, unit_id, names)
             WHERE NOT EXISTS (
                    SELECT FROM key_account_access AS old
                     WHERE old.partner_id = seen.partner_id::int
                       AND old.user_id = %(uid)s
                       AND old.txid = pg_current_xact_id()::text
                       AND old.field_names = seen.names
                       AND old.way = %(way)s)
            """,
            uid=self.env.uid,
            way=way,
            rows=SQL(", ").join(rows),
        )
