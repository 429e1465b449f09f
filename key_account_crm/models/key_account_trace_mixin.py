# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class TraceMany2one(fields.Many2one):
    """A link without foreign key: deleting what it names neither fails nor edits."""

    def update_db_foreign_key(self, model, column):
        """There is none."""


class KeyAccountTraceMixin(models.AbstractModel):
    """What the logs have in common: nobody edits or deletes a row (ORG-13).

    Rows are written by SQL of the suite only. The ORM refuses whoever asks, the
    superuser included; a trigger of the table refuses SQL.
    """

    _name = "key.account.trace.mixin"
    _description = "Key Account Trace"
    _key_account_logged = False

    partner_id = TraceMany2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    unit_id = TraceMany2one(
        comodel_name="key.account.unit", string="Unit", readonly=True
    )
    user_id = TraceMany2one(comodel_name="res.users", string="Person", readonly=True)
    date = fields.Datetime(readonly=True)
    txid = fields.Char(
        string="Transaction", readonly=True, help="What was saved together."
    )

    def init(self):
        super().init()
        if self._auto:
            self._protect_table()

    def _protect_table(self):
        """Refuse UPDATE, DELETE and TRUNCATE in the database itself."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION key_account_trace_refuse() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'The log %% is append-only.', TG_TABLE_NAME;
                END $$;
                DROP TRIGGER IF EXISTS key_account_trace_protect ON %(table)s;
                CREATE TRIGGER key_account_trace_protect
                    BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION key_account_trace_refuse();
                """,
                table=SQL.identifier(self._table),
            )
        )

    @api.model
    def _execute_insert(self, query, separately=False):
        """Write a trace.

        :param bool separately: now and for good, though this transaction will be
            rolled back
        """
        registry = self.env.registry

        def insert():
            with registry.cursor() as cr:
                cr.execute(query)  # pylint: disable=sql-injection  # SQL as given

        if separately:
            insert()
        elif self.env.cr.readonly:
            # The request reads from a replica: the trace goes to the primary database
            # as soon as the reading is over, and before the answer leaves the server.
            self.env.cr.postcommit.add(insert)
        else:
            self.env.cr.execute(query)

    def _refuse(self):
        raise UserError(
            self.env._("The log is written by the system and never edited or deleted.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        self._refuse()

    def unlink(self):
        self._refuse()

    def _create(self, data_list):
        self._refuse()

    def _write_multi(self, vals_list):
        self._refuse()

    def _fetch_query(self, query, fields):
        records = super()._fetch_query(query, fields)
        for field in fields:
            if isinstance(field, TraceMany2one):
                records._forget_missing(field)
        return records

    def _forget_missing(self, field):
        """Show a link to a deleted record as empty; its id stays in the table."""
        cache = field._get_cache(self.env)
        ids = {cache.get(record_id) for record_id in self._ids} - {None}
        # sudo: only whether the records exist.
        found = set(self.env[field.comodel_name].sudo().browse(ids).exists()._ids)
        gone = self.filtered(lambda log: cache.get(log.id) in ids - found)
        field._update_cache(gone, None)

    def _read_group_postprocess_groupby(self, groupby_spec, raw_values):
        values = super()._read_group_postprocess_groupby(groupby_spec, raw_values)
        if not isinstance(self._fields.get(groupby_spec), TraceMany2one):
            return values
        values = list(values)
        comodel = self.env[self._fields[groupby_spec].comodel_name]
        # sudo: only whether the records exist.
        found = comodel.union(*values).sudo().exists().ids if values else []
        return [value if value.id in found else value.browse() for value in values]
