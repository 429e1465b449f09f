# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

READER = "key_account_crm.group_key_account_reader"
# Shown on the customer, held by the narrow row: field: column.
GRADE_COLUMNS = {
    "key_account_grade_id": "grade_id",
    "key_account_grade_date": "grade_date",
    "key_account_grade_valid_to": "grade_valid_to",
    "key_account_grade_goal_id": "grade_goal_id",
    "key_account_grade_streak": "grade_streak",
}


class ResPartner(models.Model):
    """A customer's grade: searched and grouped by, though not a column of the file."""

    _inherit = "res.partner"

    key_account_grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="Grade",
        compute="_compute_key_account_grade",
        search="_search_key_account_grade_id",
    )
    key_account_grade_date = fields.Date(
        string="Grade since",
        compute="_compute_key_account_grade",
        search="_search_key_account_grade_date",
    )
    key_account_grade_valid_to = fields.Date(
        string="Membership until",
        compute="_compute_key_account_grade",
        search="_search_key_account_grade_valid_to",
    )
    key_account_grade_goal_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="On the Way to",
        compute="_compute_key_account_grade",
        search="_search_key_account_grade_goal_id",
        help="The figures have led to another grade for some months.",
    )
    key_account_grade_streak = fields.Integer(
        string="Months on the Way",
        compute="_compute_key_account_grade",
        search="_search_key_account_grade_streak",
        aggregator=None,
    )
    key_account_grade_floor_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="Not below",
        compute="_compute_key_account_grade_floor_id",
        help="Protected: no run takes the customer below this grade.",
    )
    key_account_grade_floor_until = fields.Date(
        string="Protected until", compute="_compute_key_account_grade_floor_id"
    )
    key_account_grade_move_ids = fields.One2many(
        comodel_name="key.account.grade.move",
        inverse_name="partner_id",
        string="Grade Moves",
        groups=READER,
    )
    key_account_grade_move_count = fields.Integer(
        string="Number of Grade Moves",
        compute="_compute_key_account_grade_move_count",
        groups=READER,
    )

    @api.depends(
        *(f"key_account_standing_ids.{column}" for column in GRADE_COLUMNS.values())
    )
    def _compute_key_account_grade(self):
        for partner in self:
            standing = partner.key_account_standing_ids
            for fname, column in GRADE_COLUMNS.items():
                partner[fname] = standing[column]

    @api.depends(
        "key_account_standing_ids.grade_floor_id",
        "key_account_standing_ids.grade_floor_until",
    )
    @api.depends_context("tz")
    def _compute_key_account_grade_floor_id(self):
        today = fields.Date.context_today(self)
        for partner in self:
            standing = partner.key_account_standing_ids
            until = standing.grade_floor_until
            is_protected = bool(until and until >= today)
            partner.key_account_grade_floor_id = (
                is_protected and standing.grade_floor_id
            )
            partner.key_account_grade_floor_until = is_protected and until

    @api.depends("key_account_grade_move_ids")
    @api.depends_context("uid")
    def _compute_key_account_grade_move_count(self):
        groups = self.env["key.account.grade.move"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.key_account_grade_move_count = counts.get(partner.id, 0)

    def _search_key_account_grade_id(self, operator, value):
        return self._search_key_account_grade("grade_id", operator, value)

    def _search_key_account_grade_date(self, operator, value):
        return self._search_key_account_grade("grade_date", operator, value)

    def _search_key_account_grade_valid_to(self, operator, value):
        return self._search_key_account_grade("grade_valid_to", operator, value)

    def _search_key_account_grade_goal_id(self, operator, value):
        return self._search_key_account_grade("grade_goal_id", operator, value)

    def _search_key_account_grade_streak(self, operator, value):
        return self._search_key_account_grade("grade_streak", operator, value)

    @api.model
    def _search_key_account_grade(self, column, operator, value):
        """Whoever has no narrow row, or an empty column there, has no grade."""
        if operator == "in" and False in value:
            given = [item for item in value if item is not False]
            empty = ~Domain(f"key_account_standing_ids.{column}", "!=", False)
            if not given:
                return empty
            return empty | Domain(f"key_account_standing_ids.{column}", "in", given)
        return Domain(f"key_account_standing_ids.{column}", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if query is not None and field_expr in GRADE_COLUMNS:
            standing = self._key_account_join_standing(alias, query)
            return SQL.identifier(standing, GRADE_COLUMNS[field_expr])
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _key_account_join_standing(self, alias, query):
        """The narrow row of each customer: who reads the customer may read it."""
        standing = query.make_alias(alias, "key_account_standing")
        query.add_join(
            "LEFT JOIN",
            standing,
            "key_account_standing",
            SQL(
                "%s = %s",
                SQL.identifier(standing, "partner_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        return standing

    def action_view_key_account_grade_moves(self):
        return self._key_account_open("key_account_crm.key_account_grade_move_action")

    def action_key_account_grade(self):
        """Propose another grade, or a protection, for these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_grade_propose_action"
        )
        return {**action, "context": {"default_partner_ids": self.ids}}
