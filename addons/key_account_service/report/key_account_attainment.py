# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES


class KeyAccountAttainment(models.Model):
    """One thing that was due by a service standard: done in time or not (SLA-05).

    Due is what was settled, and what is open past its time; the period is that of the
    due date. Attainment is what was done in time out of all that was due. Addons whose
    models have a clock add theirs by overriding ``_get_parts``.
    """

    _name = "key.account.attainment"
    _description = "Attainment of Service Standards"
    _auto = False
    _order = "date_due desc, id desc"
    _rec_name = "reference"
    _key_account_export_roles = FIGURE_ROLES

    reference = fields.Char(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    scope_id = fields.Many2one(comodel_name="key.account.scope", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    handler_id = fields.Many2one(comodel_name="res.users", readonly=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term", string="Service", readonly=True
    )
    standard_id = fields.Many2one(
        comodel_name="key.account.standard", string="Service Standard", readonly=True
    )
    grade_code = fields.Selection(
        selection=lambda self: self.env["key.account.grade"]._get_code_options(),
        string="Grade",
        readonly=True,
    )
    date_accepted = fields.Datetime(string="Accepted", readonly=True)
    date_due = fields.Datetime(string="Due", readonly=True)
    date_done = fields.Datetime(string="Done", readonly=True)
    due_count = fields.Integer(string="Due in All", readonly=True)
    met_count = fields.Integer(string="Done in Time", readonly=True)
    missed_count = fields.Integer(string="Late", readonly=True)
    open_count = fields.Integer(
        string="Late and Open", readonly=True, help="Of those late, the open ones."
    )
    rate = fields.Float(
        string="Attainment (%)",
        readonly=True,
        aggregator="avg",
        help="Done in time out of all due.",
    )
    target = fields.Float(string="Target (%)", readonly=True, aggregator="avg")

    _depends = {
        "key.account.request": [
            "clock_limit",
            "clock_outcome",
            "clock_used",
            "date_accepted",
            "date_done",
            "date_due",
            "grade_code",
            "handler_id",
            "kind_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "scope_id",
            "standard_id",
            "state",
            "unit_id",
        ],
        "key.account.standard": ["target_percent"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(self._get_parts())

    def _get_parts(self):
        """A SELECT of each model whose records are due. Hook."""
        return [self._get_request_part()]

    def _get_request_part(self) -> SQL:
        return SQL(
            """
            SELECT request.id * 8 AS id, request.name AS reference,
                   'key.account.request' AS res_model, request.id AS res_id,
                   request.kind_id, request.scope_id, request.handler_id, %s
             WHERE request.state <> 'cancelled' AND %s
            """,
            self._get_shared("key_account_request", "request"),
            self._get_due("request"),
        )

    def _get_shared(self, table, alias) -> SQL:
        """The columns of every record with a clock, and its FROM clause."""
        return SQL(
            """
            %(a)s.partner_id, %(a)s.line_id, %(a)s.unit_id, %(a)s.manager_id,
            %(a)s.standard_id, %(a)s.grade_code, %(a)s.date_accepted, %(a)s.date_due,
            %(a)s.date_done, 1 AS due_count,
            (%(a)s.clock_outcome IS NOT DISTINCT FROM 'met')::int AS met_count,
            (%(a)s.clock_outcome IS DISTINCT FROM 'met')::int AS missed_count,
            (%(a)s.date_done IS NULL)::int AS open_count,
            CASE WHEN %(a)s.clock_outcome = 'met' THEN 100 ELSE 0 END AS rate,
            %(used)s AS hours_used, %(used)s AS hours_median, %(used)s AS hours_p80,
            %(used)s AS hours_p95, %(a)s.clock_limit / 3600.0 AS hours_limit,
            standard.target_percent AS target
              FROM %(table)s AS %(a)s
              JOIN key_account_standard AS standard ON standard.id = %(a)s.standard_id
            """,
            a=SQL.identifier(alias),
            table=SQL.identifier(table),
            used=SQL(
                "CASE WHEN %(a)s.date_done IS NOT NULL "
                "THEN %(a)s.clock_used / 3600.0 END",
                a=SQL.identifier(alias),
            ),
        )

    def _get_due(self, alias) -> SQL:
        return SQL(
            "(%(a)s.clock_outcome IS NOT NULL OR %(a)s.date_due < %(now)s)",
            a=SQL.identifier(alias),
            now=fields.Datetime.now(),
        )

    def action_open(self):
        """The request or complaint this row is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
