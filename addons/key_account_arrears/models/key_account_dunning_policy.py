# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.res_partner import KINDS


class KeyAccountDunningPolicy(models.Model):
    """One version of how customers in arrears are dunned: the steps by days late, and
    when nobody is written to (ARR-02).

    A policy is for a kind and a grade, for one of them, or for all; the nearest one
    holds: first that of the unit, then that of kind and grade.
    """

    _name = "key.account.dunning.policy"
    _description = "Dunning Policy"
    _inherit = ["key.account.rule.mixin"]
    _order = "kind, grade_id, date_from desc, id desc"
    _rule_key = ("kind", "grade_id")
    _rule_children = {"step_ids": ("days", "channel")}

    kind = fields.Selection(
        selection=KINDS, string="Customer Kind", help="Empty: all kinds."
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all grades.",
    )
    step_ids = fields.One2many(
        comodel_name="key.account.dunning.step",
        inverse_name="rule_id",
        string="Steps",
        copy=True,
    )
    amount_min = fields.Float(
        string="From Amount",
        default=0,
        help="Customers who owe less are left out, in the currency of their bills.",
    )
    promise_limit = fields.Integer(
        string="Promises That Pause",
        default=2,
        help="How many promises to pay since the oldest bill was due stop the steps "
        "until their day.",
    )
    quiet_from = fields.Float(
        string="Quiet from",
        default=20,
        help="Hour of the day, where the unit is, from which no customer is written "
        "to; what is to go out waits.",
    )
    quiet_to = fields.Float(string="Quiet until", default=8)
    daily_cap = fields.Integer(
        string="Messages a Day",
        default=0,
        help="To customers of one unit on one day, the rest follows; 0: without limit.",
    )

    _figures_positive = models.Constraint(
        "CHECK (amount_min >= 0 AND promise_limit >= 0 AND daily_cap >= 0)",
        "Amounts and counts are zero or more.",
    )
    _hours = models.Constraint(
        "CHECK (quiet_from BETWEEN 0 AND 24 AND quiet_to BETWEEN 0 AND 24)",
        "An hour of the day lies between 0 and 24.",
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if not self.step_ids:
            problems.append(self.env._("Name at least one step."))
        seen = set()
        for step in self.step_ids:
            if (step.days, step.channel) in seen:
                problems.append(
                    self.env._(
                        "Day %(days)s has the same step twice: keep one row.",
                        days=step.days,
                    )
                )
            seen.add((step.days, step.channel))
            problems += step._get_problems()
        return problems

    def _get_last_decision_date(self):
        """The day of the last message that was sent by these versions."""
        lines = self.env["key.account.dunning.line"].sudo()
        # sudo: only the day comes out.
        [[day]] = lines._read_group(
            [("policy_id", "in", self._origin.ids), ("state", "!=", "left_out")],
            [],
            ["date:max"],
        )
        return day

    @api.model
    def _get_policies_sql(self, day, tried=None) -> SQL:
        """The policies of a day: ``(unit_id, kind, grade_id, policy_id, rank)``; of
        those that fit a customer the one of the highest rank holds.

        :param tried: a version that is looked at as if it were in force
        """
        # sudo: which policy holds is the same whoever asks.
        policies = self.sudo()
        approved = policies.search(
            [("state", "=", "approved"), *policies._get_day_domain(day)]
        )
        rows = []
        approved |= tried or policies.browse()
        for kind, grade in {(policy.kind, policy.grade_id) for policy in approved}:
            found = policies._get_map_in_force(day, kind=kind, grade_id=grade.id)
            if tried and (tried.kind, tried.grade_id) == (kind, grade):
                units = tried.unit_id._get_below().ids or tried.unit_id._get_paths()
                found = {**found, **dict.fromkeys(units, tried)}
            rows += [
                SQL(
                    "(%s::integer, %s::varchar, %s::integer, %s::integer, %s::integer)",
                    unit_id,
                    kind or None,
                    grade.id or None,
                    policy.id,
                    policy._get_rank(),
                )
                for unit_id, policy in found.items()
            ]
        if not rows:
            return SQL(
                "SELECT NULL::integer, NULL::varchar, NULL::integer, NULL::integer, "
                "NULL::integer WHERE FALSE"
            )
        return SQL("VALUES %s", SQL(", ").join(rows))

    def _get_rank(self):
        """The nearer the unit the better, then the grade, then the kind."""
        path = self.unit_id.parent_path or ""
        return path.count("/") * 4 + bool(self.grade_id) * 2 + bool(self.kind)

    def _is_quiet(self, moment):
        """Whether customers are not written to at a moment of the day (local time)."""
        hour = moment.hour + moment.minute / 60
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to
