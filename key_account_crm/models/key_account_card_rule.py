# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.tools import SQL


class KeyAccountCardRule(models.Model):
    """One version of the yearly allowances: how often each benefit may be used.

    By the kind of card that the customer's grade gives; what is not named is not among
    its benefits.
    """

    _name = "key.account.card.rule"
    _description = "Card Allowances"
    _inherit = ["key.account.rule.mixin"]
    _rule_children = {"line_ids": ("kind_id", "benefit_id")}

    line_ids = fields.One2many(
        comodel_name="key.account.card.rule.line",
        inverse_name="rule_id",
        string="Allowances",
        copy=True,
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if not self.line_ids:
            problems.append(
                self.env._(
                    "Name at least one benefit and the kind of card that has it."
                )
            )
        seen = set()
        for line in self.line_ids:
            key = line.kind_id, line.benefit_id
            if key in seen:
                problems.append(
                    self.env._(
                        "%(benefit)s of %(kind)s is named twice: keep one row.",
                        benefit=line.benefit_id.name,
                        kind=line.kind_id.name,
                    )
                )
            seen.add(key)
            problems += line._get_problems()
        return problems

    def _get_last_decision_date(self):
        """The day of the last use that was measured by these versions."""
        approved = self.filtered(lambda rule: rule.state == "approved")
        if not approved:
            return None
        starts = min(approved.mapped("date_from"))
        ends = [rule.date_to for rule in approved]
        limit = max(ends) if all(ends) else None
        # The date of a use is a moment; the day of it lies at most one off.
        [[day]] = self.env.execute_query(
            SQL(
                """
                SELECT max(date)::date FROM key_account_card_use
                 WHERE date >= %s AND (%s::date IS NULL OR date < %s::date + 1)
                """,
                starts,
                limit,
                limit,
            )
        )
        return day

    @api.model
    def _approve_shipped(self):
        """Put the shipped version in force where nobody decided on it."""
        shipped = self.env.ref(
            "key_account_crm.key_account_card_rule_default", raise_if_not_found=False
        )
        if shipped and shipped.state == "draft":
            shipped.action_approve()

    def _after_decided(self):
        super()._after_decided()
        self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("day", "unit_id", "kind_id")
    def _get_offer(self, day, unit_id, kind_id):
        """What customers of a unit may use with a kind of card in the year of a day:
        tuples of benefit id and how often (None: without limit)."""
        # sudo: the rule holds for everybody, whoever looks.
        unit = self.env["key.account.unit"].sudo().browse(unit_id)
        rule = self.sudo()._get_in_force(day, unit)
        lines = rule.line_ids.filtered(lambda line: line.kind_id.id == kind_id)
        return tuple(
            (line.benefit_id.id, None if line.is_unlimited else line.quantity)
            for line in lines.sorted(lambda line: line.benefit_id.sequence)
        )
