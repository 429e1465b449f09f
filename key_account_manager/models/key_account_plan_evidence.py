# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class KeyAccountPlanEvidence(models.Model):
    """Which rows were counted when plans were frozen: those of one indicator of one
    unit and manager, each with what it counted for.

    The figures of the archive are the sums of these rows, so that they can be shown
    and added up again whatever became of the rows. Written by the statement that
    measures, never changed: the ORM and a trigger of the table refuse that.
    """

    _name = "key.account.plan.evidence"
    _description = "Evidence of Plan Results"
    _order = "run_id desc, indicator_id, unit_id, manager_id"
    _rec_name = "indicator_id"
    _key_account_logged = False

    run_id = fields.Many2one(
        comodel_name="key.account.run", string="Frozen by", required=True, index=True
    )
    indicator_id = fields.Many2one(
        comodel_name="key.account.indicator", required=True, ondelete="restrict"
    )
    version = fields.Integer(string="Version of Indicator", aggregator=None)
    res_model = fields.Char(string="Model")
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", index=True, ondelete="restrict"
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
    )
    date_from = fields.Date(string="Begin", required=True)
    date_to = fields.Date(string="Due on", required=True)
    date_measured = fields.Datetime(string="As of", required=True)
    row_count = fields.Integer(string="Rows")
    value = fields.Float(string="Sum", digits=(16, 2))

    def init(self):
        super().init()
        # The ORM knows no arrays.
        self.env.cr.execute(
            """
            ALTER TABLE key_account_plan_evidence
                ADD COLUMN IF NOT EXISTS row_ids int[],
                ADD COLUMN IF NOT EXISTS row_values numeric[];
            DROP TRIGGER IF EXISTS key_account_plan_evidence_kept
                ON key_account_plan_evidence;
            CREATE TRIGGER key_account_plan_evidence_kept
                BEFORE UPDATE OR DELETE OR TRUNCATE ON key_account_plan_evidence
                FOR EACH STATEMENT EXECUTE FUNCTION key_account_trace_refuse();
            """
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse()

    def unlink(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._("Evidence is written by the system and never edited or deleted.")
        )

    @api.model
    def _take(self, run, indicator, date_from, date_to, owners):
        """Keep what counts for one base indicator in a period, in one statement."""
        model, _domain = indicator._get_rows(date_from, date_to)
        query = SQL(
            """
            INSERT INTO key_account_plan_evidence (
                run_id, indicator_id, version, res_model, unit_id, manager_id,
                date_from, date_to, date_measured, row_count, value, row_ids,
                row_values, create_uid, create_date, write_uid, write_date
            )
            SELECT %(run)s, %(indicator)s, %(version)s, %(model)s, unit_id, manager_id,
                   %(date_from)s, %(date_to)s, %(moment)s, COUNT(*), SUM(value),
                   array_agg(row_id ORDER BY row_id), array_agg(value ORDER BY row_id),
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM (%(rows)s) AS part
             WHERE value IS NOT NULL
             GROUP BY unit_id, manager_id
            """,
            run=run.id,
            indicator=indicator.id,
            version=indicator.version,
            model=model,
            date_from=date_from,
            date_to=date_to,
            moment=run.date_start,
            now=fields.Datetime.now(),
            uid=self.env.uid,
            rows=indicator._get_owner_query("rows", date_from, date_to, owners),
        )
        self.env.cr.execute(query)

    @api.model
    def _get_sums(self, run):
        """What was kept by a run, as sums by unit and manager."""
        rows = self.env.execute_query(
            SQL(
                "SELECT indicator_id, unit_id, manager_id, value"
                "  FROM key_account_plan_evidence WHERE run_id = %s",
                run.id,
            )
        )
        sums = {}
        for indicator_id, unit, manager, value in rows:
            indicator = self.env["key.account.indicator"].browse(indicator_id)
            sums.setdefault(indicator, {})[unit, manager] = float(value)
        return sums

    def _get_row_ids(self):
        """Ids of the rows that were counted, and what each of them counted for."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unnest(row_ids), unnest(row_values)
                  FROM key_account_plan_evidence WHERE id = ANY(%s)
                """,
                self.ids,
            )
        )
        return {row_id: float(value) for row_id, value in rows}

    def action_view_rows(self):
        return self._get_rows_action()

    def _get_rows_action(self):
        """Those rows that are still there, of which the reader may open."""
        first = self.indicator_id[:1]
        some = self.filtered(lambda one: one.indicator_id == first)
        return {
            "type": "ir.actions.act_window",
            "name": first.name or self.env._("Evidence"),
            "res_model": some[:1].res_model or self._name,
            "domain": [("id", "in", sorted(some._get_row_ids()))],
            "views": [(False, "list"), (False, "form")],
            "context": {"active_test": False, "create": False},
        }
