# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.key_account_rule_mixin import PHASES, STATES, get_phase

# Versions of a model get the ids n * PARTS + its place, so that ids are unique.
PARTS = 64


class KeyAccountRuleOverview(models.Model):
    """The versions of all rules of the suite: one row is one version (RULE-01).

    Rules are read by every role, so it leaves nobody's rows out.
    """

    _name = "key.account.rule.overview"
    _description = "Rules"
    _auto = False
    _order = "date_from desc, id desc"

    name = fields.Char(readonly=True)
    res_model = fields.Selection(
        selection="_selection_res_model", string="Rule", readonly=True
    )
    res_id = fields.Many2oneReference(
        string="Version (ID)", model_field="res_model", readonly=True
    )
    version = fields.Integer(readonly=True, aggregator=None)
    state = fields.Selection(selection=STATES, readonly=True)
    phase = fields.Selection(
        selection=PHASES, compute="_compute_phase", search="_search_phase"
    )
    date_from = fields.Date(string="In Force from", readonly=True)
    date_to = fields.Date(string="In Force until", readonly=True)
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    author_id = fields.Many2one(
        comodel_name="res.users", string="Proposed by", readonly=True
    )
    approver_id = fields.Many2one(
        comodel_name="res.users", string="Approved by", readonly=True
    )

    @api.depends("state", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_phase(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.phase = get_phase(row.state, row.date_from, row.date_to, today)

    def _search_phase(self, operator, value):
        return self.env["key.account.rule.mixin"]._search_phase(operator, value)

    @api.model
    def _selection_res_model(self):
        return [
            (name, self.env["ir.model"]._get(name).display_name)
            for name in self._get_rule_models()
        ]

    @api.model
    def _get_rule_models(self):
        """Names of all models of rules that are installed."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if hasattr(model, "_rule_key") and not model._abstract
        )

    @property
    def _table_query(self) -> SQL:
        parts = [
            self._get_part(self.env[name], place)
            for place, name in enumerate(self._get_rule_models())
        ]
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _get_part(self, rules, place) -> SQL:
        rules.flush_model()
        return SQL(
            """
            SELECT id * %(parts)s + %(place)s AS id, %(model)s AS res_model,
                   id AS res_id, COALESCE(name->>%(lang)s, name->>'en_US') AS name,
                   version, state, date_from, date_to, unit_id, author_id, approver_id
              FROM %(table)s
            """,
            parts=PARTS,
            place=place,
            model=rules._name,
            lang=self.env.lang or "en_US",
            table=SQL.identifier(rules._table),
        )

    def action_open(self):
        """Open the version itself."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_form_action()
