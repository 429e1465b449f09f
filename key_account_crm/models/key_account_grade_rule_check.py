# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..grading import find_range_faults
from .key_account_grade_criterion import BOUNDED
from .key_account_grade_threshold import LEVELS

TOTAL = 100


class KeyAccountGradeRule(models.Model):
    """What forbids to put a grade rule in force: bounds that overlap or leave a gap,
    thresholds that refer to nothing, weights that are not 100."""

    _inherit = "key.account.grade.rule"

    def _rule_problems(self):
        problems = super()._rule_problems()
        for rule in self:
            problems += rule._find_empty() + rule._find_strangers()
            problems += rule._find_rank_ties()
            for criterion in rule._get_criteria():
                problems += rule._find_criterion_problems(criterion)
        return problems

    def _find_criterion_problems(self, criterion):
        thresholds = self._get_thresholds(criterion)
        if not thresholds:
            return [
                self.env._(
                    "The criterion %(criterion)s leads to no grade: add thresholds.",
                    criterion=criterion.name,
                )
            ]
        problems = self._find_double(criterion, thresholds)
        if criterion.method in BOUNDED:
            problems += self._find_bound_problems(criterion, thresholds)
        elif criterion.method == "rank":
            problems += self._find_share_problems(criterion, thresholds)
        else:
            problems += self._find_level_problems(criterion, thresholds)
        if criterion.method == "value_score":
            problems += self._find_weight_problems(criterion)
        return problems

    def _find_empty(self):
        if self.criterion_ids:
            return []
        return [self.env._("The rule has no criterion: add one.")]

    def _find_strangers(self):
        """Rows that name a criterion or a grade the rule cannot have."""
        problems = []
        codes = set(self.criterion_ids.mapped("code"))
        for row in [*self.threshold_ids, *self.component_ids]:
            if row.criterion not in codes:
                problems.append(
                    self.env._(
                        "%(row)s names the criterion %(code)s, which the rule does not "
                        "have.",
                        row=row.display_name,
                        code=row.criterion or "–",
                    )
                )
        for grade in self.threshold_ids.grade_id:
            allowed = grade._get_kinds_field(self.kind)
            if not grade.active or (allowed and not grade[allowed]):
                problems.append(
                    self.env._(
                        "%(grade)s is archived or no grade for customers of this kind.",
                        grade=grade.name,
                    )
                )
        return problems

    def _find_rank_ties(self):
        """The highest grade wins: there must be one."""
        seen, problems = {}, []
        for grade in self._get_ladder():
            other = seen.setdefault(grade.rank, grade)
            if other != grade:
                problems.append(
                    self.env._(
                        "%(grade)s and %(other)s have the same rank %(rank)s: say "
                        "which one is higher.",
                        grade=grade.name,
                        other=other.name,
                        rank=grade.rank,
                    )
                )
        return problems

    def _find_double(self, criterion, thresholds):
        """A grade by bounds or shares has one row, and so have all the others."""
        problems = []
        if criterion.method in LEVELS:
            return problems
        if len(thresholds) != len(thresholds.grade_id):
            problems.append(
                self.env._(
                    "%(criterion)s names a grade twice: leave one threshold of each.",
                    criterion=criterion.name,
                )
            )
        rest = thresholds.filtered("is_rest")
        if len(rest) > 1:
            problems.append(
                self.env._(
                    "%(criterion)s gives all others several grades: leave one.",
                    criterion=criterion.name,
                )
            )
        lowest = thresholds.grade_id.sorted(lambda g: (g.rank, -g._origin.id))[:1]
        if rest and rest[:1].grade_id != lowest:
            problems.append(
                self.env._(
                    "%(criterion)s: all others get %(grade)s, which is not the lowest "
                    "of its grades.",
                    criterion=criterion.name,
                    grade=rest[:1].grade_id.name,
                )
            )
        return problems

    def _sort_bounded(self, thresholds):
        """From the lowest grade to the highest, without the row of all others."""
        bounded = thresholds.filtered(lambda threshold: not threshold.is_rest)
        return bounded.sorted(lambda threshold: threshold.grade_id.rank)

    def _find_bound_problems(self, criterion, thresholds):
        rows = self._sort_bounded(thresholds)
        faults = find_range_faults([(row.lower, row.upper) for row in rows])
        return [
            self._say_fault(fault, criterion, rows[below], rows[above])
            for fault, below, above in faults
        ]

    def _say_fault(self, fault, criterion, below, above):
        names = {
            "criterion": criterion.name,
            "below": below.grade_id.name,
            "above": above.grade_id.name,
            "upper": below.upper,
            "lower": above.lower,
        }
        if fault == "overlap":
            return self.env._(
                "%(criterion)s: %(below)s (to %(upper)s) and %(above)s (from "
                "%(lower)s) overlap: let one end where the other begins.",
                **names,
            )
        if fault == "gap":
            return self.env._(
                "%(criterion)s: between %(below)s (to %(upper)s) and %(above)s (from "
                "%(lower)s) there is a gap: let one end where the other begins.",
                **names,
            )
        if fault == "open":
            return self.env._(
                "%(criterion)s: %(below)s has no upper bound, although %(above)s "
                "begins at %(lower)s: write it there.",
                **names,
            )
        return self.env._(
            "%(criterion)s: %(above)s (from %(lower)s) does not lie above %(below)s: "
            "put the bounds in the order of the grades.",
            **names,
        )

    def _find_share_problems(self, criterion, thresholds):
        """Shares are counted from the top: the higher the grade, the smaller."""
        rows = self._sort_bounded(thresholds)[::-1]
        problems = []
        for higher, lower in zip(rows, rows[1:], strict=False):
            if higher.share >= lower.share:
                problems.append(
                    self.env._(
                        "%(criterion)s: %(lower)s ends at place %(share)s %%, not "
                        "after %(higher)s: shares are counted from the top and must "
                        "grow.",
                        criterion=criterion.name,
                        lower=lower.grade_id.name,
                        share=lower.share,
                        higher=higher.grade_id.name,
                    )
                )
        if any(row.share <= 0 for row in rows):
            problems.append(
                self.env._(
                    "%(criterion)s: every grade takes a share above 0 %%.",
                    criterion=criterion.name,
                )
            )
        return problems

    def _find_level_problems(self, criterion, thresholds):
        allowed = dict(LEVELS.get(criterion.method, ()))
        problems = []
        levels = thresholds.mapped("level")
        if any(level not in allowed for level in levels):
            problems.append(
                self.env._(
                    "%(criterion)s: choose a level that fits the criterion in each "
                    "threshold.",
                    criterion=criterion.name,
                )
            )
        if len(set(levels)) != len(levels):
            problems.append(
                self.env._(
                    "%(criterion)s: a level leads to several grades: leave one.",
                    criterion=criterion.name,
                )
            )
        return problems

    def _find_weight_problems(self, criterion):
        total = sum(self._get_components(criterion).mapped("weight"))
        if round(total, 2) == TOTAL:
            return []
        return [
            self.env._(
                "%(criterion)s: the weights add up to %(total)s instead of 100.",
                criterion=criterion.name,
                total=total,
            )
        ]
