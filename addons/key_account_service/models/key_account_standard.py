# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class KeyAccountStandard(models.Model):
    """How long a service may take: a limit, a factor per grade, and whose hours count.

    (SLA-01 to SLA-04, SLA-07; domain 2.8.) Warning, breach and escalation come at
    their percentages of the limit.
    """

    _name = "key.account.standard"
    _description = "Service Standard"
    _inherit = ["key.account.rule.mixin"]
    _order = "kind_id, line_id, date_from desc, id desc"
    _rule_key = ("kind_id", "line_id")
    _rule_children = {"factor_ids": ("grade_code",)}

    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Service",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("category", "in", ("request_kind", "service_indicator"))],
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: every line that has no standard of its own.",
    )
    limit = fields.Float(required=True, default=24, help="For a factor of 1.")
    limit_unit = fields.Selection(
        selection=[
            ("second", "Seconds"),
            ("minute", "Minutes"),
            ("hour", "Hours"),
            ("day", "Days"),
        ],
        required=True,
        default="hour",
        help="With working hours a day is a working day of theirs.",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Empty: around the clock. Days off of the calendar count as closed.",
    )
    factor_ids = fields.One2many(
        comodel_name="key.account.standard.factor",
        inverse_name="rule_id",
        string="Factors by Grade",
        copy=True,
    )
    warning_percent = fields.Integer(
        default=80, required=True, help="Of the limit: when a warning is given."
    )
    company_percent = fields.Integer(
        default=150,
        required=True,
        help="Of the limit: when the heads of the unit above are told; 0: never.",
    )
    centre_percent = fields.Integer(
        default=200,
        required=True,
        help="Of the limit: when the heads of the centre are told; 0: never.",
    )
    target_percent = fields.Float(
        string="Target",
        default=95,
        help="How many of 100 are to be done in time.",
    )

    _limit_positive = models.Constraint(
        'CHECK ("limit" > 0)', "A limit is longer than nothing."
    )
    _percents = models.Constraint(
        "CHECK (warning_percent BETWEEN 1 AND 99 AND target_percent BETWEEN 0 AND 100 "
        "AND (company_percent = 0 OR company_percent > 100) "
        "AND (centre_percent = 0 OR centre_percent > GREATEST(company_percent, 100)))",
        "The warning comes at 1 to 99 percent of the limit, the escalations above 100 "
        "and one after the other (0: never), the target lies between 0 and 100.",
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if self.calendar_id and not self.calendar_id.attendance_ids:
            problems.append(
                self.env._(
                    "%(calendar)s has no working hours, so nothing would ever be due: "
                    "enter them, or choose another calendar.",
                    calendar=self.calendar_id.name,
                )
            )
        if self.limit_unit == "day" and self.calendar_id.hours_per_day <= 0 < len(
            self.calendar_id
        ):
            problems.append(
                self.env._(
                    "A working day of %(calendar)s has no hours: give the limit in "
                    "hours.",
                    calendar=self.calendar_id.name,
                )
            )
        return problems + self._get_grade_problems()

    def _get_grade_problems(self):
        """Factors for grades that the dictionary does not have."""
        # sudo: only the codes of the dictionary are looked at.
        grades = self.env["key.account.grade"].sudo().with_context(active_test=False)
        known = set(grades.search([]).mapped("code"))
        return [
            self.env._(
                "There is no grade with the code %(code)s: write it as it stands in "
                "the dictionary of grades.",
                code=factor.grade_code,
            )
            for factor in self.factor_ids
            if factor.grade_code and factor.grade_code not in known
        ]

    def _get_last_decision_date(self):
        """The day on which the last request or complaint was accepted by these."""
        clocks = self.env["key.account.clock.mixin"]
        return max(filter(None, clocks._clock_get_last_days(self)), default=None)

    @api.model
    def _find_all(self, asked):
        """The standards of many services at once, each of its line or else of all.

        :param asked: tuples of the kind, the line, the unit and the day
        :return: map of these tuples to the standard, an empty record where none is
        """
        asked = set(asked)
        found = self._get_all_in_force(
            (day, unit, kind.id, line_id)
            for kind, line, unit, day in asked
            for line_id in {line.id, False}
        )
        return {
            (kind, line, unit, day): found[day, unit, kind.id, line.id]
            or found[day, unit, kind.id, False]
            for kind, line, unit, day in asked
        }

    def _get_seconds(self, grade):
        """Seconds of service that a customer of a grade (its code) has to wait."""
        self.ensure_one()
        factors = {factor.grade_code: factor.factor for factor in self.factor_ids}
        seconds = SECONDS[self.limit_unit]
        if self.limit_unit == "day" and self.calendar_id:
            seconds = self.calendar_id.hours_per_day * 3600
        return round(self.limit * seconds * factors.get(grade, 1.0))

    def _get_alarms(self):
        """(level, percent of the limit) of the alarms, in order."""
        self.ensure_one()
        alarms = [(1, self.warning_percent), (2, 100)]
        escalations = (3, self.company_percent), (4, self.centre_percent)
        return alarms + [(level, percent) for level, percent in escalations if percent]
