# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .key_account_grade_criterion import BOUNDED

READER = "key_account_crm.group_key_account_reader"


class ResPartner(models.Model):
    """Why a customer has its grade and what is missing to the next, in one sentence.

    Measured when somebody looks. A reader who may not read all facts behind a figure is
    told without the figure: the revenue of another company is none of his.
    """

    _inherit = "res.partner"

    key_account_grade_reason = fields.Char(
        string="Why this Grade",
        compute="_compute_key_account_grade_reason",
        groups=READER,
    )
    key_account_grade_figures = fields.Json(
        string="Figures of the Grade",
        compute="_compute_key_account_grade_reason",
        groups=READER,
        help="Each opens the rows it is made of.",
    )

    @api.depends(
        "key_account_grade_id",
        "key_account_grade_streak",
        "key_account_grade_floor_id",
    )
    @api.depends_context("uid", "lang", "tz")
    def _compute_key_account_grade_reason(self):
        today = fields.Date.context_today(self)
        readable = self._key_account_get_fully_read(self)
        for partner in self:
            partner.key_account_grade_reason = False
            partner.key_account_grade_figures = False
            rule = partner._key_account_get_grade_rule(today)
            # sudo: measured on all facts; figures are told to whoever may read these.
            row = rule and rule.sudo()._measure(partner._origin, today)
            if not row:
                continue
            is_open = partner in readable
            partner.key_account_grade_reason = partner._key_account_say_grade(
                rule, row, is_open
            )
            partner.key_account_grade_figures = partner._key_account_get_grade_figures(
                rule, row, is_open
            )

    @api.model
    def _key_account_get_fully_read(self, partners):
        """Those of these customers whose facts of all lines the user may read."""
        user = self.env.user
        if self.env.su or user.key_account_reach == "all":
            return partners
        if user.key_account_reach == "none":
            return partners.browse()
        is_unit = user.key_account_reach == "unit"
        reach = user.key_account_unit_ids if is_unit else user.key_account_manager_ids
        owner = "unit_id" if is_unit else "manager_id"
        # sudo: only whether somebody out of reach serves the customer on a line.
        files = self.env["key.account.line.file"].sudo()
        others = files.search(
            [("partner_id", "in", partners.ids), (owner, "not in", reach.ids)]
        ).partner_id
        return partners.filtered(
            lambda partner: partner[f"key_account_{owner}"] in reach
            and partner._origin not in others
        )

    def _key_account_get_grade_rule(self, day):
        """The version that grades the customer."""
        rules = self.env["key.account.grade.rule"]
        if not self._origin or not self.key_account_kind:
            return rules
        return rules._get_in_force(
            day, self.key_account_unit_id, kind=self.key_account_kind
        )

    def _key_account_say_grade(self, rule, row, is_open):
        """The sentence: the grade, its ground, what is missing, what may change it."""
        parts = [
            self._key_account_say_present(rule, row, is_open),
            self._key_account_say_next(rule, row, is_open),
            self._key_account_say_streak(rule),
            self._key_account_say_protection(),
        ]
        return " ".join(part for part in parts if part)

    def _key_account_say_present(self, rule, row, is_open):
        ground = self._key_account_say_ground(rule, row, is_open)
        if not self.key_account_grade_id:
            if not self.key_account_grade_date:
                return self.env._("Not graded yet: the next run does it. %s", ground)
            return self.env._("No grade: no criterion is met. %s", ground)
        return self.env._(
            "%(grade)s since %(date)s. %(ground)s",
            grade=self.key_account_grade_id.name,
            date=format_date(self.env, self.key_account_grade_date),
            ground=ground,
        )

    def _key_account_say_ground(self, rule, row, is_open):
        """What the figures say today."""
        criteria = rule._get_criteria()
        chosen = criteria.filtered(lambda c: c.code == row["criterion"]) or criteria[:1]
        place = list(criteria).index(chosen)
        text = chosen._explain(self._key_account_get_figure(row, place), is_open)
        if row["is_late"]:
            text = self.env._("%(text)s, lowered because of arrears", text=text)
        return self.env._("%(sentence)s.", sentence=text)

    @api.model
    def _key_account_get_figure(self, row, place):
        return {
            "value": row[f"value_{place}"],
            "place": row.get(f"place_{place}"),
            "size": row.get(f"size_{place}"),
        }

    def _key_account_say_next(self, rule, row, is_open):
        """What is missing to the next grade above the one the figures lead to."""
        ladder = rule._get_ladder()
        level = row["now"] or 0
        if level >= len(ladder):
            return self.env._("There is no higher grade.")
        missing = []
        for place, criterion in enumerate(rule._get_criteria()):
            if criterion.method in BOUNDED:
                above, gap = criterion._get_next(row[f"value_{place}"], ladder[level:])
                if above and gap > 0:
                    missing.append((above.grade_id.rank, criterion, above, gap))
        if not missing:
            return self.env._("The next grade is %s.", ladder[level].name)
        _rank, criterion, above, gap = min(missing, key=lambda item: item[0])
        if not criterion._is_told(is_open):
            return self.env._("The next grade is %s.", above.grade_id.name)
        return self.env._(
            "%(missing)s more lead to %(grade)s (%(criterion)s).",
            missing=criterion._format(gap),
            criterion=criterion.name,
            grade=above.grade_id.name,
        )

    def _key_account_say_streak(self, rule):
        streak = self.key_account_grade_streak
        if not streak or not self.key_account_grade_id:
            return ""
        goal = self.key_account_grade_goal_id.name or self.env._("no grade")
        if streak < 0 and rule.is_down_yearly:
            return self.env._(
                "The figures have led to %(goal)s for %(count)s months: decided at the "
                "end of the membership.",
                goal=goal,
                count=-streak,
            )
        return self.env._(
            "The figures have led to %(goal)s for %(count)s of %(needed)s months.",
            goal=goal,
            count=abs(streak),
            needed=rule.up_periods if streak > 0 else rule.down_periods,
        )

    def _key_account_say_protection(self):
        if not self.key_account_grade_floor_id:
            return ""
        return self.env._(
            "Not below %(grade)s until %(date)s.",
            grade=self.key_account_grade_floor_id.name,
            date=format_date(self.env, self.key_account_grade_floor_until),
        )

    def _key_account_say_ending(self):
        """What the manager is told before a grade ends or goes down."""
        if not self.key_account_grade_valid_to:
            return self.env._(
                "%(grade)s of %(customer)s goes down with the next run.",
                grade=self.key_account_grade_id.name,
                customer=self.name,
            )
        return self.env._(
            "%(grade)s of %(customer)s is valid until %(date)s: look at its figures, "
            "tell the customer.",
            grade=self.key_account_grade_id.name,
            customer=self.name,
            date=format_date(self.env, self.key_account_grade_valid_to),
        )

    def _key_account_get_grade_figures(self, rule, row, is_open):
        """What the widget shows as links: code, label and figure of each criterion."""
        levels = {level: grade for level, grade in enumerate(rule._get_ladder(), 1)}
        found = []
        for place, criterion in enumerate(rule._get_criteria()):
            grade = levels.get(row[f"level_{place}"])
            found.append(
                {
                    "code": criterion.code,
                    "text": criterion._explain(
                        self._key_account_get_figure(row, place), is_open
                    ),
                    "grade": grade.name if grade else "–",
                }
            )
        return found

    def action_view_key_account_grade_figure(self, code):
        """The rows behind the figure of a criterion, as far as the reader may open."""
        self.ensure_one()
        self.check_access("read")
        today = fields.Date.context_today(self)
        rule = self._key_account_get_grade_rule(today)
        criterion = rule.criterion_ids.filtered(lambda c: c.code == code)
        if not criterion:
            raise UserError(self.env._("The rule has changed: reload the page."))
        return criterion._open_rows(self, today, rule._get_last_month(today))
