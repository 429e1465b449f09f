# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command


class KeyAccountRuleCompare(models.TransientModel):
    """Two versions of a rule beside each other: what they say differently (RULE-04)."""

    _name = "key.account.rule.compare"
    _description = "Compare Versions of a Rule"

    before = fields.Char(readonly=True)
    after = fields.Char(readonly=True)
    line_ids = fields.One2many(
        comodel_name="key.account.rule.compare.line",
        inverse_name="compare_id",
        string="Differences",
        readonly=True,
    )

    @api.model
    def _open(self, before, after):
        """The screen that shows what ``after`` changes in ``before``."""
        comparison = self.create(
            {
                "before": before._get_compare_name(),
                "after": after._get_compare_name(),
                "line_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            "kind": step["kind"],
                            "label": step["label"],
                            "before": step["before_text"],
                            "after": step["after_text"],
                        }
                    )
                    for place, step in enumerate(before._compare_with(after))
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare"),
            "res_model": self._name,
            "res_id": comparison.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
