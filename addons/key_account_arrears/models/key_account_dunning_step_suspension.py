# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .key_account_dunning_step import TAKING

CHANNELS = [
    ("one_way", "Propose One-Way Suspension"),
    ("two_way", "Propose Two-Way Suspension"),
    ("removal", "Propose Removal Review"),
]


class KeyAccountDunningStep(models.Model):
    """Steps that take service away: they are proposed, never done by the policy."""

    _inherit = "key.account.dunning.step"

    channel = fields.Selection(
        selection_add=CHANNELS,
        ondelete=dict.fromkeys(TAKING, "cascade"),
    )

    def _get_problems(self):
        problems = super()._get_problems()
        if self.channel in TAKING and self.fallback or self.fallback in TAKING:
            problems.append(
                self.env._(
                    "Day %(days)s: a suspension is nothing that is done otherwise: "
                    "leave it empty.",
                    days=self.days,
                )
            )
        return problems
