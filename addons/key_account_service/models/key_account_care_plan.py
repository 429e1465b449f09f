# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

OCCASIONS = [
    ("birthday", "Birthday"),
    ("festival", "Festival"),
    ("founding", "Anniversary of the Company"),
    ("joining", "Anniversary as a Customer"),
    ("contract_end", "End of a Contract"),
    ("no_contact", "No Contact for Days"),
    ("periodic", "At Regular Intervals"),
]
# Those on a day of the year: cared for on that day, not after it.
DATED = ("birthday", "festival", "founding", "joining")
# Those that come after a number of days, which the rows of the plan say.
COUNTED = ("no_contact", "periodic")


class KeyAccountCarePlan(models.Model):
    """One version of what customers are given attention for, and how (SVC-05, SVC-06,
    SVC-12 to SVC-14): for an occasion, by kind and grade of the customer."""

    _name = "key.account.care.plan"
    _description = "Care Plan"
    _inherit = ["key.account.rule.mixin"]
    _order = "occasion, festival_id, date_from desc, id desc"
    _rule_key = ("occasion", "festival_id")
    _rule_children = {"line_ids": ("kind", "grade_id", "step")}

    occasion = fields.Selection(selection=OCCASIONS, required=True, default="birthday")
    festival_id = fields.Many2one(
        comodel_name="key.account.festival",
        string="Festival",
        index="btree_not_null",
        ondelete="restrict",
    )
    line_ids = fields.One2many(
        comodel_name="key.account.care.plan.line",
        inverse_name="rule_id",
        string="What is Done",
        copy=True,
    )

    @api.onchange("occasion")
    def _onchange_occasion(self):
        if self.occasion != "festival":
            self.festival_id = False

    def _rule_problems(self):
        problems = super()._rule_problems()
        if self.occasion == "festival" and not self.festival_id:
            problems.append(self.env._("Choose the festival."))
        if self.occasion != "festival" and self.festival_id:
            problems.append(self.env._("Only the plan of a festival names one."))
        if not self.line_ids:
            problems.append(self.env._("Say in at least one row what is done."))
        seen = set()
        for line in self.line_ids:
            key = line.kind, line.grade_id, line.step
            if key in seen:
                problems.append(
                    self.env._(
                        "%(row)s is named twice: keep one row, or make it a later "
                        "step.",
                        row=line._get_label(),
                    )
                )
            seen.add(key)
            problems += line._get_problems()
        return problems

    def _get_last_decision_date(self):
        """The day of the last list that was confirmed by these versions."""
        # sudo: lists of every unit count; only their day comes out.
        proposals = self.env["key.account.care.proposal"].sudo()
        [[day]] = proposals._read_group(
            [("plan_id", "in", self.ids), ("care_id", "!=", False)],
            [],
            ["run_date:max"],
        )
        return day or None

    @api.model
    def _add_shipped_days(self, xml_id, days):
        """Complete the shipped draft with a row for each grade of the dictionary.

        :param days: days without contact by the code of the grade
        """
        plan = self.env.ref(xml_id)
        grades = self.env["key.account.grade"].search([("code", "in", list(days))])
        row = plan.line_ids[:1]
        for grade in grades:
            row.copy(
                {
                    "rule_id": plan.id,
                    "grade_id": grade.id,
                    "interval_days": days[grade.code],
                }
            )

    @api.model
    def _name_shipped_rows(self):
        """Rows of shipped plans get names in the database, so that they are translated
        as everything else that comes with the addon."""
        plans = self.search([("version", "<=", 1)])
        names = plans.get_external_id()
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{names[plan.id]}_row_{number}",
                    "record": row,
                    "noupdate": True,
                }
                for plan in plans
                if names[plan.id].startswith("key_account_service.")
                for number, row in enumerate(plan.line_ids.sorted("id"), start=1)
            ]
        )

    @api.model
    def _get_keys(self, day):
        """Keys (occasion, id of the festival or False) with a version on a day."""
        found = self.search(
            [("state", "=", "approved"), *self._get_day_domain(day)],
            order="occasion, festival_id, id",
        )
        return list(dict.fromkeys((p.occasion, p.festival_id.id) for p in found))

    @api.model
    def _get_line_query(self, rule) -> SQL:
        """The rows of a version that hold for a customer, to be joined sideways.

        Of the rows of one step, those of the grade win over those of all grades, and
        of these the ones of the kind.

        :param rule: SQL of the version's id; ``partner`` and ``standing`` are in reach
        """
        return SQL(
            """
            (SELECT DISTINCT ON (line.step) line.*
               FROM key_account_care_plan_line AS line
              WHERE line.rule_id = %(rule)s
                AND (line.kind IS NULL OR line.kind = partner.key_account_kind)
                AND (line.grade_id IS NULL OR line.grade_id = standing.grade_id)
              ORDER BY line.step, line.grade_id NULLS LAST, line.kind NULLS LAST)
            """,
            rule=rule,
        )

    def _get_trial_query(self, day) -> SQL:
        """Per customer the first step by the version in force and by this one."""
        self.ensure_one()
        return SQL(
            """
            SELECT partner.id AS partner_id, NULL::integer AS line_id,
                   COALESCE(old.text, '–') AS before, COALESCE(new.text, '–') AS after,
                   old.amount AS amount_before, new.amount AS amount_after,
                   CASE WHEN old.text IS NULL THEN 'new'
                        WHEN new.text IS NULL
                          OR COALESCE(new.amount, 0) < COALESCE(old.amount, 0)
                        THEN 'down'
                        WHEN (new.text, new.amount)
                             IS NOT DISTINCT FROM (old.text, old.amount) THEN 'none'
                        ELSE 'up' END AS direction
              FROM res_partner AS partner
              JOIN key_account_standing AS standing ON standing.partner_id = partner.id
              LEFT JOIN %(in_force)s
                ON rule_of_unit.unit_id = partner.key_account_unit_id
              LEFT JOIN LATERAL (%(old)s) AS old ON TRUE
              LEFT JOIN LATERAL (%(new)s) AS new ON TRUE
             WHERE partner.key_account_kind IS NOT NULL
               AND partner.key_account_state IN ('active', 'won_back')
               AND (old.text IS NOT NULL OR new.text IS NOT NULL)
            """,
            in_force=self._get_map_sql(day, **self._get_key()),
            old=self._get_trial_side(SQL("rule_of_unit.rule_id")),
            new=self._get_trial_side(SQL("%s", self.id)),
        )

    @api.model
    def _get_trial_side(self, rule) -> SQL:
        return SQL(
            """
            SELECT string_agg(line.means || COALESCE(' + ' || gift.code, ''), ', '
                              ORDER BY line.step) AS text,
                   SUM(line.cost + COALESCE(gift.price * line.gift_quantity, 0))
                   AS amount
              FROM %(lines)s AS line
              LEFT JOIN key_account_gift AS gift ON gift.id = line.gift_id
            """,
            lines=self._get_line_query(rule),
        )
