# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

from ..splitting import split


class KeyAccountPlanTarget(models.Model):
    """One target split among plans."""

    _inherit = "key.account.plan.target"

    def _split(self, plans, key):
        """Give these plans, parts of this target's, their parts of it.

        What was adjusted by hand, or is agreed on already, stays; the rest is shared
        among the others so that all add up to the target, to the cent or the piece.
        Rates and the like are the same for everybody.
        """
        self.ensure_one()
        way = self.plan_id._get_split_way()
        adds_up = bool(way) and self.indicator_id._is_split(way)
        own = {part.plan_id: part for part in self._get_parts_of(plans)}
        free = plans.filtered(
            lambda plan: plan.state == "draft"
            and not (plan in own and own[plan].is_adjusted)
        )
        if not adds_up:
            return self._give(free, own, [self.target] * len(free), "same")
        kept = sum(part.target for plan, part in own.items() if plan not in free)
        rest = round(self.target - kept, 2)
        self._check_rest(rest, free)
        weights = free._get_weights(self.indicator_id, key)
        parts = split(rest, weights, self.indicator_id.value_step)
        return self._give(free, own, [float(part) for part in parts], key)

    def _get_parts_of(self, plans):
        return plans.target_ids.filtered(
            lambda part: part.indicator_id == self.indicator_id
        )

    def _check_rest(self, rest, free):
        """What was adjusted never takes more than there is."""
        if free and rest and (rest < 0) != (self.target < 0):
            raise UserError(
                self.env._(
                    "The adjusted parts of %(indicator)s exceed the target by "
                    "%(excess)s: lower one of them, or raise the target.",
                    indicator=self.indicator_id.name,
                    excess=f"{abs(rest):g}",
                )
            )

    def _give(self, plans, own, values, key):
        """Write the parts, make those that are new."""
        fresh = []
        for plan, value in zip(plans, values, strict=True):
            if plan in own:
                own[plan].write(
                    {"target": value, "split_key": key, "is_adjusted": False}
                )
            else:
                fresh.append(self._prepare_part_vals(plan, value, key))
        self.create(fresh)

    def _prepare_part_vals(self, plan, value, key):
        item = plan.item_ids.filtered(
            lambda item: item.content_id == self.content_id
            and item.name == self.item_id.name
        )[:1]
        return {
            "plan_id": plan.id,
            "sequence": self.sequence,
            "indicator_id": self.indicator_id.id,
            "item_id": item.id,
            "content_id": self.content_id.id,
            "target": value,
            "weight": self.weight,
            "split_key": key,
        }
