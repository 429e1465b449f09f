# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountGradeReport(models.Model):
    """One applied move of a grade: the matrix from grade by to grade, with causes, of
    any period (GRD-10, the base of ANA-03).

    The grade then, not the grade now. Revenue is the figure the move rests on; it is
    empty where the reader may not read all facts behind it.
    """

    _name = "key.account.grade.report"
    _description = "Up and Down"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "key.account.grade.move": [
            "cause",
            "criterion",
            "date_effective",
            "direction",
            "figures",
            "grade_from_id",
            "grade_to_id",
            "kind",
            "manager_id",
            "partner_id",
            "rule_id",
            "state",
            "streak",
            "trigger",
            "unit_id",
        ],
        "key.account.line.file": ["manager_id", "partner_id", "unit_id"],
        "key.account.grade.rule": ["currency_id"],
    }

    date = fields.Date(readonly=True)
    move_id = fields.Many2one(comodel_name="key.account.grade.move", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    kind = fields.Selection(
        selection=lambda self: self._get_choices("kind"),
        string="Customer Kind",
        readonly=True,
    )
    grade_from_id = fields.Many2one(
        comodel_name="key.account.grade", string="From", readonly=True
    )
    grade_to_id = fields.Many2one(
        comodel_name="key.account.grade", string="To", readonly=True
    )
    direction = fields.Selection(
        selection=lambda self: self._get_choices("direction"), readonly=True
    )
    cause = fields.Selection(
        selection=lambda self: self._get_choices("cause"), readonly=True
    )
    trigger = fields.Selection(
        selection=lambda self: self._get_choices("trigger"), readonly=True
    )
    rule_id = fields.Many2one(comodel_name="key.account.grade.rule", readonly=True)
    streak = fields.Integer(string="Months in a Row", readonly=True, aggregator="avg")
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount = fields.Monetary(
        string="Revenue",
        readonly=True,
        depends_context=("uid",),
        help="The figure the move rests on, where you may read all of it.",
    )

    def _get_choices(self, name):
        field = self.env["key.account.grade.move"]._fields[name]
        return field._description_selection(self.env)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT move.id, move.id AS move_id, move.date_effective AS date,
                   move.partner_id, move.unit_id, move.manager_id, move.kind,
                   move.grade_from_id, move.grade_to_id, move.direction, move.cause,
                   move.trigger, move.rule_id, ABS(move.streak) AS streak,
                   COALESCE(rule.currency_id, %(currency)s) AS currency_id,
                   CASE WHEN move.cause IN ('revenue', 'rank') AND %(told)s
                        THEN (move.figures -> move.criterion ->> 'value')::numeric
                   END AS amount
              FROM key_account_grade_move AS move
              LEFT JOIN key_account_grade_rule AS rule ON rule.id = move.rule_id
             WHERE move.state = 'applied'
            """,
            currency=self.env["key.account.grade.rule"]._get_currency().id,
            told=self._get_told_condition(),
        )

    def _get_told_condition(self) -> SQL:
        """Whether the reader may read all facts of the customer of ``move``: nobody out
        of his reach serves it on a line."""
        user = self.env.user
        if self.env.su or user.key_account_reach == "all":
            return SQL("TRUE")
        is_unit = user.key_account_reach == "unit"
        reach = user.key_account_unit_ids if is_unit else user.key_account_manager_ids
        return SQL(
            """
            NOT EXISTS (
                SELECT FROM key_account_line_file AS file
                 WHERE file.partner_id = move.partner_id
                   AND (file.%(owner)s = ANY(%(reach)s)) IS NOT TRUE)
            """,
            owner=SQL.identifier("unit_id" if is_unit else "manager_id"),
            reach=reach.ids,
        )
