# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountRequest(models.Model):
    """What serving a request has cost: by the rule once it is done, or as entered."""

    _name = "key.account.request"
    _inherit = ["key.account.request", "key.account.cost.mixin"]
    _cost_source = "request"

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._cost_refresh_months()
        return requests

    def write(self, vals):
        return self._cost_keep(vals, super().write)

    def _move(self, vals):
        if not vals.get("cost"):  # nothing was entered where it is asked for
            vals = {key: value for key, value in vals.items() if key != "cost"}
        return self._cost_keep(vals, super()._move)

    def _cost_get_basis(self):
        self.ensure_one()
        if self.state not in ("done", "closed") or not self.date_done:
            return None
        get_day = self.env["key.account.month"]._get_local_day
        day = get_day(self.date_done)
        return {"kind": self.kind_id, "day": day, "hours": 0, "km": 0}

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        return SQL("fact.date_done")
