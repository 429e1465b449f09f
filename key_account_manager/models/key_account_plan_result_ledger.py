# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import format_datetime


class KeyAccountPlanResult(models.Model):
    """A frozen figure can be made again from the ledgers, at any time."""

    _inherit = "key.account.plan.result"

    def _recompute(self):
        """The figure as the ledgers give it as of the moment it was frozen."""
        self.ensure_one()
        # sudo: the whole of what was counted, not what the reader may open of it.
        sums = {}
        for (base, unit, manager), value in (
            self.sudo()._get_evidence()._recompute().items()
        ):
            sums.setdefault(base, {})[unit, manager] = value
        plan = self.plan_id
        totals = plan._add_up_owners(sums)
        return self.indicator_id._combine(totals).get(plan._get_owner_key(), 0.0)

    def action_recompute(self):
        """Say whether the ledgers still give what was frozen."""
        self.ensure_one()
        self.check_access("read")
        again = self._recompute()
        agrees = abs(again - self.actual) < 0.005
        message = self.env._(
            "%(name)s: frozen %(frozen)s, from the ledgers as of %(moment)s %(again)s.",
            name=self.indicator_id.name,
            frozen=f"{self.actual:,.2f}",
            moment=format_datetime(self.env, self.date_measured),
            again=f"{again:,.2f}",
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if agrees else "warning",
                "title": self.env._("It agrees")
                if agrees
                else self.env._("It differs"),
                "message": message,
                "sticky": not agrees,
            },
        }
