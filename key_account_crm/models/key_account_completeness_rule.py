# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountCompletenessRule(models.Model):
    """One version of what a complete customer file holds (COL-07, RULE-04).

    A file is as complete as the weight of the facts it has, out of those of its kind.
    One rule holds for all units: scores are compared across them.
    """

    _name = "key.account.completeness.rule"
    _description = "Completeness Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_children = {"item_ids": ("field_name",)}

    item_ids = fields.One2many(
        comodel_name="key.account.completeness.item",
        inverse_name="rule_id",
        string="Facts",
        copy=True,
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if self.unit_id:
            problems.append(
                self.env._(
                    "Completeness is measured alike for all units: remove the unit."
                )
            )
        if not self.item_ids:
            problems.append(self.env._("The rule asks for no fact: add one."))
        names = self.item_ids.mapped("field_name")
        labels = dict(self.item_ids._selection_field_name())
        for name in sorted({n for n in names if n and names.count(n) > 1}):
            problems.append(
                self.env._(
                    "%(fact)s is in the list twice: leave one.",
                    fact=labels.get(name, name),
                )
            )
        for item in self.item_ids:
            if not item._get_kinds():
                problems.append(
                    self.env._(
                        "%(fact)s counts for no kind of customer: choose one, or "
                        "remove the fact.",
                        fact=labels.get(item.field_name, item.field_name),
                    )
                )
        return problems

    def _get_facts(self):
        """The facts as (field name, weight, kinds), the most useful first."""
        known = self.env["res.partner"]._fields
        return tuple(
            (item.field_name, item.weight, item._get_kinds())
            for item in self.item_ids.sorted(
                lambda item: (-item.weight, item.sequence, item.id)
            )
            if item.field_name in known
        )

    def write(self, vals):
        result = super().write(vals)
        if "date_to" in vals:
            self._after_decided()
        return result

    def _after_decided(self):
        """Every file is measured anew in the background: now, and when the version
        begins and the day after it ends."""
        result = super()._after_decided()
        self.env.registry.clear_cache()
        cron = self.env.ref(
            "key_account_crm.ir_cron_refresh_completeness", raise_if_not_found=False
        )
        if cron:
            today = fields.Date.context_today(self)
            days = {rule.date_from for rule in self}
            days |= {fields.Date.add(r.date_to, days=1) for r in self if r.date_to}
            at = [datetime.combine(day, time.min) for day in days if day > today]
            # sudo: who decides on the rule may not run scheduled actions; only this.
            cron.sudo()._trigger()
            if at:
                cron.sudo()._trigger(at=at)
        return result

    def _get_trial_query(self, day) -> SQL:
        """Whose score would move, by how much: both rules in one statement (GRD-17)."""
        self.ensure_one()
        items = self.env["key.account.completeness.item"]
        return SQL(
            """
            SELECT file.id AS partner_id, NULL::integer AS line_id,
                   file.score::text AS before, tried.score::text AS after,
                   file.score AS amount_before, tried.score AS amount_after,
                   CASE WHEN tried.score > file.score THEN 'up' ELSE 'down' END
                   AS direction
              FROM (%(now)s) AS file
              JOIN (%(then)s) AS tried ON tried.id = file.id
            """,
            now=items._get_score_query(None, items._get_rule_on(day)),
            then=items._get_score_query(None, self._get_facts()),
        )
