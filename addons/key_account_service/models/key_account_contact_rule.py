# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountContactRule(models.Model):
    """How often customers are to be contacted, by their grade (domain 2.9, 2.13)."""

    _name = "key.account.contact.rule"
    _description = "Contact Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_key = ()
    _rule_children = {"frequency_ids": ("whom", "grade_code", "kind_id")}

    frequency_ids = fields.One2many(
        comodel_name="key.account.contact.frequency",
        inverse_name="rule_id",
        string="Frequencies",
        copy=True,
    )
    lead_days = fields.Integer(
        string="Reminder before (Days)",
        default=3,
        required=True,
        help="How long before a contact is due its manager is reminded.",
    )
    is_for_lines = fields.Boolean(
        string="On Each Line",
        help="Also where a customer is served on a line by another unit: that unit "
        "owes contacts of its own.",
    )

    _lead_range = models.Constraint(
        "CHECK (lead_days BETWEEN 0 AND 90)", "Remind 0 to 90 days ahead."
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if not self.frequency_ids:
            problems.append(
                self.env._("Nobody would be contacted: add a frequency for a grade.")
            )
        # sudo: only the codes of the dictionary are looked at.
        grades = self.env["key.account.grade"].sudo().with_context(active_test=False)
        known = set(grades.search([]).mapped("code"))
        unknown = {row.grade_code for row in self.frequency_ids} - known - {False}
        return problems + [
            self.env._(
                "There is no grade with the code %(code)s: write it as it stands in "
                "the dictionary of grades.",
                code=code,
            )
            for code in sorted(unknown)
        ]

    def _get_last_decision_date(self):
        """The last day on which somebody was reminded by these versions."""
        # sudo: a rule is judged for everybody; only a day comes of it.
        standings = self.env["key.account.contact.standing"].sudo()
        groups = standings._read_group(
            [("rule_id", "in", self.ids), ("date_reminded_on", "!=", False)],
            [],
            ["date_reminded_on:max"],
        )
        return groups[0][0]

    @api.model
    def _get_frequencies_sql(self, rule=None) -> SQL:
        """(unit_id, rule_id, is_for_lines, whom, grade_code, kind_id, days), FROM-able
        as ``frequency``: what holds for each unit today.

        :param rule: a version that holds for all units instead, to try it
        """
        columns = SQL(
            "rule.id AS rule_id, rule.is_for_lines, row.whom, row.grade_code, "
            "row.kind_id, row.days"
        )
        joined = SQL(
            "JOIN key_account_contact_frequency AS row ON row.rule_id = rule.id"
        )
        if rule:
            return SQL(
                "(SELECT unit.id AS unit_id, %s FROM key_account_unit AS unit "
                "JOIN key_account_contact_rule AS rule ON rule.id = %s %s) "
                "AS frequency",
                columns,
                rule.id,
                joined,
            )
        today = fields.Date.context_today(self)
        return SQL(
            "(SELECT rule_of_unit.unit_id, %s FROM %s "
            "JOIN key_account_contact_rule AS rule ON rule.id = rule_of_unit.rule_id "
            "%s) AS frequency",
            columns,
            self._get_map_sql(today),
            joined,
        )

    def _get_trial_query(self, day) -> SQL:
        """When each customer would be due, by what is in force and by this version."""
        self.ensure_one()
        self.env.flush_all()
        standings = self.env["key.account.contact.standing"]
        return SQL(
            """
            SELECT COALESCE(present.partner_id, tried.partner_id) AS partner_id,
                   COALESCE(present.line_id, tried.line_id) AS line_id,
                   to_char(present.date_due, 'YYYY-MM-DD') AS before,
                   to_char(tried.date_due, 'YYYY-MM-DD') AS after,
                   present.date_due - %(day)s AS amount_before,
                   tried.date_due - %(day)s AS amount_after,
                   CASE WHEN present.date_due IS NULL THEN 'new'
                        WHEN tried.date_due IS NULL
                          OR tried.date_due > present.date_due THEN 'down'
                        ELSE 'up' END AS direction
              FROM (%(present)s) AS present
              JOIN (%(tried)s) AS tried
                ON tried.partner_id = present.partner_id
               AND COALESCE(tried.line_id, 0) = COALESCE(present.line_id, 0)
               AND COALESCE(tried.person_id, 0) = COALESCE(present.person_id, 0)
             WHERE present.person_id IS NULL
            """,
            day=day,
            present=standings._get_state_query(None),
            tried=standings._get_state_query(None, self),
        )
