# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountComplaint(models.Model):
    """Complaints and what they cost stand in the months, secret ones excepted."""

    _name = "key.account.complaint"
    _inherit = ["key.account.complaint", "key.account.cost.mixin"]
    _cost_source = "complaint"
    _cost_figures = {
        "compensation",
        "cost",
        "currency_id",
        "date_accepted",
        "is_secret",
    }

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._cost_refresh_months()
        return complaints

    def write(self, vals):
        return self._cost_keep(vals, super().write)

    def _move(self, vals):
        if not vals.get("cost"):  # nothing was entered where it is asked for
            vals = {key: value for key, value in vals.items() if key != "cost"}
        return self._cost_keep(vals, super()._move)

    def _cost_get_basis(self):
        self.ensure_one()
        if not self.date_done or self.state == "withdrawn":
            return None
        get_day = self.env["key.account.month"]._get_local_day
        kind = self.env["key.account.term"]
        return {"kind": kind, "day": get_day(self.date_done), "hours": 0, "km": 0}

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        return SQL("fact.date_done")
